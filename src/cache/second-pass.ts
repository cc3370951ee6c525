import type { Purge } from './purge.ts';

/** Until a purge is gone through once more. In milliseconds. */
const SECOND_DELAY = 5000;
/** How many can wait for that: with more of them, the first are not gone through again. */
const MAX_PURGES = 1024;

/**
 * Purges that have been gone through once. A gateway that heard of one late may have stored something behind it: a short
 * while later all of them are gone through once more, together.
 */
export class SecondPass {
  readonly #run: (purges: readonly Purge[]) => void;
  #purges: Purge[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(run: (purges: readonly Purge[]) => void) {
    this.#run = run;
  }

  add(purge: Purge): void {
    this.#purges = [...this.#purges.slice(1 - MAX_PURGES), purge];
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#run(this.#purges.splice(0));
    }, SECOND_DELAY).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
