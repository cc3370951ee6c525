import { deadlineAfter, type Deadlines, type Waiting } from '../deadlines.ts';
import type { BodyFault, BodyReader, HeaderList, RequestBody } from '../exchange.ts';
import { safeTrailers } from '../forwarding/headers.ts';
import { withoutIdentity } from '../forwarding/identity.ts';
import { UNLISTED } from '../roster.ts';

/** How much of a body that nobody wants is read so that the connection can be used again; in bytes. */
export const DRAIN_LIMIT = 64 * 1024;
/** How much more is read of a connection that closes, and for how long; in bytes and milliseconds. */
export const LINGER_LIMIT = 16 * 1024 * 1024;
export const LINGER_TIME = 2000;

/** Takes the parts of a body from the engine that reads it. */
export interface BodySink {
  onData(chunk: Buffer): void;
  /** @param trailers as received; undefined when there are none */
  onEnd(trailers: HeaderList | undefined): void;
  /** The client is gone before all of it came. */
  onLost(): void;
}

/** Where an engine reads the body of one request. */
export interface BodySource {
  /** Whether all of it has come. */
  readonly complete: boolean;
  begin(sink: BodySink): void;
  pause(): void;
  resume(): void;
  /** Sends 100 Continue. */
  invite(): void;
  /**
   * Nobody wants the rest, if there is any: it is read and thrown away, up to the limit.
   *
   * @param closes whether the connection closes after the answer
   */
  drain(closes: boolean): void;
}

export interface BodyOptions {
  /** Undefined for a chunked body. In bytes. */
  readonly length: number | undefined;
  /** The most bytes; the route can lower or raise it before the body is read. */
  readonly limit: number;
  /** To receive all of it; in milliseconds, 0 = unlimited. */
  readonly timeout: number;
  readonly expectsContinue: boolean;
  /** Fields that no client is believed in: a trailer must not say what a header of its name could not. */
  readonly identityHeaders: ReadonlySet<string>;
}

/** The body of a request, within its limits, whichever engine reads it. */
export class ServerRequestBody implements RequestBody, BodySink, Waiting {
  readonly length: number | undefined;
  readonly isBuffered = false;
  deadline = Infinity;
  place = UNLISTED;
  readonly #source: BodySource;
  readonly #deadlines: Deadlines;
  readonly #options: BodyOptions;
  #limit: number;
  #expectsContinue: boolean;
  #received = 0;
  #reader: BodyReader | undefined;
  #idleTimeout = 0;
  #lastByte = Infinity;
  #paused = false;
  #faulty = false;

  constructor(source: BodySource, options: BodyOptions, deadlines: Deadlines) {
    this.length = options.length;
    this.#source = source;
    this.#deadlines = deadlines;
    this.#options = options;
    this.#limit = options.limit;
    this.#expectsContinue = options.expectsContinue;
  }

  /** Sets the most bytes that the body may have. @returns whether the announced length is within it */
  limitTo(bytes: number): boolean {
    this.#limit = bytes;
    return this.length === undefined || this.length <= bytes;
  }

  /** Whether the rest will not come, or is too much to be thrown away, so that the connection has to close after the answer. */
  get isLost(): boolean {
    if (this.#source.complete) return false;
    return (
      this.#faulty || this.#expectsContinue || (this.length !== undefined && this.length - this.#received > DRAIN_LIMIT)
    );
  }

  start(reader: BodyReader, idleTimeout: number): void {
    this.#reader = reader;
    this.#idleTimeout = idleTimeout;
    this.#lastByte = deadlineAfter(this.#options.timeout);
    this.#waitForMore();
    this.#deadlines.add(this);
    // RFC 9110 section 10.1.1: whoever waits for the go-ahead gets it once somebody wants the body.
    if (this.#expectsContinue) this.#source.invite();
    this.#expectsContinue = false;
    this.#source.begin(this);
  }

  pause(): void {
    this.#paused = true;
    this.#source.pause();
    this.#waitForMore();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#source.resume();
    this.#waitForMore();
  }

  /**
   * Nobody wants the rest. A little is read and thrown away, so that the connection can serve the next request. After a
   * client that has much more to send the connection closes, but not before it had a chance to read the answer: closing
   * with unread data makes the system send a reset, which throws the answer away (RFC 9112 section 9.6).
   *
   * To be called before the answer's end is written.
   */
  discard(): void {
    this.#deadlines.delete(this);
    this.#reader = undefined;
    this.#source.drain(this.isLost);
  }

  onData(chunk: Buffer): void {
    this.#received += chunk.length;
    if (this.#reader === undefined) return;
    if (this.#received > this.#limit) {
      this.#fault('too-large');
      return;
    }
    this.#waitForMore();
    this.#reader.onData(chunk);
  }

  onEnd(trailers: HeaderList | undefined): void {
    this.#deadlines.delete(this);
    const { identityHeaders } = this.#options;
    this.#reader?.onEnd(trailers === undefined ? undefined : safeTrailers(withoutIdentity(trailers, identityHeaders)));
  }

  onLost(): void {
    this.#fault('aborted');
  }

  overdue(now: number): void {
    this.#fault(this.#paused && now < this.#lastByte ? 'stalled' : 'timeout');
  }

  #fault(fault: BodyFault): void {
    this.#deadlines.delete(this);
    this.#faulty = true;
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader === undefined) return;
    if (fault !== 'aborted') this.#source.pause();
    reader.onFault(fault);
  }

  #waitForMore(): void {
    this.deadline = Math.min(this.#lastByte, deadlineAfter(this.#idleTimeout));
  }
}
