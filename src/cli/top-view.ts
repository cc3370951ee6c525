import type { Palette } from '../config/render/terminal.ts';
import type { ShownRouteTraffic, ShownTraffic } from '../observability/traffic.ts';
import { member, textOf } from '../upstreams/discovery/shape.ts';
import type { ShownEndpoint, ShownUpstream } from '../upstreams/shown.ts';
import { inColumns, type Cell, type Line, type Piece } from './pieces.ts';
import { bytesText, durationText, rateText, shareText } from './quantities.ts';
import { ageText } from './table.ts';

/** What routes are sorted by. */
export type SortKey = 'requests' | 'errors' | 'p99';

/** What the gateway has told last. */
export interface TopState {
  /** The answer of `GET /api/v1/status`. */
  readonly status: unknown;
  readonly upstreams: readonly ShownUpstream[];
  /** Undefined = the first interval is not over yet. */
  readonly traffic: ShownTraffic | undefined;
  /** What is wrong, for people; undefined = nothing. */
  readonly fault: string | undefined;
}

export interface TopOptions {
  readonly sort: SortKey;
  readonly palette: Palette;
  /** Room for so many lines; undefined = for all that there are. */
  readonly rows: number | undefined;
}

/** Draws what happens in a gateway: totals, routes, endpoints. What does not fit is counted. */
export function topLines(state: TopState, options: TopOptions): readonly Line[] {
  const { palette, rows, sort } = options;
  const head = [...statusLines(state, palette), ...totalLines(state.traffic, palette)];
  const foot = rows === undefined ? [] : [keyLine(sort, palette)];
  const routes = routeRows(state.traffic, sort, palette);
  const endpoints = endpointRows(state.upstreams, palette);
  // Two headings, and an empty line before each of them.
  const room = rows === undefined ? Infinity : Math.max(0, rows - head.length - foot.length - 4);
  const forEndpoints = Math.min(endpoints.rows.length, Math.max(Math.floor(room / 2), room - routes.rows.length));
  const body = [[], ...fitting(routes, room - forEndpoints), [], ...fitting(endpoints, forEndpoints)];
  const lines = [...head, ...body].slice(0, rows === undefined ? undefined : Math.max(0, rows - foot.length));
  const space = rows === undefined ? [] : Array.from({ length: rows - foot.length - lines.length }, (): Line => []);
  return [...lines, ...space, ...foot].slice(0, rows);
}

interface Rows {
  readonly heading: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
  /** What one more of them is called. */
  readonly name: string;
}

function fitting({ heading, rows, name }: Rows, room: number): readonly Line[] {
  if (rows.length <= room) return inColumns([heading, ...rows]);
  const most = Math.max(0, room - 1);
  const rest: Line = [{ text: `… and ${rows.length - most} more ${name}` }];
  return [...inColumns([heading, ...rows.slice(0, most)]), ...(room > 0 ? [rest] : [])];
}

function statusLines({ status, traffic, fault }: TopState, { bold, green, red, yellow }: Palette): readonly Line[] {
  const ready = member(status, 'ready') === true;
  const reason = textOf(member(status, 'reason')) ?? 'not ready';
  const startedAt = Date.parse(textOf(member(status, 'started_at')) ?? '');
  const at = traffic === undefined ? NaN : Date.parse(traffic.at);
  const outcome = textOf(member(status, 'last_reload', 'outcome')) ?? '';
  const lines: Line[] = [
    [
      { text: `gatewayctl ${textOf(member(status, 'version')) ?? ''}`, paint: bold },
      { text: '  ' },
      ready ? { text: 'ready', paint: green } : { text: reason, paint: red },
      { text: `  ${textOf(member(status, 'config', 'file')) ?? ''} ${textOf(member(status, 'config', 'hash')) ?? ''}` },
      { text: at >= startedAt ? `  up ${ageText((at - startedAt) / 1000)}` : '' },
      { text: Number.isNaN(at) ? '' : `  ${new Date(at).toISOString().slice(11, 19)}Z` },
    ],
  ];
  if (outcome === 'refused' || outcome === 'failed') {
    const message = textOf(member(status, 'last_reload', 'message')) ?? '';
    lines.push([
      { text: `the last reload ${outcome === 'failed' ? '' : 'was '}${outcome}: ${message}`, paint: yellow },
    ]);
  }
  if (fault !== undefined) lines.push([{ text: fault, paint: red }]);
  return lines;
}

function totalLines(traffic: ShownTraffic | undefined, palette: Palette): readonly Line[] {
  if (traffic === undefined) return [[{ text: 'counting …' }], []];
  const { total, cache, process } = traffic;
  const { requests_per_second: requests, errors_per_second: errors } = total;
  const inMemory = cache.bytes === null ? [] : [`${bytesText(cache.bytes)} in ${cache.entries ?? 0} answers`];
  const hits =
    cache.hit_ratio === null ? '' : `  cache ${[`${shareText(cache.hit_ratio)} hits`, ...inMemory].join(', ')}`;
  const lag = process.event_loop_lag_seconds;
  return [
    [
      { text: `${rateText(requests)} requests/s`, paint: palette.bold },
      { text: '  ' },
      ...errorPieces(errors, requests, palette),
      { text: `  p50 ${timeText(total.p50_seconds)}  p95 ${timeText(total.p95_seconds)}` },
      { text: `  p99 ${timeText(total.p99_seconds)}` },
    ],
    [
      { text: `${total.in_flight} in flight  ${total.connections} connections  ${process.cpu_cores.toFixed(2)} cores` },
      { text: `  ${bytesText(process.memory_bytes)}${lag === null ? '' : `  event loop ${durationText(lag)}`}${hits}` },
    ],
  ];
}

function errorPieces(errors: number, requests: number, { red }: Palette): readonly Piece[] {
  if (errors === 0) return [{ text: '0 errors/s' }];
  return [{ text: `${rateText(errors)} errors/s (${shareText(errors / requests)})`, paint: red }];
}

const ROUTE_HEADINGS = ['REQ/S', 'ERR/S', '2XX', '3XX', '4XX', '5XX', 'P50', 'P95', 'P99', 'CACHE'];
const CLASSES = ['2xx', '3xx', '4xx', '5xx'];

function routeRows(traffic: ShownTraffic | undefined, sort: SortKey, { dim, red }: Palette): Rows {
  const hits = new Map(traffic?.cache.routes.map(({ name, hit_ratio: ratio }) => [name, ratio]));
  const rows = sorted(traffic?.routes ?? [], sort).map((route): readonly Cell[] => {
    const idle = route.requests_per_second === 0 ? dim : undefined;
    const failing = route.errors_per_second > 0 ? red : idle;
    const ratio = hits.get(route.name) ?? null;
    const right = (text: string, paint = idle): Cell => ({ text, align: 'right', paint });
    return [
      { text: route.name, paint: idle },
      right(rateText(route.requests_per_second)),
      right(rateText(route.errors_per_second), failing),
      ...CLASSES.map((status) => right(rateText(route.statuses[status] ?? 0), status === '5xx' ? failing : idle)),
      ...[route.p50_seconds, route.p95_seconds, route.p99_seconds].map((seconds) => right(timeText(seconds))),
      right(ratio === null ? '-' : shareText(ratio)),
    ];
  });
  return { heading: headings(['ROUTE'], ROUTE_HEADINGS, dim), rows, name: 'routes' };
}

function headings(left: readonly string[], right: readonly string[], paint: Cell['paint']): readonly Cell[] {
  return [...left.map((text) => ({ text, paint })), ...right.map((text): Cell => ({ text, paint, align: 'right' }))];
}

function sorted(routes: readonly ShownRouteTraffic[], sort: SortKey): readonly ShownRouteTraffic[] {
  const by = {
    requests: (route: ShownRouteTraffic) => route.requests_per_second,
    errors: (route: ShownRouteTraffic) => route.errors_per_second,
    p99: (route: ShownRouteTraffic) => route.p99_seconds ?? -1,
  }[sort];
  return routes.toSorted(
    (one, other) =>
      by(other) - by(one) ||
      other.requests_per_second - one.requests_per_second ||
      // A place that depends on nothing that changes, so that idle routes stand still.
      (one.name < other.name ? -1 : 1),
  );
}

function endpointRows(upstreams: readonly ShownUpstream[], { dim, green, red, yellow }: Palette): Rows {
  const right = (text: string): Cell => ({ text, align: 'right' });
  const rows = upstreams.flatMap(({ name, endpoints, panic }) =>
    endpoints.length === 0
      ? [{ isWell: false, cells: [{ text: name }, { text: '-' }, { text: 'no endpoint', paint: red }] }]
      : endpoints.map((endpoint) => ({
          isWell: endpoint.condition === 'available' && !panic,
          cells: [
            { text: name },
            { text: endpoint.url },
            { text: endpoint.condition, paint: { available: green, 'half-open': yellow }[endpoint.condition] ?? red },
            right(String(endpoint.in_flight)),
            right(timeText(endpoint.latency_seconds)),
            right(endpoint.breaker ?? '-'),
            { text: panic ? 'no endpoint is well: all are asked' : whyOf(endpoint) },
          ],
        })),
  );
  // Where there is no room for all, those that are not well are what to see.
  const cells = [...rows.filter(({ isWell }) => !isWell), ...rows.filter(({ isWell }) => isWell)].map(
    (row) => row.cells,
  );
  const heading = [...headings(['UPSTREAM', 'ENDPOINT', 'STATE'], ['IN-FLIGHT', 'LATENCY', 'BREAKER'], dim)];
  return { heading: [...heading, { text: 'WHY', paint: dim }], rows: cells, name: 'endpoints' };
}

function whyOf({ why, share }: ShownEndpoint): string {
  return why === '' && share < 1 ? `grows to its weight: ${shareText(share)}` : why;
}

function keyLine(sort: SortKey, { bold, dim }: Palette): Line {
  const keys: readonly SortKey[] = ['requests', 'errors', 'p99'];
  return [
    { text: 'sort: ', paint: dim },
    ...keys.flatMap((key) => [
      { text: key.slice(0, 1), paint: bold },
      { text: ` ${key}  `, paint: key === sort ? bold : dim },
    ]),
    { text: 'q', paint: bold },
    { text: ' quit', paint: dim },
  ];
}

function timeText(seconds: number | null): string {
  return seconds === null ? '-' : durationText(seconds);
}
