import { expect } from 'chai';
import * as fc from 'fast-check';
import { sizeOf, type StoredAnswer } from '../../../src/cache/answer.ts';
import { Grouped } from '../../../src/cache/grouped.ts';
import { MemoryStore } from '../../../src/cache/memory-store.ts';
import type { Place } from '../../../src/cache/place.ts';
import type { PurgeSelector } from '../../../src/cache/purge.ts';
import { ALIKE, type Differing } from '../../../src/cache/variants.ts';
import { answerOf, fieldsOf, placeOf } from '../../support/answers.ts';

const MEBIBYTE = 1_048_576;
const NOTHING = fieldsOf();

/** A store, how many answers had to make room in it, and which keys it knows by their URIs. */
function storing(limit: number) {
  let evicted = 0;
  const keys = new Grouped<string>();
  return { store: new MemoryStore(limit, () => void (evicted += 1), keys), evicted: () => evicted, keys };
}

/** Variants that differ by these fields. */
function by(...names: string[]): Differing {
  return { names, unnamed: names.map(() => 0) };
}

/** What the next answer of so many bytes takes, when it is stored at such a place. */
function roomFor(place: Place, answer: StoredAnswer): number {
  const { store } = storing(MEBIBYTE);
  store.put(place, ALIKE, answer, NOTHING);
  return store.bytes;
}

function bodyAt(store: MemoryStore, { base }: Place, fields = NOTHING): string | undefined {
  return store.find(base, fields)?.body.toString();
}

describe('what is stored in memory', () => {
  it('is found where it was put, whole', () => {
    const { store } = storing(MEBIBYTE);
    const answer = answerOf('hello', { status: 404, tags: ['a'], headers: ['x', '€'], isExplicit: false });
    store.put(placeOf('/a'), ALIKE, answer, NOTHING);
    expect(store.find(placeOf('/a').base, NOTHING)).to.deep.equal({ ...answer, lines: 'x: €\r\n' });
    expect(bodyAt(store, placeOf('/b'))).to.equal(undefined);
    expect(store.entries).to.equal(1);
    expect(store.bytes).to.be.greaterThan(sizeOf(answer));
  });

  it('takes the place of what was there', () => {
    const { store, evicted } = storing(MEBIBYTE);
    store.put(placeOf('/a'), ALIKE, answerOf('one'), NOTHING);
    const { bytes } = store;
    store.put(placeOf('/a'), ALIKE, answerOf('two'), NOTHING);
    expect(bodyAt(store, placeOf('/a'))).to.equal('two');
    expect([store.entries, store.bytes, evicted()]).to.deep.equal([1, bytes, 0]);
  });

  it('makes room for others, what nobody has asked for longest first', () => {
    const places = ['/a', '/b', '/c', '/d'].map((path) => placeOf(path));
    const [a, b, c, d] = places;
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('no places');
    const { store, evicted } = storing(3 * roomFor(a, answerOf('same size')));
    for (const place of [a, b, c]) store.put(place, ALIKE, answerOf('same size'), NOTHING);
    expect(bodyAt(store, a)).to.equal('same size');
    expect(evicted()).to.equal(0);
    store.put(d, ALIKE, answerOf('same size'), NOTHING);
    expect(places.map((place) => bodyAt(store, place) !== undefined)).to.deep.equal([true, false, true, true]);
    expect([store.entries, evicted()]).to.deep.equal([3, 1]);
  });

  it('is not an answer that is larger than the whole, which takes away what it replaces and nothing else', () => {
    const room = roomFor(placeOf('/a'), answerOf('x'));
    const { store, evicted } = storing(2 * room);
    store.put(placeOf('/a'), ALIKE, answerOf('x'), NOTHING);
    store.put(placeOf('/b'), ALIKE, answerOf('x'), NOTHING);
    store.put(placeOf('/b'), ALIKE, answerOf('x'.repeat(2 * room)), NOTHING);
    expect(bodyAt(store, placeOf('/a'))).to.equal('x');
    expect(bodyAt(store, placeOf('/b'))).to.equal(undefined);
    expect([store.entries, store.bytes, evicted()]).to.deep.equal([1, room, 0]);
  });

  it('is nothing when there is no room at all', () => {
    const { store, evicted } = storing(0);
    store.put(placeOf('/a'), ALIKE, answerOf(''), NOTHING);
    store.put(placeOf('/b'), by('accept'), answerOf('', { vary: ['accept'] }), NOTHING);
    expect([store.entries, store.bytes, evicted()]).to.deep.equal([0, 0, 0]);
  });

  it('keeps nothing of the chunk and the head that it was cut out of', () => {
    const { store } = storing(MEBIBYTE);
    const chunk = Buffer.alloc(MEBIBYTE, 'x');
    store.put(placeOf('/a'), ALIKE, answerOf('', { body: chunk.subarray(5, 15) }), NOTHING);
    const body = store.find(placeOf('/a').base, NOTHING)?.body;
    expect(body?.toString()).to.equal('xxxxxxxxxx');
    expect(body?.buffer.byteLength).to.equal(10);
  });

  describe('in variants', () => {
    const varied = (body: string, ...vary: string[]): StoredAnswer => answerOf(body, { vary });
    const [de, en] = [fieldsOf({ 'accept-language': 'de' }), fieldsOf({ 'accept-language': 'en' })];

    it('is found by the fields that they differ in', () => {
      const { store } = storing(MEBIBYTE);
      const names = ['accept-language'];
      store.put(placeOf('/a'), by(...names), varied('hallo', ...names), de);
      store.put(placeOf('/a'), by(...names), varied('hello', ...names), en);
      expect(store.differingOf(placeOf('/a').base).names).to.deep.equal(names);
      expect(bodyAt(store, placeOf('/a'), de)).to.equal('hallo');
      expect(bodyAt(store, placeOf('/a'), en)).to.equal('hello');
      expect(bodyAt(store, placeOf('/a'))).to.equal(undefined);
      expect(store.entries).to.equal(2);
    });

    it('is out of reach once they differ in other fields', () => {
      const { store } = storing(MEBIBYTE);
      store.put(placeOf('/a'), by('accept-language'), varied('hallo', 'accept-language'), de);
      store.put(placeOf('/a'), by('accept', 'accept-language'), varied('hello', 'accept'), en);
      expect(bodyAt(store, placeOf('/a'), de)).to.equal(undefined);
      expect(bodyAt(store, placeOf('/a'), en)).to.equal('hello');
      expect(store.differingOf(placeOf('/a').base).names).to.deep.equal(['accept', 'accept-language']);
      // It is still in memory, and goes with the rest.
      expect(store.entries).to.equal(2);
      expect(store.invalidate(placeOf('/a').uri)).to.equal(2);
      expect([store.entries, store.bytes]).to.deep.equal([0, 0]);
    });

    it('is not where a request could ask for it as something else', () => {
      const { store } = storing(MEBIBYTE);
      store.put(placeOf('/a'), by('a'), varied('secret', 'a'), fieldsOf({ a: 'x' }));
      for (const base of ['a', '=x', `2:=x`, placeOf('/a').base + '2:=x'])
        expect(store.find(base, fieldsOf({ a: 'x' }))).to.equal(undefined);
    });
  });

  describe('goes', () => {
    const targets = ['/a', '/a?x=1', '/ab', '/b/c'];

    function filled(): MemoryStore {
      const { store } = storing(MEBIBYTE);
      for (const host of ['shop', 'mail'])
        for (const target of targets)
          store.put(
            placeOf(target, { host, route: `${host}-route` }),
            ALIKE,
            answerOf(target, { tags: [target] }),
            NOTHING,
          );
      store.put(placeOf('/v'), by('n'), answerOf('v', { vary: ['n'], tags: ['v', 'w'] }), fieldsOf({ n: '1' }));
      return store;
    }

    it('by its URI, with all queries and variants', () => {
      const store = filled();
      expect(store.invalidate('shop /a')).to.equal(2);
      expect(store.invalidate('shop /v')).to.equal(1);
      expect(bodyAt(store, placeOf('/a?x=1', { host: 'mail', route: 'mail-route' }))).to.equal('/a?x=1');
      expect(store.entries).to.equal(6);
    });

    const purges: readonly [what: string, selector: PurgeSelector, count: number][] = [
      ['its route', { route: 'shop-route' }, 4],
      ['its path, on any host', { path: '/a' }, 4],
      ['what its path begins with', { prefix: '/a' }, 6],
      ['a tag', { tag: '/a?x=1' }, 2],
      ['the second tag of a variant', { tag: 'w' }, 1],
      ['several of these at once', { route: 'shop-route', prefix: '/a', tag: '/ab' }, 1],
      ['being there', { all: true }, 9],
      ['nothing that is said', {}, 0],
      ['what nobody has', { tag: '/a', path: '/b/c' }, 0],
      ['a path and no pattern', { path: '/*' }, 0],
    ];
    for (const [what, selector, count] of purges)
      it(`by ${what}`, () => {
        const store = filled();
        expect(store.purge(selector)).to.equal(count);
        expect(store.entries).to.equal(9 - count);
        expect(store.purge(selector)).to.equal(0);
      });

    it('as a whole', () => {
      const store = filled();
      store.clear();
      expect([store.entries, store.bytes]).to.deep.equal([0, 0]);
    });
  });

  describe('after any operations', () => {
    const target = fc.constantFrom('/a', '/a?1', '/a?2', '/b', '/c', '/d', '/e');
    const names = fc.constantFrom<readonly string[]>([], [], ['x'], ['x', 'y']);
    const value = fc.constantFrom('1', '2');
    const operation = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ kind: fc.constant('put'), target, names, value, size: fc.nat(3000), tag: value }),
      },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('find'), target, value }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('invalidate'), target }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('purge'), tag: value }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear') }) },
    );

    it('takes no more room than it may, and finds nothing that is gone', () => {
      const property = fc.property(fc.nat(9000), fc.array(operation, { maxLength: 60 }), (limit, operations) => {
        const { store, evicted, keys } = storing(limit);
        let puts = 0;
        for (const one of operations) {
          const at = 'target' in one ? placeOf(one.target) : undefined;
          const fields = fieldsOf('value' in one ? { x: one.value, y: one.value } : {});
          if ('names' in one && at !== undefined) {
            const answer = answerOf('x'.repeat(one.size), { vary: one.names, tags: [one.tag] });
            store.put(at, by(...one.names), answer, fields);
            puts += 1;
            const found = store.find(at.base, fields);
            if (found !== undefined) expect(found.body.length).to.equal(one.size);
          } else if ('value' in one && at !== undefined) store.find(at.base, fields);
          else if (at !== undefined) {
            store.invalidate(at.uri);
            expect(store.find(at.base, fields)).to.equal(undefined);
            expect(store.invalidate(at.uri)).to.equal(0);
          } else if ('tag' in one) {
            store.purge({ tag: one.tag });
            expect(store.purge({ tag: one.tag })).to.equal(0);
          } else store.clear();
          expect(store.bytes).to.be.at.most(limit);
          expect(store.bytes > 0).to.equal(keys.size > 0);
          expect(store.entries + evicted()).to.be.at.most(puts);
        }
        // By its URI everything is found that is there: nothing is left when all of them went.
        const { entries } = store;
        const gone = ['/a', '/b', '/c', '/d', '/e'].map((path) => store.invalidate(placeOf(path).uri));
        expect(gone.reduce((sum, count) => sum + count, 0)).to.equal(entries);
        expect([store.entries, store.bytes, keys.size]).to.deep.equal([0, 0, 0]);
      });
      fc.assert(property, { numRuns: 500 });
    });
  });
});
