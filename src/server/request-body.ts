import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BodyFault, BodyReader, HeaderList, RequestBody } from '../exchange.ts';
import { safeTrailers } from '../forwarding/headers.ts';
import { withoutIdentity } from '../forwarding/identity.ts';

/** How much of a body that nobody wants is read so that the connection can be used again; in bytes. */
const DRAIN_LIMIT = 64 * 1024;
/** How much more is read of a connection that closes, and for how long; in bytes and milliseconds. */
const LINGER_LIMIT = 16 * 1024 * 1024;
const LINGER_TIME = 2000;

/** The body of a request that `node:http` reads. */
export class NodeRequestBody implements RequestBody {
  readonly length: number | undefined;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #timeout: number;
  readonly #identityHeaders: ReadonlySet<string>;
  #limit: number;
  #expectsContinue: boolean;
  #received = 0;
  #reader: BodyReader | undefined;
  #idleTimeout = 0;
  #deadline: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #paused = false;
  #complete = false;
  #faulty = false;

  /**
   * @param limit the most bytes; the route can lower or raise it before the body is read
   * @param timeout to receive all of it; in milliseconds, 0 = unlimited
   */
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    options: {
      length: number | undefined;
      limit: number;
      timeout: number;
      expectsContinue: boolean;
      identityHeaders: ReadonlySet<string>;
    },
  ) {
    this.#request = request;
    this.#response = response;
    this.length = options.length;
    this.#limit = options.limit;
    this.#timeout = options.timeout;
    this.#expectsContinue = options.expectsContinue;
    this.#identityHeaders = options.identityHeaders;
  }

  /** Sets the most bytes that the body may have. @returns whether the announced length is within it */
  limitTo(bytes: number): boolean {
    this.#limit = bytes;
    return this.length === undefined || this.length <= bytes;
  }

  /** Whether the rest will not come, or is too much to be thrown away, so that the connection has to close after the answer. */
  get isLost(): boolean {
    if (this.#complete || this.#request.complete) return false;
    return (
      this.#faulty || this.#expectsContinue || (this.length !== undefined && this.length - this.#received > DRAIN_LIMIT)
    );
  }

  start(reader: BodyReader, idleTimeout: number): void {
    this.#reader = reader;
    this.#idleTimeout = idleTimeout;
    if (this.#timeout > 0) this.#deadline = setTimeout(() => this.#fault('timeout'), this.#timeout);
    this.#restartIdle();
    // RFC 9110 section 10.1.1: whoever waits for the go-ahead gets it once somebody wants the body.
    if (this.#expectsContinue) this.#response.writeContinue();
    this.#expectsContinue = false;
    this.#request.on('data', (chunk: Buffer) => this.#onData(chunk));
    this.#request.on('end', () => this.#onEnd());
    this.#request.on('error', () => this.#fault('aborted'));
    this.#request.on('close', () => {
      if (!this.#complete) this.#fault('aborted');
    });
  }

  pause(): void {
    this.#paused = true;
    this.#request.pause();
    this.#restartIdle();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#request.resume();
    this.#restartIdle();
  }

  /**
   * Nobody wants the rest. A little is read and thrown away, so that the connection can serve the next request. After a
   * client that has much more to send the connection closes, but not before it had a chance to read the answer: closing
   * with unread data makes the system send a reset, which throws the answer away (RFC 9112 section 9.6).
   *
   * To be called before the answer's end is written.
   */
  discard(): void {
    this.#stopTimers();
    this.#reader = undefined;
    const request = this.#request;
    if (this.#complete || request.complete) {
      request.resume();
      return;
    }
    const { socket } = request;
    const closes = this.isLost;
    const limit = closes ? LINGER_LIMIT : DRAIN_LIMIT;
    // `node:http` calls this after an answer that is the last one.
    if (closes) socket.destroySoon = () => void socket.end();
    const deadline = setTimeout(() => socket.destroy(), closes ? LINGER_TIME : this.#timeout || LINGER_TIME);
    let drained = 0;
    request.removeAllListeners('data');
    request.on('data', (chunk: Buffer) => {
      drained += chunk.length;
      if (drained > limit) socket.destroy();
    });
    request.on('error', () => undefined);
    // After the answer `node:http` does not tell the request of the connection's end any more.
    const done = (): void => {
      clearTimeout(deadline);
      socket.off('close', done);
    };
    socket.on('close', done);
    if (!closes) request.on('end', done);
    request.resume();
  }

  #onData(chunk: Buffer): void {
    this.#received += chunk.length;
    if (this.#received > this.#limit) {
      this.#fault('too-large');
      return;
    }
    this.#idle?.refresh();
    this.#reader?.onData(chunk);
  }

  #onEnd(): void {
    this.#complete = true;
    this.#stopTimers();
    this.#reader?.onEnd(this.#trailers());
  }

  /** What may be passed on: a trailer must not say what a header of its name would not be believed to. */
  #trailers(): HeaderList | undefined {
    const { rawTrailers } = this.#request;
    return rawTrailers.length === 0 ? undefined : safeTrailers(withoutIdentity(rawTrailers, this.#identityHeaders));
  }

  #fault(fault: BodyFault): void {
    this.#stopTimers();
    this.#faulty = true;
    const reader = this.#reader;
    this.#reader = undefined;
    if (fault !== 'aborted') this.#request.pause();
    reader?.onFault(fault);
  }

  #restartIdle(): void {
    if (this.#idleTimeout === 0) return;
    if (this.#idle === undefined) {
      this.#idle = setTimeout(() => this.#fault(this.#paused ? 'stalled' : 'timeout'), this.#idleTimeout);
    } else this.#idle.refresh();
  }

  #stopTimers(): void {
    clearTimeout(this.#deadline);
    clearTimeout(this.#idle);
    this.#deadline = undefined;
    this.#idle = undefined;
  }
}
