import { expect } from 'chai';
import { FirstOfEach } from '../../../src/observability/first-of-each.ts';

describe('the first of each kind', () => {
  it('is told from those that follow within a minute', () => {
    let now = 5000;
    const kinds = new FirstOfEach(() => now);
    const told = ['OOM', 'OOM', 'NOPERM', 'OOM', 'NOPERM'].map((kind) => kinds.isFirst(kind));
    expect(told).to.deep.equal([true, false, true, false, false]);
    now += 59_999;
    expect(kinds.isFirst('OOM')).to.equal(false);
    now += 1;
    expect([kinds.isFirst('OOM'), kinds.isFirst('OOM')]).to.deep.equal([true, false]);
  });

  it('is told of a hundred kinds at most, so that neither memory nor the log is flooded', () => {
    let now = 0;
    const kinds = new FirstOfEach(() => now);
    const firsts = (from: number): number =>
      Array.from({ length: 1000 }, (_, index) => kinds.isFirst(`kind ${from + index}`)).filter((is) => is).length;
    expect(firsts(0)).to.equal(100);
    expect(firsts(1000)).to.equal(0);
    now = 60_000;
    expect(firsts(2000)).to.equal(100);
  });
});
