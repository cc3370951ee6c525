import type { Balancer, Candidate } from './balancer.ts';
import { effectiveWeight, soleCandidate } from './effective-weight.ts';

/** The candidate that would have the fewest requests under way for its weight, the new one included. */
export class LeastConnections<C extends Candidate> implements Balancer<C> {
  /** Where the next search starts: after the last choice, so that of equals each gets its turn. */
  #start = 0;

  pick(candidates: readonly C[]): C | undefined {
    const { length } = candidates;
    if (length < 2) return soleCandidate(candidates);
    let index = this.#start < length ? this.#start : 0;
    let best: C | undefined;
    let least = Infinity;
    for (let step = 0; step < length; step += 1) {
      const candidate = candidates[index];
      index = index + 1 === length ? 0 : index + 1;
      if (candidate === undefined) continue;
      // Infinite for a weight of 0, which so is never the least.
      const load = (candidate.inFlight + 1) / effectiveWeight(candidate);
      if (load < least) {
        best = candidate;
        least = load;
        this.#start = index;
      }
    }
    return best;
  }
}
