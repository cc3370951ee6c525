import { connect, type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2';
import { within } from './arrivals.ts';
import { first as certificate } from './certificates.ts';

/** An answer over HTTP/2, read to its end. */
export interface Http2Answer {
  readonly status: number;
  readonly rawHeaders: readonly string[];
  /** Names and values alternately. */
  readonly rawTrailers: readonly string[];
  readonly body: Buffer;
  readonly text: string;
  /** The error code of RST_STREAM; 0 = none. */
  readonly reset: number;
  header(name: string): string | undefined;
}

/** A request over HTTP/2 whose answer is read step by step. */
export class Http2Request {
  readonly stream: ClientHttp2Stream;
  rawHeaders: readonly string[] = [];
  rawTrailers: readonly string[] = [];
  /** The heads of 1xx answers. */
  readonly interim: (readonly string[])[] = [];
  readonly chunks: Buffer[] = [];
  #wake: () => void = () => undefined;

  constructor(stream: ClientHttp2Stream) {
    this.stream = stream;
    const changed = (): void => this.#wake();
    stream.on('headers', (_headers: unknown, _flags: number, raw: string[]) => {
      this.interim.push(raw);
      changed();
    });
    stream.on('response', (_headers: unknown, _flags: number, raw: string[]) => {
      this.rawHeaders = raw;
      changed();
    });
    stream.on('trailers', (_headers: unknown, _flags: number, raw: string[]) => (this.rawTrailers = raw));
    stream.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      changed();
    });
    stream.on('error', changed);
    stream.on('close', changed);
  }

  get status(): number {
    return Number(this.header(':status') ?? 0);
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }

  /** All values of a header, joined. */
  header(name: string): string | undefined {
    const values = this.rawHeaders.filter((_text, index) => index % 2 === 1 && this.rawHeaders[index - 1] === name);
    return values.length === 0 ? undefined : values.join(', ');
  }

  /** Waits until something holds. */
  async until(holds: () => boolean, what: string): Promise<void> {
    while (!holds()) {
      if (this.stream.closed && this.stream.destroyed) throw new Error(`the stream ended before ${what}: ${this.text}`);
      await within(new Promise<void>((resolve) => (this.#wake = resolve)), what);
    }
  }

  /** Waits for the end of the stream, whole or not. */
  async answer(): Promise<Http2Answer> {
    while (!this.stream.destroyed) {
      await within(new Promise<void>((resolve) => (this.#wake = resolve)), 'the end of a stream');
    }
    const { status, rawHeaders, rawTrailers, text } = this;
    return {
      status,
      rawHeaders,
      rawTrailers,
      body: Buffer.concat(this.chunks),
      text,
      reset: this.stream.rstCode ?? 0,
      header: (name) => this.header(name),
    };
  }
}

/** A connection to a gateway over HTTP/2. */
export class Http2Client {
  readonly session: ClientHttp2Session;
  /** Codes of GOAWAY. */
  readonly goaways: number[] = [];
  closed = false;
  #wake: () => void = () => undefined;

  private constructor(session: ClientHttp2Session) {
    this.session = session;
    session.on('error', () => undefined);
    session.on('goaway', (code) => {
      this.goaways.push(code);
      this.#wake();
    });
    session.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }

  static async open(port: number): Promise<Http2Client> {
    // A client that has more than this to send refuses answers: bodies of tests are given to it whole. In MB.
    const maxSessionMemory = 200;
    const ca = certificate.cert;
    const session = connect(`https://localhost:${port}`, { ca, host: '127.0.0.1', maxSessionMemory });
    const opened = new Promise<void>((resolve, reject) => {
      session.once('connect', () => resolve());
      session.once('error', reject);
    });
    await within(opened, 'an HTTP/2 connection');
    return new Http2Client(session);
  }

  /** Begins a request. @param ends whether it has no body */
  begin(path: string, headers: OutgoingHttpHeaders = {}, ends = true): Http2Request {
    const waitForTrailers = headers['trailer'] !== undefined;
    return new Http2Request(this.session.request({ ':path': path, ...headers }, { endStream: ends, waitForTrailers }));
  }

  /** Sends a request, and reads its answer to the end. */
  async call(path: string, headers: OutgoingHttpHeaders = {}, body?: string | Uint8Array): Promise<Http2Answer> {
    const request = this.begin(path, headers, body === undefined);
    if (body !== undefined) request.stream.end(body);
    return request.answer();
  }

  /** Waits until the gateway has closed the connection. */
  async ended(): Promise<void> {
    while (!this.closed) {
      await within(new Promise<void>((resolve) => (this.#wake = resolve)), 'the end of an HTTP/2 connection');
    }
  }

  async close(): Promise<void> {
    this.session.destroy();
    await this.ended();
  }
}
