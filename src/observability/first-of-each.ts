/** For so long after the first one the same is nothing new; in milliseconds. */
const WINDOW = 60_000;
/** How many different ones are remembered. Those that come beyond that are not new either. */
const MOST = 100;

/**
 * Tells what is new from what was there within the last minute: for log lines about something that may happen with each
 * request.
 */
export class FirstOfEach {
  readonly #firsts = new Map<string, number>();
  readonly #clock: () => number;

  /** @param clock in milliseconds, steady; without it that of the process */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Whether this is the first of its kind within a minute. */
  isFirst(kind: string): boolean {
    const now = this.#clock();
    const first = this.#firsts.get(kind);
    if (first !== undefined && now - first < WINDOW) return false;
    if (first === undefined && this.#firsts.size >= MOST) {
      for (const [each, time] of this.#firsts) if (now - time >= WINDOW) this.#firsts.delete(each);
      if (this.#firsts.size >= MOST) return false;
    }
    this.#firsts.set(kind, now);
    return true;
  }
}
