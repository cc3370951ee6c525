import { expect } from 'chai';
import * as fc from 'fast-check';
import { roundRobin } from '../../../src/upstreams/round-robin.ts';

describe('round-robin', () => {
  it('gives equal choices in turn', () => {
    const pick = roundRobin(['a', 'b', 'c'].map((choice) => ({ choice, weight: 5 })));
    expect(Array.from({ length: 7 }, pick).join('')).to.equal('abcabca');
  });

  it('spreads a heavy choice out', () => {
    const pick = roundRobin([
      { choice: 'a', weight: 3 },
      { choice: 'b', weight: 1 },
    ]);
    expect(Array.from({ length: 8 }, pick).join('')).to.equal('aabaaaba');
  });

  it('never gives a choice of weight zero', () => {
    const pick = roundRobin([
      { choice: 'a', weight: 0 },
      { choice: 'b', weight: 1 },
    ]);
    expect(Array.from({ length: 4 }, pick).join('')).to.equal('bbbb');
  });

  it('gives each choice exactly its share in every round', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }), (weights) => {
        const pick = roundRobin(weights.map((weight, choice) => ({ choice, weight })));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        for (let round = 0; round < 3; round += 1) {
          const counts = weights.map(() => 0);
          for (let turn = 0; turn < total; turn += 1) {
            const choice = pick();
            counts[choice] = (counts[choice] ?? 0) + 1;
          }
          // Equal weights need only one turn each.
          const equal = weights.every((weight) => weight === weights[0]);
          expect(counts).to.deep.equal(equal ? weights.map(() => total / weights.length) : weights);
        }
      }),
    );
  });

  it('needs a choice', () => {
    expect(() => roundRobin([])).to.throw(RangeError);
  });
});
