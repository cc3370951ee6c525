import type { BodyFault, HeaderList, RequestBody } from '../exchange.ts';
import type { Failure } from './failure.ts';
import { endToEndHeaders, safeTrailers } from './headers.ts';
import { fieldLines } from '../http1/field-lines.ts';

/** One request as it goes to one endpoint. */
export interface AttemptRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Host included, framing of a chunked body not. */
  readonly headers: HeaderList;
  readonly body: RequestBody | undefined;
  /** Fields that the route drops, lower case: a trailer must not bring back what was taken from the headers. */
  readonly dropped: ReadonlySet<string>;
}

/** Is told what becomes of an attempt: informational*, then either failure, or head, data*, and complete or failure. */
export interface AttemptObserver {
  /** A connection takes the request, and its body begins to flow. */
  onBodyStart(): void;
  onInformational(status: number, headers: HeaderList): void;
  onHead(status: number, headers: HeaderList): void;
  /** @param chunk see `KEPT_FROM` @returns false to be sent nothing until `resume` */
  onData(chunk: Buffer): boolean;
  onComplete(trailers: HeaderList | undefined): void;
  onFailure(failure: Failure): void;
  /** The request's last byte was sent. */
  onRequestSent(): void;
  /** The request's body cannot be had in full. The attempt has ended, and nothing else follows. */
  onBodyFault(fault: BodyFault): void;
}

/** What carries an attempt. */
export interface Carrier {
  destroy(): void;
  resume(): void;
}

/** Methods that may be sent twice: RFC 9110 section 9.2.2. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** Whether to send a request twice is the same as to send it once (RFC 9110 section 9.2.2). */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method);
}

/**
 * One try at one endpoint. Its connection tells it what happens, and it tells its observer, until it is over: nothing
 * is reported after that, and nothing that a network does is an exception.
 */
export class Attempt {
  readonly request: AttemptRequest;
  readonly #observer: AttemptObserver;
  #carrier: Carrier | undefined;
  #queue: Set<Attempt> | undefined;
  #over = false;
  #retried = false;
  #wasCarried = false;
  #isSent = false;

  constructor(request: AttemptRequest, observer: AttemptObserver) {
    this.request = request;
    this.#observer = observer;
  }

  /** The answer is complete, the attempt has failed, or nobody wants it any more. */
  get over(): boolean {
    return this.#over;
  }

  /** Whether its connection waits, or will wait, for the client: for a body that is on its way. */
  get isUploading(): boolean {
    const { body } = this.request;
    return body !== undefined && !body.isBuffered && !this.#isSent;
  }

  /** Whether a connection took it. */
  get wasCarried(): boolean {
    return this.#wasCarried;
  }

  /** Ends the attempt at once, whatever it is doing: one that still waits for a connection never reaches the network. */
  abort(): void {
    this.#over = true;
    this.#queue?.delete(this);
    this.#carrier?.destroy();
    this.#carrier = undefined;
  }

  /** It stands in a queue, which it leaves when nobody wants it any more. */
  waitIn(queue: Set<Attempt>): void {
    queue.add(this);
    this.#queue = queue;
  }

  /** Asks for data again after `onData` returned false. */
  resume(): void {
    this.#carrier?.resume();
  }

  /** A connection takes it. @returns the request line and the fields, as they go over the wire */
  carriedBy(carrier: Carrier): string {
    this.#carrier = carrier;
    this.#wasCarried = true;
    const { method, target, headers, body } = this.request;
    if (body !== undefined && !this.#over) this.#observer.onBodyStart();
    const framing = body !== undefined && body.length === undefined ? 'transfer-encoding: chunked\r\n' : '';
    return `${method} ${target} HTTP/1.1\r\n${fieldLines(headers)}${framing}\r\n`;
  }

  /**
   * Whether the request can go out again, for nothing: a kept connection can close at the very moment at which it is
   * used. Once, without a body, which may have been read already, and only when the upstream cannot have acted on the
   * request or when acting twice is harmless.
   *
   * @param sent whether a byte of it left
   */
  mayRetryFree(sent: boolean): boolean {
    if (this.#retried || this.#over || this.request.body !== undefined) return false;
    this.#retried = true;
    return !sent || isIdempotent(this.request.method);
  }

  requestSent(): void {
    this.#isSent = true;
    if (!this.#over) this.#observer.onRequestSent();
  }

  bodyFault(fault: BodyFault): void {
    if (this.#over) return;
    this.abort();
    this.#observer.onBodyFault(fault);
  }

  informational(status: number, headers: HeaderList): void {
    // The go-ahead for a body is the gateway's own to give: upstreams are not asked for it.
    if (!this.#over && status !== 100) this.#observer.onInformational(status, endToEndHeaders(headers));
  }

  head(status: number, headers: HeaderList): void {
    if (!this.#over) this.#observer.onHead(status, endToEndHeaders(headers));
  }

  /** @returns false when the client reads slower than this */
  data(chunk: Buffer): boolean {
    return this.#over || this.#observer.onData(chunk);
  }

  complete(trailers: HeaderList | undefined): void {
    if (this.#over) return;
    this.#end();
    this.#observer.onComplete(trailers === undefined ? undefined : safeTrailers(trailers));
  }

  failed(failure: Failure): void {
    if (this.#over) return;
    this.#end();
    this.#observer.onFailure(failure);
  }

  #end(): void {
    this.#over = true;
    this.#carrier = undefined;
  }
}
