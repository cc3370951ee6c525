import { expect } from 'chai';
import * as fc from 'fast-check';
import { campaign, type Target } from './campaign.ts';
import type { CutInput } from './outcome.ts';

/** Differs where an input holds a line feed behind an x, and is cut between them. */
const PLANTED: Target<CutInput> = {
  cases: fc.record({
    input: fc.string({ unit: fc.constantFrom('x', '\n', "'", '\xff'), minLength: 20, maxLength: 60 }),
    cuts: fc.array(fc.nat(60), { maxLength: 6 }),
  }),
  compare: async ({ input, cuts }) => {
    const isCut = cuts.some((cut) => input.slice(cut - 1, cut + 1) === 'x\n');
    return { difference: isCut ? 'they differ' : undefined, labels: ['planted'] };
  },
};

describe('a campaign', () => {
  it('finds what is planted, and makes it small', async () => {
    const { difference } = await campaign(PLANTED, 10_000, 1);
    expect(difference).to.equal(`they differ\n  input: 'x\\n'\n  {"cuts":[1]}`);
  });

  it('has the same cases for the same seed, and others for another', async () => {
    const casesOf = async (seed: number): Promise<string[]> => {
      const seen: string[] = [];
      const compare = async ({ input }: CutInput): ReturnType<typeof PLANTED.compare> => {
        seen.push(input);
        return Promise.resolve({ difference: undefined, labels: [] });
      };
      await campaign({ ...PLANTED, compare }, 1500, seed);
      return seen;
    };
    expect(await casesOf(3))
      .to.deep.equal(await casesOf(3))
      .and.to.have.length(1500);
    expect(await casesOf(3)).not.to.deep.equal(await casesOf(4));
  });
});
