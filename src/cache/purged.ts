import type { Cache } from './cache.ts';
import type { PurgeSelector } from './purge.ts';

/** A cache, as far as a purge goes. */
export type PurgeableCache = Pick<Cache, 'purgeMemory' | 'purgeShared'>;

/** How far a purge goes: the memory of one process, or the store that gateways share, too. */
export type PurgeScope = 'memory' | 'everywhere';

/** What went in one process. */
export interface Purged {
  /** Answers from memory. */
  readonly memory: number;
  /** Answers from the store that gateways share. Absent when there is none, or it was not asked. */
  readonly shared?: number | 'unavailable';
}

/** What came of a purge in all processes of a gateway. */
export interface PurgeOutcome {
  /** How many answers went; copies of one count once. */
  readonly purged: number;
  /** Of the store that gateways share, and what others hold in memory. */
  readonly shared: 'none' | 'done' | 'unavailable';
  /** How many processes of this gateway have not answered: they may still hold what was to go. */
  readonly silent: number;
}

/** Purges the caches of a process. When it is over, none of them has anything left of what was stored before. */
export async function purge(
  caches: readonly PurgeableCache[],
  selector: PurgeSelector,
  scope: PurgeScope,
): Promise<Purged> {
  let memory = purgeMemory(caches, selector);
  if (scope === 'memory') return { memory };
  const shared: (number | 'unavailable')[] = [];
  // One after the other: two that have one store must not count its answers twice.
  for (const cache of caches) {
    const outcome = await cache.purgeShared(selector);
    if (outcome !== undefined) shared.push(outcome);
  }
  if (shared.length === 0) return { memory };
  // What requests have brought back from the shared store meanwhile.
  memory += purgeMemory(caches, selector);
  return { memory, shared: shared.reduce(added) };
}

/**
 * What processes purged, as one.
 *
 * @param silent how many have not answered
 */
export function purgeOutcome(processes: readonly Purged[], silent = 0): PurgeOutcome {
  const memory = processes.map((each) => each.memory);
  const shared = processes.flatMap((each) => (each.shared === undefined ? [] : [each.shared]));
  // Without a shared store each process has stored its own; with one, all have copies of what is in there.
  if (shared.length === 0) return { purged: memory.reduce((sum, count) => sum + count, 0), shared: 'none', silent };
  const counts = shared.map((count) => (count === 'unavailable' ? 0 : count));
  return {
    purged: Math.max(...memory, ...counts),
    shared: shared.includes('unavailable') ? 'unavailable' : 'done',
    silent,
  };
}

function purgeMemory(caches: readonly PurgeableCache[], selector: PurgeSelector): number {
  return caches.reduce((sum, cache) => sum + cache.purgeMemory(selector), 0);
}

function added(one: number | 'unavailable', other: number | 'unavailable'): number | 'unavailable' {
  return one === 'unavailable' || other === 'unavailable' ? 'unavailable' : one + other;
}
