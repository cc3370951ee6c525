import { expect } from 'chai';
import * as fc from 'fast-check';
import { Cache } from '../../../src/cache/cache.ts';
import { ALIKE, differingWith, united, variantStem } from '../../../src/cache/variants.ts';
import { answerOf, fieldsOf, placeOf } from '../../support/answers.ts';

/** What is known of a place after answers with these lists in Vary, the newest one last. */
function after(...lists: readonly (readonly string[])[]) {
  return lists.reduce(differingWith, ALIKE);
}

function times<Item>(count: number, item: Item): Item[] {
  return Array.from({ length: count }, () => item);
}

function names(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, at) => `x-${at + from}`).toSorted();
}

describe('the fields by which variants of a place differ', () => {
  it('are those of all answers', () => {
    expect(after()).to.deep.equal(ALIKE);
    expect(after(['x'], ['a', 'x'], ['y'])).to.deep.equal({ names: ['a', 'x', 'y'], unnamed: [1, 1, 0] });
  });

  it('are no more those that the last eight answers have not named', () => {
    expect(after(['x', 'y'], ...times(7, ['y'])).names).to.deep.equal(['x', 'y']);
    expect(after(['x', 'y'], ...times(8, ['y']))).to.deep.equal({ names: ['y'], unnamed: [0] });
    expect(after(['x', 'y'], ...times(8, []))).to.deep.equal(ALIKE);
  });

  it('stay when answers take turns', () => {
    const turns = times(10, [...times(7, []), ['x']]).flat();
    expect(after(...turns).names).to.deep.equal(['x']);
  });

  it('are those of the newest answer alone when there are too many', () => {
    expect(after(names(16)).names).to.have.length(16);
    expect(after(names(16), names(1, 16)).names).to.deep.equal(names(1, 16));
    expect(after(names(1, 16), names(16)).names).to.deep.equal(names(16));
  });

  it('are what two know together, as often unnamed as the better one knows', () => {
    const [better, other] = [after(['x', 'y'], ['y']), after(['x', 'z'], ['x', 'y'], ['x'])];
    expect(united(better, other)).to.deep.equal({ names: ['x', 'y', 'z'], unnamed: [1, 0, 2] });
    expect(united(after(names(16)), after(['y']))).to.deep.equal(after(names(16)));
  });

  it('make keys that no others make', () => {
    const lists = [['a'], ['a', 'b'], ['ab']].flatMap((list) => [0, 1, 11].map((series) => [list, series] as const));
    const stems = ['', 'a', '1:a'].flatMap((base) => lists.map(([list, series]) => variantStem(base, list, series)));
    for (const [at, stem] of stems.entries())
      for (const [other, longer] of stems.entries()) expect(longer.startsWith(stem)).to.equal(at === other);
  });
});

const FIELDS = ['x', 'y', 'z'];
const VALUES = FIELDS.reduce<Record<string, string>[]>(
  (requests, name) => requests.flatMap((fields) => [fields, { ...fields, [name]: '1' }, { ...fields, [name]: '2' }]),
  [{}],
);

describe('an answer of which another Vary was said before, or is said later', () => {
  const place = placeOf('/a');
  let cache: Cache;

  beforeEach(() => {
    const events = { evicted: () => undefined, skipped: () => undefined };
    cache = new Cache({ memory: 1_048_576, shared: undefined, events });
  });

  function store(body: string, vary: readonly string[], fields: Record<string, string> = {}): void {
    const writing = cache.begin(place);
    writing.store(answerOf(body, { vary }), fieldsOf(fields));
    writing.end();
  }

  const bodyFor = (fields: Record<string, string>): string | undefined =>
    cache.find(place.base, fieldsOf(fields))?.body.toString();

  it('is for everybody again once it has had no Vary for a while', () => {
    store('wide', ['x'], { x: '1' });
    for (let count = 0; count < 8; count += 1) store(`plain ${count}`, [], { x: String(count) });
    expect(cache.varyOf(place.base)).to.deep.equal([]);
    expect(bodyFor({ x: 'another' })).to.equal('plain 7');
    expect(bodyFor({ x: '1' })).to.equal('plain 7');
  });

  it('does not come back when something newer was stored in its place', () => {
    store('old', ['x'], { x: '1' });
    for (let count = 0; count < 8; count += 1) store('new', []);
    store('other', ['x'], { x: '2' });
    expect(bodyFor({ x: '1' })).to.equal(undefined);
    expect(bodyFor({ x: '2' })).to.equal('other');
  });

  it('is given to no request that differs in what it varies by, and never after a newer one', () => {
    const step = fc.record({
      vary: fc.subarray(FIELDS),
      requests: fc.array(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 10 }),
    });
    const property = fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      cache.purgeMemory({ all: true });
      const stored: { vary: readonly string[]; fields: Record<string, string> }[] = [];
      const newest = new Map<Record<string, string>, number>();
      for (const { vary, requests } of steps)
        for (const fields of requests) {
          store(String(stored.push({ vary, fields }) - 1), vary, fields);
          expect(bodyFor(fields)).to.equal(String(stored.length - 1));
          for (const request of VALUES) {
            const found = bodyFor(request);
            if (found === undefined) continue;
            const answer = stored[Number(found)];
            if (answer === undefined) throw new Error('it was never stored');
            for (const name of answer.vary) expect(request[name], name).to.equal(answer.fields[name]);
            expect(Number(found)).to.be.at.least(newest.get(request) ?? 0);
            newest.set(request, Number(found));
          }
        }
    });
    fc.assert(property, { numRuns: 100 });
  });
});
