import { expect } from 'chai';
import { Bans } from '../../../src/cache/bans.ts';

const MINUTE = 60_000;

/** Bans whose time is what the test says. */
function banning(): { bans: Bans; wait: (time: number) => void } {
  let now = 0;
  return { bans: new Bans(() => now), wait: (time) => void (now += time) };
}

function entryOf(path: string, tags: readonly string[] = []) {
  return { route: 'orders', path, tags };
}

describe('what was purged a short while ago', () => {
  it('is refused as long as it may be asked for, and what was asked for later is not', () => {
    const { bans, wait } = banning();
    expect(bans.refuses(entryOf('/a'), 0)).to.equal(false);
    bans.add({ selector: { path: '/a' }, at: 1000 });
    expect(bans.refuses(entryOf('/a'), 1000)).to.equal(true);
    expect(bans.refuses(entryOf('/a'), 1001)).to.equal(false);
    expect(bans.refuses(entryOf('/b'), 1000)).to.equal(false);
    wait(MINUTE - 1);
    expect(bans.refuses(entryOf('/a'), 1000)).to.equal(true);
    wait(1);
    expect(bans.refuses(entryOf('/a'), 1000)).to.equal(false);
  });

  it('is refused by any of several purges', () => {
    const { bans } = banning();
    bans.add({ selector: { tag: 'x' }, at: 1 });
    bans.add({ selector: { tag: 'y' }, at: 5 });
    expect(bans.refuses(entryOf('/a', ['x']), 1)).to.equal(true);
    expect(bans.refuses(entryOf('/a', ['x']), 2)).to.equal(false);
    expect(bans.refuses(entryOf('/a', ['x', 'y']), 2)).to.equal(true);
  });

  it('is all that there was when there are too many purges to look at', () => {
    const { bans, wait } = banning();
    for (let at = 1; at <= 1024; at += 1) bans.add({ selector: { tag: String(at) }, at });
    expect(bans.refuses(entryOf('/a', ['none']), 1)).to.equal(false);
    bans.add({ selector: { tag: 'one more' }, at: 7 });
    expect(bans.refuses(entryOf('/a', ['none']), 1024)).to.equal(true);
    expect(bans.refuses(entryOf('/a', ['none']), 1025)).to.equal(false);
    wait(MINUTE);
    expect(bans.refuses(entryOf('/a', ['none']), 1)).to.equal(false);
  });
});
