import { expect } from 'chai';
import * as fc from 'fast-check';
import { RoundRobin } from '../../../../src/upstreams/balance/round-robin.ts';

interface Fake {
  readonly id: string;
  weight: number;
  inFlight: number;
  share: number;
}

const NAMES = 'abcdefgh';

function candidatesOf(...weights: number[]): Fake[] {
  return weights.map((weight, index) => ({ id: NAMES.charAt(index), weight, inFlight: 0, share: 1 }));
}

function sequence(balancer: RoundRobin<Fake>, candidates: readonly Fake[], length: number): string {
  return Array.from({ length }, () => balancer.pick(candidates)?.id ?? '-').join('');
}

function count(picks: string, { id }: Fake): number {
  return picks.split(id).length - 1;
}

const WEIGHTS = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });

describe('balancing by round-robin', () => {
  it('gives equal weights in turn', () => {
    expect(sequence(new RoundRobin(), candidatesOf(5, 5, 5), 7)).to.equal('abcabca');
  });

  it('spreads a heavy one out', () => {
    expect(sequence(new RoundRobin(), candidatesOf(3, 1), 8)).to.equal('aabaaaba');
  });

  it('never gives one of weight zero', () => {
    expect(sequence(new RoundRobin(), candidatesOf(0, 1), 4)).to.equal('bbbb');
    expect(sequence(new RoundRobin(), candidatesOf(0, 0), 2)).to.equal('--');
    expect(sequence(new RoundRobin(), candidatesOf(0), 1)).to.equal('-');
    expect(sequence(new RoundRobin(), [], 1)).to.equal('-');
  });

  it('gives each exactly its weight in every cycle', () => {
    fc.assert(
      fc.property(WEIGHTS, fc.integer({ min: 1, max: 4 }), (weights, cycles) => {
        const candidates = candidatesOf(...weights);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const picks = sequence(new RoundRobin(), candidates, total * cycles);
        for (const candidate of candidates) expect(count(picks, candidate)).to.equal(candidate.weight * cycles);
      }),
    );
  });

  it('is never ahead of a share by more than one, and exact in any window of the total', () => {
    fc.assert(
      fc.property(WEIGHTS, (weights) => {
        const candidates = candidatesOf(...weights);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const picks = sequence(new RoundRobin(), candidates, total * 2);
        for (const candidate of candidates) {
          for (let length = 1; length <= picks.length; length += 1) {
            const share = (length * candidate.weight) / total;
            expect(count(picks.slice(0, length), candidate)).to.be.below(share + 1);
          }
          for (let start = 0; start <= total; start += 1) {
            expect(count(picks.slice(start, start + total), candidate)).to.equal(candidate.weight);
          }
        }
      }),
    );
  });

  it('goes on where it was when one leaves', () => {
    const balancer = new RoundRobin<Fake>();
    const four = candidatesOf(1, 1, 1, 1);
    expect(sequence(balancer, four, 2)).to.equal('ab');
    expect(sequence(balancer, four.slice(0, 3), 4)).to.equal('cabc');
  });

  it('keeps the credits of weighted ones that stay', () => {
    const balancer = new RoundRobin<Fake>();
    const three = candidatesOf(3, 1, 1);
    expect(sequence(balancer, three, 1)).to.equal('a');
    // Without its debt a would come first again.
    expect(sequence(balancer, [...three], 4)).to.equal('baca');
  });

  it('is fair to those that stay while one comes and goes', () => {
    const balancer = new RoundRobin<Fake>();
    const [a, b, c] = candidatesOf(1, 1, 1);
    if (a === undefined || b === undefined || c === undefined) throw new Error('three are needed');
    let picks = '';
    for (let turn = 0; turn < 300; turn += 1) picks += sequence(balancer, turn % 6 < 3 ? [a, b] : [a, b, c], 1);
    expect(Math.abs(count(picks, a) - count(picks, b))).to.be.at.most(2);
    expect(count(picks, c)).to.equal(50);
  });

  it('does not flood one that comes, nor forget it', () => {
    const balancer = new RoundRobin<Fake>();
    const candidates = candidatesOf(2, 1, 1);
    sequence(balancer, candidates.slice(0, 2), 7);
    const picks = sequence(balancer, candidates, 8);
    expect(picks.slice(0, 4)).to.include('c');
    expect(picks).not.to.include('cc');
  });

  it('gives a starting one its share, and all of it afterwards, with the same list', () => {
    const balancer = new RoundRobin<Fake>();
    const candidates = candidatesOf(1, 1, 1);
    const [starting] = candidates;
    if (starting === undefined) throw new Error('one is needed');
    starting.share = 0.5;
    expect(count(sequence(balancer, candidates, 100), starting)).to.equal(20);
    starting.share = 1;
    expect(count(sequence(balancer, candidates, 99), starting)).to.equal(33);
  });

  it('notices within a round that a weight has changed', () => {
    const balancer = new RoundRobin<Fake>();
    const candidates = candidatesOf(1, 1);
    const [first] = candidates;
    if (first === undefined) throw new Error('one is needed');
    sequence(balancer, candidates, 3);
    first.weight = 3;
    sequence(balancer, candidates, 2);
    expect(count(sequence(balancer, candidates, 40), first)).to.equal(30);
  });

  it('lets nobody wait for old debts when weights become small', () => {
    const balancer = new RoundRobin<Fake>();
    const candidates = candidatesOf(1000, 2000, 1000);
    expect(sequence(balancer, candidates, 1)).to.equal('b');
    for (const candidate of candidates) candidate.weight = candidate.id === 'a' ? 2 : 1;
    const picks = sequence(balancer, candidates, 12);
    expect(candidates.map((candidate) => count(picks, candidate))).to.deep.equal([6, 3, 3]);
  });
});
