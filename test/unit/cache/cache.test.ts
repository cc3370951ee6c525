import { expect } from 'chai';
import { Cache, type PurgeSelector } from '../../../src/cache/cache.ts';
import { answerOf, fieldsOf, placeOf } from '../../support/answers.ts';

const NOTHING = fieldsOf();

function create(memory = 1_048_576): Cache {
  return new Cache({ memory, shared: undefined, events: { evicted: () => undefined, skipped: () => undefined } });
}

/** Fills a place, and does something while that is under way. */
function fill(cache: Cache, target: string, body: string, meanwhile = (): unknown => undefined): void {
  const writing = cache.begin(placeOf(target));
  meanwhile();
  writing.store(answerOf(body, { tags: ['fruit'] }), NOTHING);
  writing.end();
}

function bodyAt(cache: Cache, target: string): string | undefined {
  return cache.find(placeOf(target).base, NOTHING)?.body.toString();
}

describe('a cache without a shared store', () => {
  it('finds what was stored', async () => {
    const cache = create();
    fill(cache, '/a', 'one');
    expect(bodyAt(cache, '/a')).to.equal('one');
    expect([cache.entries, cache.isShared]).to.deep.equal([1, false]);
    expect(await cache.purgeShared({ all: true })).to.equal(undefined);
    expect(cache.entries).to.equal(1);
    cache.close();
  });

  it('recalls nothing that is not in memory', async () => {
    const writing = create().begin(placeOf('/a'));
    expect(await writing.recall(NOTHING)).to.equal(undefined);
    writing.end();
  });

  it('stores nothing that was invalidated while it was fetched', () => {
    const cache = create();
    fill(cache, '/a?1', 'old', () => cache.invalidate(placeOf('/a?2').uri));
    expect(bodyAt(cache, '/a?1')).to.equal(undefined);
    fill(cache, '/a?1', 'new', () => cache.invalidate(placeOf('/b').uri));
    expect(bodyAt(cache, '/a?1')).to.equal('new');
  });

  const purges: readonly [PurgeSelector, kept: string | undefined][] = [
    [{ all: true }, undefined],
    [{ route: 'orders' }, undefined],
    [{ route: 'users' }, 'body'],
    [{ path: '/a' }, undefined],
    [{ path: '/' }, 'body'],
    [{ prefix: '/' }, undefined],
    // Which tags it will have is not known.
    [{ tag: 'vegetables' }, undefined],
    [{ tag: 'vegetables', path: '/b' }, 'body'],
    [{}, 'body'],
  ];
  for (const [selector, kept] of purges)
    it(`${kept === undefined ? 'does not store' : 'stores'} what was fetched while ${JSON.stringify(selector)} was purged`, () => {
      const cache = create();
      fill(cache, '/a', 'body', () => cache.purgeMemory(selector));
      expect(bodyAt(cache, '/a')).to.equal(kept);
    });

  it('stores what is fetched after a purge', () => {
    const cache = create();
    fill(cache, '/a', 'old');
    expect(cache.purgeMemory({ all: true })).to.equal(1);
    fill(cache, '/a', 'new');
    expect(bodyAt(cache, '/a')).to.equal('new');
  });

  it('stores nothing once the fill has ended', () => {
    const cache = create();
    const writing = cache.begin(placeOf('/a'));
    writing.end();
    writing.store(answerOf('late'), NOTHING);
    expect(cache.entries).to.equal(0);
  });

  it('tells variants apart by the fields of all answers', () => {
    const cache = create();
    const store = (body: string, vary: string[], fields: Record<string, string>): void => {
      const writing = cache.begin(placeOf('/a'));
      writing.store(answerOf(body, { vary }), fieldsOf(fields));
      writing.end();
    };
    const find = (fields: Record<string, string>) => cache.find(placeOf('/a').base, fieldsOf(fields))?.body.toString();
    store('one', ['x'], { x: '1', y: '1' });
    store('two', ['y'], { x: '1', y: '2' });
    // Its own Vary does not name x, but others do.
    expect(find({ x: '1', y: '2' })).to.equal('two');
    expect(find({ x: '2', y: '2' })).to.equal(undefined);
    expect(find({ x: '1', y: '1' })).to.equal(undefined);
    // An answer without Vary is one among the others.
    store('three', [], { x: '3' });
    expect(find({ x: '3' })).to.equal('three');
    expect(find({ x: '1', y: '2' })).to.equal('two');
  });
});
