import { Roster, type Listed } from './roster.ts';

/** Something that waits for something else, and not for ever. */
export interface Waiting extends Listed {
  /** When it has waited long enough, on the clock of `performance.now()`; Infinity while it does not wait. */
  readonly deadline: number;
  /** It has waited long enough. Called again at every look until the deadline is another. */
  overdue(now: number): void;
}

/** How often it is looked who is overdue, and so how late a deadline can be noticed; in milliseconds. */
const SWEEP = 50;

/**
 * The deadlines of everything that waits: one timer that looks at all of them now and then. A timer for each request
 * and each connection would be made and cancelled thousands of times a second, and hardly ever run out.
 */
export class Deadlines {
  readonly #waiting = new Roster<Waiting>();
  readonly #failed: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param failed told of what is thrown when something is overdue: a bug, which should cost nobody else */
  constructor(failed: (error: unknown) => void = rethrow) {
    this.#failed = failed;
  }

  /** Looks at it from now on. It changes its deadline as it likes. */
  add(waiting: Waiting): void {
    this.#waiting.add(waiting);
    this.#timer ??= setInterval(() => this.#look(), SWEEP).unref();
  }

  delete(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  #look(): void {
    if (this.#waiting.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    const now = performance.now();
    for (const waiting of this.#waiting) {
      if (now < waiting.deadline) continue;
      try {
        waiting.overdue(now);
      } catch (error) {
        this.#waiting.delete(waiting);
        this.#failed(error);
      }
    }
  }
}

/** @param milliseconds from now; 0 = never */
export function deadlineAfter(milliseconds: number): number {
  return milliseconds === 0 ? Infinity : performance.now() + milliseconds;
}

function rethrow(error: unknown): never {
  throw error;
}
