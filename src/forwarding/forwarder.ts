import { Readable } from 'node:stream';
import { errors, type Dispatcher } from 'undici';
import type { BodyFault, BodyReader, HeaderList, RequestBody } from '../exchange.ts';
import type { Failure, FailureKind } from './failure.ts';
import { endToEndHeaders, safeTrailers } from './headers.ts';

/** One request as it goes to one endpoint. */
export interface AttemptRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Host included. */
  readonly headers: string[];
  readonly body: RequestBody | undefined;
}

/** Is told what becomes of an attempt: informational*, then either failure, or head, data*, and complete or failure. */
export interface AttemptObserver {
  onInformational(status: number, headers: HeaderList): void;
  onHead(status: number, headers: HeaderList): void;
  /** @returns false to be sent nothing until `resume` */
  onData(chunk: Buffer): boolean;
  onComplete(trailers: HeaderList | undefined): void;
  onFailure(failure: Failure): void;
  /** The request's last byte was read from the client. */
  onBodyRead(): void;
  /** The request's body cannot be had in full. The attempt has ended, and nothing else follows. */
  onBodyFault(fault: BodyFault): void;
}

/** Where an attempt goes. */
export interface Endpoint {
  readonly pool: Dispatcher;
  readonly idleTimeout: number;
}

/**
 * One try at one endpoint: sends the request, streams both bodies with back-pressure, and reports to its observer.
 * It never throws for what a network does, and never calls the observer after `abort`.
 */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly #observer: AttemptObserver;
  #abort: ((error?: Error) => void) | undefined;
  #resume: (() => void) | undefined;
  #connected = false;
  #over = false;

  constructor(observer: AttemptObserver) {
    this.#observer = observer;
  }

  /**
   * @param endpoint where to send it
   * @param request what to send
   */
  send(endpoint: Endpoint, request: AttemptRequest): void {
    const { method, target, headers, body } = request;
    const stream = body === undefined ? null : new BodyStream(body, this, endpoint.idleTimeout);
    // undici takes names and values alternately.
    endpoint.pool.dispatch({ method, path: target, headers, body: stream }, this);
  }

  /** Ends the attempt at once, whatever it is doing: a queued one never reaches the network. */
  abort(): void {
    this.#over = true;
    this.#abort?.(new errors.RequestAbortedError());
  }

  /** Asks for data again after `onData` returned false. */
  resume(): void {
    this.#resume?.();
  }

  onBodyRead(): void {
    if (!this.#over) this.#observer.onBodyRead();
  }

  onBodyFault(fault: BodyFault): void {
    if (this.#over) return;
    this.abort();
    this.#observer.onBodyFault(fault);
  }

  onConnect(abort: (error?: Error) => void): void {
    this.#connected = true;
    this.#abort = abort;
    // Left while waiting for a connection: without this, a full pool of departed clients never empties.
    if (this.#over) abort(new errors.RequestAbortedError());
  }

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void): boolean {
    if (this.#over) return true;
    const headers = endToEndHeaders(rawHeaders.map((field) => field.toString('latin1')));
    if (status < 200) {
      this.#observer.onInformational(status, headers);
      return true;
    }
    this.#resume = resume;
    this.#observer.onHead(status, headers);
    return true;
  }

  onData(chunk: Buffer): boolean {
    return this.#over || this.#observer.onData(chunk);
  }

  onComplete(trailers: string[] | null): void {
    if (this.#over) return;
    this.#over = true;
    const fields = trailers === null || trailers.length === 0 ? undefined : safeTrailers(trailers.map(String));
    this.#observer.onComplete(fields);
  }

  onError(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#observer.onFailure({ kind: classify(error, this.#connected), cause: describe(error) });
  }
}

/** Feeds a request body to undici at the pace at which it is taken, and leaves the client's connection alone. */
class BodyStream extends Readable implements BodyReader {
  readonly #body: RequestBody;
  readonly #attempt: Attempt;
  readonly #idleTimeout: number;
  #started = false;

  constructor(body: RequestBody, attempt: Attempt, idleTimeout: number) {
    super();
    this.#idleTimeout = idleTimeout;
    this.#body = body;
    this.#attempt = attempt;
  }

  override _read(): void {
    if (this.#started) {
      this.#body.resume();
      return;
    }
    this.#started = true;
    this.#body.start(this, this.#idleTimeout);
  }

  onData(chunk: Buffer): void {
    if (!this.destroyed && !this.push(chunk)) this.#body.pause();
  }

  onEnd(): void {
    this.#attempt.onBodyRead();
    if (!this.destroyed) this.push(null);
  }

  onFault(fault: BodyFault): void {
    this.#attempt.onBodyFault(fault);
    this.destroy();
  }
}

/** Names what went wrong by side and phase. Codes are looked at, never messages. */
function classify(error: Error, connected: boolean): FailureKind {
  const code = 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return 'connect-timeout';
    case 'UND_ERR_HEADERS_TIMEOUT':
      return 'headers-timeout';
    case 'UND_ERR_BODY_TIMEOUT':
      return 'body-timeout';
    case 'UND_ERR_HEADERS_OVERFLOW':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
    case 'UND_ERR_INVALID_RETURN_VALUE':
      return 'invalid-response';
    case 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH':
    case 'UND_ERR_INVALID_ARG':
    case 'UND_ERR_NOT_SUPPORTED':
      return 'request-body';
    default:
      break;
  }
  if (code.startsWith('HPE_')) return 'invalid-response';
  if (/^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO)/.test(code)) return 'tls';
  return connected ? 'reset' : 'connect';
}

function describe(error: Error): string {
  const code = 'code' in error ? `${String(error.code)}: ` : '';
  return `${code}${error.message}`;
}
