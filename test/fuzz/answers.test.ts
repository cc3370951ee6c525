import { expect } from 'chai';
import { compareAnswers, type AnswerCase } from './answers.ts';
import { boundaries, forEachOf } from './boundaries.ts';
import { campaign, sharesOf, shown } from './campaign.ts';
import { ANSWERS } from './corpus/answers.ts';
import { ANSWER_TARGET } from './targets.ts';

/** Beyond what it takes: a difference is made small before it is told. */
const TIMEOUT = 300_000;
const CASES = 20_000;
const SEED = 1;

/** Whole and cut in two at every place, for GET and HEAD, with and without an end of the connection. */
function casesOf(input: string): AnswerCase[] {
  return ([[], ...boundaries(input).map((cut) => [cut])] satisfies number[][]).flatMap((cuts) =>
    (['GET', 'HEAD'] as const).flatMap((method) =>
      [true, false].map((ends) => ({ input, cuts, method, ends, pace: 'turns' as const })),
    ),
  );
}

describe('the parser of upstream answers, next to node:http', function () {
  this.timeout(TIMEOUT);

  for (const [name, input] of Object.entries(ANSWERS)) {
    it(`reads ${name} alike, wherever it is cut`, async () => {
      const cases = casesOf(input);
      const outcomes = await forEachOf(cases, compareAnswers);
      const found = cases[outcomes.findIndex(({ difference }) => difference !== undefined)];
      expect(found === undefined ? undefined : await shown(ANSWER_TARGET, found)).to.equal(undefined);
    });
  }

  it(`reads ${CASES} changed answers alike`, async () => {
    const result = await campaign(ANSWER_TARGET, CASES, SEED);
    expect(result.difference).to.equal(undefined);
    // Otherwise the cases have become such that they show nothing.
    expect((result.counts.get('complete') ?? 0) / CASES, sharesOf(result)).to.be.above(0.1);
  });
});
