/** Endpoints to choose among, without a network: their time stands still, and they are as ill as a test makes them. */
import { Deadlines } from '../../src/deadlines.ts';
import { Breaker, type BreakerOptions } from '../../src/resilience/breaker.ts';
import { Outliers, type OutlierOptions } from '../../src/resilience/outlier.ts';
import { createBalancer, type BalancerKind } from '../../src/upstreams/balance/index.ts';
import { Choice, type NoEndpoint } from '../../src/upstreams/choice.ts';
import { createEndpoint } from '../../src/upstreams/endpoint.ts';
import { EndpointState } from '../../src/upstreams/endpoint-state.ts';
import { Member } from '../../src/upstreams/member.ts';

const TLS = { ca: undefined, cert: undefined, key: undefined, serverName: undefined, verify: true };
const TIMEOUTS = { connectTimeout: 1, responseTimeout: 1, idleTimeout: 1, connections: 1, tls: TLS };
const BREAKER: BreakerOptions = {
  failureRatio: 0.5,
  minimumRequests: 1,
  window: 1000,
  openFor: 5000,
  halfOpenRequests: 2,
};
export const OUTLIER: OutlierOptions = { failures: 1, window: 1000, ejectFor: 3000, maxEjected: 1 };
export const KINDS: readonly BalancerKind[] = ['round-robin', 'least-connections', 'p2c', 'random', 'hash'];

/** A time that stands still until a test moves it on. */
class Time {
  now = 0;
  readonly clock = (): number => this.now;
}

/** Counts who listens. */
class CountingState extends EndpointState {
  listeners = 0;

  override onChange(listener: () => void): () => void {
    const stop = super.onChange(listener);
    this.listeners += 1;
    return () => {
      this.listeners -= 1;
      stop();
    };
  }
}

/** Endpoints as an upstream has them, named by letters, which a test makes ill. */
export class Endpoints {
  readonly time = new Time();
  /** What was told of panic. */
  readonly panics: boolean[] = [];
  readonly choice: Choice;
  readonly #breaker: boolean;
  readonly #outliers: Outliers | undefined;
  readonly #states = new Map<string, CountingState>();

  constructor(kind: BalancerKind = 'round-robin', parts: { breaker?: boolean; outlier?: OutlierOptions } = {}) {
    this.choice = new Choice(createBalancer<Member>(kind), (is) => this.panics.push(is));
    this.#breaker = parts.breaker === true;
    const told = (name: string): void => this.state(name).changed();
    this.#outliers = parts.outlier && new Outliers(parts.outlier, this.time.clock, told);
  }

  state(name: string): CountingState {
    let state = this.#states.get(name);
    if (state === undefined) this.#states.set(name, (state = new CountingState(this.time.clock)));
    return state;
  }

  member(name: string, weight = 1): Member {
    const state = this.state(name);
    return new Member({
      endpoint: createEndpoint({ origin: `http://${name}`, ...TIMEOUTS }, new Deadlines()),
      weight,
      state,
      slowStart: 0,
      breaker: this.#breaker ? new Breaker(BREAKER, this.time.clock, () => state.changed()) : undefined,
      outlier: this.#outliers?.track(name),
    });
  }

  /** Makes these all that there are. */
  have(...names: readonly string[]): Member[] {
    const members = names.map((name) => this.member(name));
    this.choice.replace(members);
    return members;
  }

  /** A request goes where the choice sends it, and stays under way. @returns the letter, or why it goes nowhere */
  next(tried: readonly Member[] = [], key = ''): string {
    const picked = this.choice.next(key, tried);
    if (!('fault' in picked)) picked.begin();
    return named(picked);
  }

  /** Where several requests go, each name once, in order of the alphabet. */
  spread(requests = 40): string {
    const names = Array.from({ length: requests }, (_, index) => named(this.choice.next(String(index), [])));
    return [...new Set(names)].toSorted().join(' ');
  }
}

/** The letter of an endpoint, or why there is none. */
export function named(picked: Member | NoEndpoint): string {
  if (!('fault' in picked)) return picked.id.slice('http://'.length);
  return picked.fault === 'none' ? 'none' : `open for ${picked.retryAfter} s`;
}

/** A request that goes to an endpoint and fails. */
export function fail(member: Member): void {
  member.judged(member.begin(), 'failure');
  member.end();
}
