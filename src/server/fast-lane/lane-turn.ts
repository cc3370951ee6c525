import { STATUS_CODES } from 'node:http';
import { kept, type HeaderList, type WholeAnswer } from '../../exchange.ts';
import { fieldLines } from '../../http1/field-lines.ts';
import { headText, withoutLength } from '../answer-fields.ts';
import type { Peer } from '../client.ts';
import type { BodyOptions, ServerRequestBody } from '../request-body.ts';
import type { Turn, TurnOwner } from '../turn.ts';

/** The connection, seen from a turn on it. */
export interface TurnCarrier {
  readonly peer: Peer;
  /** The Date field with its line end. */
  readonly dateLine: string;
  /** The fields with their line ends by which clients know for how long the connection stays. */
  readonly keepAliveLines: string;
  /** Whether the connection is to close after its answer. */
  readonly closing: boolean;
  /** The connection is closed, or about to be. */
  readonly isGone: boolean;
  openBody(options: BodyOptions): ServerRequestBody;
  /** @returns false when the client reads slower than this */
  write(data: string | Buffer): boolean;
  cork(): void;
  uncork(): void;
  /** The answer's last byte is written. */
  ended(turn: LaneTurn): void;
  destroy(): void;
}

/** Answers up to here are put together as text and written at once: a copy costs less than a second write; in bytes. */
const SMALL = 8 * 1024;

/** A request in the fast lane, and the answer to it. */
export class LaneTurn implements Turn {
  /** The fast lane takes no such requests. */
  readonly upgrade = undefined;
  status = 0;
  bytes = 0;
  complete = false;
  /** No other request follows. */
  last: boolean;
  /** The answer is out, or the connection is gone. */
  isOver = false;
  readonly #carrier: TurnCarrier;
  readonly #method: string;
  #owner: TurnOwner | undefined;
  /** What is not written yet, as latin1. */
  #held = '';
  #flushing = false;
  #bodiless = false;
  #chunked = false;
  /** How long the body is, in bytes; Infinity when nobody knows. */
  #length = Infinity;
  #blocked = false;

  /** @param last whether the client says that no request follows */
  constructor(carrier: TurnCarrier, method: string, last: boolean) {
    this.#carrier = carrier;
    this.#method = method;
    this.last = last;
  }

  get peer(): Peer {
    return this.#carrier.peer;
  }

  /** Whoever is told of this turn. */
  get owner(): TurnOwner | undefined {
    return this.#owner;
  }

  begin(owner: TurnOwner): void {
    this.#owner = owner;
  }

  openBody(options: BodyOptions): ServerRequestBody {
    return this.#carrier.openBody(options);
  }

  close(): void {
    this.last = true;
  }

  informational(status: number, headers: HeaderList): void {
    if (!this.#isDone) this.#carrier.write(headText(status, withoutLength(headers)));
  }

  head(status: number, headers: HeaderList, requestId: string): void {
    if (this.status !== 0 || this.#isDone) return;
    this.status = status;
    if (this.#carrier.closing) this.last = true;
    this.#bodiless = this.#method === 'HEAD' || status === 204 || status === 304;
    let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
    let trailer = '';
    let dated = false;
    for (let index = 0; index + 1 < headers.length; index += 2) {
      const name = headers[index] ?? '';
      const line = `${name}: ${headers[index + 1]}\r\n`;
      switch (name.length) {
        case 4:
          dated ||= name.toLowerCase() === 'date';
          break;
        case 7:
          if (name.toLowerCase() !== 'trailer') break;
          trailer += line;
          continue;
        case 14:
          if (name.toLowerCase() !== 'content-length') break;
          // RFC 9110 section 8.6.
          if (status === 204) continue;
          this.#length = Number(headers[index + 1]);
          break;
        default:
      }
      text += line;
    }
    this.#chunked = this.#length === Infinity && !this.#bodiless;
    if (!dated) text += this.#carrier.dateLine;
    text += `x-request-id: ${requestId}\r\n${this.last ? 'connection: close\r\n' : this.#carrier.keepAliveLines}`;
    // Only a chunked answer can have trailers.
    this.#hold(text + (this.#chunked ? `transfer-encoding: chunked\r\n${trailer}\r\n` : '\r\n'));
    // A short body comes with its head, nearly always.
    if (this.#chunked || this.#length > SMALL) this.#flushSoon();
  }

  whole({ status, lines, body }: WholeAnswer, added: HeaderList, requestId: string): boolean {
    const isFit = lines !== undefined && body.length > 0 && body.length <= SMALL && this.#method !== 'HEAD';
    if (!isFit || this.status !== 0 || this.#isDone) return false;
    this.status = status;
    this.bytes = body.length;
    this.complete = true;
    if (this.#carrier.closing) this.last = true;
    this.#put(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}${fieldLines(added)}x-request-id: ${requestId}\r\n` +
        `${this.last ? 'connection: close\r\n' : this.#carrier.keepAliveLines}\r\n${body.toString('latin1')}`,
    );
    this.#carrier.ended(this);
    return true;
  }

  write(chunk: Buffer): boolean {
    if (this.#bodiless) return true;
    this.bytes += chunk.length;
    // An empty chunk would be the last one: RFC 9112 section 7.1.
    if (this.#isDone || chunk.length === 0) return true;
    if (chunk.length > SMALL) return this.#writeLarge(chunk);
    const text = chunk.toString('latin1');
    this.#hold(this.#chunked ? `${chunk.length.toString(16)}\r\n${text}\r\n` : text);
    if (this.#held.length > 2 * SMALL) this.#flush();
    // After its last byte the end follows at once.
    else if (this.bytes < this.#length) this.#flushSoon();
    return !this.#blocked;
  }

  end(trailers?: HeaderList): void {
    if (this.#isDone) return;
    this.complete = true;
    if (this.#chunked) this.#held += `0\r\n${fieldLines(trailers ?? [])}\r\n`;
    this.#flush();
    this.#carrier.ended(this);
  }

  abort(): void {
    if (!this.isOver && !this.complete) this.#carrier.destroy();
  }

  /** The client reads again. */
  drained(): void {
    // What drains may be the answer before this one.
    if (!this.#blocked) return;
    this.#blocked = false;
    this.#owner?.drained();
  }

  /** The answer is out, or the connection is gone. */
  over(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#held = '';
    this.#owner?.over();
  }

  /** Nothing more can be written. A turn that was cut off never becomes complete. */
  get #isDone(): boolean {
    return this.isOver || this.complete || this.#carrier.isGone;
  }

  #hold(text: string): void {
    this.#held += text;
  }

  /** What the same turn of the event loop brings goes out in one write. What it does not bring is not waited for. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    process.nextTick(flush, this);
  }

  /** Writes what is held. */
  flush(): void {
    this.#flushing = false;
    this.#flush();
  }

  #flush(): void {
    if (this.#held === '') return;
    const text = this.#held;
    this.#held = '';
    this.#put(text);
  }

  #writeLarge(chunk: Buffer): boolean {
    const carrier = this.#carrier;
    carrier.cork();
    const before = this.#chunked ? `${this.#held}${chunk.length.toString(16)}\r\n` : this.#held;
    this.#held = '';
    if (before !== '') this.#put(before);
    this.#put(kept(chunk));
    if (this.#chunked) this.#put('\r\n');
    carrier.uncork();
    return !this.#blocked;
  }

  #put(data: string | Buffer): void {
    if (!this.isOver && !this.#carrier.write(data)) this.#blocked = true;
  }
}

function flush(turn: LaneTurn): void {
  turn.flush();
}
