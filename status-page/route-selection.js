/** @import { Route } from './shapes.d.ts' */
/** @import { RouteNumbers } from './route-numbers.js' */

/** @typedef {'name' | 'source' | 'requests' | 'errors' | 'p50' | 'p95' | 'p99'} SortKey */
/** @typedef {{ readonly key: SortKey, readonly descending: boolean }} Order */
/** @typedef {{ readonly route: Route, readonly words: string, readonly position: number }} ListedRoute */

/**
 * A route with the words by which it is found.
 *
 * @param {Route} route
 * @param {number} position its place in the configuration
 * @returns {ListedRoute}
 */
export function listed(route, position) {
  const { name, match, upstreams, source, access, rules } = route;
  const words = [name, match.path, ...match.hosts, ...match.methods, ...match.headers, ...upstreams];
  return { route, position, words: [...words, sourceText(source), access, ...rules].join('\n').toLowerCase() };
}

/**
 * Where a route is written.
 *
 * @param {Route['source']} source
 * @param {string} [folder] what is left out, with its slash: all files are below it
 */
export function sourceText({ file, line }, folder = '') {
  return file === '' ? '' : `${file.startsWith(folder) ? file.slice(folder.length) : file}:${line}`;
}

/**
 * Chooses which routes are shown: those that have all words of the filter, in their order, and not more than there is
 * place for.
 *
 * @param {readonly ListedRoute[]} all
 * @param {(name: string) => RouteNumbers} numbersOf
 * @param {{ readonly filter: string, readonly order: Order, readonly limit: number }} wish
 * @returns {{ readonly shown: readonly ListedRoute[], readonly matching: number }}
 */
export function selectRoutes(all, numbersOf, { filter, order, limit }) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = all.filter((each) => words.every((word) => each.words.includes(word)));
  // Numbers are looked up once for each route, and not for each comparison.
  const keyed = matching.map((each) => ({ each, key: sortValue(each, numbersOf(each.route.name), order.key) }));
  const sign = order.descending ? -1 : 1;
  keyed.sort((a, b) => sign * compared(a.key, b.key) || a.each.position - b.each.position);
  return { shown: keyed.slice(0, limit).map(({ each }) => each), matching: matching.length };
}

/**
 * @param {ListedRoute} listedRoute
 * @param {RouteNumbers} numbers
 * @param {SortKey} key
 * @returns {number | string}
 */
function sortValue({ route, position }, numbers, key) {
  if (key === 'name') return route.name;
  if (key === 'source') return position;
  // What has not been measured is less than all that has.
  return numbers[key] ?? -1;
}

/**
 * @param {number | string} a
 * @param {number | string} b
 */
function compared(a, b) {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}
