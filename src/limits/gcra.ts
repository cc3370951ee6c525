/** A rate and its burst, as whole numbers from 1 on. */
export interface RateOptions {
  readonly requests: number;
  /** The time that `requests` is counted over, in milliseconds. */
  readonly per: number;
  /** How many may pass at once; without it as many as `requests`. */
  readonly burst?: number | undefined;
  /** How many keys are remembered; without it 100 000. */
  readonly maxKeys?: number | undefined;
  /** The time in milliseconds, from any start, that never goes back; without it that of the process. */
  readonly clock?: () => number;
}

/** What became of one request, and how its key stands after it. Times are whole seconds, rounded up. */
export interface RateDecision {
  readonly allowed: boolean;
  /** From when on one will pass; 0 when this one did. For Retry-After (RFC 9110 section 10.2.3). */
  readonly retryAfter: number;
  /** How many more would pass at once now. */
  readonly remaining: number;
  /** Until the whole burst may pass again, if nothing is asked for until then. */
  readonly reset: number;
}

const MAX_KEYS = 100_000;
/** The part of the keys that makes room at once, so that going over all of them is paid by many new keys. */
const ROOM = 1 / 16;

/**
 * Counts requests by key with the generic cell rate algorithm: a burst may pass at once, then one each `per / requests`.
 * Of a key it knows one number, the theoretical arrival time: when the whole burst may pass again.
 *
 * Memory is bounded by the number of keys. A key that may send its whole burst anyway is as good as unknown, so those
 * are forgotten first. When too few of those make room, the least recently asked for go, the refused ones included: a
 * refusal is a use, too. To have one key forgotten early, somebody must therefore have at least 15/16 of `maxKeys` other
 * keys that were used after it and are all still recovering; each has had a request let through, which is far more than
 * the one burst that is gained.
 */
export class RateCounter {
  /**
   * Arrival times, the least recently used first. They are counted in parts of which a millisecond has `requests`: in
   * those, the time from one request to the next is `per`, a whole number, and no sum is ever rounded.
   */
  readonly #arrivals = new Map<string, number>();
  readonly #requests: number;
  readonly #interval: number;
  readonly #burst: number;
  readonly #maxKeys: number;
  readonly #clock: () => number;

  /** @throws RangeError when a number is not a whole one from 1 on */
  constructor({ requests, per, burst = requests, maxKeys = MAX_KEYS, clock = () => performance.now() }: RateOptions) {
    for (const value of [requests, per, burst, maxKeys]) {
      if (!Number.isInteger(value) || value < 1) throw new RangeError(`not a whole number from 1 on: ${value}`);
    }
    this.#requests = requests;
    this.#interval = per;
    this.#burst = burst;
    this.#maxKeys = maxKeys;
    this.#clock = clock;
  }

  /** Asks for one request of a key. A denied one consumes nothing. */
  take(key: string): RateDecision {
    const now = Math.floor(this.#clock() * this.#requests);
    const known = this.#arrivals.get(key);
    const arrival = known === undefined ? now : Math.max(known, now);
    const early = arrival - now - (this.#burst - 1) * this.#interval;
    // Deleted and set again, it is the last one in the Map's order.
    if (known !== undefined) this.#arrivals.delete(key);
    else if (this.#arrivals.size >= this.#maxKeys) this.#makeRoom(now);
    if (early > 0) {
      this.#arrivals.set(key, arrival);
      return { allowed: false, retryAfter: this.#seconds(early), remaining: 0, reset: this.#seconds(arrival - now) };
    }
    const next = arrival + this.#interval;
    this.#arrivals.set(key, next);
    const remaining = Math.floor((this.#burst * this.#interval - (next - now)) / this.#interval);
    return { allowed: true, retryAfter: 0, remaining, reset: this.#seconds(next - now) };
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#arrivals.size;
  }

  /**
   * Many at once, and not one for each new key: a Map keeps the places of what was deleted for a while, and to step over
   * them to its first entry takes longer than all the rest.
   */
  #makeRoom(now: number): void {
    for (const [key, arrival] of this.#arrivals) if (arrival <= now) this.#arrivals.delete(key);
    let surplus = this.#arrivals.size + Math.ceil(this.#maxKeys * ROOM) - this.#maxKeys;
    for (const key of this.#arrivals.keys()) {
      if (surplus <= 0) return;
      this.#arrivals.delete(key);
      surplus -= 1;
    }
  }

  #seconds(parts: number): number {
    return Math.ceil(parts / (this.#requests * 1000));
  }
}
