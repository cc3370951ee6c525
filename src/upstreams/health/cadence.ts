import { SYSTEM_TIMERS, type Timers } from './timers.ts';

/** How long the first one may be waited for, in milliseconds. */
const FIRST = 1000;
/** How much shorter or longer an interval may be, as a share of it. */
const JITTER = 0.1;
/** The longest that a timer of Node can wait: a longer one fires at once. In milliseconds. */
const MAX_TIMER = 2 ** 31 - 1;

/**
 * Does something at intervals that are never quite the same, so that many who began together do not stay in step. An
 * interval is from start to start. What takes longer delays the next: there are never two at once.
 */
export class Cadence {
  readonly #interval: number;
  readonly #run: (done: () => void) => void;
  readonly #random: () => number;
  readonly #timers: Timers;
  #cancel: () => void;
  #isClosed = false;

  /**
   * Starts. The first run comes within a second, or within the interval if that is shorter.
   *
   * @param interval in milliseconds
   * @param run what is done; it calls `done` once when it is over
   * @param random from 0 to below 1, as `Math.random`
   */
  constructor(interval: number, run: (done: () => void) => void, random: () => number, timers: Timers = SYSTEM_TIMERS) {
    this.#interval = interval;
    this.#run = run;
    this.#random = random;
    this.#timers = timers;
    this.#cancel = timers.after(random() * Math.min(interval, FIRST), () => this.#begin());
  }

  /** No further run begins; one that is under way is its owner's to end. */
  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  #begin(): void {
    const begun = this.#timers.now();
    this.#run(() => {
      if (this.#isClosed) return;
      const due = begun + this.#interval * (1 - JITTER + 2 * JITTER * this.#random());
      const delay = Math.min(MAX_TIMER, Math.max(0, due - this.#timers.now()));
      this.#cancel = this.#timers.after(delay, () => this.#begin());
    });
  }
}
