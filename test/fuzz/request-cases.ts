import * as fc from 'fast-check';
import { REQUESTS, TAKEN } from './corpus/requests.ts';
import { PACES } from './feed.ts';
import { MODES } from './lane-side.ts';
import { mutate, mutations, type Mutation } from './mutations.ts';
import type { RequestCase } from './requests.ts';

const inputs = REQUESTS.map(([, input]) => input);
const few = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Mutation[]>([]) },
  { weight: 8, arbitrary: fc.array(mutations(inputs), { minLength: 1, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.array(mutations(inputs), { minLength: 5, maxLength: 12 }) },
);
/** What is mutated: a few requests of every kind, or one the lane takes, most often with plain ones before and after it. */
const bases = fc
  .tuple(
    fc.array(fc.constantFrom(...TAKEN), { maxLength: 2 }),
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...inputs) },
      { weight: 2, arbitrary: fc.constantFrom(...TAKEN) },
      {
        weight: 1,
        arbitrary: fc.tuple(fc.constantFrom(...inputs), fc.constantFrom(...inputs)).map((two) => two.join('')),
      },
    ),
    fc.array(fc.constantFrom(...TAKEN), { maxLength: 2 }),
  )
  .map(([before, middle, after]) => [before.join(''), middle, after.join('')] as const);

/** Places where an input is cut. */
export const cuts: fc.Arbitrary<readonly number[]> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<number[]>([]) },
  { weight: 5, arbitrary: fc.array(fc.nat(300), { maxLength: 5 }) },
  { weight: 1, arbitrary: fc.array(fc.nat(6000), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant(Array.from({ length: 400 }, (_, index) => index)) },
);

/** Inputs of which only the middle, or all is changed, in every way in which they can be dealt with. */
export const requestCases: fc.Arbitrary<RequestCase> = fc
  .record({
    base: bases,
    changes: few,
    changesAll: fc.boolean(),
    cuts,
    mode: fc.constantFrom(...MODES),
    pace: fc.constantFrom(...PACES),
    slowWrites: fc.boolean(),
  })
  .map(({ base: [before, middle, after], changes, changesAll, ...how }) => {
    const input = changesAll
      ? changes.reduce(mutate, before + middle + after)
      : before + changes.reduce(mutate, middle) + after;
    return { ...how, input };
  });
