/** @import { Traffic } from './shapes.d.ts' */

/** How far charts look back, in milliseconds. */
export const LOOK_BACK = 5 * 60_000;

/** @typedef {{ readonly at: number, readonly traffic: Traffic }} Sample `at` in milliseconds since 1970 */

/** The traffic of the last minutes, second by second. */
export class History {
  /** @type {Sample[]} */
  #samples = [];

  /** @returns {readonly Sample[]} the latest last */
  get samples() {
    return this.#samples;
  }

  /** @param {Traffic} traffic */
  add(traffic) {
    const at = Date.parse(traffic.at);
    const last = this.#samples.at(-1);
    // A clock that was set back would draw lines backwards.
    if (last !== undefined && at <= last.at) this.#samples = [];
    this.#samples.push({ at, traffic });
    const first = this.#samples.findIndex((sample) => sample.at > at - LOOK_BACK);
    if (first > 0) this.#samples.splice(0, first);
  }
}
