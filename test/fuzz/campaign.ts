import * as fc from 'fast-check';
import { literal } from './literal.ts';
import { minimised } from './minimise.ts';
import type { CutInput, Outcome } from './outcome.ts';

/** What is fuzzed: cases, and two readers for each. */
export interface Target<Case extends CutInput> {
  readonly cases: fc.Arbitrary<Case>;
  readonly compare: (one: Case) => Promise<Outcome>;
}

/** What came of many cases. */
export interface CampaignResult {
  readonly cases: number;
  /** How many there were of each kind. */
  readonly counts: ReadonlyMap<string, number>;
  /** The first difference, with an input that shows it. */
  readonly difference: string | undefined;
}

/** How many cases are made at once. */
const SLICE = 1000;

/**
 * Compares two readers on many cases, the same ones for the same seed. It ends at the first difference.
 *
 * @param progress called now and then with the number of cases so far
 */
export async function campaign<Case extends CutInput>(
  target: Target<Case>,
  total: number,
  seed: number,
  progress: (done: number) => void = () => {},
): Promise<CampaignResult> {
  const counts = new Map<string, number>();
  let done = 0;
  for (let slice = 0; done < total; slice += 1) {
    const numRuns = Math.min(SLICE, total - done);
    for (const one of fc.sample(target.cases, { seed: Math.imul(seed, 1_000_003) + slice, numRuns })) {
      done += 1;
      const { difference, labels } = await target.compare(one);
      for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
      if (difference !== undefined) return { cases: done, counts, difference: await shown(target, one) };
    }
    progress(done);
  }
  return { cases: done, counts, difference: undefined };
}

/** The smallest case that shows a difference, as code. */
export async function shown<Case extends CutInput>(target: Target<Case>, found: Case): Promise<string> {
  const smallest = await minimised(found, async (one) => (await target.compare(one)).difference !== undefined);
  const { difference } = await target.compare(smallest);
  const { input, ...how } = smallest;
  return `${difference}\n  input: ${literal(input)}\n  ${JSON.stringify(how)}`;
}

/** @returns the share of each kind of case, as text */
export function sharesOf({ cases, counts }: CampaignResult): string {
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([label, count]) => `${label} ${((100 * count) / cases).toFixed(2)} %`)
    .join(', ');
}
