/** The status page of a gateway: it hears of it over one stream of events, and shows each part where it belongs. */
import { Announcer } from './announcer.js';
import { ask, Refused } from './ask.js';
import { CachePart } from './cache.js';
import { Chart } from './chart.js';
import { ConfigurationPart } from './configuration.js';
import { byId } from './elements.js';
import { latency, NOTHING, number, percent } from './format.js';
import { History } from './history.js';
import { Live } from './live.js';
import { Overview } from './overview.js';
import { ReloadPart } from './reload.js';
import { RoutesTable } from './routes.js';
import { Token } from './token.js';
import { UpstreamsList } from './upstreams.js';

/** @import { StreamEvent } from './event-stream.js' */
/** @import { Connection } from './live.js' */
/** @import { Cache, Routes, Status, Traffic, Upstreams } from './shapes.d.ts' */

/** How often the totals of the cache are asked for, in milliseconds: they are in no event. */
const CACHE_EVERY = 5000;

const content = byId('content', HTMLElement);
const announcer = new Announcer();
const history = new History();
const overview = new Overview(announcer);
const upstreams = new UpstreamsList(announcer);
const reload = new ReloadPart();
const cache = new CachePart();
const configuration = new ConfigurationPart(() => get('api/v1/config'));
const routes = new RoutesTable((source) => void configuration.showLine(source));
const token = new Token(
  () => live.start(),
  // Nothing of what was shown stays behind.
  () => location.reload(),
);
const live = new Live({ token: () => token.value, onEvent, onConnection });

/** @param {number | undefined} at */
const onPoint = (at) => [...charts, cacheChart].forEach((chart) => chart.point(at));
/** @param {number | null} value */
const rate = (value) => (value === null ? NOTHING : number(value));
const charts = [
  new Chart({
    title: 'Requests per second',
    series: [{ name: 'requests/s', of: ({ traffic }) => traffic.total.requests_per_second }],
    format: rate,
    least: 1,
    onPoint,
  }),
  new Chart({
    title: 'Errors per second',
    series: [{ name: 'answers of 5xx/s', tone: 'bad', of: ({ traffic }) => traffic.total.errors_per_second }],
    format: rate,
    least: 1,
    onPoint,
  }),
  new Chart({
    title: 'Latency',
    series: [
      { name: 'p50', of: ({ traffic }) => traffic.total.p50_seconds },
      { name: 'p95', of: ({ traffic }) => traffic.total.p95_seconds },
      { name: 'p99', of: ({ traffic }) => traffic.total.p99_seconds },
    ],
    format: latency,
    least: 0.003,
    onPoint,
  }),
];
const cacheChart = new Chart({
  title: 'Hit ratio',
  series: [{ name: 'answered from the cache', of: ({ traffic }) => traffic.cache.hit_ratio }],
  format: percent,
  least: 0.9,
  onPoint,
});

let configHash = '';
let configFile = '';
let startedAt = '';

/**
 * What the gateway says: it is of the version that brought this page.
 *
 * @param {string} path
 */
async function get(path) {
  return (await ask(path, token.value)).json();
}

/** @param {StreamEvent} event */
function onEvent(event) {
  try {
    show(event);
  } catch (error) {
    // It is no fault of the connection, which must not be begun anew each second.
    overview.notUnderstood();
    reportError(error);
  }
}

/** @param {StreamEvent} event */
function show({ type, data }) {
  if (type === 'status') onStatus(JSON.parse(data));
  if (type === 'upstreams') onUpstreams(JSON.parse(data));
  if (type === 'traffic') onTraffic(JSON.parse(data));
}

/** @param {Status} status */
function onStatus(status) {
  if (startedAt !== status.started_at) routes.clear();
  startedAt = status.started_at;
  overview.status(status);
  reload.show(status.last_reload);
  configuration.serves(status.config.hash);
  if (configHash === status.config.hash) return;
  configHash = status.config.hash;
  configFile = status.config.file;
  void refresh();
}

/** @param {Upstreams} shown */
function onUpstreams(shown) {
  overview.upstreams(shown);
  upstreams.show(shown);
}

/** @param {Traffic} traffic */
function onTraffic(traffic) {
  history.add(traffic);
  overview.traffic(traffic);
  routes.traffic(traffic);
  cache.traffic(traffic);
  drawCharts();
}

/** @param {Connection} connection */
function onConnection(connection) {
  overview.connection(connection);
  if (connection.kind === 'open') {
    token.accepted();
    content.hidden = false;
    // The gateway may have been another one meanwhile: the status that comes now is a new one.
    configHash = '';
  }
  if (connection.kind === 'locked') {
    content.hidden = true;
    configuration.close();
    token.ask();
  }
}

/** Asks for what comes in no event. */
async function refresh() {
  await Promise.all([refreshRoutes(), refreshCache()]);
}

async function refreshRoutes() {
  /** @type {Routes | undefined} */
  const answer = await got('api/v1/routes');
  if (answer !== undefined) routes.configured(answer.routes, configFile);
}

async function refreshCache() {
  /** @type {Cache | undefined} */
  const answer = await got('api/v1/cache');
  if (answer !== undefined) cache.show(answer);
}

/**
 * The same, or undefined when nobody answers: the stream tells of that.
 *
 * @param {string} path
 */
async function got(path) {
  try {
    return await get(path);
  } catch (error) {
    if (error instanceof Refused || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Nobody sees lines of a page that is hidden. */
function drawCharts() {
  if (document.hidden) return;
  const now = history.samples.at(-1)?.at ?? Date.now();
  for (const chart of [...charts, cacheChart]) chart.show(history.samples, now);
}

byId('charts', HTMLElement).append(...charts.map((chart) => chart.element));
byId('cache-chart', HTMLElement).append(cacheChart.element);
document.addEventListener('visibilitychange', drawCharts);
addEventListener('online', () => live.retry());
setInterval(() => overview.tick(), 1000);
setInterval(() => {
  if (cache.isUsed && !document.hidden && !content.hidden) void refreshCache();
}, CACHE_EVERY);
live.start();
