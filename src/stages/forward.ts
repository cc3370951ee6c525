import { deadlineAfter, type Deadlines, type Waiting } from '../deadlines.ts';
import type { BodyFault, Exchange, ExchangeWatcher, HeaderList } from '../exchange.ts';
import { Attempt, type AttemptObserver } from '../forwarding/attempt.ts';
import { FAILURES, type Failure } from '../forwarding/failure.ts';
import { forwardedRequestHeaders, type RequestHeaderPlan } from '../forwarding/headers.ts';
import type { Upstream } from '../upstreams/upstream.ts';
import type { Handler } from './stage.ts';

export interface ForwardOptions {
  readonly upstream: Upstream;
  /** The path for the upstream. */
  readonly path: (exchange: Exchange) => string;
  readonly headers: RequestHeaderPlan;
  /** From match, or from the end of the request body, to the answer's headers; in milliseconds, 0 = unlimited. */
  readonly timeout: number;
  readonly deadlines: Deadlines;
}

/** Sends the exchange to the route's upstream and streams the answer back. */
export function forward(options: ForwardOptions): Handler {
  return (exchange) => new Forwarding(exchange, options).start();
}

/** One exchange on its way to an upstream and back. */
class Forwarding implements AttemptObserver, ExchangeWatcher, Waiting {
  /** Runs out while waiting for the answer's headers, and again for a client that stops reading. */
  deadline = Infinity;
  readonly #exchange: Exchange;
  readonly #options: ForwardOptions;
  #attempt: Attempt | undefined;
  #startedAt = 0;
  #status = 0;
  #idleTimeout = 0;

  constructor(exchange: Exchange, options: ForwardOptions) {
    this.#exchange = exchange;
    this.#options = options;
  }

  start(): void {
    const exchange = this.#exchange;
    const { upstream, headers, path } = this.#options;
    const endpoint = upstream.pick();
    this.#startedAt = performance.now();
    this.#idleTimeout = endpoint.idleTimeout;
    exchange.upstream = upstream.name;
    exchange.attempts += 1;
    exchange.watch(this);
    const fields = forwardedRequestHeaders(exchange, headers);
    // HTTP/1.0 knows requests without a host.
    fields.push('host', (upstream.preserveHost && exchange.authority) || endpoint.authority);
    this.deadline = this.#options.timeout === 0 ? Infinity : this.#startedAt + this.#options.timeout;
    this.#options.deadlines.add(this);
    const target = path(exchange) + exchange.query;
    const { method, body } = exchange;
    this.#attempt = new Attempt({ method, target, headers: fields, body, dropped: headers.dropped }, this);
    endpoint.pool.send(this.#attempt);
  }

  onBodyStart(): void {
    // The clock stands while the body flows: a slow upload is not a slow upstream.
    this.deadline = Infinity;
  }

  onInformational(status: number, headers: HeaderList): void {
    this.#exchange.response.informational(status, headers);
  }

  onHead(status: number, headers: HeaderList): void {
    this.deadline = Infinity;
    this.#status = status;
    this.#options.upstream.metrics.headersAfter((performance.now() - this.#startedAt) / 1000);
    this.#exchange.response.head(status, headers);
  }

  onData(chunk: Buffer): boolean {
    if (this.#exchange.response.write(chunk)) return true;
    // The client reads slower than the upstream sends; one that stops reading must not hold the upstream for ever.
    if (this.deadline === Infinity) this.deadline = deadlineAfter(this.#idleTimeout);
    return false;
  }

  onDrain(): void {
    // Before the answer's head, the clock is that of the upstream.
    if (this.#status !== 0) this.deadline = Infinity;
    this.#attempt?.resume();
  }

  onComplete(trailers: HeaderList | undefined): void {
    this.#finish(`${Math.trunc(this.#status / 100)}xx`);
    this.#exchange.response.end(trailers);
  }

  onFailure(failure: Failure): void {
    this.#finish(FAILURES[failure.kind].outcome);
    this.#exchange.failure = failure;
    this.#exchange.fail(FAILURES[failure.kind].problem);
  }

  onRequestSent(): void {
    if (this.#exchange.body !== undefined && this.#status === 0) this.deadline = deadlineAfter(this.#options.timeout);
  }

  onBodyFault(fault: BodyFault): void {
    switch (fault) {
      case 'too-large':
        this.#finish(FAILURES['request-body'].outcome);
        this.#exchange.fail('body-too-large');
        return;
      case 'timeout':
        this.#finish(FAILURES['request-body'].outcome);
        this.#exchange.fail('request-timeout');
        return;
      case 'stalled':
        this.onFailure({ kind: 'body-timeout', cause: 'the upstream stopped reading the request body' });
        return;
      case 'aborted':
        this.onAbort();
    }
  }

  onAbort(): void {
    this.#attempt?.abort();
    this.#finish(FAILURES['client-aborted'].outcome);
  }

  overdue(): void {
    this.#attempt?.abort();
    if (this.#status === 0) this.onFailure({ kind: 'headers-timeout', cause: 'the route’s timeout ran out' });
    else {
      this.#finish(FAILURES['client-aborted'].outcome);
      this.#exchange.response.abort();
    }
  }

  #finish(outcome: string): void {
    this.#options.deadlines.delete(this);
    this.#exchange.watch(undefined);
    this.#options.upstream.metrics.attempt(outcome);
  }
}
