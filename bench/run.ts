import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Case } from './cases.ts';
import { CONTENDERS } from './contenders/list.ts';
import { HELP, readFlags, UsageError, type Flags } from './flags.ts';
import { interleave } from './interleave.ts';
import { describeMachine } from './machine.ts';
import { startOrigin } from './origin.ts';
import { installPeers } from './peers.ts';
import type { Processes } from './processes.ts';
import { progress } from './progress.ts';
import { renderCase, reportCase, type CaseReport, type Measured } from './report.ts';
import { requireRoom } from './room.ts';
import { requireInstalled } from './tools.ts';
import { Interrupted, withProcesses } from './with-processes.ts';

const RESULTS = new URL('results/', import.meta.url);

process.exitCode = await main();

/** Runs what the command line asks for and returns the exit code: 0, or 1 when something failed, 2 for a wrong flag. */
async function main(): Promise<number> {
  try {
    const flags = readFlags(process.argv.slice(2));
    if (flags === undefined) {
      process.stdout.write(HELP);
      return 0;
    }
    return await bench(flags);
  } catch (error) {
    progress(error instanceof Error ? `bench: ${error.message}` : String(error));
    if (error instanceof UsageError) return 2;
    return error instanceof Interrupted ? 130 : 1;
  }
}

async function bench(flags: Flags): Promise<number> {
  requireInstalled(['nginx', ['-v'], 'nginx-light'], ['wrk', ['-v'], 'wrk']);
  installPeers();
  const date = new Date().toISOString();
  const machine = describeMachine();
  if (machine.loadBefore > 0.5) {
    progress(
      `The machine is busy (load ${machine.loadBefore.toFixed(1)}): compare nothing but the ratios, and those with care`,
    );
  }
  const file = new URL(`${date.replaceAll(':', '-')}.json`, RESULTS);
  mkdirSync(RESULTS, { recursive: true });
  return withProcesses(async (processes) => {
    const upstreamPort = await startOrigin(processes);
    const cases: CaseReport[] = [];
    for (const benchCase of flags.cases) {
      const report = await runCase(benchCase, flags, upstreamPort, processes);
      process.stdout.write(`${renderCase(report)}\n`);
      cases.push(report);
      // After each case, as the next may fail after an hour.
      writeFileSync(file, `${JSON.stringify({ date, machine, cases }, null, 2)}\n`);
      progress(`Written to ${fileURLToPath(file)}`);
    }
    return cases.some(({ absolute }) => absolute.some(({ errors }) => errors > 0)) ? 1 : 0;
  });
}

async function runCase(
  benchCase: Case,
  { only, connections, starts, rounds, seconds, warmup }: Flags,
  upstreamPort: number,
  processes: Processes,
): Promise<CaseReport> {
  const plan = { starts, rounds, seconds, warmup, connections: connections ?? benchCase.connections };
  requireRoom(plan.connections);
  const chosen = CONTENDERS.filter(({ name }) => benchCase.contenders.includes(name) && (only?.includes(name) ?? true));
  const measured: Measured[] = [];
  const skipped: { contender: string; reason: string }[] = [];
  for (const contender of chosen) {
    const availability = await contender.available();
    if (availability.available) measured.push({ contender, version: availability.version });
    else skipped.push({ contender: contender.name, reason: availability.reason });
  }
  for (const { contender, reason } of skipped) progress(`Skipping ${contender}: ${reason}`);
  if (measured.length === 0) throw new Error(`${benchCase.name}: none of the contenders can run`);
  const minutes = Math.ceil((starts * measured.length * (warmup + rounds * seconds)) / 60);
  progress(`${benchCase.name}: ${measured.length} contenders, about ${minutes} min`);
  const contenders = measured.map(({ contender }) => contender);
  const measurements = await interleave(contenders, benchCase, plan, upstreamPort, processes);
  return reportCase(benchCase, plan, measured, skipped, measurements);
}
