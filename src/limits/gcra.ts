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

/** What is known of one key. It changes in place: see Roster for what it costs to take things out of a Map all the time. */
interface Entry {
  /** Its theoretical arrival time. */
  arrival: number;
  /** How many requests had been counted when it was last asked for. */
  used: number;
}

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
   * Times are counted in parts of which a millisecond has `requests`: in those, the time from one request to the next is
   * `per`, a whole number, and no sum is ever rounded.
   */
  readonly #entries = new Map<string, Entry>();
  #uses = 0;
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
    const entry = this.#entries.get(key) ?? this.#begin(key, now);
    const arrival = Math.max(entry.arrival, now);
    const early = arrival - now - (this.#burst - 1) * this.#interval;
    entry.used = this.#uses;
    this.#uses += 1;
    if (early > 0) {
      return { allowed: false, retryAfter: this.#seconds(early), remaining: 0, reset: this.#seconds(arrival - now) };
    }
    const next = arrival + this.#interval;
    entry.arrival = next;
    const remaining = Math.floor((this.#burst * this.#interval - (next - now)) / this.#interval);
    return { allowed: true, retryAfter: 0, remaining, reset: this.#seconds(next - now) };
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#entries.size;
  }

  #begin(key: string, now: number): Entry {
    if (this.#entries.size >= this.#maxKeys) this.#makeRoom(now);
    const entry = { arrival: now, used: this.#uses };
    this.#entries.set(key, entry);
    return entry;
  }

  /** Many at once, and not one for each new key, as it goes over all of them. */
  #makeRoom(now: number): void {
    for (const [key, { arrival }] of this.#entries) if (arrival <= now) this.#entries.delete(key);
    const surplus = this.#entries.size + Math.ceil(this.#maxKeys * ROOM) - this.#maxKeys;
    if (surplus <= 0) return;
    const uses = Float64Array.from(this.#entries.values(), ({ used }) => used).toSorted();
    const latest = uses[surplus - 1] ?? 0;
    for (const [key, { used }] of this.#entries) if (used <= latest) this.#entries.delete(key);
  }

  #seconds(parts: number): number {
    return Math.ceil(parts / (this.#requests * 1000));
  }
}
