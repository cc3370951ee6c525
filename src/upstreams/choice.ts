import type { Balancer } from './balance/balancer.ts';
import type { Member } from './member.ts';

/** Why there is no endpoint for a request; `retryAfter` in whole seconds. */
export type NoEndpoint = { readonly fault: 'none' } | { readonly fault: 'open'; readonly retryAfter: number };

/**
 * Chooses among the endpoints of an upstream: those that are well, or all when none is (panic: an answer from one that
 * seems to be ill is better than none for certain), and never one whose breaker is open.
 *
 * As long as every endpoint is steady a choice costs nothing but the balancer.
 */
export class Choice {
  readonly #balancer: Balancer<Member>;
  readonly #onPanic: (is: boolean) => void;
  #members: readonly Member[] = [];
  /** Members that take anything at all: one of weight 0 is no way out when all others are ill. */
  #takers: readonly Member[] = [];
  #available: readonly Member[] = [];
  /** Whether all were steady when they were last looked at, and none has said since that it has changed. */
  #allSteady = false;
  #wasPanicking: boolean;
  #unsubscribe: readonly (() => void)[] = [];

  /**
   * @param onPanic told when a request finds that no endpoint is well, and when one finds that some are again
   * @param wasPanicking what was told last
   */
  constructor(balancer: Balancer<Member>, onPanic: (is: boolean) => void = () => undefined, wasPanicking = false) {
    this.#balancer = balancer;
    this.#onPanic = onPanic;
    this.#wasPanicking = wasPanicking;
  }

  /** Whether endpoints that are not well are asked, since no other is left. */
  get isPanicking(): boolean {
    return this.#takers.length > 0 && !this.#takers.some(({ isWell }) => isWell);
  }

  get members(): readonly Member[] {
    return this.#members;
  }

  /** The endpoints from now on. */
  replace(members: readonly Member[]): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#members = members;
    this.#takers = members.filter(({ weight }) => weight > 0);
    this.#available = this.#takers;
    this.#allSteady = false;
    this.#unsubscribe = this.#takers.map(({ state }) => state.onChange(() => (this.#allSteady = false)));
  }

  /**
   * @param key what the request is hashed by
   * @param tried endpoints that have it or have failed it already: another one is better, if there is one
   */
  next(key: string, tried: readonly Member[]): Member | NoEndpoint {
    const available = this.#look();
    const first = this.#balancer.pick(available, key);
    if (first === undefined) return this.#fault();
    if (!tried.includes(first)) return first;
    // The same list each time: balancers remember what they have derived from it. Another key leads a hash elsewhere.
    for (let turn = 1; turn < available.length * 2; turn += 1) {
      const other = this.#balancer.pick(available, `${key}\0${turn}`);
      if (other !== undefined && !tried.includes(other)) return other;
    }
    return available.find((member) => !tried.includes(member)) ?? first;
  }

  #look(): readonly Member[] {
    if (this.#allSteady) return this.#available;
    const well = this.#takers.filter(({ isWell }) => isWell);
    const isPanicking = well.length === 0 && this.#takers.length > 0;
    const asked = (isPanicking ? this.#takers : well).filter(({ permits }) => permits);
    this.#allSteady = this.#takers.every(({ isSteady }) => isSteady);
    // The same list as before is the same to balancers, too: they remember what they have derived from it.
    if (!isSame(asked, this.#available)) this.#available = asked;
    if (isPanicking !== this.#wasPanicking) {
      this.#wasPanicking = isPanicking;
      this.#onPanic(isPanicking);
    }
    return this.#available;
  }

  #fault(): NoEndpoint {
    const waits = this.#takers.map(({ retryAfter }) => retryAfter).filter((seconds) => seconds > 0);
    return waits.length === 0 ? { fault: 'none' } : { fault: 'open', retryAfter: Math.min(...waits) };
  }
}

function isSame(one: readonly Member[], other: readonly Member[]): boolean {
  return one.length === other.length && one.every((member, index) => member === other[index]);
}
