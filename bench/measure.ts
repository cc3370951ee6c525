import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from './cases.ts';
import type { Running } from './contenders/contender.ts';
import { cpuTime } from './cpu.ts';
import { load, type LoadOptions } from './load.ts';
import type { Processes } from './processes.ts';

/** How long a contender has, after the load has ended, to close what the load left open. That is part of its cost. */
const SETTLE_MS = 100;

/** What one contender did in one slice of time. */
export interface Measurement {
  readonly requests: number;
  readonly errors: number;
  readonly cpuMicrosecondsPerRequest: number;
  readonly requestsPerSecond: number;
  readonly p99Milliseconds: number;
}

/**
 * Loads a contender for one slice and reads its CPU time before and after.
 *
 * @throws when it answers nothing, or answers less than the case asks for: such a figure would compare something else
 */
export async function measure(
  name: string,
  running: Running,
  benchCase: Case,
  options: LoadOptions,
  processes: Processes,
): Promise<Measurement> {
  const before = cpuTime(running.child.pid);
  const result = await load(running.port, benchCase, options, processes);
  await sleep(SETTLE_MS);
  const cpuMicroseconds = cpuTime(running.child.pid) - before;

  const { answerBytes, countedBy } = benchCase;
  if (result.bytes < result.requests * answerBytes && result.errors === 0) {
    throw new Error(`${name}: ${result.requests} answers of ${answerBytes} bytes came as ${result.bytes} bytes`);
  }
  const requests = countedBy === 'bytes' ? result.bytes / answerBytes : result.requests;
  if (requests === 0) throw new Error(`${name} answered nothing; errors: ${result.errors}`);
  return {
    requests,
    errors: result.errors,
    cpuMicrosecondsPerRequest: cpuMicroseconds / requests,
    requestsPerSecond: requests / result.seconds,
    p99Milliseconds: result.p99Milliseconds,
  };
}
