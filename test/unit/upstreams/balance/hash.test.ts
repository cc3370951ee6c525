import { expect } from 'chai';
import * as fc from 'fast-check';
import { Hash } from '../../../../src/upstreams/balance/hash.ts';

interface Fake {
  readonly id: string;
  weight: number;
  inFlight: number;
  share: number;
}

const KEYS = Array.from({ length: 10_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);

function candidateOf(number: number, weight = 1): Fake {
  return { id: `http://10.1.${number >> 8}.${number & 255}:8080`, weight, inFlight: 0, share: 1 };
}

function upTo(length: number): Fake[] {
  return Array.from({ length }, (_, index) => candidateOf(index));
}

/** Where each key goes, by a balancer that has seen nothing else. */
function placesOf(candidates: readonly Fake[]): string[] {
  const balancer = new Hash<Fake>();
  return KEYS.map((key) => balancer.pick(candidates, key)?.id ?? 'none');
}

function count(places: readonly string[], id: string): number {
  return places.filter((place) => place === id).length;
}

/** Different endpoints with weights. */
function endpoints(minLength: number, maxLength: number, heaviest: number): fc.Arbitrary<Fake[]> {
  const one = fc.record({ number: fc.nat({ max: 65_535 }), weight: fc.integer({ min: 1, max: heaviest }) });
  return fc
    .uniqueArray(one, { minLength, maxLength, selector: ({ number }) => number })
    .map((list) => list.map(({ number, weight }) => candidateOf(number, weight)));
}

describe('balancing by hash', () => {
  it('sends a key to the same endpoint while the loads are even, however high they are', () => {
    fc.assert(
      fc.property(endpoints(2, 12, 5), fc.integer({ min: 1, max: 50 }), (candidates, level) => {
        const idle = placesOf(candidates);
        for (const candidate of candidates) candidate.inFlight = level * candidate.weight;
        expect(placesOf(candidates)).to.deep.equal(idle);
      }),
      { numRuns: 20 },
    );
  });

  it('moves only the keys of an endpoint that leaves, and returns them when it is back', () => {
    fc.assert(
      fc.property(endpoints(2, 12, 5), (candidates) => {
        const [leaving, ...others] = candidates;
        const balancer = new Hash<Fake>();
        const before = KEYS.map((key) => balancer.pick(candidates, key)?.id);
        const after = KEYS.map((key) => balancer.pick(others, key)?.id);
        const moved = before.filter((place, index) => place !== after[index]);
        expect(new Set(moved)).to.deep.equal(new Set([leaving?.id]));
        const again = [...candidates];
        const back = KEYS.map((key) => balancer.pick(again, key)?.id);
        expect(back).to.deep.equal(before);
      }),
      { numRuns: 30 },
    );
  });

  it('moves about one n-th of the keys when one of n leaves or comes', () => {
    for (const length of [2, 3, 5, 10, 20, 50]) {
      const many = upTo(length);
      for (const index of [0, Math.trunc(length / 2), length - 1]) {
        const before = placesOf(many);
        const after = placesOf(many.toSpliced(index, 1));
        const moved = before.filter((place, key) => place !== after[key]).length / KEYS.length;
        expect(moved, `${index} of ${length}`).to.be.within(0.8 / length, 1.2 / length);
      }
    }
  });

  it('respects weights within a tenth', () => {
    for (const weights of [
      [1, 1, 1],
      [1, 2, 3, 4],
      [5, 1, 1],
      [95, 5],
      [1_000_000, 1_000_000, 500_000],
      [0.5, 1.5],
    ]) {
      const candidates = weights.map((weight, index) => candidateOf(index, weight));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const places = placesOf(candidates);
      for (const { id, weight } of candidates) {
        const expected = (KEYS.length * weight) / total;
        expect(count(places, id), `${weight} of ${weights.join(', ')}`).to.be.within(expected * 0.9, expected * 1.1);
      }
    }
  });

  it('does not look at the order of the list', () => {
    const shuffled = endpoints(2, 12, 5).chain((candidates) =>
      fc.tuple(
        fc.constant(candidates),
        fc.shuffledSubarray(candidates, { minLength: candidates.length, maxLength: candidates.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([candidates, other]) => {
        expect(placesOf(other)).to.deep.equal(placesOf(candidates));
      }),
      { numRuns: 20 },
    );
  });

  it('gives nobody more than the bound, whatever the keys are', () => {
    const step = fc.record({ key: fc.nat({ max: 30 }), finishes: fc.nat({ max: 3 }), which: fc.nat() });
    fc.assert(
      fc.property(endpoints(2, 10, 4), fc.array(step, { minLength: 50, maxLength: 400 }), (candidates, steps) => {
        const balancer = new Hash<Fake>();
        for (const [index, candidate] of candidates.entries()) candidate.share = index % 3 === 2 ? 0.25 : 1;
        const total = candidates.reduce((sum, { weight, share }) => sum + weight * share, 0);
        for (const { key, finishes, which } of steps) {
          // Half of all requests have the same key.
          const picked = balancer.pick(candidates, key > 15 ? 'popular' : String(key));
          if (picked === undefined) throw new Error('there is always one with room');
          picked.inFlight += 1;
          const all = candidates.reduce((sum, { inFlight }) => sum + inFlight, 0);
          const bound = Math.ceil((1.25 * all * picked.weight * picked.share) / total);
          expect(picked.inFlight).to.be.at.most(bound);
          const busy = candidates.filter(({ inFlight }) => inFlight > 0);
          const done = busy[which % busy.length];
          if (done !== undefined && finishes > 1) done.inFlight -= 1;
        }
      }),
      { numRuns: 50 },
    );
  });

  it('takes an endpoint that starts slowly for the owner of all its keys, and fills it less', () => {
    const candidates = upTo(4);
    const [starting] = candidates;
    if (starting === undefined) throw new Error('one is needed');
    const before = placesOf(candidates);
    starting.share = 0.1;
    expect(placesOf(candidates)).to.deep.equal(before);
    const balancer = new Hash<Fake>();
    for (const key of KEYS.slice(0, 310)) {
      const picked = balancer.pick(candidates, key);
      if (picked !== undefined) picked.inFlight += 1;
    }
    expect(starting.inFlight).to.be.within(8, Math.ceil((1.25 * 310 * 0.1) / 3.1));
  });

  it('lets an owner take a second request when two are all there are', () => {
    const candidates = upTo(2);
    const balancer = new Hash<Fake>();
    const owner = balancer.pick(candidates, 'some key');
    if (owner === undefined) throw new Error('one is needed');
    owner.inFlight = 1;
    expect(balancer.pick(candidates, 'some key')).to.equal(owner);
  });

  it('goes to the next on the ring, always the same, when the owner has too much to do', () => {
    const candidates = upTo(5);
    const balancer = new Hash<Fake>();
    const owner = balancer.pick(candidates, 'some key');
    if (owner === undefined) throw new Error('one is needed');
    const next = balancer.pick(
      candidates.filter((candidate) => candidate !== owner),
      'some key',
    );
    owner.inFlight = 10;
    expect(balancer.pick(candidates, 'some key')).to.equal(next);
    owner.inFlight = 0;
    expect(balancer.pick(candidates, 'some key')).to.equal(owner);
  });

  it('never gives one of weight zero', () => {
    const [zero, one, two] = [candidateOf(0, 0), candidateOf(1), candidateOf(2)];
    expect(count(placesOf([zero, one, two]), zero.id)).to.equal(0);
    expect(new Hash<Fake>().pick([zero], 'key')).to.equal(undefined);
    expect(new Hash<Fake>().pick([zero, candidateOf(3, 0)], 'key')).to.equal(undefined);
    expect(new Hash<Fake>().pick([], 'key')).to.equal(undefined);
    const balancer = new Hash<Fake>();
    const list = [one, two];
    balancer.pick(list, 'key');
    one.weight = 0;
    for (const key of KEYS.slice(0, 100)) expect(balancer.pick(list, key)).to.equal(two);
  });
});
