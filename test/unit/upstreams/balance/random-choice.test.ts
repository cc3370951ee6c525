import { expect } from 'chai';
import * as fc from 'fast-check';
import { createBalancer } from '../../../../src/upstreams/balance/index.ts';

interface Fake {
  readonly id: string;
  weight: number;
  inFlight: number;
  share: number;
}

function candidatesOf(...weights: number[]): Fake[] {
  return weights.map((weight, index) => ({ id: `http://10.0.0.${index}`, weight, inFlight: 0, share: 1 }));
}

/** The same numbers from the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PICKS = 4000;

/** Fails when a count is more than five standard deviations off: once in about a million of fair draws. */
function expectFair(counts: ReadonlyMap<string, number>, candidates: readonly Fake[]): void {
  const total = candidates.reduce((sum, { weight, share }) => sum + weight * share, 0);
  for (const { id, weight, share } of candidates) {
    const part = (weight * share) / total;
    const deviation = Math.sqrt(PICKS * part * (1 - part));
    expect(counts.get(id) ?? 0, id).to.be.within(PICKS * part - 5 * deviation, PICKS * part + 5 * deviation);
  }
}

for (const kind of ['random', 'p2c'] as const) {
  describe(`balancing by ${kind}`, () => {
    function countPicks(candidates: readonly Fake[], seed: number): Map<string, number> {
      const balancer = createBalancer<Fake>(kind, seeded(seed));
      const counts = new Map<string, number>();
      for (let turn = 0; turn < PICKS; turn += 1) {
        const id = balancer.pick(candidates, '')?.id ?? 'none';
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
      return counts;
    }

    it('gives idle endpoints what their weights say', () => {
      const weights = fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 2, maxLength: 8 });
      fc.assert(
        fc.property(weights, fc.integer(), (some, seed) => {
          const candidates = candidatesOf(1, ...some);
          expectFair(countPicks(candidates, seed), candidates);
        }),
        { numRuns: 40 },
      );
    });

    it('gives equal ones the same', () => {
      fc.assert(
        fc.property(fc.integer({ min: 2, max: 12 }), fc.integer(), (length, seed) => {
          const candidates = candidatesOf(...Array.from({ length }, () => 3));
          expectFair(countPicks(candidates, seed), candidates);
        }),
        { numRuns: 40 },
      );
    });

    it('gives a starting endpoint its share', () => {
      const candidates = candidatesOf(2, 2, 2);
      for (const candidate of candidates.slice(0, 1)) candidate.share = 0.25;
      expectFair(countPicks(candidates, 1), candidates);
    });

    it('notices that a weight has changed in the same list', () => {
      const balancer = createBalancer<Fake>(kind, seeded(3));
      const candidates = candidatesOf(1, 1);
      for (let turn = 0; turn < 20; turn += 1) balancer.pick(candidates, '');
      for (const candidate of candidates.slice(0, 1)) candidate.weight = 0;
      const picks = Array.from({ length: 50 }, () => balancer.pick(candidates, '')?.id);
      expect(new Set(picks)).to.deep.equal(new Set(['http://10.0.0.1']));
    });

    it('gives none when there is none with a weight', () => {
      const balancer = createBalancer<Fake>(kind);
      expect(balancer.pick([], '')).to.equal(undefined);
      expect(balancer.pick(candidatesOf(0), '')).to.equal(undefined);
      expect(balancer.pick(candidatesOf(0, 0), '')).to.equal(undefined);
      expect(balancer.pick(candidatesOf(2), '')?.weight).to.equal(2);
    });
  });
}

describe('the power of two choices', () => {
  it('asks two different ones, and takes the one that has less to do for its weight', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
        fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 })),
        fc.integer(),
        ([w1, w2], [f1, f2], seed) => {
          fc.pre(f1 * w2 !== f2 * w1);
          const candidates = candidatesOf(w1, w2);
          for (const [index, candidate] of candidates.entries()) candidate.inFlight = index === 0 ? f1 : f2;
          const balancer = createBalancer<Fake>('p2c', seeded(seed));
          // Of two, both are asked each time.
          const less = f1 * w2 < f2 * w1 ? 'http://10.0.0.0' : 'http://10.0.0.1';
          for (let turn = 0; turn < 10; turn += 1) expect(balancer.pick(candidates, '')?.id).to.equal(less);
        },
      ),
    );
  });

  it('keeps the loads closer together than one random choice', () => {
    function spread(kind: 'random' | 'p2c'): number {
      const candidates = candidatesOf(...Array.from({ length: 20 }, () => 1));
      const balancer = createBalancer<Fake>(kind, seeded(7));
      for (let request = 0; request < 2000; request += 1) {
        const picked = balancer.pick(candidates, '');
        if (picked !== undefined) picked.inFlight += 1;
      }
      const loads = candidates.map(({ inFlight }) => inFlight);
      return Math.max(...loads) - Math.min(...loads);
    }
    expect(spread('p2c')).to.be.at.most(6);
    expect(spread('random')).to.be.above(15);
  });
});
