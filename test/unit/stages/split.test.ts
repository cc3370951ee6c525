import { expect } from 'chai';
import type { Exchange } from '../../../src/exchange.ts';
import { split } from '../../../src/stages/split.ts';
import { hashOf } from '../../../src/upstreams/balance/key-hash.ts';
import { fakeExchange } from '../../support/exchange.ts';

const byClient = ({ client }: Exchange): string => client.address;

/** Which arm takes each of the requests. */
function arms(
  weights: readonly number[],
  exchanges: readonly Exchange[],
  keyOf?: typeof byClient,
  random?: () => number,
) {
  const taken: number[] = [];
  const options = weights.map((weight, arm) => ({ weight, handle: () => void taken.push(arm) }));
  const handle = split(options, keyOf, random);
  for (const exchange of exchanges) void handle(exchange);
  return taken;
}

function clients(count: number): Exchange[] {
  return Array.from({ length: count }, (_none, index) =>
    fakeExchange({}, `10.0.${Math.floor(index / 256)}.${index % 256}`),
  );
}

function shareOf(arm: number, taken: readonly number[]): number {
  return taken.filter((other) => other === arm).length / taken.length;
}

describe('a split', () => {
  it('gives each arm its part of what chance says', () => {
    const points = [0, 0.4999, 0.5, 0.7499, 0.75, 0.9999];
    let next = 0;
    const taken = arms([2, 1, 1], clients(points.length), undefined, () => points[next++] ?? NaN);
    expect(taken).to.deep.equal([0, 0, 1, 1, 2, 2]);
  });

  it('gives nothing to an arm of weight 0, wherever it stands', () => {
    const points = [0, 0.5, 0.9999];
    let next = 0;
    expect(arms([0, 1, 0, 1, 0], clients(3), undefined, () => points[next++] ?? NaN)).to.deep.equal([1, 3, 3]);
  });

  it('is not to be made of nothing', () => {
    expect(() => split([{ weight: 0, handle: () => undefined }], undefined)).to.throw('needs an arm');
  });

  it('keeps a key on its arm, and spreads keys by weight', () => {
    const exchanges = clients(20_000);
    const first = arms([95, 5], exchanges, byClient);
    expect(arms([95, 5], exchanges, byClient)).to.deep.equal(first);
    expect(shareOf(1, first)).to.be.within(0.04, 0.06);
  });

  it('moves only those whose arm grows or shrinks when weights change', () => {
    const exchanges = clients(5000);
    const before = arms([95, 5], exchanges, byClient);
    const after = arms([80, 20], exchanges, byClient);
    before.forEach((arm, index) => expect(arm === 1 && after[index] === 0).to.equal(false));
  });

  it('sends an arm clients from all of a ring, so that its endpoints share them', () => {
    const exchanges = clients(20_000);
    const taken = arms([99, 1], exchanges, byClient);
    const canaries = exchanges.filter((_exchange, index) => taken[index] === 1);
    const quarters = [0, 0, 0, 0];
    for (const exchange of canaries) {
      const quarter = Math.floor(hashOf(byClient(exchange)) / 2 ** 30);
      quarters[quarter] = (quarters[quarter] ?? 0) + 1;
    }
    for (const count of quarters) expect(count / canaries.length).to.be.within(0.15, 0.35);
  });
});
