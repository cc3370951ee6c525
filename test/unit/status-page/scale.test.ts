import { expect } from 'chai';
import { areaPath, linePath, ticks } from '../../../status-page/scale.js';

describe('the scale of charts', () => {
  for (const [highest, expected] of [
    [0, [0, 0.5, 1]],
    [1, [0, 0.5, 1]],
    [3, [0, 1, 2, 3]],
    [3.01, [0, 2, 4]],
    [37, [0, 20, 40]],
    [999, [0, 500, 1000]],
    [74_000, [0, 25_000, 50_000, 75_000]],
  ] as const) {
    it(`has round lines up to ${highest}`, () => {
      expect(ticks(highest, 1)).to.deep.equal(expected);
    });
  }

  it('always reaches the highest value, in at most four lines', () => {
    for (let highest = 1e-6; highest < 1e9; highest *= 1.37) {
      const lines = ticks(highest, 1e-6);
      expect(lines.at(-1)).to.be.at.least(highest * (1 - 1e-9));
      expect(lines.length).to.be.within(2, 4);
    }
  });

  const points = [
    { x: 0, y: 10 },
    { x: 1, y: 20.04 },
    { x: 2, y: null },
    { x: 3, y: 30 },
    { x: 9, y: 5 },
    { x: 10, y: 6 },
  ];

  it('breaks a line where nothing is known, and shows a point alone as a dot', () => {
    expect(linePath(points, 3)).to.equal('M0,10L1,20M3,30h0M9,5L10,6');
    expect(linePath([], 3)).to.equal('');
  });

  it('closes the area below each part of a line', () => {
    expect(areaPath(points, 3, 50)).to.equal('M0,50L0,10 1,20L1,50ZM3,50L3,30L3,50ZM9,50L9,5 10,6L10,50Z');
  });
});
