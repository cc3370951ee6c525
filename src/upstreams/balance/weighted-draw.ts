import type { Candidate } from './balancer.ts';
import { commonWeight, counts, effectiveWeight, totalWeight } from './effective-weight.ts';

/** Draws candidates at random, each as often as its weight says. */
export class WeightedDraw<C extends Candidate> {
  readonly #random: () => number;
  #list: readonly C[] = [];
  /** The weight of everyone when all have the same, so that no sum is needed; else 0. */
  #common = 0;

  /** @param random gives numbers from 0 up to, but not including, 1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  /**
   * @param candidates at least two
   * @param excluded an index that must not be drawn, or -1
   * @returns an index, or -1 when none has a weight
   */
  draw(candidates: readonly C[], excluded: number): number {
    if (candidates !== this.#list) {
      this.#list = candidates;
      this.#common = commonWeight(candidates);
    }
    if (this.#common === 0) return this.#drawByWeight(candidates, excluded);
    const index = this.#drawAny(candidates.length, excluded);
    const drawn = candidates[index];
    // One whose weight has changed since is found out when it is drawn: nobody else needs to be looked at.
    if (drawn === undefined || counts(drawn, this.#common)) return index;
    this.#common = 0;
    return this.#drawByWeight(candidates, excluded);
  }

  #drawAny(length: number, excluded: number): number {
    if (excluded === -1) return Math.floor(this.#random() * length);
    const index = Math.floor(this.#random() * (length - 1));
    return index < excluded ? index : index + 1;
  }

  #drawByWeight(candidates: readonly C[], excluded: number): number {
    this.#common = commonWeight(candidates);
    let rest = this.#random() * (totalWeight(candidates) - this.#weightOf(candidates, excluded));
    let last = -1;
    for (let index = 0; index < candidates.length; index += 1) {
      const candidate = candidates[index];
      if (candidate === undefined || candidate.weight === 0 || index === excluded) continue;
      last = index;
      rest -= effectiveWeight(candidate);
      if (rest < 0) return index;
    }
    // Sums of fractions are not exact: what is left over belongs to the last one.
    return last;
  }

  #weightOf(candidates: readonly C[], index: number): number {
    // Looking for an index below 0 is slow.
    const candidate = index === -1 ? undefined : candidates[index];
    return candidate === undefined ? 0 : effectiveWeight(candidate);
  }
}
