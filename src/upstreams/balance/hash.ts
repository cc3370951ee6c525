import type { Balancer, Candidate } from './balancer.ts';
import { effectiveWeight, soleCandidate, totalWeight } from './effective-weight.ts';
import { hashOf } from './key-hash.ts';
import { Ring } from './ring.ts';

/** How many times the average load an endpoint may have: the c of the paper. Below it, keys stay where they are. */
const BOUND = 1.25;

/**
 * Consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam 2018): a key goes to the endpoint that owns it
 * on the ring, or, while that one has more than its part of the requests under way, to the next on the ring.
 *
 * A changed weight counts at once for the bound, and for the keys from the next change of the list. An endpoint that
 * starts slowly owns its keys from the first and has a lower bound: fewer points would move its keys twice.
 */
export class Hash<C extends Candidate> implements Balancer<C> {
  #list: readonly C[] = [];
  #ring = new Ring([]);

  pick(candidates: readonly C[], key: string): C | undefined {
    if (candidates.length < 2) return soleCandidate(candidates);
    if (candidates !== this.#list) {
      this.#list = candidates;
      this.#ring = new Ring(candidates);
    }
    const position = this.#ring.find(hashOf(key));
    const owner = candidates[this.#ring.ownerAt(position)];
    // An idle one may always take a request: the bound is rounded up.
    if (owner?.inFlight === 0 && owner.weight > 0) return owner;
    // Somebody on the ring has room, unless weights have come from 0 since it was made.
    return this.#firstWithRoom(candidates, position) ?? candidates.find(({ weight }) => weight > 0);
  }

  #firstWithRoom(candidates: readonly C[], position: number): C | undefined {
    // The request that is about to be sent counts, too.
    let inFlight = 1;
    for (const candidate of candidates) inFlight += candidate.inFlight;
    const perWeight = (BOUND * inFlight) / totalWeight(candidates);
    const { size } = this.#ring;
    let at = position;
    for (let step = 0; step < size; step += 1) {
      const candidate = candidates[this.#ring.ownerAt(at)];
      if (candidate !== undefined && candidate.inFlight < Math.ceil(perWeight * effectiveWeight(candidate))) {
        return candidate;
      }
      at = at + 1 === size ? 0 : at + 1;
    }
    return undefined;
  }
}
