import type { Balancer, Candidate } from './balancer.ts';
import { soleCandidate } from './effective-weight.ts';
import { WeightedDraw } from './weighted-draw.ts';

/** Any candidate, each as often as its weight says. */
export class Random<C extends Candidate> implements Balancer<C> {
  readonly #draw: WeightedDraw<C>;

  /** @param random gives numbers from 0 up to, but not including, 1 */
  constructor(random: () => number) {
    this.#draw = new WeightedDraw(random);
  }

  pick(candidates: readonly C[]): C | undefined {
    if (candidates.length < 2) return soleCandidate(candidates);
    return candidates[this.#draw.draw(candidates, -1)];
  }
}
