import { expect } from 'chai';
import { RestartPace } from '../../../src/cluster/restart-pace.ts';

/** The pauses after workers that die each when they have served for so long. */
function pauses(lives: readonly number[]): number[] {
  const pace = new RestartPace();
  let now = 0;
  return lives.map((life) => {
    now += life;
    const { pause } = pace.died(life, now);
    now += pause;
    return pause;
  });
}

describe('the pace at which workers are replaced', () => {
  it('is none for one that has served for a while', () => {
    expect(pauses([5000, 60_000, 5000])).to.deep.equal([0, 0, 0]);
  });

  it('slows down while they die within seconds, to one each 10 s', () => {
    expect(pauses([10, 10, 10, 10, 10, 10])).to.deep.equal([100, 200, 400, 800, 10_000, 10_000]);
  });

  it('forgets quick deaths once one has served for a while', () => {
    expect(pauses([10, 10, 5000, 10])).to.deep.equal([100, 200, 0, 100]);
  });

  it('forgets quick deaths of more than a minute ago', () => {
    const pace = new RestartPace();
    for (let death = 1; death <= 4; death += 1) pace.died(1, 1);
    expect(pace.died(1, 60_001).pause).to.equal(100);
  });

  it('says when they keep dying', () => {
    const pace = new RestartPace();
    const told = [1, 2, 3, 4, 5].map((now) => pace.died(0, now).keepsDying);
    expect(told).to.deep.equal([false, false, false, false, true]);
  });
});
