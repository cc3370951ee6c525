/**
 * Runs as many cases as wanted, outside of the tests:
 *
 *     npx tsx test/fuzz/run.ts --cases 1000000 --seed 7 [--only requests|answers]
 *
 * It exits with 1 at the first difference, which it prints as small as it gets.
 */
import { parseArgs } from 'node:util';
import { campaign, sharesOf, type CampaignResult } from './campaign.ts';
import { ANSWER_TARGET, REQUEST_TARGET } from './targets.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const total = Number(values.cases);
const seed = Number(values.seed);
if (!Number.isSafeInteger(total) || total < 1) throw new Error('--cases is the number of cases');
if (!Number.isInteger(seed)) throw new Error('--seed is a whole number');
if (values.only !== undefined && !['requests', 'answers'].includes(values.only)) {
  throw new Error('--only is requests or answers');
}

/** @param run does it, given whom to tell how far it is */
async function report(name: string, run: (progress: (done: number) => void) => Promise<CampaignResult>): Promise<void> {
  if (values.only !== undefined && values.only !== name) return;
  const started = performance.now();
  const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1);
  const result = await run((done) => {
    if (done % 10_000 === 0) process.stderr.write(`${name}: ${done} of ${total}, ${seconds()} s\n`);
  });
  const found = result.difference === undefined ? 'no difference' : `a difference: ${result.difference}`;
  const figures = `${name}: ${result.cases} cases, seed ${seed}, ${seconds()} s; ${sharesOf(result)}`;
  process.stdout.write(`${figures}; ${found}\n`);
  if (result.difference !== undefined) process.exitCode = 1;
}

await report('requests', async (progress) => campaign(REQUEST_TARGET, total, seed, progress));
await report('answers', async (progress) => campaign(ANSWER_TARGET, total, seed, progress));
