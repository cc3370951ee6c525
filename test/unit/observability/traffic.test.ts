import { expect } from 'chai';
import {
  familiesOf,
  readOpenMetrics,
  openMetricsText,
  type Family,
  type Sample,
} from '../../../src/observability/exposition.ts';
import { Metrics } from '../../../src/observability/metrics.ts';
import { Reader } from '../../../src/observability/reading.ts';
import { labelsOf } from '../../../src/observability/series.ts';
import { trafficBetween, type ShownTraffic } from '../../../src/observability/traffic.ts';

const AT = Date.UTC(2026, 6, 22, 10, 0, 0);

/** Metrics by hand: the values of series. */
function families(values: Readonly<Record<string, number>>): Family[] {
  const found = new Map<string, Sample[]>();
  for (const [series, value] of Object.entries(values)) {
    const name = series.replace(/\{.*$/s, '').replace(/_(?:total|bucket|sum|count)$/, '');
    found.set(name, [...(found.get(name) ?? []), { series, value }]);
  }
  return [...found].map(([name, samples]) => ({ name, type: 'counter', help: '', samples }));
}

/** What happens in two seconds from one to the other. */
function between(
  former: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
  seconds = 2,
): ShownTraffic {
  const reader = new Reader();
  return trafficBetween(reader.read(families(former), AT, 50), reader.read(families(now), AT + 2000, 50 + seconds));
}

const requests = (route: string, status: string, method = 'GET'): string =>
  `gateway_requests_total{route="${route}",method="${method}",status="${status}"}`;
const bucket = (route: string, le: string): string =>
  `gateway_request_duration_seconds_bucket{route="${route}",le="${le}"}`;
const cached = (route: string, result: string): string =>
  `gateway_cache_requests_total{route="${route}",result="${result}"}`;

describe('the traffic between two readings', () => {
  it('is what was counted in each second, by route and status', () => {
    const { at, interval_seconds, total, routes } = between(
      { [requests('orders', '2xx')]: 100, [requests('orders', '5xx')]: 7 },
      {
        [requests('orders', '2xx')]: 120,
        [requests('orders', '2xx', 'POST')]: 4,
        [requests('orders', '5xx')]: 10,
        [requests('_none', '4xx')]: 1,
      },
    );
    expect({ at, interval_seconds }).to.deep.equal({ at: '2026-07-22T10:00:02.000Z', interval_seconds: 2 });
    expect(total).to.include({ requests_per_second: 14, errors_per_second: 1.5 });
    expect(
      routes.map(({ name, requests_per_second: all, errors_per_second: errors, statuses }) => ({
        name,
        all,
        errors,
        statuses,
      })),
    ).to.deep.equal([
      { name: 'orders', all: 13.5, errors: 1.5, statuses: { '2xx': 12, '5xx': 1.5 } },
      { name: '_none', all: 0.5, errors: 0, statuses: { '4xx': 0.5 } },
    ]);
  });

  it('has percentiles of what came meanwhile, not of all that there was', () => {
    const { routes, total } = between(
      {
        [requests('a', '2xx')]: 1000,
        [bucket('a', '0.1')]: 1000,
        [bucket('a', '1.0')]: 1000,
        [bucket('a', '+Inf')]: 1000,
      },
      {
        [requests('a', '2xx')]: 1010,
        [bucket('a', '0.1')]: 1000,
        [bucket('a', '1.0')]: 1010,
        [bucket('a', '+Inf')]: 1010,
        [requests('b', '2xx')]: 10,
        [bucket('b', '0.1')]: 10,
        [bucket('b', '1.0')]: 10,
        [bucket('b', '+Inf')]: 10,
      },
    );
    const [a, b] = routes;
    expect(a).to.include({ p50_seconds: 0.55, p95_seconds: 0.955, p99_seconds: 0.991 });
    expect(b).to.include({ p50_seconds: 0.05, p95_seconds: 0.095, p99_seconds: 0.099 });
    expect(total).to.include({ p50_seconds: 0.1, p95_seconds: 0.91, p99_seconds: 0.982 });
  });

  it('has no percentiles of a route that nobody called', () => {
    const counts = { [requests('a', '2xx')]: 3, [bucket('a', '0.1')]: 3, [bucket('a', '+Inf')]: 3 };
    const { routes, total } = between(counts, counts);
    const idle = {
      requests_per_second: 0,
      errors_per_second: 0,
      p50_seconds: null,
      p95_seconds: null,
      p99_seconds: null,
    };
    expect(routes).to.deep.equal([{ name: 'a', ...idle, statuses: { '2xx': 0 } }]);
    expect(total).to.deep.equal({ ...idle, in_flight: 0, connections: 0 });
  });

  it('is never negative when what a worker has counted is lost', () => {
    const { total, routes, cache, process } = between(
      {
        [requests('a', '2xx')]: 900,
        [requests('a', '5xx')]: 5,
        [bucket('a', '0.1')]: 900,
        [bucket('a', '+Inf')]: 905,
        [requests('b', '2xx')]: 1,
        [bucket('b', '0.1')]: 1,
        [bucket('b', '+Inf')]: 1,
        [cached('a', 'hit')]: 500,
        [cached('a', 'miss')]: 10,
        'process_cpu_seconds_total{worker="1"}': 70,
        'process_cpu_seconds_total{worker="2"}': 80,
      },
      {
        [requests('a', '2xx')]: 500,
        [requests('a', '5xx')]: 7,
        [bucket('a', '0.1')]: 500,
        [bucket('a', '+Inf')]: 507,
        [requests('b', '2xx')]: 5,
        [bucket('b', '0.1')]: 5,
        [bucket('b', '+Inf')]: 5,
        [cached('a', 'hit')]: 100,
        [cached('a', 'miss')]: 12,
        'process_cpu_seconds_total{worker="1"}': 71,
        'process_cpu_seconds_total{worker="2"}': 0.5,
        'process_cpu_seconds_total{worker="3"}': 40,
      },
    );
    expect(routes[0]).to.deep.include({ statuses: { '2xx': 0, '5xx': 1 }, p50_seconds: null, p99_seconds: null });
    // What can be said of the other route is said.
    expect(routes[1]).to.include({ requests_per_second: 2, p50_seconds: 0.05 });
    expect(total).to.include({ requests_per_second: 3, errors_per_second: 1, p50_seconds: 0.05 });
    expect(cache.hit_ratio).to.equal(null);
    expect(process.cpu_cores).to.equal(0.5);
  });

  it('has the share of requests that needed no whole answer of the upstream', () => {
    const { cache } = between(
      { [cached('a', 'hit')]: 10, [cached('a', 'miss')]: 10, [cached('b', 'miss')]: 1, [cached('c', 'bypass')]: 3 },
      {
        [cached('a', 'hit')]: 14,
        [cached('a', 'stale')]: 1,
        [cached('a', 'coalesced')]: 1,
        [cached('a', 'revalidated')]: 1,
        [cached('a', 'miss')]: 12,
        [cached('a', 'bypass')]: 100,
        [cached('b', 'miss')]: 1,
        [cached('c', 'bypass')]: 9,
        gateway_cache_bytes: 2048,
        gateway_cache_entries: 3,
      },
    );
    expect(cache).to.deep.equal({
      hit_ratio: 0.7778,
      bytes: 2048,
      entries: 3,
      routes: [
        { name: 'a', hit_ratio: 0.7778 },
        { name: 'b', hit_ratio: null },
        { name: 'c', hit_ratio: null },
      ],
    });
  });

  it('adds up what processes use, and has the worst event loop', () => {
    const { process, total } = between(
      { 'process_cpu_seconds_total{worker="0"}': 1, 'process_cpu_seconds_total{worker="1"}': 10 },
      {
        'process_cpu_seconds_total{worker="0"}': 1.1,
        'process_cpu_seconds_total{worker="1"}': 11.4,
        gateway_requests_in_flight: 4,
        gateway_connections: 9,
      },
    );
    expect(process.cpu_cores).to.equal(0.75);
    expect(total).to.include({ in_flight: 4, connections: 9 });
    const gauge = (name: string, ...values: readonly number[]): Family => ({
      name,
      type: 'gauge',
      help: '',
      samples: values.map((value, worker) => ({ series: `${name}{worker="${worker}"}`, value })),
    });
    const reader = new Reader();
    const former = reader.read([], AT, 50);
    const reading = reader.read(
      [gauge('process_resident_memory_bytes', 100, 200), gauge('nodejs_eventloop_lag_p99_seconds', 0.01, 0.04, 0.02)],
      AT,
      51,
    );
    expect(trafficBetween(former, reading).process).to.deep.equal({
      cpu_cores: 0,
      memory_bytes: 300,
      event_loop_lag_seconds: 0.03,
    });
    // It is looked at every 10 ms, which is no lateness: no figure is below what never is late.
    const idle = reader.read([gauge('nodejs_eventloop_lag_p99_seconds', 0.0099)], AT, 52);
    expect(trafficBetween(reading, idle).process.event_loop_lag_seconds).to.equal(0);
  });

  it('reads the metrics of the gateway, in this process and from another one', async () => {
    const metrics = new Metrics({ inFlight: () => 2, connections: async () => 5 });
    const name = 'or"de,rs\\ {x}';
    const observe = (): void => metrics.route(name).observe('GET', 200, 0.02);
    observe();
    const [own, other] = [new Reader(), new Reader()];
    const read = async (clock: number): Promise<readonly [ReturnType<Reader['read']>, ReturnType<Reader['read']>]> => {
      const all = await familiesOf(metrics.registry);
      return [own.read(all, AT, clock), other.read(readOpenMetrics(openMetricsText(all)), AT, clock)];
    };
    const former = await read(0);
    for (let count = 0; count < 10; count += 1) observe();
    const now = await read(1);
    for (const place of [0, 1] as const) {
      const { routes, total } = trafficBetween(former[place], now[place]);
      expect(routes).to.deep.equal([
        {
          name,
          requests_per_second: 10,
          errors_per_second: 0,
          statuses: { '2xx': 10 },
          p50_seconds: 0.0175,
          p95_seconds: 0.02425,
          p99_seconds: 0.02485,
        },
      ]);
      expect(total).to.include({ in_flight: 2, connections: 5, p50_seconds: 0.0175 });
    }
  });
});

describe('the labels of a series', () => {
  it('are taken apart, whatever is in them', () => {
    expect(labelsOf('up')).to.deep.equal({});
    expect(labelsOf(String.raw`a_total{x="1,y=\"2\"",y="}\\",z="a\nb",e=""}`)).to.deep.equal({
      x: '1,y="2"',
      y: '}\\',
      z: 'a\nb',
      e: '',
    });
  });
});
