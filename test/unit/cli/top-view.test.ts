import { expect } from 'chai';
import { lineText } from '../../../src/cli/pieces.ts';
import { topLines, type SortKey, type TopState } from '../../../src/cli/top-view.ts';
import { palette } from '../../../src/config/render/terminal.ts';
import type { ShownRouteTraffic, ShownTraffic } from '../../../src/observability/traffic.ts';
import type { ShownEndpoint, ShownUpstream } from '../../../src/upstreams/shown.ts';

const PLAIN = palette(false);

function route(name: string, requests: number, errors = 0, p99: number | null = null): ShownRouteTraffic {
  return {
    name,
    requests_per_second: requests,
    errors_per_second: errors,
    statuses: { '2xx': requests - errors, '5xx': errors },
    p50_seconds: p99,
    p95_seconds: p99,
    p99_seconds: p99,
  };
}

function traffic(routes: readonly ShownRouteTraffic[], more: Partial<ShownTraffic> = {}): ShownTraffic {
  const { statuses: _statuses, name: _name, ...total } = route('', 1204.4, 3, 0.0476);
  return {
    at: '2026-07-22T10:00:05.000Z',
    interval_seconds: 1,
    total: { ...total, in_flight: 12, connections: 240 },
    routes,
    cache: { hit_ratio: null, bytes: null, entries: null, routes: [] },
    process: { cpu_cores: 0.421, memory_bytes: 192_000_000, event_loop_lag_seconds: 0.0104 },
    ...more,
  };
}

function endpoint(url: string, more: Partial<ShownEndpoint> = {}): ShownEndpoint {
  const well = { weight: 1, condition: 'available', why: '', healthy: true, ejected: false, breaker: null };
  return { url, ...well, in_flight: 0, connections: 0, latency_seconds: null, share: 1, ...more };
}

function upstream(name: string, endpoints: readonly ShownEndpoint[], more: Partial<ShownUpstream> = {}): ShownUpstream {
  const source = { kind: 'targets', updated_at: null, age_seconds: null, fault: null };
  return { name, balance: 'round-robin', panic: false, source, bulkhead: null, endpoints, ...more };
}

const STATUS = {
  version: '0.1.0',
  started_at: '2026-07-22T08:00:00.000Z',
  ready: true,
  reason: null,
  config: { file: 'gateway.yaml', hash: 'caed493d' },
  last_reload: { outcome: 'reloaded', message: null },
};
const STATE: TopState = {
  status: STATUS,
  upstreams: [upstream('orders', [endpoint('http://10.0.0.1:9001', { in_flight: 3, latency_seconds: 0.0124 })])],
  traffic: traffic([route('orders', 1200, 3, 0.048), route('idle', 0)]),
  fault: undefined,
};

function text(
  state: TopState,
  { sort = 'requests', rows, columns = Infinity }: { sort?: SortKey; rows?: number; columns?: number } = {},
): string[] {
  return topLines(state, { sort, rows, palette: PLAIN }).map((line) => lineText(line, columns));
}

/** The names of routes in their order. */
function order(routes: readonly ShownRouteTraffic[], sort: SortKey): string[] {
  const lines = text({ ...STATE, traffic: traffic(routes), upstreams: [] }, { sort });
  const first = lines.findIndex((line) => line.startsWith('ROUTE')) + 1;
  return lines.slice(first, first + routes.length).map((line) => line.split(' ')[0] ?? '');
}

describe('what gatewayctl top draws', () => {
  it('is the status, totals, routes and endpoints', () => {
    expect(text(STATE)).to.deep.equal([
      'gatewayctl 0.1.0  ready  gateway.yaml caed493d  up 2 h  10:00:05Z',
      '1204 requests/s  3.0 errors/s (0 %)  p50 48 ms  p95 48 ms  p99 48 ms',
      '12 in flight  240 connections  0.42 cores  183 MiB  event loop 10 ms',
      '',
      'ROUTE   REQ/S  ERR/S   2XX  3XX  4XX  5XX    P50    P95    P99  CACHE',
      'orders   1200    3.0  1197    0    0  3.0  48 ms  48 ms  48 ms      -',
      'idle        0      0     0    0    0    0      -      -      -      -',
      '',
      'UPSTREAM  ENDPOINT              STATE      IN-FLIGHT  LATENCY  BREAKER  WHY',
      'orders    http://10.0.0.1:9001  available          3    12 ms        -',
    ]);
  });

  it('has what the cache is worth', () => {
    const routes = [{ name: 'orders', hit_ratio: 0.834 }];
    const cache = { hit_ratio: 0.834, bytes: 12 * 1024 * 1024, entries: 3402, routes };
    const lines = text({ ...STATE, traffic: traffic([route('orders', 1)], { cache }) });
    expect(lines[2]).to.match(/ {2}cache 83 % hits, 12 MiB in 3402 answers$/);
    expect(lines[5]).to.match(/ 83 %$/);
  });

  it('sorts routes, and lets idle ones stand still', () => {
    const routes = [
      route('b', 0),
      route('slow', 1, 0, 2),
      route('busy', 9, 1, 0.1),
      route('bad', 5, 5, 0.5),
      route('a', 0),
    ];
    expect(order(routes, 'requests')).to.deep.equal(['busy', 'bad', 'slow', 'a', 'b']);
    expect(order(routes, 'errors')).to.deep.equal(['bad', 'busy', 'slow', 'a', 'b']);
    expect(order(routes, 'p99')).to.deep.equal(['slow', 'bad', 'busy', 'a', 'b']);
    expect(order(routes.toReversed(), 'p99')).to.deep.equal(['slow', 'bad', 'busy', 'a', 'b']);
  });

  it('says why the gateway is not ready, and what became of the last reload', () => {
    const lines = text({
      ...STATE,
      status: {
        ...STATUS,
        ready: false,
        reason: 'draining',
        last_reload: { outcome: 'refused', message: 'the files have an error' },
      },
      fault: 'the gateway cannot be reached',
    });
    expect(lines[0]).to.include('  draining  ');
    expect(lines.slice(1, 3)).to.deep.equal([
      'the last reload was refused: the files have an error',
      'the gateway cannot be reached',
    ]);
  });

  it('has endpoints first that are not well, and says when there is none', () => {
    const lines = text({
      ...STATE,
      upstreams: [
        upstream('orders', [
          endpoint('http://10.0.0.1:1'),
          endpoint('http://10.0.0.2:1', { condition: 'ejected', why: '5 in a row failed', breaker: 'closed' }),
          endpoint('http://10.0.0.3:1', { share: 0.4 }),
        ]),
        upstream('none', []),
        upstream('all-ill', [endpoint('http://10.0.0.4:1', { condition: 'unhealthy' })], { panic: true }),
      ],
    });
    const rest = lines.slice(lines.findIndex((line) => line.startsWith('UPSTREAM')) + 1);
    expect(rest.map((line) => line.replaceAll(/ {2,}/g, ' | '))).to.deep.equal([
      'orders | http://10.0.0.2:1 | ejected | 0 | - | closed | 5 in a row failed',
      'none | - | no endpoint',
      'all-ill | http://10.0.0.4:1 | unhealthy | 0 | - | - | no endpoint is well: all are asked',
      'orders | http://10.0.0.1:1 | available | 0 | - | -',
      'orders | http://10.0.0.3:1 | available | 0 | - | - | grows to its weight: 40 %',
    ]);
  });

  it('fits into every terminal, and counts what does not', () => {
    const many: TopState = {
      ...STATE,
      fault: 'something is wrong',
      traffic: traffic(Array.from({ length: 50 }, (_, at) => route(`route-${at}`, at))),
      upstreams: [
        upstream(
          'orders',
          Array.from({ length: 40 }, (_, at) => endpoint(`http://10.0.0.${at}:1`)),
        ),
      ],
    };
    for (const state of [many, STATE, { ...STATE, traffic: undefined }]) {
      for (let rows = 1; rows <= 60; rows += 1) {
        const lines = text(state, { rows, columns: 30 });
        expect(lines, `${rows} rows`).to.have.length(rows);
        for (const line of lines) expect(line.length, line).to.be.at.most(30);
        expect(lines.at(-1)).to.match(/^sort: r requests {2}e errors/);
      }
    }
    const lines = text(many, { rows: 30 });
    expect(lines.filter((line) => line.startsWith('…'))).to.deep.equal([
      '… and 40 more routes',
      '… and 31 more endpoints',
    ]);
  });

  it('lets nothing that it was told act upon the terminal', () => {
    const evil = 'a\u001b]0;title\u0007\u001b[2J\r\n\u202eb\u009b31m';
    const state: TopState = {
      status: {
        ...STATUS,
        version: evil,
        ready: false,
        reason: evil,
        config: { file: evil, hash: evil },
        last_reload: { outcome: 'refused', message: evil },
      },
      upstreams: [upstream(evil, [endpoint(evil, { condition: evil, why: evil, breaker: evil })]), upstream(evil, [])],
      traffic: traffic([route(evil, 1)]),
      fault: evil,
    };
    const lines = text(state);
    for (const line of lines) expect(line).to.not.match(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(lines.join('\n')).to.include('a·]0;title··[2J···b·31m');
  });

  it('has wide characters in columns', () => {
    const lines = text({ ...STATE, upstreams: [], traffic: traffic([route('注文', 1), route('orders', 2)]) });
    expect(lines.slice(4, 7)).to.deep.equal([
      'ROUTE   REQ/S  ERR/S  2XX  3XX  4XX  5XX  P50  P95  P99  CACHE',
      'orders    2.0      0  2.0    0    0    0    -    -    -      -',
      '注文      1.0      0  1.0    0    0    0    -    -    -      -',
    ]);
    expect(lineText([{ text: '注文注文' }], 5)).to.equal('注文');
  });

  it('has colours that end where their text does', () => {
    const colours = palette(true);
    const line = [{ text: 'well', paint: colours.green }, { text: ' and ' }, { text: 'ill', paint: colours.red }];
    expect(lineText(line, 10)).to.equal('\u001b[32mwell\u001b[39m and \u001b[31mi\u001b[39m');
    expect(lineText(line, 4)).to.equal('\u001b[32mwell\u001b[39m');
  });
});
