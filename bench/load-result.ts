import { readFigures } from './figures.ts';

const ERRORS = ['connect', 'read', 'write', 'status', 'timeout'] as const;

/** What one run of a load generator saw. */
export interface LoadResult {
  readonly seconds: number;
  readonly requests: number;
  /** Everything received, headers too. */
  readonly bytes: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** Of every kind: connections refused or lost, timeouts, and answers of status 400 and above. */
  readonly errors: number;
}

/** The same, and what it took the contender. */
export interface Loaded extends LoadResult {
  readonly cpuMicroseconds: number;
  /** How late requests were sent: 99 % of them were not later than this. 0 where none is due at a certain time. */
  readonly sentLateMilliseconds: number;
}

/** How long and how hard to load. */
export interface LoadOptions {
  readonly seconds: number;
  readonly connections: number;
}

/** Reads the lines that a load generator prints. */
export function readLoadResult(program: string, output: string): LoadResult {
  const figure = readFigures(program, output);
  return {
    seconds: figure('microseconds') / 1e6,
    requests: figure('requests'),
    bytes: figure('bytes'),
    p50Milliseconds: figure('p50') / 1000,
    p99Milliseconds: figure('p99') / 1000,
    errors: ERRORS.reduce((sum, name) => sum + figure(name), 0),
  };
}
