/** HTTP/2 frame by frame (RFC 9113 section 4), for what no client library would send. */
import { connect, type TLSSocket } from 'node:tls';
import { within } from './arrivals.ts';
import { first as certificate } from './certificates.ts';

export const TYPE = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const FLAG = { endStream: 1, ack: 1, endHeaders: 4 } as const;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** A frame as it goes over the wire. */
export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** HEADERS with its whole field section. */
export function headers(stream: number, fields: readonly (readonly [string, string])[], flags = 5): Buffer {
  return frame(TYPE.headers, flags, stream, fieldBlock(fields));
}

/** A 32-bit number, the payload of RST_STREAM and WINDOW_UPDATE. */
export function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Fields as HPACK has them at its simplest: literals that nobody remembers, without Huffman codes (RFC 7541 section 6.2.2). */
export function fieldBlock(fields: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

/** What a request needs at the least. */
export function get(path: string, ...more: (readonly [string, string])[]): (readonly [string, string])[] {
  return [[':method', 'GET'], [':scheme', 'https'], [':authority', 'localhost'], [':path', path], ...more];
}

/** A string after its length: RFC 7541 section 5.2. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  const length: number[] = [];
  if (bytes.length < 127) length.push(bytes.length);
  else {
    length.push(127);
    let rest = bytes.length - 127;
    for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}

/** A client that sends any frames. It acknowledges the settings of the other side, and does nothing else by itself. */
export class FrameClient {
  readonly frames: Frame[] = [];
  ended = false;
  readonly #socket: TLSSocket;
  #rest: Buffer = Buffer.alloc(0);
  #wake: () => void = () => undefined;

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.ended = true;
      this.#wake();
    });
  }

  /** @param settings its first frame but for the preface; undefined = no settings at all */
  static async open(port: number, settings: Buffer | undefined = frame(TYPE.settings, 0, 0)): Promise<FrameClient> {
    const socket = connect({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: certificate.cert,
      ALPNProtocols: ['h2'],
    });
    const opened = new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    await within(opened, 'a TLS handshake');
    const client = new FrameClient(socket);
    client.send(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1'), settings ?? Buffer.alloc(0));
    return client;
  }

  send(...pieces: Buffer[]): void {
    if (this.#socket.writable) this.#socket.write(Buffer.concat(pieces));
  }

  /** Waits until all that was sent has been taken. */
  async flushed(): Promise<void> {
    // Called as well when they never will be.
    const taken = new Promise<void>((resolve) => this.#socket.write('', () => resolve()));
    await within(taken, 'frames to be taken');
  }

  /** Takes nothing more of what comes, or goes on with it. */
  hold(held: boolean): void {
    if (held) this.#socket.pause();
    else this.#socket.resume();
  }

  #read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 9) {
      const length = this.#rest.readUIntBE(0, 3);
      if (this.#rest.length < 9 + length) break;
      const [type, flags, stream] = [this.#rest.readUInt8(3), this.#rest.readUInt8(4), this.#rest.readUInt32BE(5)];
      this.frames.push({ type, flags, stream, payload: this.#rest.subarray(9, 9 + length) });
      this.#rest = this.#rest.subarray(9 + length);
      if (type === TYPE.settings && flags === 0) this.send(frame(TYPE.settings, FLAG.ack, 0));
    }
    this.#wake();
  }

  /** The first frame that matches, now or later. */
  async until(matches: (frame: Frame) => boolean, what: string): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(matches);
      if (found !== undefined) return found;
      if (this.ended) throw new Error(`the connection ended before ${what}; there is ${this.#shown()}`);
      await within(new Promise<void>((resolve) => (this.#wake = resolve)), `${what}; there is ${this.#shown()}`);
    }
  }

  /** The code with which a stream was reset. */
  async resetOf(stream: number): Promise<number> {
    const found = await this.until((each) => each.type === TYPE.rstStream && each.stream === stream, `RST ${stream}`);
    return found.payload.readUInt32BE(0);
  }

  /** The code with which the connection was ended. */
  async goaway(): Promise<number> {
    return (await this.until(({ type }) => type === TYPE.goaway, 'GOAWAY')).payload.readUInt32BE(4);
  }

  /** Waits until the other side has closed. */
  async closed(): Promise<void> {
    while (!this.ended) await within(new Promise<void>((resolve) => (this.#wake = resolve)), 'the end of a connection');
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    await this.closed();
  }

  #shown(): string {
    return this.frames
      .map(({ type, flags, stream, payload }) => `${type}/${flags}/${stream}/${payload.length}`)
      .join(' ');
  }
}
