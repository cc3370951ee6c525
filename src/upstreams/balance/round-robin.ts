import type { Balancer, Candidate } from './balancer.ts';
import { commonWeight, counts, effectiveWeight, soleCandidate, totalWeight } from './effective-weight.ts';

interface Entry<C> {
  readonly candidate: C;
  /** How far it is behind (above 0) or ahead of its share, in weights; a request costs the total of all weights. */
  credit: number;
}

/**
 * Smooth weighted round-robin, as in nginx: each turn every candidate gains its weight, the richest is chosen and pays
 * the total. Weights 3 and 1 give a a b a, not a a a b, so that no endpoint is hit in bursts.
 */
export class RoundRobin<C extends Candidate> implements Balancer<C> {
  #list: readonly C[] = [];
  #entries: Entry<C>[] = [];
  /** All weights together, as of the last pick: the scale of the credits. */
  #total = 0;
  /** The weight of everyone while they simply take turns, in the order of the entries; else 0. */
  #common = 0;
  /** Whose turn it is; those before it had theirs. */
  #turn = 0;

  pick(candidates: readonly C[]): C | undefined {
    if (candidates.length < 2) return soleCandidate(candidates);
    if (candidates !== this.#list) this.#adopt(candidates);
    return this.#common > 0 ? this.#takeTurn() : this.#pickRichest();
  }

  /** The same as picking the richest when all weights are equal, without the sums. */
  #takeTurn(): C | undefined {
    const entry = this.#entries[this.#turn];
    // One whose weight has changed since is found out when its turn comes: nobody else needs to be looked at.
    if (entry === undefined || !counts(entry.candidate, this.#common)) {
      this.#stopTurns();
      return this.#pickRichest();
    }
    this.#turn = this.#turn + 1 === this.#entries.length ? 0 : this.#turn + 1;
    return entry.candidate;
  }

  #pickRichest(): C | undefined {
    const common = commonWeight(this.#list);
    if (common > 0) {
      this.#startTurns(common);
      return this.#takeTurn();
    }
    const total = totalWeight(this.#list);
    if (total === 0) return undefined;
    // What somebody is owed is a part of a request, whatever the weights are now.
    const scale = this.#total === 0 ? 1 : total / this.#total;
    this.#total = total;
    let best: Entry<C> | undefined;
    for (const entry of this.#entries) {
      const weight = effectiveWeight(entry.candidate);
      if (weight === 0) entry.credit = 0;
      else {
        entry.credit = entry.credit * scale + weight;
        if (best === undefined || entry.credit > best.credit) best = entry;
      }
    }
    if (best === undefined) return undefined;
    best.credit -= total;
    return best.candidate;
  }

  #startTurns(common: number): void {
    this.#common = common;
    this.#turn = 0;
    this.#entries.sort((a, b) => b.credit - a.credit);
  }

  /** Writes down as credits who had a turn and who did not. */
  #stopTurns(): void {
    const { length } = this.#entries;
    this.#total = this.#common * length;
    for (const [index, entry] of this.#entries.entries()) {
      const paid = index < this.#turn ? this.#total : 0;
      // A little less for the later ones keeps the order among equals, which may be another one than that of the list.
      entry.credit = this.#common * (this.#turn - index / length ** 2) - paid;
    }
    this.#common = 0;
  }

  /** Those who stay keep their credits: else whoever comes first in the list gained by each change. */
  #adopt(candidates: readonly C[]): void {
    if (this.#common > 0) this.#stopTurns();
    const credits = new Map(this.#entries.map(({ candidate, credit }) => [candidate.id, credit]));
    this.#list = candidates;
    this.#entries = candidates.map((candidate) => ({ candidate, credit: credits.get(candidate.id) ?? 0 }));
  }
}
