import * as fc from 'fast-check';
import type { AnswerCase } from './answers.ts';
import { ANSWERS, SOUND_ANSWERS } from './corpus/answers.ts';
import { PACES } from './feed.ts';
import { mutate, mutations, type Mutation } from './mutations.ts';
import { cuts } from './request-cases.ts';

const inputs = Object.values(ANSWERS);
const few = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Mutation[]>([]) },
  { weight: 4, arbitrary: mutations(inputs).map((one) => [one]) },
  { weight: 4, arbitrary: fc.array(mutations(inputs), { minLength: 2, maxLength: 4 }) },
);

/** Answers, changed in a few places, in every way in which they can come. */
export const answerCases: fc.Arbitrary<AnswerCase> = fc
  .record({
    base: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...SOUND_ANSWERS) },
      { weight: 2, arbitrary: fc.constantFrom(...inputs) },
    ),
    changes: few,
    cuts,
    pace: fc.constantFrom(...PACES),
    method: fc.constantFrom('GET' as const, 'GET' as const, 'GET' as const, 'HEAD' as const),
    ends: fc.boolean(),
  })
  .map(({ base, changes, ...how }) => ({ ...how, input: changes.reduce(mutate, base) }));
