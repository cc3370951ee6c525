import type { Prepared } from '../gateway/generations.ts';
import { WorkerFault } from './fault.ts';

/** A worker that could not bind would never share that address with the others: see {@link checkFree}. */
const BIND_CODES: ReadonlySet<string | undefined> = new Set(['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES']);

/** A worker, as far as a new configuration is concerned. Everything fails when the worker refuses, ends or is silent. */
export interface Participant<Config> {
  prepare(config: Config): Promise<void>;
  commit(): Promise<void>;
  /** Gives up what it has prepared, or will have. */
  abort(): Promise<void>;
}

/**
 * Makes a configuration ready in all workers, so that all of them take it over or none does:
 *
 * 1. All prepare. One that does not is enough for none to go on.
 * 2. One commits first, which binds addresses that are new. When it refuses, nothing has changed anywhere.
 * 3. From then on there is no way back, and none is needed: the others share the addresses that are bound. One that does
 *    not follow is replaced, and its successor begins with the new configuration.
 *
 * @param decided told between 2 and 3: whoever starts from now on gets the new configuration
 * @param lost a worker that did not follow
 * @throws what the first worker that failed says; then all others have been told to give up
 */
export async function rollOut<Config, Worker extends Participant<Config>>(
  config: Config,
  workers: readonly Worker[],
  { decided, lost }: { readonly decided: () => void; readonly lost: (worker: Worker, error: unknown) => void },
): Promise<Prepared> {
  const [first, ...others] = workers;
  const giveUp = (which: readonly Worker[]): void => {
    // Nobody waits for it: one that does not answer prepares nothing else before it has read this.
    for (const worker of which) worker.abort().catch(() => undefined);
  };
  const outcomes = await Promise.allSettled(workers.map(async (worker) => worker.prepare(config)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) {
    giveUp(workers);
    throw failed.reason;
  }
  return {
    commit: async () => {
      try {
        await first?.commit();
      } catch (error) {
        giveUp(others);
        // One that is silent may yet commit: it must not serve what the others do not.
        const isUnchanged = error instanceof WorkerFault && error.isRefusal && !BIND_CODES.has(error.code);
        if (first !== undefined && !isUnchanged) lost(first, error);
        throw error;
      }
      decided();
      await Promise.all(others.map(async (worker) => worker.commit().catch((error: unknown) => lost(worker, error))));
    },
    abort: async () => giveUp(workers),
  };
}
