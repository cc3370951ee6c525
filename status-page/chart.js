import { drawn, element, setAttribute, setText } from './elements.js';
import { clock, clockMinute, NOTHING } from './format.js';
import { LOOK_BACK } from './history.js';
import { areaPath, linePath, ticks } from './scale.js';

/** @import { Sample } from './history.js' */

/**
 * @typedef {{ readonly name: string, readonly tone?: 'bad', readonly of: (sample: Sample) => number | null }} Series
 * @typedef {{
 *   readonly title: string,
 *   readonly series: readonly Series[],
 *   readonly format: (value: number | null) => string,
 *   readonly least: number,
 *   readonly onPoint: (at: number | undefined) => void,
 * }} ChartOptions `least`: what the axis shows at least; `onPoint`: told of the time at which somebody points
 */

/** In pixels. */
const HEIGHT = 150;
const PLACE = { left: 52, right: 8, top: 8, bottom: 20 };
/** Seconds that are farther apart are not joined: nobody knows what was between them. In milliseconds. */
const GAP = 3500;
const MINUTE = 60_000;
/** How much width a time below the axis needs. */
const LABEL = 52;

/** Lines over time, with their numbers as text and, for whoever cannot see lines, in a table. */
export class Chart {
  #options;
  #svg = drawn('svg', { role: 'img', height: String(HEIGHT) });
  #description = drawn('desc');
  #grid = drawn('g', { class: 'grid' });
  #area = drawn('path', { class: 'area' });
  #cursor = drawn('line', { class: 'cursor', y1: String(PLACE.top), y2: String(HEIGHT - PLACE.bottom) });
  #lines;
  #values;
  #moment = element('span', { class: 'moment' });
  #table = element('div', { class: 'scroll', tabindex: '0', role: 'region' });
  #width = 400;
  /** @type {readonly Sample[]} */
  #samples = [];
  #now = Date.now();
  /** @type {number | undefined} */
  #pointed;
  element;

  /** @param {ChartOptions} options */
  constructor(options) {
    this.#options = options;
    const { title, series } = options;
    this.#lines = series.map((each, index) => drawn('path', { class: `line ${colour(each, index)}` }));
    this.#values = series.map(() => element('dd', {}, NOTHING));
    this.#svg.append(drawn('title', {}, title), this.#description, this.#grid);
    if (series.length === 1) this.#svg.append(this.#area);
    this.#area.classList.add(...series.slice(0, 1).map(colour));
    this.#svg.append(...this.#lines, this.#cursor);
    this.#table.setAttribute('aria-label', `${title}, second by second`);
    const legend = series.map((each, index) =>
      element('div', {}, element('dt', {}, swatch(colour(each, index)), each.name), this.#values[index] ?? ''),
    );
    const details = element('details', {}, element('summary', {}, 'As a table'), this.#table);
    details.addEventListener('toggle', () => this.#fillTable(details.open));
    this.element = element(
      'figure',
      { class: 'chart panel' },
      element('figcaption', {}, element('h3', {}, title), this.#moment),
      element('dl', { class: 'legend' }, ...legend),
      this.#svg,
      details,
    );
    this.#svg.addEventListener('pointermove', (event) => options.onPoint(this.#timeAt(event)));
    this.#svg.addEventListener('pointerleave', () => options.onPoint(undefined));
    new ResizeObserver(([entry]) => {
      this.#width = Math.max(120, Math.round(entry?.contentRect.width ?? 0));
      this.#draw();
    }).observe(this.#svg);
  }

  /**
   * @param {readonly Sample[]} samples the latest last
   * @param {number} now where the axis ends, in milliseconds since 1970
   */
  show(samples, now) {
    this.#samples = samples;
    this.#now = now;
    this.#draw();
  }

  /** @param {number | undefined} at the time whose numbers are shown; undefined = the latest */
  point(at) {
    this.#pointed = at;
    this.#draw();
  }

  #draw() {
    const { series, least, format } = this.#options;
    setAttribute(this.#svg, 'viewBox', `0 0 ${this.#width} ${HEIGHT}`);
    const columns = series.map((each) => this.#samples.map((sample) => each.of(sample)));
    const highest = Math.max(0, ...columns.flat().map((value) => value ?? 0));
    const lines = ticks(highest, least);
    const top = lines.at(-1) ?? least;
    const floor = HEIGHT - PLACE.bottom;
    /** @param {number} value */
    const yOf = (value) => floor - (value / top) * (floor - PLACE.top);
    const widest = (GAP / LOOK_BACK) * this.#inner;
    columns.forEach((column, index) => {
      const points = column.map((value, place) => ({
        x: this.#xOf(this.#samples[place]?.at ?? 0),
        y: value === null ? null : yOf(value),
      }));
      this.#lines[index]?.setAttribute('d', linePath(points, widest));
      if (index === 0) this.#area.setAttribute('d', areaPath(points, widest, floor));
    });
    this.#grid.replaceChildren(
      ...lines.flatMap((value) => this.#level(yOf(value), format(value))),
      ...this.#times().map((at) => this.#time(at)),
    );
    this.#showNumbers();
    const latest = this.#samples.at(-1);
    const said = series.map((each, index) => {
      const known = (columns[index] ?? []).filter((value) => value !== null);
      if (latest === undefined || known.length === 0) return `${each.name}: nothing measured yet`;
      const [low, high] = [Math.min(...known), Math.max(...known)];
      return `${each.name}: now ${format(each.of(latest))}, between ${format(low)} and ${format(high)}`;
    });
    setText(this.#description, `The last 5 minutes. ${said.join('. ')}.`);
  }

  #showNumbers() {
    const { series, format } = this.#options;
    const latest = this.#samples.at(-1);
    const sample = this.#pointed === undefined ? latest : nearest(this.#samples, this.#pointed);
    const isPointed = sample !== undefined && this.#pointed !== undefined;
    setAttribute(this.#cursor, 'visibility', isPointed ? 'visible' : 'hidden');
    for (const name of ['x1', 'x2']) setAttribute(this.#cursor, name, String(this.#xOf(sample?.at ?? this.#now)));
    setText(this.#moment, isPointed ? clock(new Date(sample.at)) : '');
    series.forEach((each, index) => {
      const value = this.#values[index];
      if (value !== undefined) setText(value, sample === undefined ? NOTHING : format(each.of(sample)));
    });
  }

  get #inner() {
    return this.#width - PLACE.left - PLACE.right;
  }

  /** @param {number} at */
  #xOf(at) {
    return PLACE.left + (1 - (this.#now - at) / LOOK_BACK) * this.#inner;
  }

  /** @param {PointerEvent} event */
  #timeAt(event) {
    const x = event.clientX - this.#svg.getBoundingClientRect().left;
    return this.#now - (1 - (x - PLACE.left) / this.#inner) * LOOK_BACK;
  }

  /**
   * @param {number} y
   * @param {string} label
   */
  #level(y, label) {
    const ends = { x1: String(PLACE.left), x2: String(this.#width - PLACE.right), y1: String(y), y2: String(y) };
    const place = { x: String(PLACE.left - 6), y: String(y + 4), 'text-anchor': 'end' };
    return [drawn('line', ends), drawn('text', place, label)];
  }

  /** The whole minutes that have place below the axis. */
  #times() {
    const every = MINUTE * Math.ceil((LABEL * LOOK_BACK) / MINUTE / Math.max(1, this.#inner));
    const first = Math.ceil((this.#now - LOOK_BACK) / every) * every;
    const all = Array.from({ length: Math.ceil(LOOK_BACK / every) }, (_, index) => first + index * every);
    return all.filter((at) => this.#xOf(at) > PLACE.left + LABEL / 4 && this.#xOf(at) < this.#width - LABEL / 2);
  }

  /** @param {number} at */
  #time(at) {
    const place = { x: String(this.#xOf(at)), y: String(HEIGHT - 4), 'text-anchor': 'middle' };
    return drawn('text', place, clockMinute(new Date(at)));
  }

  /**
   * What was measured up to now. It stays as it is while it is read.
   *
   * @param {boolean} isOpen
   */
  #fillTable(isOpen) {
    this.#table.replaceChildren();
    if (!isOpen) return;
    const { series, format } = this.#options;
    const heads = ['Time', ...series.map(({ name }) => name)];
    const rows = this.#samples
      .toReversed()
      .map((sample) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, clock(new Date(sample.at))),
          ...series.map((each) => element('td', {}, format(each.of(sample)))),
        ),
      );
    this.#table.append(
      element(
        'table',
        { class: 'numbers' },
        element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
        element('tbody', {}, ...rows),
      ),
    );
  }
}

/**
 * @param {Series} series
 * @param {number} index
 */
function colour({ tone }, index) {
  return `series-${tone ?? index}`;
}

/** @param {string} name of a colour */
function swatch(name) {
  const line = drawn('line', { x1: '0', x2: '14', y1: '5', y2: '5', class: `line ${name}` });
  return drawn('svg', { class: 'swatch', width: '14', height: '10', 'aria-hidden': 'true' }, line);
}

/**
 * @param {readonly Sample[]} samples
 * @param {number} at
 */
function nearest(samples, at) {
  /** @type {Sample | undefined} */
  let found;
  for (const sample of samples)
    if (found === undefined || Math.abs(sample.at - at) < Math.abs(found.at - at)) found = sample;
  return found;
}
