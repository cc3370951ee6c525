import { expect } from 'chai';
import type { PurgeSelector } from '../../../src/cache/purge.ts';
import type { Purged, PurgeOutcome, PurgeScope } from '../../../src/cache/purged.ts';
import { purgeWorkers, type PurgedWorker } from '../../../src/cluster/purged-workers.ts';

const ALL: PurgeSelector = { all: true };

/** A worker that holds so many answers. */
class Holder implements PurgedWorker {
  readonly asked: PurgeScope[] = [];
  memory: number;
  shared: number | 'unavailable' | undefined;
  isGone = false;
  /** How often it answers. */
  answers = Infinity;

  constructor(memory: number, shared?: number | 'unavailable') {
    this.memory = memory;
    this.shared = shared;
  }

  async purge(_selector: PurgeSelector, scope: PurgeScope): Promise<Purged> {
    this.asked.push(scope);
    if (this.asked.length > this.answers) throw new Error('silent');
    const { memory, shared } = this;
    this.memory = 0;
    return scope === 'memory' || shared === undefined ? { memory } : { memory, shared };
  }
}

async function purge(ready: readonly Holder[], others: readonly Holder[] = []): Promise<PurgeOutcome> {
  return purgeWorkers({ ready, alive: [...ready, ...others] }, ALL);
}

describe('a purge of several workers', () => {
  it('is one of all of them, each once when they share nothing', async () => {
    const [one, other, starting] = [new Holder(2), new Holder(3), new Holder(1)];
    expect(await purge([one, other], [starting])).to.deep.equal({ purged: 6, shared: 'none', silent: 0 });
    expect([one, other, starting].map(({ asked }) => asked)).to.deep.equal([['everywhere'], ['memory'], ['memory']]);
  });

  it('has one of them purge what is shared, and all others their memory after that once more', async () => {
    const [one, other] = [new Holder(2, 9), new Holder(3, 9)];
    expect(await purge([one, other])).to.deep.equal({ purged: 9, shared: 'done', silent: 0 });
    expect([one, other].map(({ asked }) => asked)).to.deep.equal([['everywhere'], ['memory', 'memory']]);
  });

  it('says when what is shared cannot be asked', async () => {
    expect(await purge([new Holder(2, 'unavailable'), new Holder(3)])).to.deep.equal({
      purged: 3,
      shared: 'unavailable',
      silent: 0,
    });
  });

  it('tells of each that does not answer, the first included', async () => {
    for (const [first, second, silent] of [
      [Infinity, 0, 1],
      [0, Infinity, 1],
      [0, 0, 2],
    ] as const) {
      const [one, other] = [new Holder(2), new Holder(3)];
      [one.answers, other.answers] = [first, second];
      expect((await purge([one, other])).silent).to.equal(silent);
    }
  });

  it('tells of one that does not answer when it is asked once more', async () => {
    const other = new Holder(3);
    other.answers = 1;
    expect(await purge([new Holder(2, 9), other])).to.deep.equal({ purged: 9, shared: 'done', silent: 1 });
  });

  it('wants nothing of one that is gone with all that it held', async () => {
    const gone = new Holder(3);
    [gone.answers, gone.isGone] = [0, true];
    expect(await purge([new Holder(2), gone])).to.deep.equal({ purged: 2, shared: 'none', silent: 0 });
    // Whether this one has reached what is shared nobody knows.
    expect((await purge([gone, new Holder(2)])).silent).to.equal(1);
  });

  it('is not whole while none serves: nobody can ask for what is shared', async () => {
    expect(await purge([], [new Holder(2)])).to.deep.equal({ purged: 2, shared: 'none', silent: 1 });
    expect((await purge([])).silent).to.equal(1);
  });
});
