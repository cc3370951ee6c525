import { expect } from 'chai';
import type { PurgeSelector } from '../../../src/cache/purge.ts';
import { purge, purgeOutcome, type PurgeableCache } from '../../../src/cache/purged.ts';

/** A cache that holds so many answers, and writes down what it is asked for. */
class Counting implements PurgeableCache {
  readonly asked: string[] = [];
  memory: number;
  readonly #shared: number | undefined | 'unavailable';
  /** How many come back into memory while the shared store is asked. */
  readonly #recalled: number;

  constructor(memory: number, shared?: number | 'unavailable', recalled = 0) {
    this.memory = memory;
    this.#shared = shared;
    this.#recalled = recalled;
  }

  purgeMemory(selector: PurgeSelector): number {
    this.asked.push(`memory ${JSON.stringify(selector)}`);
    const { memory } = this;
    this.memory = 0;
    return memory;
  }

  async purgeShared(selector: PurgeSelector): Promise<number | undefined | 'unavailable'> {
    this.asked.push(`shared ${JSON.stringify(selector)}`);
    this.memory += this.#recalled;
    return this.#shared;
  }
}

const ALL = { all: true } as const;

describe('a purge of the caches of a process', () => {
  it('asks nobody for what is shared when it is about memory', async () => {
    const cache = new Counting(3, 5);
    expect(await purge([cache], { tag: 'a' }, 'memory')).to.deep.equal({ memory: 3 });
    expect(cache.asked).to.deep.equal(['memory {"tag":"a"}']);
  });

  it('says nothing of what is shared when there is nothing, or no cache at all', async () => {
    expect(await purge([new Counting(3)], ALL, 'everywhere')).to.deep.equal({ memory: 3 });
    expect(await purge([], ALL, 'everywhere')).to.deep.equal({ memory: 0 });
  });

  it('leaves nothing of what came back from the shared store while that was asked', async () => {
    const cache = new Counting(3, 5, 2);
    expect(await purge([cache], ALL, 'everywhere')).to.deep.equal({ memory: 5, shared: 5 });
    expect(cache.memory).to.equal(0);
  });

  it('sums what several caches held, and is unavailable when one of them cannot ask', async () => {
    expect(await purge([new Counting(1, 4), new Counting(2, 1)], ALL, 'everywhere')).to.deep.equal({
      memory: 3,
      shared: 5,
    });
    expect(await purge([new Counting(1, 4), new Counting(2, 'unavailable')], ALL, 'everywhere')).to.deep.equal({
      memory: 3,
      shared: 'unavailable',
    });
  });
});

describe('what came of a purge', () => {
  it('is the sum of what processes held that share nothing', () => {
    expect(purgeOutcome([{ memory: 2 }, { memory: 3 }])).to.deep.equal({ purged: 5, shared: 'none', silent: 0 });
    expect(purgeOutcome([])).to.deep.equal({ purged: 0, shared: 'none', silent: 0 });
  });

  it('counts copies of what is shared once', () => {
    expect(purgeOutcome([{ memory: 2, shared: 7 }, { memory: 3 }])).to.include({ purged: 7, shared: 'done' });
    // What Redis would not take is in memory alone.
    expect(purgeOutcome([{ memory: 2, shared: 1 }, { memory: 3 }])).to.include({ purged: 3, shared: 'done' });
  });

  it('tells what memory held when the shared store cannot be asked', () => {
    expect(purgeOutcome([{ memory: 2, shared: 'unavailable' }, { memory: 3 }], 1)).to.deep.equal({
      purged: 3,
      shared: 'unavailable',
      silent: 1,
    });
  });
});
