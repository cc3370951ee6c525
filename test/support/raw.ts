import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { combined } from '../../src/fields.ts';
import { within } from './arrivals.ts';
import { first as certificate } from './certificates.ts';
import { isOverTls } from './engines.ts';

/** One answer as it stood on the wire. */
export interface RawResponse {
  readonly statusLine: string;
  readonly status: number;
  readonly rawHeaders: readonly string[];
  readonly rawTrailers: readonly string[];
  readonly body: Buffer;
  readonly text: string;
  /** The sizes of its chunks; empty when it was not chunked. */
  readonly chunks: readonly number[];
  /** All values of a header, joined. */
  header(name: string): string | undefined;
  /** Each value of a header, in order. */
  headerValues(name: string): string[];
}

/** A client that sends any bytes, and reads answers one by one. */
export class RawClient {
  readonly socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #ended = false;
  #closed = false;
  #total = 0;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.#total += chunk.length;
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    // A reset is an end as well: what has arrived by then is what counts.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#ended = true;
      this.#closed = true;
      this.#wake();
    });
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RawClient(isOverTls() ? await encrypted(socket) : socket);
  }

  /** Sends pieces one after the other, so that the other side reads them one by one. */
  async send(...pieces: (string | Uint8Array)[]): Promise<void> {
    for (const [index, piece] of pieces.entries()) {
      // The other side is in this process: a few turns, and it has read what came before.
      for (let turn = 0; index > 0 && turn < 5; turn += 1) await nextTurn();
      await this.#write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
    }
  }

  async #write(piece: Uint8Array): Promise<void> {
    // To a connection that was closed on purpose nothing can be written, and nothing has to.
    const written = new Promise<void>((resolve) => {
      if (!this.socket.write(piece, () => resolve())) return;
      resolve();
    });
    await within(written, 'bytes to be taken');
  }

  /** Everything that has come and is not part of an answer that was read. */
  get pending(): string {
    return this.#received.toString('latin1');
  }

  /** How many bytes have come. */
  get total(): number {
    return this.#total;
  }

  /** Reads one answer, an interim one included. @param options `head: true` for the answer to a HEAD request */
  async response(options: { head?: boolean } = {}): Promise<RawResponse> {
    for (;;) {
      const parsed = parseResponse(this.#received, options.head === true, this.#ended);
      if (parsed !== undefined) {
        this.#received = this.#received.subarray(parsed.length);
        return parsed.response;
      }
      if (this.#ended) throw new Error(`the connection ended in the middle of an answer: ${this.#shown()}`);
      await this.#news(`an answer; so far: ${this.#shown()}`);
    }
  }

  /** Reads only the head of an answer; its body stays pending. */
  async head(): Promise<RawResponse> {
    for (;;) {
      const parsed = parseHead(this.#received);
      if (parsed !== undefined) {
        this.#received = this.#received.subarray(parsed.length);
        return toResponse(parsed, { body: Buffer.alloc(0), rawTrailers: [], chunks: [] });
      }
      if (this.#ended) throw new Error(`the connection ended in the middle of a head: ${this.#shown()}`);
      await this.#news('the head of an answer');
    }
  }

  /** Waits until a text has come. */
  async until(text: string): Promise<void> {
    while (!this.pending.includes(text)) {
      if (this.#ended) throw new Error(`the connection ended before ${text}: ${this.#shown()}`);
      await this.#news(`${text}; so far: ${this.#shown()}`);
    }
  }

  /** Waits until the other side closes. @returns what came and was not read as an answer */
  async ended(): Promise<string> {
    while (!this.#ended) await this.#news(`the end of the connection; so far: ${this.#shown()}`);
    return this.pending;
  }

  /** Waits until as many bytes have come as given. */
  async received(bytes: number): Promise<void> {
    while (this.#total < bytes && !this.#ended) await this.#news(`${bytes} bytes; so far ${this.#total}`);
  }

  async close(): Promise<void> {
    this.socket.destroy();
    while (!this.#closed) await this.#news('the connection to close');
  }

  async #news(what: string): Promise<void> {
    await within(new Promise<void>((resolve) => (this.#wake = resolve)), what);
  }

  #shown(): string {
    return JSON.stringify(this.pending.slice(0, 500));
  }
}

/** The handshake on a connection of which no byte was read. */
async function encrypted(socket: Socket): Promise<Socket> {
  const tls = connectTls({ socket, ca: certificate.cert, servername: 'localhost' });
  await new Promise<void>((resolve, reject) => {
    tls.once('secureConnect', resolve);
    tls.once('error', reject);
  });
  return tls;
}

/** Sends bytes on a connection of their own and reads all answers until the gateway closes it. */
export async function rawExchange(port: number, ...pieces: (string | Uint8Array)[]): Promise<RawResponse[]> {
  const client = await RawClient.open(port);
  try {
    await client.send(...pieces);
    await client.ended();
    return parseAll(Buffer.from(client.pending, 'latin1'));
  } finally {
    await client.close();
  }
}

function parseAll(bytes: Buffer): RawResponse[] {
  const responses: RawResponse[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const parsed = parseResponse(rest, false, true);
    if (parsed === undefined) throw new Error(`no answer: ${JSON.stringify(rest.toString('latin1').slice(0, 500))}`);
    responses.push(parsed.response);
    rest = rest.subarray(parsed.length);
  }
  return responses;
}

interface Head {
  readonly statusLine: string;
  readonly rawHeaders: readonly string[];
  readonly length: number;
}

function parseHead(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  if (!/^HTTP\/1\.1 \d{3} /.test(statusLine)) throw new Error(`no status line: ${JSON.stringify(statusLine)}`);
  return { statusLine, rawHeaders: fieldsOf(lines), length: end + 4 };
}

function fieldsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
}

/** Frames an answer as RFC 9112 section 6.3 says. @returns undefined when there is not all of it yet */
function parseResponse(
  bytes: Buffer,
  toHead: boolean,
  ended: boolean,
): { readonly response: RawResponse; readonly length: number } | undefined {
  const head = parseHead(bytes);
  if (head === undefined) return undefined;
  const status = Number(head.statusLine.slice(9, 12));
  const rest = bytes.subarray(head.length);
  const length = combined(head.rawHeaders, 'content-length');
  const empty = { body: Buffer.alloc(0), rawTrailers: [], chunks: [] };
  if (toHead || status < 200 || status === 204 || status === 304) {
    return { response: toResponse(head, empty), length: head.length };
  }
  if (combined(head.rawHeaders, 'transfer-encoding') !== undefined) {
    if (length !== undefined) throw new Error('an answer has both Content-Length and Transfer-Encoding');
    const chunked = parseChunked(rest);
    return chunked && { response: toResponse(head, chunked), length: head.length + chunked.length };
  }
  if (length !== undefined) {
    const size = Number(length);
    if (!Number.isInteger(size)) throw new Error(`Content-Length is ${length}`);
    if (rest.length < size) return undefined;
    return { response: toResponse(head, { ...empty, body: rest.subarray(0, size) }), length: head.length + size };
  }
  return ended ? { response: toResponse(head, { ...empty, body: rest }), length: bytes.length } : undefined;
}

interface Content {
  readonly body: Buffer;
  readonly rawTrailers: readonly string[];
  readonly chunks: readonly number[];
}

function parseChunked(bytes: Buffer): (Content & { readonly length: number }) | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    if (Number.isNaN(size)) throw new Error('an answer has a bad chunk size');
    const start = lineEnd + 2;
    if (size > 0) {
      if (bytes.length < start + size + 2) return undefined;
      parts.push(bytes.subarray(start, start + size));
      at = start + size + 2;
      continue;
    }
    const none = bytes.subarray(start, start + 2).toString('latin1') === '\r\n';
    const end = none ? start : bytes.indexOf('\r\n\r\n', start) + 2;
    if (end < start + (none ? 0 : 2)) return undefined;
    const lines = none
      ? []
      : bytes
          .subarray(start, end - 2)
          .toString('latin1')
          .split('\r\n');
    const chunks = parts.map((part) => part.length);
    return { body: Buffer.concat(parts), rawTrailers: fieldsOf(lines), chunks, length: end + 2 };
  }
}

function toResponse({ statusLine, rawHeaders }: Head, content: Content): RawResponse {
  return {
    statusLine,
    status: Number(statusLine.slice(9, 12)),
    rawHeaders,
    ...content,
    text: content.body.toString('utf8'),
    header: (name) => combined(rawHeaders, name),
    headerValues: (name) =>
      rawHeaders.filter((_text, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name),
  };
}
