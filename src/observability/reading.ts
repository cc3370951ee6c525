import type { Family } from './exposition.ts';
import type { Bucket } from './quantile.ts';

/** What one route has counted since the start. */
export interface RouteReading {
  /** Requests answered, by the class of their status such as `2xx`. */
  readonly statuses: Map<string, number>;
  /** How long they took, in seconds; cumulated, in rising order. */
  readonly buckets: Bucket[];
}

/** What the cache of one route has counted since the start. */
export interface CacheRouteReading {
  /** Requests that looked into the cache. */
  looked: number;
  /** Those of them that were answered without one more request to the upstream. */
  hits: number;
}

/** What traffic is worked out from: the metrics of the gateway at one moment. */
export interface Reading {
  /** In milliseconds since 1970. */
  readonly at: number;
  /** In seconds, of a clock that nobody sets. */
  readonly clock: number;
  readonly routes: Map<string, RouteReading>;
  readonly caches: Map<string, CacheRouteReading>;
  /** Seconds of CPU time, by the series of the process. */
  readonly cpu: Map<string, number>;
  /** The values of other metrics that there are, by their names. */
  readonly gauges: Map<string, number>;
}

/** Where the value of a series goes. */
type Place =
  | { readonly in: 'statuses'; readonly route: string; readonly status: string }
  | { readonly in: 'buckets'; readonly route: string; readonly bound: number }
  | { readonly in: 'caches'; readonly route: string; readonly isHit: boolean }
  | 'nowhere';

/** What of several processes is one value: their sum, or the worst. */
const GAUGES: Readonly<Record<string, (one: number, other: number) => number>> = {
  gateway_requests_in_flight: sum,
  gateway_connections: sum,
  gateway_cache_bytes: sum,
  gateway_cache_entries: sum,
  process_resident_memory_bytes: sum,
  nodejs_eventloop_lag_p99_seconds: (one, other) => Math.max(one, other),
};

const HITS = new Set(['hit', 'stale', 'coalesced']);

/**
 * Makes readings of metrics. A series is text that never changes: it is taken apart when it is seen for the first time, and
 * then known by its text. With 5,000 routes there are 100,000 of them.
 */
export class Reader {
  readonly #places = new Map<string, Place>();

  /**
   * @param at when they were read, in milliseconds since 1970
   * @param clock the same on a clock that nobody sets, in seconds
   */
  read(families: Iterable<Family>, at: number, clock: number): Reading {
    const reading = { at, clock, routes: new Map(), caches: new Map(), cpu: new Map(), gauges: new Map() };
    for (const family of families) this.#take(family, reading);
    return reading;
  }

  #take({ name, samples }: Family, reading: Reading): void {
    const merge = GAUGES[name];
    if (merge !== undefined) {
      const values = samples.map(({ value }) => value);
      if (values.length > 0) reading.gauges.set(name, values.reduce(merge));
    } else if (name === 'process_cpu_seconds') {
      for (const { series, value } of samples) reading.cpu.set(series, value);
    } else if (COUNTED.has(name)) {
      for (const { series, value } of samples) put(this.#placeOf(series), value, reading);
    }
  }

  #placeOf(series: string): Place {
    let place = this.#places.get(series);
    if (place === undefined) this.#places.set(series, (place = placeOf(series)));
    return place;
  }
}

const COUNTED = new Set(['gateway_requests', 'gateway_request_duration_seconds', 'gateway_cache_requests']);

function placeOf(series: string): Place {
  const { name, labels } = parseSeries(series);
  const route = labels.get('route') ?? '';
  switch (name) {
    case 'gateway_requests_total':
      return { in: 'statuses', route, status: labels.get('status') ?? '' };
    case 'gateway_request_duration_seconds_bucket':
      return { in: 'buckets', route, bound: boundOf(labels.get('le') ?? '') };
    case 'gateway_cache_requests_total':
      // A request that passes the cache by says nothing about what the cache is worth.
      return labels.get('result') === 'bypass'
        ? 'nowhere'
        : { in: 'caches', route, isHit: HITS.has(labels.get('result') ?? '') };
    default:
      return 'nowhere';
  }
}

function put(place: Place, value: number, { routes, caches }: Reading): void {
  if (place === 'nowhere') return;
  if (place.in === 'caches') {
    let cache = caches.get(place.route);
    if (cache === undefined) caches.set(place.route, (cache = { looked: 0, hits: 0 }));
    cache.looked += value;
    if (place.isHit) cache.hits += value;
    return;
  }
  let route = routes.get(place.route);
  if (route === undefined) routes.set(place.route, (route = { statuses: new Map(), buckets: [] }));
  if (place.in === 'buckets') route.buckets.push({ bound: place.bound, count: value });
  else route.statuses.set(place.status, (route.statuses.get(place.status) ?? 0) + value);
}

const LABEL = /([^={,]+)="((?:[^"\\]|\\.)*)"/g;

/** Takes a series apart that {@link Family} has: `gateway_requests_total{route="any",status="2xx"}`. */
export function parseSeries(series: string): { readonly name: string; readonly labels: ReadonlyMap<string, string> } {
  const brace = series.indexOf('{');
  if (brace === -1) return { name: series, labels: new Map() };
  const labels = new Map<string, string>();
  for (const [, label = '', text = ''] of series.slice(brace).matchAll(LABEL))
    labels.set(
      label,
      text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char)),
    );
  return { name: series.slice(0, brace), labels };
}

function boundOf(text: string): number {
  return text === '+Inf' ? Infinity : Number(text);
}

function sum(one: number, other: number): number {
  return one + other;
}
