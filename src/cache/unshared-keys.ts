import { createHash } from 'node:crypto';

/** How long a key is remembered; in milliseconds. */
const DURATION = 10_000;
/** How many are remembered, at about 100 bytes each: of more, the older half is forgotten. */
const MAX_KEYS = 100_000;
const HASH_LENGTH = 22;

/** When each of them is over. */
type Keys = Map<string, number>;

/**
 * Keys whose answers turned out, a moment ago, to be for one request alone. They are kept in two generations: what is over
 * goes with a whole generation, and costs neither a timer nor a search. A key may be as long as a URL, and who makes one
 * up is a client: only a hash of it stays.
 */
export class UnsharedKeys {
  readonly #clock: () => number;
  #younger: Keys = new Map();
  #older: Keys = new Map();
  /** When the younger generation began. */
  #began = -Infinity;

  /** @param clock in milliseconds, never set back */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** How many are remembered; some of them may be over. */
  get size(): number {
    return this.#younger.size + this.#older.size;
  }

  add(key: string): void {
    const now = this.#clock();
    this.#age(now);
    if (this.#younger.size >= MAX_KEYS / 2) this.#shift(now);
    this.#younger.set(hashOf(key), now + DURATION);
  }

  has(key: string): boolean {
    const now = this.#clock();
    this.#age(now);
    if (this.size === 0) return false;
    const hash = hashOf(key);
    const until = this.#younger.get(hash) ?? this.#older.get(hash);
    return until !== undefined && now < until;
  }

  /** Lets a generation go once all of it is over. */
  #age(now: number): void {
    if (now - this.#began < DURATION) return;
    // What came last into the younger one came less than that after it began.
    if (now - this.#began >= 2 * DURATION) this.#younger = new Map();
    this.#shift(now);
  }

  #shift(now: number): void {
    this.#older = this.#younger;
    this.#younger = new Map();
    this.#began = now;
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64').slice(0, HASH_LENGTH);
}
