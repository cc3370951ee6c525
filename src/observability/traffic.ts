import { EVENT_LOOP_RESOLUTION } from './process-metrics.ts';
import { quantileOf, type Bucket } from './quantile.ts';
import type { Reading, RouteLayout } from './reading.ts';

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

/**
 * Works out what happened between two readings. Counters that went back, since what a worker had counted is lost, count as
 * nothing for this once: what they stand at is what came in hours, and no rate of a second.
 *
 * @param former of the same {@link Reader}
 */
export function trafficBetween(former: Reading, now: Reading): ShownTraffic {
  const seconds = now.clock - former.clock;
  const growth = growthBetween(former.counts, now.counts);
  const routes: ShownRouteTraffic[] = [];
  const all = { requests: 0, errors: 0, histograms: new Array<readonly Bucket[]>() };
  for (const layout of now.layout.routes) {
    const counted = countedBy(layout, growth);
    all.requests += counted.requests;
    all.errors += counted.errors;
    all.histograms.push(counted.buckets);
    const statuses = layout.statuses.map(({ status, place }) => [status, rounded(grown(growth[place]) / seconds, 1e3)]);
    routes.push({ name: layout.name, ...shownRequests(counted, seconds), statuses: Object.fromEntries(statuses) });
  }
  return {
    at: new Date(now.at).toISOString(),
    interval_seconds: rounded(seconds, 1e3),
    total: {
      ...shownRequests({ ...all, buckets: together(all.histograms) }, seconds),
      in_flight: now.gauges.get('gateway_requests_in_flight') ?? 0,
      connections: now.gauges.get('gateway_connections') ?? 0,
    },
    routes,
    cache: cacheBetween(now, growth),
    process: {
      cpu_cores: rounded(cpuBetween(former.cpu, now.cpu) / seconds, 1e3),
      memory_bytes: now.gauges.get('process_resident_memory_bytes') ?? 0,
      event_loop_lag_seconds: shownSeconds(lagOf(now.gauges)),
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

/** By places; below 0 where a counter went back. What had no place before has counted nothing until then. */
function growthBetween(former: Float64Array, now: Float64Array): Float64Array {
  return now.map((count, place) => count - (former[place] ?? 0));
}

function grown(growth: number | undefined): number {
  return Math.max(0, growth ?? 0);
}

function countedBy({ statuses, buckets }: RouteLayout, growth: Float64Array): Counted {
  let requests = 0;
  let errors = 0;
  for (const { status, place } of statuses) {
    const more = grown(growth[place]);
    requests += more;
    if (status === '5xx') errors += more;
  }
  // Most routes are idle in most seconds.
  const wentBack = requests === 0 || buckets.some(({ place }) => (growth[place] ?? 0) < 0);
  return {
    requests,
    errors,
    buckets: wentBack ? [] : buckets.map(({ bound, place }) => ({ bound, count: growth[place] ?? 0 })),
  };
}

/** One histogram of several with the same bounds. */
function together(histograms: readonly (readonly Bucket[])[]): readonly Bucket[] {
  const counts = new Map<number, number>();
  for (const buckets of histograms)
    for (const { bound, count } of buckets) counts.set(bound, (counts.get(bound) ?? 0) + count);
  return [...counts].map(([bound, count]) => ({ bound, count }));
}

function shownRequests({ requests, errors, buckets }: Counted, seconds: number): ShownRequests {
  return {
    requests_per_second: rounded(requests / seconds, 1e3),
    errors_per_second: rounded(errors / seconds, 1e3),
    p50_seconds: shownSeconds(quantileOf(0.5, buckets)),
    p95_seconds: shownSeconds(quantileOf(0.95, buckets)),
    p99_seconds: shownSeconds(quantileOf(0.99, buckets)),
  };
}

function cacheBetween({ layout, gauges }: Reading, growth: Float64Array): ShownCacheTraffic {
  const all = { looked: 0, hits: 0 };
  const routes = layout.caches.map((cache) => {
    const looked = grown(growth[cache.looked]);
    const hits = Math.min(looked, grown(growth[cache.hits]));
    all.looked += looked;
    all.hits += hits;
    return { name: cache.name, hit_ratio: ratio(hits, looked) };
  });
  return {
    hit_ratio: ratio(all.hits, all.looked),
    bytes: gauges.get('gateway_cache_bytes') ?? null,
    entries: gauges.get('gateway_cache_entries') ?? null,
    routes,
  };
}

function cpuBetween(former: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): number {
  let seconds = 0;
  // A process that was not there before may have run for hours before it could be asked.
  for (const [series, value] of now) seconds += Math.max(0, value - (former.get(series) ?? value));
  return seconds;
}

/** Of a hundred turns the slowest but one, without the interval in which they are looked at. */
function lagOf(gauges: ReadonlyMap<string, number>): number | undefined {
  const lag = gauges.get('nodejs_eventloop_lag_p99_seconds');
  return lag === undefined ? undefined : Math.max(0, lag - EVENT_LOOP_RESOLUTION / 1000);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : rounded(part / whole, 1e4);
}

function shownSeconds(seconds: number | undefined): number | null {
  return seconds === undefined ? null : rounded(seconds, 1e6);
}

/** @param parts into how many one is divided */
function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
