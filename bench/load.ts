import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Case } from './cases.ts';
import type { Processes } from './processes.ts';

const SCRIPT = fileURLToPath(new URL('load.lua', import.meta.url));
const ERRORS = ['connect', 'read', 'write', 'status', 'timeout'] as const;

/** What one run of the load generator saw. */
export interface LoadResult {
  readonly seconds: number;
  readonly requests: number;
  /** Everything received, headers too. */
  readonly bytes: number;
  readonly p99Milliseconds: number;
  /** Of every kind: connections refused or lost, timeouts, and answers of status 400 and above. */
  readonly errors: number;
}

/** How long and how hard to load. */
export interface LoadOptions {
  readonly seconds: number;
  readonly connections: number;
}

/**
 * Loads a port with the requests of a case, by wrk with one thread: a fixed number of connections, each sending its next
 * request when the answer to the last is complete.
 */
export async function load(
  port: number,
  benchCase: Case,
  { seconds, connections }: LoadOptions,
  processes: Processes,
): Promise<LoadResult> {
  const { method, requestBytes, paths } = benchCase;
  const wrk = await processes.start({
    program: 'wrk',
    args: [
      '--threads=1',
      `--connections=${connections}`,
      `--duration=${seconds}s`,
      '--timeout=10s',
      '--latency',
      `--script=${SCRIPT}`,
      `http://127.0.0.1:${port}`,
      '--',
      method,
      String(requestBytes),
      ...paths,
    ],
    output: join(processes.folder('wrk'), 'output.log'),
  });
  const code = await wrk.ended;
  const output = wrk.output();
  if (code !== 0) throw new Error(`wrk ended with ${code}:\n${output}`);
  return readResult(output);
}

/** Reads the lines that load.lua writes. */
function readResult(output: string): LoadResult {
  const figures = new Map(
    Array.from(output.matchAll(/^figure (\w+)=(\d+)$/gm), ([, name, value]) => [name, Number(value)]),
  );
  const figure = (name: string): number => {
    const value = figures.get(name);
    if (value === undefined) throw new Error(`wrk did not report ${name}:\n${output}`);
    return value;
  };
  return {
    seconds: figure('microseconds') / 1e6,
    requests: figure('requests'),
    bytes: figure('bytes'),
    p99Milliseconds: figure('p99') / 1000,
    errors: ERRORS.reduce((sum, name) => sum + figure(name), 0),
  };
}
