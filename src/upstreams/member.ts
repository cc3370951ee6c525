import type { Breaker, BreakerOutcome } from '../resilience/breaker.ts';
import type { TrackedEndpoint } from '../resilience/outlier.ts';
import type { Candidate } from './balance/balancer.ts';
import { shareOf } from './balance/slow-start.ts';
import type { Endpoint } from './endpoint.ts';
import type { EndpointState } from './endpoint-state.ts';
import type { EndpointCondition, EndpointView } from './view.ts';

/** What a member is made of; undefined = the upstream does not ask for it. */
export interface MemberParts {
  readonly endpoint: Endpoint;
  /** A whole number from 0 on. */
  readonly weight: number;
  readonly state: EndpointState;
  /** How long it takes to grow to its share, in milliseconds; 0 = off. */
  readonly slowStart: number;
  readonly breaker: Breaker | undefined;
  readonly outlier: TrackedEndpoint | undefined;
}

/** An endpoint of an upstream: where requests go, and what is known of it. */
export class Member implements Candidate {
  readonly endpoint: Endpoint;
  readonly weight: number;
  readonly state: EndpointState;
  readonly #slowStart: number;
  readonly #breaker: Breaker | undefined;
  readonly #outlier: TrackedEndpoint | undefined;

  constructor(parts: MemberParts) {
    this.endpoint = parts.endpoint;
    this.weight = parts.weight;
    this.state = parts.state;
    this.#slowStart = parts.slowStart;
    this.#breaker = parts.breaker;
    this.#outlier = parts.outlier;
  }

  get id(): string {
    return this.endpoint.origin;
  }

  get inFlight(): number {
    return this.state.inFlight;
  }

  get share(): number {
    return this.#slowStart === 0 ? 1 : shareOf(this.state.since, performance.now(), this.#slowStart);
  }

  /** Neither a probe nor its answers speak against it. */
  get isWell(): boolean {
    return this.state.isHealthy && this.#outlier?.isEjected !== true;
  }

  /** Whether its breaker lets a request pass now. */
  get permits(): boolean {
    return this.#breaker?.permits() ?? true;
  }

  /** It takes requests, and goes on to until its state says that it has changed. */
  get isSteady(): boolean {
    return this.isWell && (this.#breaker === undefined || this.#breaker.state === 'closed');
  }

  /** How long to wait for its breaker, in whole seconds; 0 = a request passes. */
  get retryAfter(): number {
    return this.#breaker?.retryAfter() ?? 0;
  }

  /** A request goes there, in the same turn in which it was permitted. @returns the ticket for {@link judged} */
  begin(): number {
    this.state.begin();
    return this.#breaker?.begin() ?? 0;
  }

  /** It is known how the request went: once, and once more when a good answer is cut off. */
  judged(ticket: number, outcome: BreakerOutcome): void {
    this.#breaker?.end(ticket, outcome);
    if (outcome === 'failure' || outcome === 'cut-off') this.#outlier?.failed();
  }

  /** The request is over, its answer included. */
  end(): void {
    this.state.end();
  }

  view(): EndpointView {
    const { endpoint, weight, state, share } = this;
    const condition = this.#condition();
    return {
      origin: endpoint.origin,
      weight,
      condition,
      why: this.#why(condition),
      isHealthy: state.isHealthy,
      isEjected: this.#outlier?.isEjected === true,
      breaker: this.#breaker?.state,
      inFlight: state.inFlight,
      connections: endpoint.pool.size,
      idle: endpoint.pool.idle,
      waiting: endpoint.pool.waiting,
      latency: state.latency,
      share,
    };
  }

  #condition(): EndpointCondition {
    const breaker = this.#breaker?.state;
    if (breaker === 'open') return 'circuit-open';
    if (!this.state.isHealthy) return 'unhealthy';
    if (this.#outlier?.isEjected === true) return 'ejected';
    return breaker === 'half-open' ? 'half-open' : 'available';
  }

  #why(condition: EndpointCondition): string {
    switch (condition) {
      case 'available':
        return '';
      case 'unhealthy':
        return this.state.objection ?? '';
      case 'ejected':
        return 'too many of its requests failed: it is left out for a while';
      case 'circuit-open':
        return `too many of its requests failed: it is tried again in ${this.retryAfter} s`;
      case 'half-open':
        return 'its breaker lets a few requests try it';
    }
  }
}
