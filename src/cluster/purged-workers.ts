import type { PurgeSelector } from '../cache/purge.ts';
import { purgeOutcome, type Purged, type PurgeOutcome, type PurgeScope } from '../cache/purged.ts';

/** A worker, as far as a purge goes. */
export interface PurgedWorker {
  /** Whether it is at its end, and what it holds with it. */
  readonly isGone: boolean;
  /** @throws when it has ended, or does not answer in time */
  purge(selector: PurgeSelector, scope: PurgeScope): Promise<Purged>;
}

export interface PurgedWorkforce {
  /** Those that serve. */
  readonly ready: readonly PurgedWorker[];
  /** Those that may hold stored answers: who starts or is silent is among them. */
  readonly alive: readonly PurgedWorker[];
}

/**
 * Purges the memory of all workers, and through one of them the store that gateways share. Who does not answer counts as
 * silent: what that one holds would go on to be answered with.
 */
export async function purgeWorkers(workforce: PurgedWorkforce, selector: PurgeSelector): Promise<PurgeOutcome> {
  const [first] = workforce.ready;
  const others = workforce.alive.filter((worker) => worker !== first);
  const purgeOthers = async (): Promise<(Purged | undefined)[]> =>
    Promise.all(others.map(async (worker) => purged(worker, selector, 'memory')));
  const [everywhere, once] = await Promise.all([first && purged(first, selector, 'everywhere'), purgeOthers()]);
  // What their requests have brought back from the shared store meanwhile. It was in there, and has been counted.
  const again = everywhere?.shared === undefined ? once : await purgeOthers();
  const silent = others.filter((_, index) => once[index] === undefined || again[index] === undefined).length;
  const answers = [everywhere, ...once].flatMap((answer) => answer ?? []);
  return purgeOutcome(answers, silent + (everywhere === undefined ? 1 : 0));
}

/** @returns undefined when it has not answered */
async function purged(worker: PurgedWorker, selector: PurgeSelector, scope: PurgeScope): Promise<Purged | undefined> {
  try {
    return await worker.purge(selector, scope);
  } catch {
    // What it held has gone with it. Whether it has reached the shared store nobody knows.
    return worker.isGone && scope === 'memory' ? { memory: 0 } : undefined;
  }
}
