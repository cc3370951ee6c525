import { expect } from 'chai';
import * as fc from 'fast-check';
import { shareOf } from '../../../../src/upstreams/balance/slow-start.ts';

const TIME = fc.integer({ min: 0, max: 1_000_000 });

describe('the share of a starting endpoint', () => {
  it('grows evenly from a tenth to all', () => {
    const shares = [0, 2500, 5000, 10_000, 20_000].map((elapsed) => shareOf(1000, 1000 + elapsed, 10_000));
    expect(shares).to.deep.equal([0.1, 0.325, 0.55, 1, 1]);
  });

  it('is everything at once when slow start is off', () => {
    expect(shareOf(5, 5, 0)).to.equal(1);
    expect(shareOf(5, 4, 0)).to.equal(1);
  });

  it('never shrinks, and stays between a tenth and all', () => {
    fc.assert(
      fc.property(TIME, TIME, TIME, fc.integer({ min: 0, max: 100_000 }), (since, one, other, slowStart) => {
        const earlier = shareOf(since, Math.min(one, other), slowStart);
        const later = shareOf(since, Math.max(one, other), slowStart);
        expect(earlier).to.be.within(0.1, 1);
        expect(later).to.be.within(earlier, 1);
      }),
    );
  });
});
