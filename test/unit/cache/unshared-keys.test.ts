import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { UnsharedKeys } from '../../../src/cache/unshared-keys.ts';

describe('keys whose answers are for one request alone', () => {
  let now = 0;
  let keys: UnsharedKeys;

  beforeEach(() => {
    now = 1_000_000;
    keys = new UnsharedKeys(() => now);
  });

  it('are remembered for ten seconds after the last time', () => {
    keys.add('a');
    now += 9999;
    expect([keys.has('a'), keys.has('b')]).to.deep.equal([true, false]);
    keys.add('a');
    now += 9999;
    expect(keys.has('a')).to.equal(true);
    now += 1;
    expect(keys.has('a')).to.equal(false);
  });

  it('are remembered for ten seconds, whenever the one before them came', () => {
    for (let wait = 0; wait <= 20_000; wait += 500) {
      keys.add('before');
      now += wait;
      keys.add('a');
      now += 9999;
      expect(keys.has('a'), `after ${wait} ms`).to.equal(true);
      now += 1;
      expect(keys.has('a'), `after ${wait} ms`).to.equal(false);
    }
  });

  it('are let go when they are over, as soon as anything is asked', () => {
    for (let index = 0; index < 1000; index += 1) keys.add(`key ${index}`);
    now += 20_000;
    keys.has('another');
    expect(keys.size).to.equal(0);
  });

  it('are so many and no more, and those that came last stay', () => {
    for (let index = 0; index < 120_000; index += 1) keys.add(String(index));
    expect(keys.size).to.be.at.most(100_000);
    expect([keys.has('0'), keys.has('70000'), keys.has('119999')]).to.deep.equal([false, true, true]);
  });

  it('take no room for their length', () => {
    const before = heapInUse();
    // As long as URLs may be: 64 MiB in all.
    for (let index = 0; index < 8192; index += 1) keys.add(Buffer.alloc(8192, `${index},`).toString('latin1'));
    expect(heapInUse() - before).to.be.below(16 * 1_048_576);
    expect(keys.size).to.equal(8192);
  });
});

/** In bytes, without what nobody needs any more. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}
