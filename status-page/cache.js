import { byId, element, setText } from './elements.js';
import { bytes, counted, percent } from './format.js';
import { Facts } from './overview.js';
import { Rows } from './rows.js';

/** @import { Cache, CachedRoute, Traffic } from './shapes.d.ts' */
/** @import { Row } from './rows.js' */

const LIMIT = 100;

/** @type {readonly (readonly [string, (route: CachedRoute) => string])[]} */
const COLUMNS = [
  ['Hit ratio', ({ hit_ratio: ratio }) => percent(ratio)],
  ['Requests', ({ requests }) => whole(requests)],
  ['Hits', ({ hits }) => whole(hits)],
  ['Stale', ({ stale }) => whole(stale)],
  ['Revalidated', ({ revalidated }) => whole(revalidated)],
  ['Coalesced', ({ coalesced }) => whole(coalesced)],
  ['Misses', ({ misses }) => whole(misses)],
  ['Bypassed', ({ bypassed }) => whole(bypassed)],
];

/** How much of what is asked for the cache answers, and what it takes. */
export class CachePart {
  #none = byId('cache-none', HTMLElement);
  #content = byId('cache-content', HTMLElement);
  #facts = new Facts(byId('cache-facts', HTMLElement));
  #count = byId('cache-count', HTMLElement);
  #rows = new Rows(byId('cache-body', HTMLElement), cachedRow);

  constructor() {
    const heads = ['Route', ...COLUMNS.map(([name]) => name)];
    byId('cache-head', HTMLElement).append(
      ...heads.map((head) => element('th', { scope: 'col', role: 'columnheader' }, head)),
    );
  }

  /** Whether there is something to show. */
  get isUsed() {
    return !this.#content.hidden;
  }

  /** @param {Cache} cache since the gateway started */
  show({ memory, routes }) {
    this.#none.hidden = routes.length > 0;
    this.#content.hidden = routes.length === 0;
    const asked = sum(routes, ({ requests }) => requests);
    const ratio = asked === 0 ? null : sum(routes, (route) => (route.hit_ratio ?? 0) * route.requests) / asked;
    this.#facts.set('Since the start', percent(ratio), { note: `of ${counted(asked, 'request')}` });
    if (memory !== null)
      this.#facts.set('Memory', bytes(memory.bytes), {
        note: `of ${bytes(memory.max_bytes)}, ${counted(memory.entries, 'answer')}`,
      });
    const busiest = routes.toSorted((a, b) => b.requests - a.requests);
    this.#rows.show(busiest.slice(0, LIMIT), ({ name }) => name);
    const more = routes.length - LIMIT;
    setText(this.#count, more > 0 ? `And ${counted(more, 'more route')}.` : '');
  }

  /** @param {Traffic} traffic */
  traffic({ cache }) {
    this.#facts.set('In the last second', percent(cache.hit_ratio), { note: 'of the requests to routes with a cache' });
  }
}

/** @returns {Row<CachedRoute>} */
function cachedRow() {
  const name = element('th', { scope: 'row', role: 'rowheader' });
  const cells = COLUMNS.map(([label]) => element('td', { role: 'cell', 'data-label': label }));
  return {
    element: element('tr', { role: 'row' }, name, ...cells),
    update(route) {
      setText(name, route.name);
      COLUMNS.forEach(([, text], index) => {
        const cell = cells[index];
        if (cell !== undefined) setText(cell, text(route));
      });
    },
  };
}

/** @param {number} value */
function whole(value) {
  return value.toLocaleString('en');
}

/**
 * @param {readonly CachedRoute[]} routes
 * @param {(route: CachedRoute) => number} valueOf
 */
function sum(routes, valueOf) {
  return routes.reduce((total, route) => total + valueOf(route), 0);
}
