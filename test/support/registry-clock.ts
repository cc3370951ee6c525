/** The clock of a registry, moved by a test. */
import type { Clock } from '../../src/upstreams/registry/clock.ts';

const EPOCH = Date.parse('2026-07-22T10:00:00Z');

/** Two clocks and their timers. */
export class TestClock implements Clock {
  /** Added to the wall clock: somebody sets it. */
  set = 0;
  timers: { readonly at: number; readonly work: () => void }[] = [];
  /** How many timers were set in all. */
  started = 0;
  #now = 500;

  wall(): number {
    return EPOCH + this.#now + this.set;
  }

  steady(): number {
    return this.#now;
  }

  after(milliseconds: number, work: () => void): () => void {
    const timer = { at: this.#now + milliseconds, work };
    this.timers.push(timer);
    this.started += 1;
    return () => (this.timers = this.timers.filter((each) => each !== timer));
  }

  /** Lets time pass, and fires the timers on the way. */
  pass(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.timers.toSorted((one, other) => one.at - other.at).find(({ at }) => at <= end);
      if (next === undefined) break;
      this.timers = this.timers.filter((each) => each !== next);
      this.#now = next.at;
      next.work();
    }
    this.#now = end;
  }

  /** Lets time pass in which no timer gets its turn. */
  stall(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
