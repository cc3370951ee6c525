import { byId, element, setAttribute, setText } from './elements.js';
import { latency, number, percent } from './format.js';
import { RecentRoutes } from './route-numbers.js';
import { listed, selectRoutes, sourceText } from './route-selection.js';
import { Rows } from './rows.js';

/** @import { ListedRoute, Order, SortKey } from './route-selection.js' */
/** @import { Route, Traffic } from './shapes.d.ts' */
/** @import { Row } from './rows.js' */

/** A browser can draw more, and nobody reads more. */
const LIMIT = 100;

/** @type {readonly (readonly [SortKey, string])[]} */
const COLUMNS = [
  ['name', 'Route'],
  ['source', 'Source'],
  ['requests', 'Requests/s'],
  ['errors', 'Errors/s'],
  ['p50', 'p50'],
  ['p95', 'p95'],
  ['p99', 'p99'],
];

/** How metrics call what no route took. */
const UNMATCHED = '_none';

/** The routes with what they do: rate, errors, durations. */
export class RoutesTable {
  #onSource;
  #numbers = new RecentRoutes();
  /** @type {readonly ListedRoute[]} */
  #configured = [];
  /** @type {Order} */
  #order = { key: 'requests', descending: true };
  /** @type {readonly string[]} */
  #shown = [];
  #folder = '';
  #head = byId('routes-head', HTMLElement);
  #body = byId('routes-body', HTMLElement);
  #filter = byId('routes-filter', HTMLInputElement);
  #count = byId('routes-count', HTMLElement);
  #rows = new Rows(this.#body, () => this.#row());

  /** @param {(source: Route['source']) => void} onSource told where somebody wants to see the configuration */
  constructor(onSource) {
    this.#onSource = onSource;
    for (const [key, name] of COLUMNS) {
      const button = element('button', { type: 'button', class: 'sort' }, name);
      button.addEventListener('click', () => this.#sortBy(key));
      const head = element('th', { scope: 'col', role: 'columnheader', 'data-key': key }, button);
      this.#head.append(head);
    }
    this.#filter.addEventListener('input', () => this.#choose());
    this.#showOrder();
  }

  /**
   * @param {readonly Route[]} routes those of the configuration that serves, in its order
   * @param {string} file the first file of it
   */
  configured(routes, file) {
    this.#folder = file.slice(0, file.lastIndexOf('/') + 1);
    this.#configured = routes.map(listed);
    this.#choose();
  }

  /** @param {Traffic} traffic */
  traffic(traffic) {
    this.#numbers.add(traffic);
    // Nothing moves away from under a pointer or the focus.
    if (isHeld(this.#body)) this.#show();
    else this.#choose();
  }

  /** Forgets what was measured: another process counts anew. */
  clear() {
    this.#numbers.clear();
  }

  /** @param {SortKey} key */
  #sortBy(key) {
    const isSame = this.#order.key === key;
    // Numbers begin with the largest, names with the first.
    this.#order = { key, descending: isSame ? !this.#order.descending : key !== 'name' && key !== 'source' };
    this.#showOrder();
    this.#choose();
  }

  #showOrder() {
    const { key, descending } = this.#order;
    for (const head of this.#head.children) {
      const isIt = head.getAttribute('data-key') === key;
      head.setAttribute('aria-sort', isIt ? (descending ? 'descending' : 'ascending') : 'none');
    }
  }

  /** Those of the configuration, and what else has been counted. */
  get #all() {
    const known = new Set(this.#configured.map(({ route }) => route.name));
    const others = [...this.#numbers.names].filter((name) => !known.has(name));
    return [...this.#configured, ...others.map((name, index) => listed(unknown(name), known.size + index))];
  }

  #choose() {
    const all = this.#all;
    const { shown, matching } = selectRoutes(all, (name) => this.#numbers.of(name), {
      filter: this.#filter.value,
      order: this.#order,
      limit: LIMIT,
    });
    this.#shown = shown.map(({ route }) => route.name);
    this.#rows.show(shown, ({ route }) => route.name);
    setText(this.#count, countText(shown.length, matching, all.length));
  }

  /** The same routes in the same order, with their latest numbers. */
  #show() {
    const byName = new Map(this.#all.map((each) => [each.route.name, each]));
    const still = this.#shown.map((name) => byName.get(name)).filter((each) => each !== undefined);
    this.#rows.show(still, ({ route }) => route.name);
  }

  /** @returns {Row<ListedRoute>} */
  #row() {
    const name = element('summary');
    const more = element('dl', { class: 'more' });
    const match = element('p', { class: 'match' });
    const source = element('button', { type: 'button', class: 'link' });
    const cells = COLUMNS.slice(2).map(([, label]) => element('td', { role: 'cell', 'data-label': label }));
    const [requests, errors, p50, p95, p99] = cells;
    const row = element(
      'tr',
      { role: 'row' },
      element('th', { scope: 'row', role: 'rowheader' }, element('details', {}, name, more), match),
      element('td', { role: 'cell', 'data-label': 'Source' }, source),
      ...cells,
    );
    /** @type {Route | undefined} */
    let shown;
    source.addEventListener('click', () => shown && this.#onSource(shown.source));
    return {
      element: row,
      update: ({ route }) => {
        const isNew = shown !== route;
        shown = route;
        setText(name, route.name === UNMATCHED ? '(no route took them)' : route.name);
        setText(match, matchText(route));
        setText(source, sourceText(route.source, this.#folder));
        setAttribute(source, 'title', sourceText(route.source));
        const numbers = this.#numbers.of(route.name);
        const share = numbers.requests > 0 ? ` (${percent(numbers.errors / numbers.requests)})` : '';
        if (requests) setText(requests, number(numbers.requests));
        if (errors) {
          setText(errors, numbers.errors > 0 ? number(numbers.errors) + share : '0');
          setAttribute(errors, 'class', numbers.errors > 0 ? 'fault' : '');
        }
        if (p50) setText(p50, latency(numbers.p50));
        if (p95) setText(p95, latency(numbers.p95));
        if (p99) setText(p99, latency(numbers.p99));
        if (isNew) more.replaceChildren();
        fillMore(more, route, numbers);
      },
    };
  }
}

/**
 * @param {HTMLElement} list
 * @param {Route} route
 * @param {import('./route-numbers.js').RouteNumbers} numbers
 */
function fillMore(list, route, { statuses, hitRatio }) {
  const rates = [...statuses].filter(([, rate]) => rate > 0).map(([status, rate]) => `${status} ${number(rate)}/s`);
  const pairs = [
    ['Goes to', goesTo(route)],
    ['Access', route.access],
    ['Rules', route.rules.join(' → ')],
    ['Answers', rates.join(', ')],
    ['Cache hits', hitRatio === null ? '' : percent(hitRatio)],
  ].filter(([, text]) => text !== '');
  if (list.childElementCount !== pairs.length)
    list.replaceChildren(...pairs.map(() => element('div', {}, element('dt'), element('dd'))));
  pairs.forEach(([term = '', text = ''], index) => {
    const [dt, dd] = list.children[index]?.children ?? [];
    if (dt) setText(dt, term);
    if (dd) setText(dd, text);
  });
}

/** @param {Route} route */
function goesTo({ upstreams, respond }) {
  return respond === null ? upstreams.join(', ') : `answered here with ${respond.status}`;
}

/** @param {Route} route */
function matchText({ match: { hosts, path, methods, headers } }) {
  const host = hosts.length > 1 ? `{${hosts.join(', ')}}` : (hosts[0] ?? '');
  const fields = headers.map((name) => `with ${name}`);
  return [...methods, host + path, ...fields].join(' ');
}

/** @param {string} name @returns {Route} a route that was counted and is in no configuration (any more) */
function unknown(name) {
  const source = { file: '', line: 0 };
  const match = { hosts: [], path: '', methods: [], headers: [] };
  return { name, source, match, access: '', rules: [], upstreams: [], respond: null };
}

/**
 * @param {number} shown
 * @param {number} matching
 * @param {number} all
 */
function countText(shown, matching, all) {
  if (all === 0) return 'There is no route.';
  const found = matching.toLocaleString('en');
  const told = matching === all ? `${found} in all` : `${found} of ${all.toLocaleString('en')} match the filter`;
  return shown === matching
    ? told
    : `${told}: the first ${shown} are shown, and ${(matching - shown).toLocaleString('en')} more are not`;
}

/** @param {Element} body */
function isHeld(body) {
  return body.matches(':focus-within') || (matchMedia('(hover: hover)').matches && body.matches(':hover'));
}
