import type { GatewayConfig } from '../config/config.ts';
import type { CacheResult } from '../observability/cache-counts.ts';
import type { Family } from '../observability/exposition.ts';
import { labelsOf } from '../observability/series.ts';
import { closed, reference, TEXT, type Part } from '../users/openapi.ts';

const COUNT: Part = { type: 'integer', minimum: 0 };

/** What the OpenAPI document says of it. */
export const CACHE_SCHEMAS = {
  Cache: closed({
    memory: {
      oneOf: [
        closed({
          bytes: COUNT,
          max_bytes: { ...COUNT, description: '`cache.memory`, for each process that serves.' },
          entries: { ...COUNT, description: 'Stored answers.' },
        }),
        { type: 'null' },
      ],
      description: 'What all processes hold in memory; null = no route stores anything.',
    },
    routes: { type: 'array', items: reference('CachedRoute') },
  }),
  CachedRoute: closed({
    name: TEXT,
    requests: { ...COUNT, description: 'Since the start, as all of these.' },
    hits: { ...COUNT, description: 'From the cache, with an answer that was fresh.' },
    stale: { ...COUNT, description: 'From the cache, with one that was not.' },
    revalidated: { ...COUNT, description: 'From the cache, after the upstream has said that it still holds.' },
    coalesced: { ...COUNT, description: 'With what came of another request that was under way.' },
    misses: { ...COUNT, description: 'By the upstream.' },
    bypassed: { ...COUNT, description: 'By the upstream, without a look into the cache.' },
    hit_ratio: {
      type: ['number', 'null'],
      minimum: 0,
      maximum: 1,
      description: 'Of the requests that looked into the cache those that needed no whole answer of the upstream.',
    },
  }),
} as const satisfies Readonly<Record<string, Part>>;

/** How the series of each member ends. */
const RESULTS = {
  hits: 'hit',
  stale: 'stale',
  revalidated: 'revalidated',
  coalesced: 'coalesced',
  misses: 'miss',
  bypassed: 'bypass',
} as const satisfies Readonly<Record<string, CacheResult>>;

type Counts = Record<keyof typeof RESULTS, number>;

const NONE: Counts = { hits: 0, stale: 0, revalidated: 0, coalesced: 0, misses: 0, bypassed: 0 };

/**
 * The body of `GET /api/v1/cache`, made of what the metrics say.
 *
 * @param families of all processes
 * @param processes how many serve
 */
export function shownCache(
  families: readonly Family[],
  { routes, cache }: Pick<GatewayConfig, 'routes' | 'cache'>,
  processes: number,
): object {
  const valueOf = (name: string): number | undefined =>
    families.find((family) => family.name === name)?.samples[0]?.value;
  const bytes = valueOf('gateway_cache_bytes');
  const counts = countsOf(families);
  return {
    memory:
      bytes === undefined
        ? null
        : { bytes, max_bytes: cache.memory * processes, entries: valueOf('gateway_cache_entries') ?? 0 },
    routes: routes
      .filter((route) => route.cache !== undefined)
      .map(({ name }) => shownCounts(name, counts.get(name) ?? NONE)),
  };
}

function shownCounts(name: string, counts: Counts): object {
  const { hits, stale, revalidated, coalesced, misses, bypassed } = counts;
  const spared = hits + stale + revalidated + coalesced;
  const looked = spared + misses;
  const ratio = looked === 0 ? null : Number((spared / looked).toFixed(4));
  return { name, requests: looked + bypassed, ...counts, hit_ratio: ratio };
}

/** What each route has counted, by its name. */
function countsOf(families: readonly Family[]): ReadonlyMap<string, Counts> {
  const members = Object.entries(RESULTS);
  const counts = new Map<string, Counts>();
  const requests = families.find(({ name }) => name === 'gateway_cache_requests');
  for (const { series, value } of requests?.samples ?? []) {
    const { route = '', result } = labelsOf(series);
    const [member] = members.find(([, each]) => each === result) ?? [];
    if (member === undefined) continue;
    counts.set(route, { ...(counts.get(route) ?? NONE), [member]: value });
  }
  return counts;
}
