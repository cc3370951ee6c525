import { byId, element, setAttribute, setPill, setText } from './elements.js';
import { counted, latency, NOTHING, percent, span } from './format.js';
import { Rows } from './rows.js';

/** @import { Announcer } from './announcer.js' */
/** @import { Tone } from './elements.js' */
/** @import { Row } from './rows.js' */
/** @import { Endpoint, Upstream, Upstreams } from './shapes.d.ts' */

/** How many upstreams are shown, and how many endpoints of one. */
const UPSTREAMS = 50;
const ENDPOINTS = 100;
/** How many changes of endpoints are said aloud; of more than that only their number. */
const SAID = 3;

const COLUMNS = ['State', 'Endpoint', 'Why', 'Breaker', 'Under way', 'Connections', 'Latency', 'Weight'];

/** @type {ReadonlyMap<string, Tone>} */
const TONES = new Map([
  ['available', 'good'],
  ['half-open', 'warn'],
]);

/** The upstreams with their endpoints: those in trouble first, since that is what somebody comes for. */
export class UpstreamsList {
  #announcer;
  /** @type {readonly Upstream[]} */
  #all = [];
  /** @type {Map<string, string>} */
  #conditions = new Map();
  #filter = byId('upstreams-filter', HTMLInputElement);
  #count = byId('upstreams-count', HTMLElement);
  #rows = new Rows(byId('upstreams-list', HTMLElement), upstreamRow);

  /** @param {Announcer} announcer */
  constructor(announcer) {
    this.#announcer = announcer;
    this.#filter.addEventListener('input', () => this.#show());
  }

  /** @param {Upstreams} upstreams */
  show({ upstreams }) {
    this.#all = upstreams.toSorted((a, b) => Number(isTroubled(b)) - Number(isTroubled(a)));
    this.#sayChanges();
    this.#show();
  }

  #show() {
    const words = this.#filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matching = this.#all.filter((upstream) => words.every((word) => wordsOf(upstream).includes(word)));
    this.#rows.show(matching.slice(0, UPSTREAMS), ({ name }) => name);
    const more = matching.length - UPSTREAMS;
    const found =
      words.length === 0 ? '' : `${matching.length} of ${counted(this.#all.length, 'upstream')} match the filter. `;
    const text = this.#all.length === 0 ? 'There is no upstream.' : found;
    setText(this.#count, more > 0 ? `${text}The first ${UPSTREAMS} are shown, and ${more} more are not.` : text);
  }

  #sayChanges() {
    const conditions = new Map(
      this.#all.flatMap(({ name, endpoints }) =>
        endpoints.map(({ url, condition }) => [`${url} of ${name}`, condition]),
      ),
    );
    const changed = [...conditions].filter(
      ([key, condition]) => (this.#conditions.get(key) ?? condition) !== condition,
    );
    this.#conditions = conditions;
    if (changed.length === 0) return this.#announcer.tell('endpoints', '');
    const said = changed.slice(0, SAID).map(([endpoint, condition]) => `${endpoint} is ${condition}.`);
    const more = changed.length > SAID ? ` And ${changed.length - SAID} more.` : '';
    return this.#announcer.tell('endpoints', said.join(' ') + more);
  }
}

/** @param {Upstream} upstream */
function isTroubled({ endpoints, source, panic }) {
  return panic || source.fault !== null || endpoints.some((endpoint) => endpoint.condition !== 'available');
}

/** @param {Upstream} upstream */
function wordsOf({ name, balance, source, endpoints }) {
  const words = endpoints.map(({ url, condition, why }) => `${url}\n${condition}\n${why}`);
  return [name, balance, source.kind, source.fault ?? '', ...words].join('\n').toLowerCase();
}

/** @returns {Row<Upstream>} */
function upstreamRow() {
  const name = element('h3');
  const state = element('span');
  const about = element('p', { class: 'about' });
  const fault = element('p', { class: 'fault' });
  const body = element('tbody', { role: 'rowgroup' });
  const count = element('p', { class: 'count' });
  const heads = COLUMNS.map((head) => element('th', { scope: 'col', role: 'columnheader' }, head));
  const table = element(
    'table',
    { class: 'cards endpoints', role: 'table' },
    element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...heads)),
    body,
  );
  const rows = new Rows(body, endpointRow);
  return {
    element: element(
      'article',
      { class: 'panel' },
      element('div', { class: 'title' }, name, state),
      about,
      fault,
      table,
      count,
    ),
    update(upstream) {
      const { endpoints, source, panic } = upstream;
      const troubled = endpoints.filter(({ condition }) => condition !== 'available');
      const well = endpoints.filter(({ condition }) => condition === 'available');
      setText(name, upstream.name);
      setAttribute(table, 'aria-label', `Endpoints of ${upstream.name}`);
      if (endpoints.length === 0) setPill(state, 'no endpoint', 'bad');
      else if (panic) setPill(state, 'panic: those that are not well are asked, too', 'bad');
      else if (well.length === 0) setPill(state, 'none available', 'bad');
      else setPill(state, `${well.length} of ${endpoints.length} available`, troubled.length > 0 ? 'warn' : 'good');
      setText(about, aboutText(upstream));
      setText(
        fault,
        source.fault === null ? '' : `Its source cannot be asked, the last known endpoints stay: ${source.fault}`,
      );
      rows.show([...troubled, ...well].slice(0, ENDPOINTS), ({ url }) => url);
      const more = endpoints.length - ENDPOINTS;
      setText(count, more > 0 ? `And ${counted(more, 'more endpoint')}.` : '');
    },
  };
}

/** @param {Upstream} upstream */
function aboutText({ balance, source, bulkhead }) {
  const age = source.age_seconds === null ? '' : `, heard of ${span(source.age_seconds)} ago`;
  const limit = bulkhead === null ? [] : [`bulkhead ${bulkhead.inside} inside, ${bulkhead.queued} waiting`];
  return [balance, `from ${source.kind}${age}`, ...limit].join(' · ');
}

/** @returns {Row<Endpoint>} */
function endpointRow() {
  const pill = element('span');
  const texts = COLUMNS.slice(1).map((label) =>
    label === 'Endpoint'
      ? element('th', { scope: 'row', role: 'rowheader', class: 'code' })
      : element('td', { role: 'cell', 'data-label': label }),
  );
  return {
    element: element('tr', { role: 'row' }, element('td', { role: 'cell', 'data-label': 'State' }, pill), ...texts),
    update(endpoint) {
      setPill(pill, endpoint.condition, TONES.get(endpoint.condition) ?? 'bad');
      const values = [
        endpoint.url,
        endpoint.why === '' ? NOTHING : endpoint.why,
        endpoint.breaker ?? NOTHING,
        String(endpoint.in_flight),
        String(endpoint.connections),
        latency(endpoint.latency_seconds),
        endpoint.share < 1 ? `${endpoint.weight} (${percent(endpoint.share)} of it yet)` : String(endpoint.weight),
      ];
      texts.forEach((cell, index) => setText(cell, values[index] ?? ''));
    },
  };
}
