import type { Child, Processes } from '../processes.ts';

/** Whether a contender can run here: what exactly would run, or why nothing can. */
export type Availability =
  { readonly available: true; readonly version: string } | { readonly available: false; readonly reason: string };

/** What a contender is given to start with. */
export interface Setup {
  readonly upstreamPort: number;
  /** The most connections that the load opens. */
  readonly connections: number;
  /** Starts child processes and ends them with the run. */
  readonly processes: Processes;
}

/** A contender that accepts requests. */
export interface Running {
  /** Where it takes requests: scheme, address and port. */
  readonly url: string;
  /** Header fields of every request that it is sent, as `Name: value`; none when it is left out. For wrk alone. */
  readonly headers?: readonly string[];
  /** The root of the process tree whose CPU time counts. Stopping it stops the contender. */
  readonly child: Child;
  /** What it needs beside itself: its CPU time does not count, and it is stopped with the contender. */
  readonly others?: readonly Child[];
  /** How many requests each of its workers has answered since this was last asked. For contenders that have several. */
  readonly requestsByWorker?: () => readonly number[];
}

/** Something that forwards HTTP requests to the origin. */
export interface Contender {
  readonly name: string;
  /** The name of the contender that this one is an identical second copy of. Their ratio shows the noise. */
  readonly copyOf?: string;
  available(): Promise<Availability>;
  /** Resolves when the contender is ready for traffic. */
  start(setup: Setup): Promise<Running>;
}
