import type { Balancer, Candidate } from './balancer.ts';
import { effectiveWeight, soleCandidate } from './effective-weight.ts';
import { WeightedDraw } from './weighted-draw.ts';

/**
 * The power of two choices (Mitzenmacher 2001): of two random candidates the one with fewer requests under way for its
 * weight. Nearly as even as asking for the least of all, and several gateways do not all run to the same one.
 */
export class PowerOfTwoChoices<C extends Candidate> implements Balancer<C> {
  readonly #draw: WeightedDraw<C>;

  /** @param random gives numbers from 0 up to, but not including, 1 */
  constructor(random: () => number) {
    this.#draw = new WeightedDraw(random);
  }

  pick(candidates: readonly C[]): C | undefined {
    if (candidates.length < 2) return soleCandidate(candidates);
    const drawn = this.#draw.draw(candidates, -1);
    const first = candidates[drawn];
    if (first === undefined) return undefined;
    const second = candidates[this.#draw.draw(candidates, drawn)];
    // Of equals the first drawn, which was drawn by weight: idle endpoints get what their weights say.
    return second !== undefined && load(second) < load(first) ? second : first;
  }
}

/** Requests under way for each unit of weight. */
function load(candidate: Candidate): number {
  return candidate.inFlight / effectiveWeight(candidate);
}
