import { deadlineAfter, type Deadlines, type Waiting } from '../deadlines.ts';
import type { BodyFault, Exchange, ExchangeWatcher, HeaderList, RequestBody } from '../exchange.ts';
import { combined } from '../fields.ts';
import { isIdempotent } from '../forwarding/attempt.ts';
import { FAILURES, isOfUpstream, type Failure, type FailureKind } from '../forwarding/failure.ts';
import { forwardedRequestHeaders, type RequestHeaderPlan } from '../forwarding/headers.ts';
import { BufferedBody } from '../forwarding/buffered-body.ts';
import { ReplayableBody } from '../forwarding/replayable-body.ts';
import type { BulkheadWaiter } from '../resilience/bulkhead.ts';
import { parseRetryAfter, type RetryCause } from '../resilience/retry.ts';
import type { Member } from '../upstreams/member.ts';
import { BUSY, refusalOf, type Refusal } from '../upstreams/refusal.ts';
import { Try, type TryObserver } from '../upstreams/try.ts';
import type { Upstream } from '../upstreams/upstream.ts';
import type { Handler } from './stage.ts';
import { UNLISTED } from '../roster.ts';

export interface ForwardOptions {
  readonly upstream: Upstream;
  /** The path for the upstream. */
  readonly path: (exchange: Exchange) => string;
  /** The query for the upstream, with its `?`. */
  readonly query: (exchange: Exchange) => string;
  readonly headers: RequestHeaderPlan;
  /** From match, or from the end of the request body, to the answer's headers; in milliseconds, 0 = unlimited. */
  readonly timeout: number;
  readonly deadlines: Deadlines;
  /** Answers when no attempt succeeded; undefined = there is nothing else to say. */
  readonly fallback: Fallback | undefined;
}

/** What answers in place of an upstream. */
export interface Fallback {
  /** Whether it sends the request on, body and all, so that it may be carried out twice. */
  readonly forwards: boolean;
  /** @param body of the request as it can be had still */
  readonly answer: (exchange: Exchange, body: RequestBody | undefined) => void;
}

/** Bodies up to this size are kept for a fallback when the upstream does not retry; in bytes. */
const KEPT_BODY = 64 * 1024;
/** A Retry-After that asks for more is not waited for, whatever the route's timeout is: in milliseconds. */
const LONGEST_PAUSE = 60_000;
/** Nobody but the client notices a second request: RFC 9110 section 9.2.1. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Sends the exchange to the route's upstream and streams the answer back. */
export function forward(options: ForwardOptions): Handler {
  return (exchange) => new Forwarding(exchange, exchange.body, options).start();
}

/** Sends the exchange elsewhere when its own upstream has no answer. */
export function forwardInstead(options: ForwardOptions): Fallback {
  return { forwards: true, answer: (exchange, body) => new Forwarding(exchange, body, options).start() };
}

/** One exchange on its way to an upstream and back: over a queue, and in as many attempts as the upstream allows. */
class Forwarding implements ExchangeWatcher, Waiting, BulkheadWaiter, TryObserver {
  /** Runs out while waiting for the answer's headers, and again for a client that stops reading. */
  deadline = Infinity;
  place = UNLISTED;
  readonly #exchange: Exchange;
  readonly #options: ForwardOptions;
  readonly #body: RequestBody | undefined;
  /** Endpoints that had the request. */
  #tried: readonly Member[] = [];
  /** Those that may still answer: more than one only while there is a hedge. */
  #tries: readonly Try[] = [];
  /** The one whose answer the client gets. */
  #answering: Try | undefined;
  #fields: HeaderList = [];
  #isInside = false;
  /** An upstream may have acted on the request. */
  #wasReached = false;
  /** The client's body flows: its time is not the upstream's. */
  #isUploading = false;
  #hedges = 0;
  /** Until the next attempt: a retry, or a hedge. */
  #pause: NodeJS.Timeout | undefined;
  /** It has stood in the queue. */
  #waited: (() => void) | undefined;

  constructor(exchange: Exchange, body: RequestBody | undefined, options: ForwardOptions) {
    this.#exchange = exchange;
    this.#options = options;
    this.#body = body && keptFor(body, exchange, options);
  }

  start(): void {
    const { upstream, timeout, deadlines } = this.#options;
    this.#exchange.upstream = upstream.name;
    this.#exchange.watch(this);
    this.deadline = deadlineAfter(timeout);
    deadlines.add(this);
    const entry = upstream.bulkhead?.enter(this) ?? 'entered';
    if (entry === 'entered') this.onEntered();
    else if (entry === 'refused') this.#refuse(BUSY);
    else this.#waited = this.#exchange.trace?.wait('bulkhead');
  }

  onEntered(): void {
    const { upstream, headers } = this.#options;
    this.#waited?.();
    this.#isInside = upstream.bulkhead !== undefined;
    upstream.budget?.requested();
    this.#fields = forwardedRequestHeaders(this.#exchange, headers);
    this.#send();
  }

  onRefused(): void {
    this.#waited?.();
    this.#refuse(BUSY);
  }

  /** A connection takes the request. */
  onBodyStart(): void {
    // The clock stands while the body flows: a slow upload is not a slow upstream. A body that is kept flows once, and one
    // that is here already flows as fast as the upstream takes it.
    if (this.#body?.isBuffered === true) return;
    this.#isUploading = true;
    this.deadline = Infinity;
  }

  onRequestSent(): void {
    if (!this.#isUploading) return;
    this.#isUploading = false;
    if (this.#answering === undefined) this.deadline = deadlineAfter(this.#options.timeout);
  }

  onInformational(status: number, headers: HeaderList): void {
    // What has reached the client is not retried: of an upstream that may be asked again nothing comes before the answer.
    const { retry, hedge } = this.#options.upstream;
    if (retry === undefined && hedge === undefined) this.#exchange.response.informational(status, headers);
  }

  onHead(one: Try, status: number, headers: HeaderList): boolean {
    const { upstream, fallback } = this.#options;
    this.#wasReached = true;
    if (upstream.failsWith(status)) {
      this.#drop(one);
      // Another attempt may have a better answer.
      if (this.#tries.length > 0) return false;
      const delay = this.#retryDelay(status, combined(headers, 'retry-after'));
      if (delay !== undefined) {
        this.#retryAfter(delay, status, {
          kind: 'reset',
          cause: `status ${status}, and the body cannot be sent again`,
        });
        return false;
      }
      const failure = { kind: 'status', cause: String(status) };
      if (fallback !== undefined && this.#fallBack(fallback, failure)) return false;
      this.#tries = [one];
    }
    this.deadline = Infinity;
    this.#answering = one;
    clearTimeout(this.#pause);
    for (const other of this.#tries) if (other !== one) other.abort('superseded');
    this.#exchange.response.head(status, headers);
    return true;
  }

  onData(one: Try, chunk: Buffer): boolean {
    if (this.#exchange.response.write(chunk)) return true;
    // The client reads slower than the upstream sends; one that stops reading must not hold the upstream for ever.
    if (this.deadline === Infinity) this.deadline = deadlineAfter(one.member.endpoint.idleTimeout);
    return false;
  }

  onComplete(trailers: HeaderList | undefined): void {
    this.#finish();
    this.#exchange.response.end(trailers);
  }

  onFailure(one: Try, failure: Failure): void {
    this.#drop(one);
    if (this.#answering === one) {
      this.#finish();
      this.#exchange.failure = failure;
      this.#exchange.fail(FAILURES[failure.kind].problem);
      return;
    }
    const { cause } = FAILURES[failure.kind];
    if (cause !== 'connect-failure') this.#wasReached = true;
    // Another attempt may still answer.
    if (this.#tries.length > 0) return;
    const delay = cause && this.#retryDelay(cause, undefined);
    if (cause !== undefined && delay !== undefined) this.#retryAfter(delay, cause, failure);
    else this.#failed(failure);
  }

  /** The request's body cannot be had in full: no attempt can. */
  onBodyFault(fault: BodyFault): void {
    if (fault === 'aborted') {
      this.onAbort();
      return;
    }
    if (fault === 'stalled') {
      this.#abort('body-timeout');
      this.#failed({ kind: 'body-timeout', cause: 'the upstream stopped reading the request body' });
      return;
    }
    this.#abort('request-body');
    this.#finish();
    this.#exchange.fail(fault === 'too-large' ? 'body-too-large' : 'request-timeout');
  }

  onDrain(): void {
    // Before the answer's head, the clock is that of the upstream.
    if (this.#answering !== undefined) this.deadline = Infinity;
    this.#answering?.resume();
  }

  onAbort(): void {
    this.#abort('client-aborted');
    this.#finish();
  }

  overdue(): void {
    if (this.#answering !== undefined) {
      this.onAbort();
      this.#exchange.response.abort();
      return;
    }
    this.#abort('headers-timeout');
    this.#failed({ kind: 'headers-timeout', cause: 'the route’s timeout ran out' });
  }

  /** @returns whether an endpoint has the request now */
  #send(): boolean {
    const { upstream, path, query, headers } = this.#options;
    const exchange = this.#exchange;
    const picked = upstream.choice.next(upstream.hashKey(exchange), this.#tried);
    if ('fault' in picked) {
      // A hedge is a favour: without an endpoint for it, the first attempt is waited for.
      if (this.#tries.length === 0) this.#refuse(refusalOf(picked));
      return false;
    }
    // Nearly always the first and only one: a list of just that size.
    this.#tried = [...this.#tried, picked];
    exchange.attempts += 1;
    // HTTP/1.0 knows requests without a host.
    const host = (upstream.preserveHost && exchange.authority) || picked.endpoint.authority;
    const { method } = exchange;
    const [target, resends] = [path(exchange), exchange.attempts - 1];
    const { origin } = picked.endpoint;
    const trace = exchange.trace?.attempt({ method, origin, path: target, upstream: upstream.name, resends });
    const one = new Try(picked, upstream, this, trace);
    this.#tries = [...this.#tries, one];
    if (upstream.hedge !== undefined) this.#scheduleHedge(upstream.hedge);
    one.start({
      method,
      target: target + query(exchange),
      headers: [...(trace?.fields(this.#fields) ?? this.#fields), 'host', host],
      body: this.#body,
      dropped: headers.dropped,
    });
    return true;
  }

  #scheduleHedge({ after, max }: { readonly after: number; readonly max: number }): void {
    clearTimeout(this.#pause);
    if (this.#hedges >= max || this.#body !== undefined || !SAFE.has(this.#exchange.method)) return;
    this.#pause = setTimeout(() => {
      const { metrics, budget } = this.#options.upstream;
      if (budget?.tryRetry() !== true) return;
      this.#hedges += 1;
      if (this.#send()) metrics.hedge();
      else this.#hedges -= 1;
    }, after);
  }

  /**
   * @param result of the attempt that has failed
   * @param header its Retry-After
   * @returns how long to wait before another attempt, in milliseconds; undefined = there is none
   */
  #retryDelay(result: RetryCause | number, header: string | undefined): number | undefined {
    const { retry, budget } = this.#options.upstream;
    const { method } = this.#exchange;
    if (retry?.counts(result) !== true || this.#tried.length - this.#hedges >= retry.rules.attempts) return undefined;
    if (!retry.methodAllows(method, this.#hasIdempotencyKey())) return undefined;
    if (!isRepeatable(this.#body)) return undefined;
    const seconds = header === undefined ? undefined : parseRetryAfter(header, Date.now());
    const delay = retry.delay(this.#tried.length - this.#hedges, seconds, Math.random);
    // A body that flows has stopped the clock, which must not make a pause endless.
    const deadline = this.#isUploading ? deadlineAfter(this.#options.timeout) : this.deadline;
    if (delay > LONGEST_PAUSE || performance.now() + delay >= deadline) return undefined;
    return budget?.tryRetry() === true ? delay : undefined;
  }

  /** @param failure what it comes to when there can be no other attempt after all */
  #retryAfter(delay: number, cause: RetryCause | number, failure: Failure): void {
    if (this.#body instanceof ReplayableBody) this.#body.release();
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      // The rest of the body may have come meanwhile, and have been too much.
      if (!isRepeatable(this.#body)) this.#failed(failure);
      else if (this.#send()) this.#options.upstream.metrics.retry(cause);
    }, delay);
  }

  #refuse({ problem, failure, headers }: Refusal): void {
    const { fallback, upstream } = this.#options;
    upstream.metrics.refused(problem);
    if (fallback !== undefined && this.#fallBack(fallback, failure)) return;
    this.#finish();
    this.#exchange.failure = failure;
    this.#exchange.fail(problem, { headers });
  }

  #failed(failure: Failure): void {
    const { problem } = FAILURES[failure.kind];
    const { fallback } = this.#options;
    if (fallback !== undefined && isOfUpstream(failure.kind) && this.#fallBack(fallback, failure)) return;
    this.#finish();
    this.#exchange.failure = failure;
    this.#exchange.fail(problem);
  }

  /** @returns false when it cannot answer */
  #fallBack(fallback: Fallback, failure: { readonly kind: string; readonly cause: string }): boolean {
    const exchange = this.#exchange;
    if (fallback.forwards) {
      const isHarmless = isIdempotent(exchange.method) || this.#hasIdempotencyKey();
      if ((this.#wasReached && !isHarmless) || !isRepeatable(this.#body)) return false;
    }
    this.#finish();
    if (this.#body instanceof ReplayableBody) this.#body.release();
    exchange.failure = failure;
    fallback.answer(exchange, this.#body);
    return true;
  }

  /** Whether upstreams can tell two requests from one sent twice: what counts is what they get. */
  #hasIdempotencyKey(): boolean {
    return (combined(this.#fields, 'idempotency-key') ?? '') !== '';
  }

  #abort(kind: FailureKind): void {
    if (this.#tries.some(({ wasCarried }) => wasCarried)) this.#wasReached = true;
    for (const one of this.#tries) one.abort(kind);
    this.#tries = [];
  }

  /** It cannot answer any more. */
  #drop(one: Try): void {
    this.#tries = this.#tries.filter((other) => other !== one);
  }

  #finish(): void {
    const { deadlines, upstream } = this.#options;
    deadlines.delete(this);
    clearTimeout(this.#pause);
    this.#exchange.watch(undefined);
    if (this.#isInside) upstream.bulkhead?.leave();
    else upstream.bulkhead?.withdraw(this);
    this.#isInside = false;
  }
}

/** The body so that it can be sent again, if somebody may want that. */
function keptFor(body: RequestBody, exchange: Exchange, { upstream, fallback }: ForwardOptions): RequestBody {
  if (body instanceof ReplayableBody || body instanceof BufferedBody) return body;
  if (upstream.retry === undefined && fallback?.forwards !== true) return body;
  const limit = upstream.retry?.rules.bodyBuffer ?? KEPT_BODY;
  return (body.length ?? 0) > limit ? body : new ReplayableBody(body, limit, (bytes) => exchange.hold(bytes));
}

function isRepeatable(body: RequestBody | undefined): boolean {
  if (body === undefined || body instanceof BufferedBody) return true;
  return body instanceof ReplayableBody && body.isReplayable;
}
