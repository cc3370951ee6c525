import { expect } from 'chai';
import { boundaries, forEachOf } from './boundaries.ts';
import { campaign, sharesOf, shown } from './campaign.ts';
import { REQUESTS } from './corpus/requests.ts';
import { MODES } from './lane-side.ts';
import { REQUEST_TARGET } from './targets.ts';
import { compareRequests, type RequestCase } from './requests.ts';

/** Beyond what it takes: a difference is made small before it is told. */
const TIMEOUT = 300_000;
const CASES = 20_000;
const SEED = 1;

/** @returns the first difference among the cases */
async function firstDifference(cases: readonly RequestCase[]): Promise<string | undefined> {
  const outcomes = await forEachOf(cases, compareRequests);
  const found = cases[outcomes.findIndex(({ difference }) => difference !== undefined)];
  return found === undefined ? undefined : shown(REQUEST_TARGET, found);
}

/** Whole and byte by byte in every mode, and cut in two at every place, in one mode after the other. */
function casesOf(input: string): RequestCase[] {
  const everywhere = Array.from({ length: input.length }, (_, index) => index);
  const one = { input, pace: 'turns', slowWrites: false } as const;
  return [
    ...MODES.flatMap((mode) => [
      { ...one, cuts: [], mode },
      { ...one, cuts: everywhere.slice(0, 400), mode },
    ]),
    ...boundaries(input).map((cut, index) => ({ ...one, cuts: [cut], mode: MODES[index % MODES.length] ?? 'read' })),
  ];
}

describe('the fast lane, next to node:http', function () {
  this.timeout(TIMEOUT);

  for (const [name, input] of REQUESTS) {
    it(`reads ${name} alike, wherever it is cut`, async () => {
      expect(await firstDifference(casesOf(input))).to.equal(undefined);
    });
  }

  it(`reads ${CASES} changed requests alike`, async () => {
    const result = await campaign(REQUEST_TARGET, CASES, SEED);
    expect(result.difference).to.equal(undefined);
    // Otherwise the cases have become such that they show nothing.
    const share = (label: string): number => (result.counts.get(label) ?? 0) / CASES;
    expect(share('taken'), sharesOf(result)).to.be.above(0.5);
    expect(share('handed over'), sharesOf(result)).to.be.within(0.5, 0.95);
    expect(share('refused'), sharesOf(result)).to.be.above(0.02);
  });
});
