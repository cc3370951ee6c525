import { connect, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

/** How an exchange ended. `status`: with another status than 200. `lost`: with the connection. */
export type Outcome = 'answered' | 'status' | 'lost';

/** One for all connections: a read is handled before the next one begins, and nothing keeps it. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * A keep-alive connection that sends requests, mostly the same again and again, one at a time. It parses just enough of an answer,
 * its status and its Content-Length, to know how it went and where it ends.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #request: Buffer;
  #whenOpen: ((opened: boolean) => void) | undefined;
  #whenEnded: ((outcome: Outcome) => void) | undefined;
  #head = '';
  /** How much of the answer is still to come; NaN while its head is incomplete. */
  #missing = NaN;
  #received = 0;
  #open = false;

  /** @param url whom to connect to: its scheme, address and port */
  constructor(url: string, request: Buffer) {
    this.#request = request;
    const { protocol, hostname, port } = new URL(url);
    const isSecure = protocol === 'https:';
    const onread: OnReadOpts = { buffer: READ_BUFFER, callback: (length) => this.#read(length) };
    const to = { port: Number(port), host: hostname, onread };
    // Nobody else listens there, and nothing secret is sent: whose certificate it is does not matter.
    this.#socket = isSecure ? connectSecurely({ ...to, rejectUnauthorized: false }) : connect(to);
    this.#socket.setNoDelay(true);
    this.#socket.on(isSecure ? 'secureConnect' : 'connect', () => {
      this.#open = true;
      this.#whenOpen?.(true);
    });
    // 'close' follows.
    this.#socket.on('error', () => undefined);
    this.#socket.on('end', () => this.#socket.destroy());
    this.#socket.on('close', () => this.#lose());
  }

  /** Resolves when the connection is open, with false when it was refused. Called at once after the constructor. */
  async opened(): Promise<boolean> {
    return new Promise((resolve) => (this.#whenOpen = resolve));
  }

  /** Whether it can send a request now. */
  get free(): boolean {
    return this.#open && this.#whenEnded === undefined;
  }

  get open(): boolean {
    return this.#open;
  }

  /** Everything received so far, headers too. */
  get received(): number {
    return this.#received;
  }

  /** Sends the request, or another one. Only a connection that is free may be asked. */
  ask(whenEnded: (outcome: Outcome) => void, request = this.#request): void {
    this.#whenEnded = whenEnded;
    this.#head = '';
    this.#missing = NaN;
    this.#socket.write(request);
  }

  close(): void {
    this.#socket.destroy();
  }

  /** @returns whether to read on */
  #read(length: number): boolean {
    this.#received += length;
    if (Number.isNaN(this.#missing)) this.#readHead(READ_BUFFER.toString('latin1', 0, length));
    else this.#missing -= length;
    if (this.#missing < 0 || this.#whenEnded === undefined) {
      // More than was announced, or something that nobody asked for.
      this.#socket.destroy();
      return false;
    }
    if (this.#missing === 0) this.#end(this.#head.startsWith('HTTP/1.1 200 ') ? 'answered' : 'status');
    return true;
  }

  #readHead(text: string): void {
    this.#head += text;
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#head.slice(0, end));
    // An answer without Content-Length is none that this client can tell the end of.
    this.#missing = length === null ? -1 : end + 4 + Number(length[1]) - this.#head.length;
  }

  #end(outcome: Outcome): void {
    const whenEnded = this.#whenEnded;
    this.#whenEnded = undefined;
    whenEnded?.(outcome);
  }

  #lose(): void {
    if (!this.#open) this.#whenOpen?.(false);
    this.#open = false;
    this.#end('lost');
  }
}
