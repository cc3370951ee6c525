import { expect } from 'chai';
import { Invalidations } from '../../../src/cache/invalidations.ts';
import { until } from '../../support/shared-caches.ts';

/** A store that can be away, and what it was told. */
class Store {
  isAway = false;
  readonly known = new Set<string>();
  /** How often all of it was taken away. */
  emptied = 0;
  /** What happens while it is emptied. */
  meanwhile: () => unknown = () => undefined;

  async send(uri: string): Promise<boolean> {
    if (!this.isAway) this.known.add(uri);
    return !this.isAway;
  }

  async sendAll(): Promise<boolean> {
    if (this.isAway) return false;
    await this.meanwhile();
    this.emptied += 1;
    return true;
  }
}

describe('invalidations that wait for a store', () => {
  let store: Store;
  let invalidations: Invalidations;

  beforeEach(() => {
    store = new Store();
    invalidations = new Invalidations(store);
  });

  afterEach(() => invalidations.close());

  /** Each as long as a URL may be. */
  function invalidateMany(count: number, length: number, from = 0): void {
    for (let index = from; index < from + count; index += 1) invalidations.begin(`${index} ${'x'.repeat(length)}`);
  }

  it('are settled once the store has them', async () => {
    store.isAway = true;
    invalidations.begin('a');
    expect([await invalidations.settle('a'), await invalidations.settle('b')]).to.deep.equal([false, true]);
    store.isAway = false;
    expect(await invalidations.settle('a')).to.equal(true);
    expect([...store.known]).to.deep.equal(['a']);
  });

  for (const [what, count, length] of [
    ['too many', 10_001, 10],
    ['too long together', 600, 8192],
  ] as const)
    describe(`and are ${what}`, () => {
      it('leave nothing in the store to be trusted, until all of it is gone', async () => {
        store.isAway = true;
        invalidateMany(count, length);
        for (const uri of [`0 ${'x'.repeat(length)}`, `${count - 1} ${'x'.repeat(length)}`, 'another'])
          expect(await invalidations.settle(uri)).to.equal(false);
        store.isAway = false;
        await until(() => store.emptied === 1, 'the store is empty');
        await until(async () => invalidations.settle('another'), 'it is settled');
        expect(await invalidations.settle(`0 ${'x'.repeat(length)}`)).to.equal(true);
      });

      it('have it emptied once more when there are too many meanwhile', async () => {
        store.isAway = true;
        invalidateMany(count, length);
        store.isAway = false;
        store.meanwhile = () => {
          store.meanwhile = () => undefined;
          invalidateMany(count, length, count);
        };
        await until(() => store.emptied === 1, 'the store is empty');
        expect(await invalidations.settle('another')).to.equal(false);
        await until(async () => invalidations.settle('another'), 'it is settled');
        expect(store.emptied).to.equal(2);
      });
    });

  it('are all remembered as long as they fit', async () => {
    store.isAway = true;
    invalidateMany(400, 8192);
    expect(await invalidations.settle('another')).to.equal(true);
    // Again and again the same is not more of it.
    for (let turn = 0; turn < 3; turn += 1) invalidateMany(400, 8192);
    expect(await invalidations.settle('another')).to.equal(true);
    store.isAway = false;
    await until(() => store.known.size === 400, 'all are known');
    expect(store.emptied).to.equal(0);
  });

  it('make room for others once the store has them', async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      invalidateMany(400, 8192, turn * 400);
      await until(() => store.known.size === (turn + 1) * 400, 'all are known');
    }
    expect(await invalidations.settle('another')).to.equal(true);
    expect(store.emptied).to.equal(0);
  });
});
