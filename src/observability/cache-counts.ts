import { Counter, Gauge, type Registry } from 'prom-client';
import { BoundCounter, type BoundCount } from './bound.ts';

/**
 * How a request on a route with a cache was answered:
 *
 * - `hit`: from the cache, with an answer that is fresh
 * - `stale`: from the cache, with one that is not, since it may be used all the same
 * - `revalidated`: from the cache, after the upstream has said that it still holds
 * - `coalesced`: with what came of another request that was under way
 * - `miss`: by the upstream
 * - `bypass`: by the upstream, without a look into the cache
 */
export type CacheResult = 'hit' | 'stale' | 'revalidated' | 'coalesced' | 'miss' | 'bypass';

/** What the cache of one route counts. */
export interface CacheMetrics {
  count(result: CacheResult): void;
}

/** What the cache of a process holds in memory. */
export interface CacheReading {
  readonly bytes: number;
  readonly entries: number;
}

/** Why the shared store was left out: those that there are from the start. */
const SKIP_REASONS = ['timeout', 'away', 'refused'];

/** What response caches count. Routes are bound on first use: one that nobody calls costs nothing in a scrape. */
export class CacheCounts {
  readonly #requests: BoundCounter<'route' | 'result'>;
  readonly #evictions: BoundCount;
  readonly #purged: Counter;
  readonly #skipped: Counter<'reason'>;
  readonly #routes = new Map<string, CacheMetrics>();

  /** @param read what is in memory; undefined while nothing is cached */
  constructor(registry: Registry, read: () => CacheReading | undefined) {
    const registers = [registry];
    this.#requests = new BoundCounter({
      name: 'gateway_cache_requests_total',
      help: 'Requests on routes with a cache, by how they were answered.',
      labelNames: ['route', 'result'],
      registers,
    });
    this.#evictions = new BoundCounter({
      name: 'gateway_cache_evictions_total',
      help: 'Stored answers that were dropped from memory to make room for others.',
      registers,
    }).bind({});
    this.#purged = new Counter({
      name: 'gateway_cache_purged_total',
      help: 'Stored answers that were purged on demand.',
      registers,
    });
    this.#skipped = new Counter({
      name: 'gateway_cache_redis_skipped_total',
      help: 'How often the cache went on without Redis, since that gave no answer in time, was away, or refused.',
      labelNames: ['reason'],
      registers,
    });
    // There from the start: what rises from nothing to one is no rise for rate().
    for (const reason of SKIP_REASONS) this.#skipped.inc({ reason }, 0);
    this.#gauge(registers, read, 'bytes', 'Bytes of stored answers in memory.');
    this.#gauge(registers, read, 'entries', 'Stored answers in memory.');
  }

  #gauge(registers: Registry[], read: () => CacheReading | undefined, what: keyof CacheReading, help: string): void {
    const gauge: Gauge = new Gauge({
      name: `gateway_cache_${what}`,
      help,
      registers,
      collect: () => {
        const reading = read();
        // Where nothing is cached no series says that the cache is empty.
        if (reading === undefined) gauge.remove();
        else gauge.set(reading[what]);
      },
    });
  }

  /** The counters of a route; the same object for the same name, so that counts survive reloads. */
  route(name: string): CacheMetrics {
    let metrics = this.#routes.get(name);
    if (metrics === undefined) this.#routes.set(name, (metrics = this.#createRoute(name)));
    return metrics;
  }

  #createRoute(route: string): CacheMetrics {
    const counts: Partial<Record<CacheResult, BoundCount>> = {};
    return {
      count: (result) => (counts[result] ??= this.#requests.bind({ route, result })).inc(),
    };
  }

  /** A stored answer made room for others. */
  evicted(): void {
    this.#evictions.inc();
  }

  /** @param answers how many were purged */
  purged(answers: number): void {
    this.#purged.inc(answers);
  }

  /** Redis was left out. @param reason of a closed list */
  skipped(reason: string): void {
    this.#skipped.inc({ reason });
  }
}
