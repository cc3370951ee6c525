import { byId, element, setAttribute, setPill, setText } from './elements.js';
import { bytes, clock, counted, latency, NOTHING, number, percent, span } from './format.js';

/** @import { Announcer } from './announcer.js' */
/** @import { Tone } from './elements.js' */
/** @import { Connection } from './live.js' */
/** @import { Status, Traffic, Upstreams } from './shapes.d.ts' */

/** How outcomes of a reload read, and how good they are. */
export const OUTCOMES = new Map(
  /** @type {[string, { text: string, tone: Tone }][]} */ ([
    ['started', { text: 'started with it', tone: 'good' }],
    ['reloaded', { text: 'reloaded', tone: 'good' }],
    ['unchanged', { text: 'nothing had changed', tone: 'good' }],
    ['refused', { text: 'refused: the former one serves on', tone: 'bad' }],
    ['failed', { text: 'failed: the former one serves on', tone: 'bad' }],
  ]),
);

const FACTS = ['Endpoints', 'Health', 'Last reload', 'Configuration', 'Up for', 'Version', 'Under way', 'CPU'];

/** What somebody has to see first: whether it serves, what it serves, and since when. */
export class Overview {
  #state = byId('state', HTMLElement);
  #connection = byId('connection', HTMLElement);
  #notices = byId('notices', HTMLElement);
  #facts = new Facts(byId('facts', HTMLElement));
  #announcer;
  /** @type {Connection} */
  #heard = { kind: 'connecting' };
  /** @type {Status | undefined} */
  #status;
  #troubled = 0;
  #firstVersion = '';
  #isUnderstood = true;

  /** @param {Announcer} announcer */
  constructor(announcer) {
    this.#announcer = announcer;
    // All have their place from the start: nothing moves when the first numbers come.
    for (const name of FACTS) this.#facts.set(name, NOTHING);
  }

  /** @param {Connection} connection */
  connection(connection) {
    this.#heard = connection;
    document.body.classList.toggle('stale', connection.kind === 'lost');
    this.#showState();
    const isLost = connection.kind === 'lost';
    this.#announcer.tell('connection', isLost ? 'The connection to the gateway is lost.' : 'The gateway is connected.');
  }

  /** @param {Status} status */
  status(status) {
    this.#status = status;
    this.#firstVersion ||= status.version;
    const { config, last_reload: reload, health } = status;
    this.#facts.set('Version', status.version);
    this.#facts.set('Configuration', config.hash.slice(0, 8), {
      title: config.hash,
      note: `${counted(config.routes, 'route')}, ${counted(config.upstreams, 'upstream')}`,
    });
    const { text, tone } = OUTCOMES.get(reload.outcome) ?? { text: reload.outcome, tone: 'warn' };
    this.#facts.set('Last reload', clock(new Date(reload.at)), { title: reload.at, note: text, tone });
    const parts = [
      ...(health.database === null ? [] : [`database ${health.database}`]),
      ...(health.redis === null ? [] : [`Redis ${health.redis}`]),
      ...workersText(health.workers ?? {}),
    ];
    const isWell = parts.every((part) => / (?:ready|up|serving)$/.test(part));
    this.#facts.set('Health', isWell ? 'well' : 'not well', {
      note: parts.length === 0 ? 'leans on nothing else' : parts.join(', '),
      tone: isWell ? 'plain' : 'bad',
    });
    this.#showNotices(status);
    this.#showState();
    this.#announcer.tell('reload', `The last reload, ${clock(new Date(reload.at))}: ${text}.`);
    this.tick();
  }

  /** @param {Upstreams} upstreams */
  upstreams({ upstreams }) {
    const endpoints = upstreams.flatMap((upstream) => upstream.endpoints);
    const available = endpoints.filter(({ condition }) => condition === 'available').length;
    const faults = upstreams.filter(({ source }) => source.fault !== null).length;
    this.#troubled = endpoints.length - available;
    const trouble = this.#troubled > 0 ? `available, ${this.#troubled} in trouble` : 'available';
    const note = faults > 0 ? `${trouble}; ${counted(faults, 'source')} cannot be asked` : trouble;
    const tone = this.#troubled > 0 ? 'bad' : faults > 0 ? 'warn' : 'good';
    if (endpoints.length > 0 || faults > 0)
      this.#facts.set('Endpoints', `${available} of ${endpoints.length}`, { note, tone });
    else this.#facts.set('Endpoints', 'none', { note: upstreams.length === 0 ? 'no upstream' : '' });
    this.#showState();
  }

  /** @param {Traffic} traffic */
  traffic({ total, process }) {
    this.#facts.set('Under way', number(total.in_flight), { note: counted(total.connections, 'connection') });
    const lag = process.event_loop_lag_seconds;
    this.#facts.set('CPU', percent(process.cpu_cores), {
      note: `${bytes(process.memory_bytes)} memory${lag === null ? '' : `, event loop ${latency(lag)} late`}`,
    });
  }

  /** Says that there is more to see than this page can show: it may be of another version than the gateway. */
  notUnderstood() {
    if (this.#isUnderstood)
      this.#notices.before(reloadNotice('This page does not understand all that the gateway says. '));
    this.#isUnderstood = false;
  }

  /** What changes with time alone. */
  tick() {
    const status = this.#status;
    if (status === undefined) return;
    const started = new Date(status.started_at);
    const uptime = this.#heard.kind === 'lost' ? NOTHING : span((Date.now() - started.getTime()) / 1000);
    this.#facts.set('Up for', uptime, { title: status.started_at, note: `since ${clock(started)}` });
    this.#showConnection();
  }

  #showState() {
    const [text, tone] = this.#judged();
    setPill(this.#state, text, tone);
    const trouble = this.#troubled > 0 ? `, ${counted(this.#troubled, 'endpoint')} in trouble` : '';
    const title = `${text}${this.#heard.kind === 'open' ? trouble : ''} – gatewayctl`;
    if (document.title !== title) document.title = title;
    if (this.#heard.kind === 'open') this.#announcer.tell('state', `The gateway is ${text}.`);
    this.#showConnection();
  }

  /** @returns {[string, Tone]} */
  #judged() {
    if (this.#heard.kind === 'locked') return ['locked', 'plain'];
    if (this.#heard.kind === 'lost') return ['no connection', 'bad'];
    if (this.#status === undefined) return ['connecting', 'plain'];
    if (this.#status.ready) return ['ready', 'good'];
    return [`not ready: ${this.#status.reason ?? 'it does not say why'}`, 'bad'];
  }

  #showConnection() {
    const connection = this.#heard;
    if (connection.kind !== 'lost') {
      setText(this.#connection, connection.kind === 'open' ? `live from ${location.host}` : '');
      return;
    }
    const { since, why, again } = connection;
    const wait = Math.max(0, Math.ceil((again.getTime() - Date.now()) / 1000));
    const text = since === undefined ? 'no connection yet' : `no connection since ${clock(since)}`;
    setText(this.#connection, `${text} (${why}), ${wait === 0 ? 'trying' : `trying again in ${wait} s`}`);
  }

  /** @param {Status} status */
  #showNotices({ config, last_reload: reload, version }) {
    /** @type {HTMLElement[]} */
    const notices = [];
    if (OUTCOMES.get(reload.outcome)?.tone === 'bad') {
      const link = element('a', { href: '#reload' }, 'What is wrong with it');
      notices.push(element('p', { class: 'notice' }, 'The file on the disk does not serve. ', link));
    }
    if (config.restart_required.length > 0)
      notices.push(
        element('p', { class: 'notice' }, `Takes effect after a restart: ${config.restart_required.join(', ')}`),
      );
    if (version !== this.#firstVersion) notices.push(reloadNotice(`The gateway is now version ${version}. `));
    this.#notices.replaceChildren(...notices);
  }
}

/**
 * All of them in one text, as long as they do the same.
 *
 * @param {Readonly<Record<string, string>>} workers
 */
function workersText(workers) {
  const states = Object.entries(workers);
  const [first] = states;
  if (first !== undefined && states.every(([, state]) => state === first[1]))
    return [`${counted(states.length, 'worker')} ${first[1]}`];
  return states.map(([name, state]) => `worker ${name} ${state}`);
}

/** @param {string} text */
function reloadNotice(text) {
  return element('p', { class: 'notice' }, text, element('a', { href: '' }, 'Load the page again'));
}

/** Names with a value and a note below it. */
export class Facts {
  #list;
  /** @type {Map<string, { value: HTMLElement, note: HTMLElement }>} */
  #shown = new Map();

  /** @param {HTMLElement} list a `dl` */
  constructor(list) {
    this.#list = list;
  }

  /**
   * @param {string} name
   * @param {string} text
   * @param {{ readonly note?: string, readonly title?: string, readonly tone?: Tone }} [more]
   */
  set(name, text, { note = '', title = '', tone = 'plain' } = {}) {
    const { value, note: below } = this.#shown.get(name) ?? this.#add(name);
    setText(value, text);
    if (title !== '') setAttribute(value, 'title', title);
    setText(below, note);
    setAttribute(below, 'data-tone', tone);
  }

  /** @param {string} name */
  #add(name) {
    const made = { value: element('dd', { class: 'value' }), note: element('dd', { class: 'note' }) };
    this.#list.append(element('div', {}, element('dt', {}, name), made.value, made.note));
    this.#shown.set(name, made);
    return made;
  }
}
