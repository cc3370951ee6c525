import { setImmediate as nextTurn } from 'node:timers/promises';

/** How many turns of the event loop have to pass without anything before a case counts as over. */
const STILL = 3;
/** A case that is not over after so many never will be. */
const MAX_TURNS = 20_000;

/** Counts what happens, so that a test knows when nothing does any more, without looking at a clock. */
export class Activity {
  #count = 0;

  note(): void {
    this.#count += 1;
  }

  /**
   * Waits until nothing happens any more.
   *
   * @throws when it never stops
   */
  async quiet(): Promise<void> {
    let still = 0;
    for (let turn = 0; still < STILL; turn += 1) {
      if (turn === MAX_TURNS) throw new Error('the event loop does not come to rest');
      const before = this.#count;
      await nextTurn();
      still = this.#count === before ? still + 1 : 0;
    }
  }
}
