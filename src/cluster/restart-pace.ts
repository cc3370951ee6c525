/** A worker that has served for less than this, in milliseconds, has died of something that the next one meets, too. */
const QUICK = 5000;
/** How far back quick deaths are counted, in milliseconds. */
const WINDOW = 60_000;
/** So many quick deaths within that time, and a cause is there to stay. */
const MANY = 5;
/** The first pause and, once there are that many, all others; in milliseconds. */
const FIRST_PAUSE = 100;
const LONG_PAUSE = 10_000;

/** How soon a worker that has died is replaced: at once, unless that would only burn CPU. One for each place. */
export class RestartPace {
  #quickDeaths: number[] = [];

  /**
   * A worker has died.
   *
   * @param served for how long, in milliseconds; 0 when it never did, however long it has tried
   * @param now in milliseconds of a steady clock
   * @returns how long to wait for the next one, in milliseconds, and whether they keep dying
   */
  died(served: number, now: number): { readonly pause: number; readonly keepsDying: boolean } {
    if (served >= QUICK) {
      this.#quickDeaths = [];
      return { pause: 0, keepsDying: false };
    }
    this.#quickDeaths = [...this.#quickDeaths.filter((death) => now - death < WINDOW), now];
    const deaths = this.#quickDeaths.length;
    if (deaths >= MANY) return { pause: LONG_PAUSE, keepsDying: true };
    return { pause: FIRST_PAUSE * 2 ** (deaths - 1), keepsDying: false };
  }
}
