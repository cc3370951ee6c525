import { quantileOf, type Bucket } from './quantile.ts';
import type { CacheRouteReading, Reading, RouteReading } from './reading.ts';

/** What happened between two readings, as the admin API shows it. Null = it cannot be said. */
export interface ShownTraffic {
  /** The end of the interval; RFC 3339. */
  readonly at: string;
  readonly interval_seconds: number;
  readonly total: ShownTotal;
  /** All that have answered something since the start. */
  readonly routes: readonly ShownRouteTraffic[];
  readonly cache: ShownCacheTraffic;
  readonly process: ShownProcess;
}

/** How many requests were answered, how many of them with 5xx, and how long they took. */
export interface ShownRequests {
  readonly requests_per_second: number;
  readonly errors_per_second: number;
  readonly p50_seconds: number | null;
  readonly p95_seconds: number | null;
  readonly p99_seconds: number | null;
}

export interface ShownTotal extends ShownRequests {
  readonly in_flight: number;
  /** Of clients. */
  readonly connections: number;
}

export interface ShownRouteTraffic extends ShownRequests {
  /** As in metrics: `_none` for requests that no route took. */
  readonly name: string;
  /** Requests in each second by the class of their status, such as `2xx`: those classes that there were since the start. */
  readonly statuses: Readonly<Record<string, number>>;
}

export interface ShownCacheTraffic {
  /** 0 to 1; null = nobody looked into the cache, as for routes. */
  readonly hit_ratio: number | null;
  /** In memory; null = nothing is cached. */
  readonly bytes: number | null;
  readonly entries: number | null;
  readonly routes: readonly { readonly name: string; readonly hit_ratio: number | null }[];
}

/** Over all processes of the gateway. */
export interface ShownProcess {
  /** How many cores were busy, on average. */
  readonly cpu_cores: number;
  readonly memory_bytes: number;
  /** Of a hundred turns of the event loop the slowest but one; of several processes the worst. */
  readonly event_loop_lag_seconds: number | null;
}

const NO_ROUTE: RouteReading = { statuses: new Map(), buckets: [] };
const NO_CACHE: CacheRouteReading = { looked: 0, hits: 0 };

/**
 * Works out what happened between two readings. Counters that went back, since what a worker had counted is lost, count as
 * nothing for this once: what they stand at is what came in hours, and no rate of a second.
 */
export function trafficBetween(former: Reading, now: Reading): ShownTraffic {
  const seconds = now.clock - former.clock;
  const counted = [...now.routes].map(([name, reading]) => ({
    name,
    ...difference(former.routes.get(name) ?? NO_ROUTE, reading),
  }));
  const { requests, errors } = summed(counted);
  return {
    at: new Date(now.at).toISOString(),
    interval_seconds: rounded(seconds, 3),
    total: {
      ...shownRequests({ requests, errors, buckets: together(counted.map(({ buckets }) => buckets)) }, seconds),
      in_flight: now.gauges.get('gateway_requests_in_flight') ?? 0,
      connections: now.gauges.get('gateway_connections') ?? 0,
    },
    routes: counted.map(({ name, statuses, ...requestsOf }) => ({
      name,
      ...shownRequests(requestsOf, seconds),
      statuses: Object.fromEntries([...statuses].map(([status, count]) => [status, rounded(count / seconds, 3)])),
    })),
    cache: cacheBetween(former, now),
    process: {
      cpu_cores: rounded(cpuBetween(former.cpu, now.cpu) / seconds, 3),
      memory_bytes: now.gauges.get('process_resident_memory_bytes') ?? 0,
      event_loop_lag_seconds: shownSeconds(now.gauges.get('nodejs_eventloop_lag_p99_seconds')),
    },
  };
}

/** What was counted between two readings. */
interface Counted {
  readonly requests: number;
  readonly errors: number;
  /** Empty when it cannot be said. */
  readonly buckets: readonly Bucket[];
}

function difference(
  former: RouteReading,
  now: RouteReading,
): Counted & { readonly statuses: ReadonlyMap<string, number> } {
  const statuses = new Map<string, number>();
  let requests = 0;
  for (const [status, count] of now.statuses) {
    const more = grown(former.statuses.get(status), count);
    statuses.set(status, more);
    requests += more;
  }
  const buckets = requests === 0 ? [] : bucketsBetween(former.buckets, now.buckets);
  return { requests, errors: statuses.get('5xx') ?? 0, buckets, statuses };
}

/** @returns none when one of them went back, or when they are not the same buckets */
function bucketsBetween(former: readonly Bucket[], now: readonly Bucket[]): readonly Bucket[] {
  if (former.length === 0) return now;
  const between = now.map(({ bound, count }, at) => {
    const before = former[at];
    return { bound, count: before?.bound === bound ? count - before.count : -1 };
  });
  return between.some(({ count }) => count < 0) ? [] : between;
}

/** One histogram of several with the same bounds. */
function together(histograms: readonly (readonly Bucket[])[]): readonly Bucket[] {
  const counts = new Map<number, number>();
  for (const buckets of histograms)
    for (const { bound, count } of buckets) counts.set(bound, (counts.get(bound) ?? 0) + count);
  return [...counts].map(([bound, count]) => ({ bound, count }));
}

function summed(counted: readonly Counted[]): { readonly requests: number; readonly errors: number } {
  let requests = 0;
  let errors = 0;
  for (const each of counted) {
    requests += each.requests;
    errors += each.errors;
  }
  return { requests, errors };
}

function shownRequests({ requests, errors, buckets }: Counted, seconds: number): ShownRequests {
  return {
    requests_per_second: rounded(requests / seconds, 3),
    errors_per_second: rounded(errors / seconds, 3),
    p50_seconds: shownSeconds(quantileOf(0.5, buckets)),
    p95_seconds: shownSeconds(quantileOf(0.95, buckets)),
    p99_seconds: shownSeconds(quantileOf(0.99, buckets)),
  };
}

function cacheBetween(former: Reading, now: Reading): ShownCacheTraffic {
  const all = { looked: 0, hits: 0 };
  const routes = [...now.caches].map(([name, reading]) => {
    const before = former.caches.get(name) ?? NO_CACHE;
    const looked = grown(before.looked, reading.looked);
    const hits = Math.min(looked, grown(before.hits, reading.hits));
    all.looked += looked;
    all.hits += hits;
    return { name, hit_ratio: ratio(hits, looked) };
  });
  return {
    hit_ratio: ratio(all.hits, all.looked),
    bytes: now.gauges.get('gateway_cache_bytes') ?? null,
    entries: now.gauges.get('gateway_cache_entries') ?? null,
    routes,
  };
}

function cpuBetween(former: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): number {
  let seconds = 0;
  // A process that was not there before may have run for hours before it could be asked.
  for (const [series, value] of now) seconds += grown(former.get(series) ?? value, value);
  return seconds;
}

/** How much a counter has grown: what was not there before has counted nothing. */
function grown(former: number | undefined, now: number): number {
  return Math.max(0, now - (former ?? 0));
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : rounded(part / whole, 4);
}

function shownSeconds(seconds: number | undefined): number | null {
  return seconds === undefined ? null : rounded(seconds, 6);
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
