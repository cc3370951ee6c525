import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from './cases.ts';
import { loadByClient } from './client.ts';
import type { Running } from './contenders/contender.ts';
import { cpuTime, SETTLE_MS } from './cpu.ts';
import { load } from './load.ts';
import type { Loaded, LoadOptions } from './load-result.ts';
import type { Processes } from './processes.ts';

/** What one contender did in one slice of time. */
export interface Measurement {
  readonly requests: number;
  readonly errors: number;
  readonly cpuMicrosecondsPerRequest: number;
  readonly requestsPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly sentLateMilliseconds: number;
  /** The share of the worker with the most requests, in percent. NaN for a contender that has no workers. */
  readonly busiestWorkerPercent: number;
}

/**
 * Loads a contender for one slice and reads its CPU time before and after.
 *
 * @throws when it answers nothing, or answers less or more than the case asks for: such a figure would compare something
 *   else
 */
export async function measure(
  name: string,
  running: Running,
  benchCase: Case,
  options: LoadOptions,
  processes: Processes,
): Promise<Measurement> {
  // What came before, such as the warm-up, is not this slice's.
  running.requestsByWorker?.();
  const result =
    benchCase.load.by === 'wrk'
      ? await measureUnderWrk(name, running, benchCase, options, processes)
      : await loadByClient(running, benchCase, options, processes);

  const { answerBytes, mostBytes = Infinity, countedBy } = benchCase;
  if (result.bytes < result.requests * answerBytes && result.errors === 0) {
    throw new Error(`${name}: ${result.requests} answers of ${answerBytes} bytes came as ${result.bytes} bytes`);
  }
  if (result.bytes > result.requests * mostBytes) {
    throw new Error(`${name}: ${result.requests} answers of at most ${mostBytes} bytes came as ${result.bytes} bytes`);
  }
  const requests = countedBy === 'bytes' ? result.bytes / answerBytes : result.requests;
  if (requests === 0) throw new Error(`${name} answered nothing; errors: ${result.errors}`);
  return {
    requests,
    errors: result.errors,
    cpuMicrosecondsPerRequest: result.cpuMicroseconds / requests,
    requestsPerSecond: requests / result.seconds,
    p50Milliseconds: result.p50Milliseconds,
    p99Milliseconds: result.p99Milliseconds,
    sentLateMilliseconds: result.sentLateMilliseconds,
    busiestWorkerPercent: busiestPercent(running.requestsByWorker?.() ?? []),
  };
}

function busiestPercent(requests: readonly number[]): number {
  return (100 * Math.max(...requests)) / requests.reduce((sum, count) => sum + count, 0);
}

async function measureUnderWrk(
  name: string,
  running: Running,
  benchCase: Case,
  options: LoadOptions,
  processes: Processes,
): Promise<Loaded> {
  const { pid } = running.child;
  const before = cpuTime(pid);
  const result = await load(name, running, benchCase, options, processes);
  await sleep(SETTLE_MS);
  return { ...result, cpuMicroseconds: cpuTime(pid) - before, sentLateMilliseconds: 0 };
}
