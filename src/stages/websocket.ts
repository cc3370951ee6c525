import { deadlineAfter, type Waiting } from '../deadlines.ts';
import type { Exchange, ExchangeWatcher } from '../exchange.ts';
import type { BreakerOutcome } from '../resilience/breaker.ts';
import type { BulkheadWaiter } from '../resilience/bulkhead.ts';
import type { Member } from '../upstreams/member.ts';
import { BUSY, isFailure, refusalOf, type Refusal } from '../upstreams/refusal.ts';
import { FAILURES } from '../forwarding/failure.ts';
import { forwardedRequestHeaders } from '../forwarding/headers.ts';
import { openTunnel } from '../forwarding/tunnel.ts';
import type { ForwardOptions } from './forward.ts';
import type { Stage } from './stage.ts';
import { UNLISTED } from '../roster.ts';

export interface WebSocketOptions extends ForwardOptions {
  readonly idleTimeout: number;
  readonly maxConnections: number;
  /** How many are open on this route; it outlives reloads. */
  readonly count: { open: number };
  /** Counts an open one in the metrics until the returned function is called. */
  readonly opened: () => () => void;
}

/** Opens WebSockets for requests that ask for one; others go on. */
export function webSocket(options: WebSocketOptions): Stage {
  return (next) => (exchange) => {
    if (exchange.upgrade === undefined) return next(exchange);
    if (exchange.upgrade.protocol !== 'websocket') return exchange.fail('upgrade-refused');
    if (options.count.open >= options.maxConnections) return exchange.fail('too-many-websockets');
    return new Opening(exchange, options).start();
  };
}

/** One WebSocket from its request to its end: it counts as a request of its endpoint for as long as it is open. */
class Opening implements BulkheadWaiter, ExchangeWatcher, Waiting {
  /** Runs out in the queue of the bulkhead; after that it is the tunnel's to look at. */
  deadline: number;
  place = UNLISTED;
  readonly #exchange: Exchange;
  readonly #options: WebSocketOptions;
  #isInside = false;
  #closed = (): void => undefined;

  constructor(exchange: Exchange, options: WebSocketOptions) {
    this.#exchange = exchange;
    this.#options = options;
    this.deadline = deadlineAfter(options.timeout);
  }

  start(): void {
    const { upstream, count, deadlines } = this.#options;
    count.open += 1;
    this.#exchange.upstream = upstream.name;
    this.#exchange.watch(this);
    const entry = upstream.bulkhead?.enter(this) ?? 'entered';
    if (entry === 'waiting') deadlines.add(this);
    else if (entry === 'entered') this.onEntered();
    else this.#refuse(BUSY);
  }

  overdue(): void {
    this.#end();
    this.#exchange.failure = { kind: 'headers-timeout', cause: 'the route’s timeout ran out' };
    this.#exchange.fail('upstream-timeout');
  }

  onEntered(): void {
    const { upstream, deadlines } = this.#options;
    deadlines.delete(this);
    this.#isInside = upstream.bulkhead !== undefined;
    const picked = upstream.choice.next(upstream.hashKey(this.#exchange), []);
    if ('fault' in picked) this.#refuse(refusalOf(picked));
    else this.#open(picked);
  }

  onRefused(): void {
    this.#refuse(BUSY);
  }

  onDrain(): void {}

  /** Only while it waits for its turn: the tunnel watches the exchange itself. */
  onAbort(): void {
    this.#end();
  }

  #open(member: Member): void {
    const { upstream, headers: plan, path, query, idleTimeout, opened } = this.#options;
    const { endpoint, state } = member;
    const exchange = this.#exchange;
    const startedAt = performance.now();
    const ticket = member.begin();
    let outcome: BreakerOutcome = 'ignored';
    const judge = (): void => member.judged(ticket, outcome);
    let isJudged = false;
    const { origin } = endpoint;
    const target = path(exchange);
    const about = {
      method: exchange.method,
      origin,
      path: target,
      upstream: upstream.name,
      resends: exchange.attempts,
    };
    const trace = exchange.trace?.attempt(about);
    exchange.attempts += 1;
    const fields = forwardedRequestHeaders(exchange, plan);
    const headers = [...(trace?.fields(fields) ?? fields)];
    headers.push('host', (upstream.preserveHost && exchange.authority) || endpoint.authority);
    const request = {
      origin,
      agent: endpoint.agent,
      target: target + query(exchange),
      headers,
      connectTimeout: endpoint.connectTimeout,
      // Time in the queue is a part of it.
      timeout: shorter(endpoint.responseTimeout, this.deadline - startedAt),
      refusalTimeout: endpoint.idleTimeout,
      idleTimeout,
    };
    openTunnel(exchange, request, {
      onAnswer: (status) => {
        outcome = isFailure(status) ? 'failure' : 'success';
        isJudged = true;
        judge();
        const seconds = (performance.now() - startedAt) / 1000;
        state.answeredAfter(seconds);
        upstream.metrics.headersAfter(seconds);
        upstream.metrics.attempt(`${Math.trunc(status / 100)}xx`);
        trace?.ended(status, undefined);
        if (status === 101) this.#closed = opened();
      },
      onFailure: (failure) => {
        if (failure.kind !== 'client-aborted') outcome = 'failure';
        exchange.failure = failure;
        upstream.metrics.attempt(FAILURES[failure.kind].outcome);
        trace?.ended(0, failure.kind);
      },
      onClose: () => {
        if (!isJudged) judge();
        member.end();
        this.#end();
      },
    });
  }

  #refuse({ problem, failure, headers }: Refusal): void {
    this.#options.upstream.metrics.refused(problem);
    this.#end();
    this.#exchange.failure = failure;
    this.#exchange.fail(problem, { headers });
  }

  #end(): void {
    const { count, upstream, deadlines } = this.#options;
    count.open -= 1;
    deadlines.delete(this);
    this.#exchange.watch(undefined);
    if (this.#isInside) upstream.bulkhead?.leave();
    else upstream.bulkhead?.withdraw(this);
    this.#closed();
  }
}

/** @param limit in milliseconds, 0 = none @param left until the route's timeout, Infinity = none @returns 0 = none */
function shorter(limit: number, left: number): number {
  const least = Math.min(limit === 0 ? Infinity : limit, Math.max(1, left));
  return least === Infinity ? 0 : least;
}
