/** @import { RouteTraffic, Traffic } from './shapes.d.ts' */

/** How many seconds numbers of routes are a mean of: one alone says little of a route with a request now and then. */
const SECONDS = 10;

/**
 * What a route did lately. Latencies are those of the latest second in which it was asked.
 *
 * @typedef {{ requests: number, errors: number, p50: number | null, p95: number | null, p99: number | null,
 *   statuses: Map<string, number>, hitRatio: number | null }} RouteNumbers
 */

/** The numbers of all routes, from what each second says of them. */
export class RecentRoutes {
  /** @type {Traffic[]} */
  #seconds = [];
  /** @type {Map<string, RouteNumbers>} */
  #numbers = new Map();

  /** Those that have served something, and `_none` for what no route took. */
  get names() {
    return this.#numbers.keys();
  }

  /** @param {Traffic} traffic */
  add(traffic) {
    this.#seconds.push(traffic);
    if (this.#seconds.length > SECONDS) this.#seconds.shift();
    this.#numbers = new Map();
    for (const second of this.#seconds) {
      for (const route of second.routes) addTo(this.#of(route.name), route, this.#seconds.length);
      for (const { name, hit_ratio: ratio } of second.cache.routes) if (ratio !== null) this.#of(name).hitRatio = ratio;
    }
  }

  /** Forgets all: what comes next is another process. */
  clear() {
    this.#seconds = [];
    this.#numbers = new Map();
  }

  /**
   * @param {string} name
   * @returns {RouteNumbers}
   */
  of(name) {
    return this.#numbers.get(name) ?? nothing();
  }

  /** @param {string} name */
  #of(name) {
    const found = this.#numbers.get(name) ?? nothing();
    this.#numbers.set(name, found);
    return found;
  }
}

/**
 * @param {RouteNumbers} numbers
 * @param {RouteTraffic} second
 * @param {number} seconds
 */
function addTo(numbers, second, seconds) {
  numbers.requests += second.requests_per_second / seconds;
  numbers.errors += second.errors_per_second / seconds;
  for (const [status, rate] of Object.entries(second.statuses))
    numbers.statuses.set(status, (numbers.statuses.get(status) ?? 0) + rate / seconds);
  if (second.p50_seconds === null) return;
  numbers.p50 = second.p50_seconds;
  numbers.p95 = second.p95_seconds;
  numbers.p99 = second.p99_seconds;
}

/** @returns {RouteNumbers} */
function nothing() {
  return { requests: 0, errors: 0, p50: null, p95: null, p99: null, statuses: new Map(), hitRatio: null };
}
