import type { Family, Sample } from './exposition.ts';
import { labelsOf } from './series.ts';

/** Where the counts of routes and caches are in a reading. It only grows: what has a place keeps it. */
export interface Layout {
  readonly routes: readonly RouteLayout[];
  readonly caches: readonly CacheLayout[];
}

export interface RouteLayout {
  readonly name: string;
  /** Requests answered, by the class of their status such as `2xx`. */
  readonly statuses: { readonly status: string; readonly place: number }[];
  /** How long they took, cumulated: in rising order of their bounds, which are in seconds. */
  readonly buckets: { readonly bound: number; readonly place: number }[];
}

export interface CacheLayout {
  readonly name: string;
  /** Requests that looked into the cache. */
  readonly looked: number;
  /** Those of them that needed no whole answer of the upstream. */
  readonly hits: number;
}

/** What traffic is worked out from: the metrics of the gateway at one moment. */
export interface Reading {
  /** In milliseconds since 1970. */
  readonly at: number;
  /** In seconds, of a clock that nobody sets. */
  readonly clock: number;
  readonly layout: Layout;
  /** By their places. Places that came later are not in it. */
  readonly counts: Float64Array;
  /** Seconds of CPU time, by the series of the process. */
  readonly cpu: ReadonlyMap<string, number>;
  /** The values of other metrics that there are, by their names. */
  readonly gauges: ReadonlyMap<string, number>;
}

/** What of several processes is one value: their sum, or the worst. */
const GAUGES: Readonly<Record<string, (one: number, other: number) => number>> = {
  gateway_requests_in_flight: sum,
  gateway_connections: sum,
  gateway_cache_bytes: sum,
  gateway_cache_entries: sum,
  process_resident_memory_bytes: sum,
  nodejs_eventloop_lag_p99_seconds: (one, other) => Math.max(one, other),
};

const COUNTED = new Set(['gateway_requests', 'gateway_request_duration_seconds', 'gateway_cache_requests']);
const HITS = new Set(['hit', 'stale', 'revalidated', 'coalesced']);

/** A series with the places that its value is added to. */
interface Known {
  readonly series: string;
  readonly places: readonly number[];
}

/**
 * Makes readings of metrics. With 5,000 routes there are 100,000 series: each is taken apart when it is seen for the first
 * time, and then expected where it was the time before.
 */
export class Reader {
  readonly #layout = { routes: new Array<RouteLayout>(), caches: new Array<CacheLayout>() };
  readonly #routes = new Map<string, RouteLayout>();
  readonly #caches = new Map<string, CacheLayout>();
  readonly #known = new Map<string, Known>();
  /** By the names of metrics, in the order of the reading before. */
  readonly #expected = new Map<string, Known[]>();
  #places = 0;

  /**
   * @param at when they were read, in milliseconds since 1970
   * @param clock the same on a clock that nobody sets, in seconds
   */
  read(families: Iterable<Family>, at: number, clock: number): Reading {
    const cpu = new Map<string, number>();
    const gauges = new Map<string, number>();
    const counted: { readonly known: readonly Known[]; readonly samples: readonly Sample[] }[] = [];
    for (const { name, samples } of families) {
      const merge = GAUGES[name];
      if (COUNTED.has(name)) counted.push({ known: this.#know(name, samples), samples });
      else if (name === 'process_cpu_seconds') for (const { series, value } of samples) cpu.set(series, value);
      else if (merge !== undefined && samples.length > 0)
        gauges.set(name, samples.map(({ value }) => value).reduce(merge));
    }
    const counts = new Float64Array(this.#places);
    for (const { known, samples } of counted) addUp(known, samples, counts);
    return { at, clock, layout: this.#layout, counts, cpu, gauges };
  }

  #know(name: string, samples: readonly Sample[]): readonly Known[] {
    let expected = this.#expected.get(name);
    if (expected === undefined) this.#expected.set(name, (expected = []));
    for (const [at, { series }] of samples.entries()) {
      if (expected[at]?.series !== series) expected[at] = this.#find(series);
    }
    return expected;
  }

  #find(series: string): Known {
    let known = this.#known.get(series);
    if (known === undefined) this.#known.set(series, (known = { series, places: this.#placesOf(series) }));
    return known;
  }

  #placesOf(series: string): readonly number[] {
    const { route = '', status = '', result = '', le = '' } = labelsOf(series);
    switch (series.replace(/\{.*$/s, '')) {
      case 'gateway_requests_total': {
        const { statuses } = this.#route(route);
        // Those of all methods are one.
        let found = statuses.find((each) => each.status === status);
        if (found === undefined) statuses.push((found = { status, place: this.#places++ }));
        return [found.place];
      }
      case 'gateway_request_duration_seconds_bucket': {
        const { buckets } = this.#route(route);
        const place = this.#places++;
        buckets.push({ bound: boundOf(le), place });
        buckets.sort((one, other) => one.bound - other.bound);
        return [place];
      }
      case 'gateway_cache_requests_total': {
        const { looked, hits } = this.#cache(route);
        // A request that passes the cache by says nothing about what the cache is worth.
        if (result === 'bypass') return [];
        return HITS.has(result) ? [looked, hits] : [looked];
      }
      default:
        return [];
    }
  }

  #route(name: string): RouteLayout {
    let route = this.#routes.get(name);
    if (route === undefined) {
      this.#routes.set(name, (route = { name, statuses: [], buckets: [] }));
      this.#layout.routes.push(route);
    }
    return route;
  }

  #cache(name: string): CacheLayout {
    let cache = this.#caches.get(name);
    if (cache === undefined) {
      this.#caches.set(name, (cache = { name, looked: this.#places++, hits: this.#places++ }));
      this.#layout.caches.push(cache);
    }
    return cache;
  }
}

function addUp(known: readonly Known[], samples: readonly Sample[], counts: Float64Array): void {
  for (const [at, { value }] of samples.entries())
    for (const place of known[at]?.places ?? []) counts[place] = (counts[place] ?? 0) + value;
}

function boundOf(text: string): number {
  return text === '+Inf' ? Infinity : Number(text);
}

function sum(one: number, other: number): number {
  return one + other;
}
