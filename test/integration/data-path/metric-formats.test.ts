import { expect } from 'chai';
import { call } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { parseOpenMetrics, promtoolFindings } from '../../support/metric-parsers.ts';
import { closedPort, TestUpstream } from '../../support/upstream.ts';

const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8';

describe('the formats of metrics', function () {
  // The parsers may have to be fetched first.
  this.timeout(180_000);
  let gateway: TestGateway;
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
metrics: { buckets: [0.5, 1, 60] }
upstreams:
  any: { targets: ["${upstream.origin}"], breaker: {}, bulkhead: { concurrent: 5 } }
  none: { targets: ["http://127.0.0.1:${await closedPort()}"] }
routes:
  - { name: any, match: { path: "/any/*rest" }, upstream: any, cache: { ttl: 1m } }
  - { name: none, match: { path: /none }, upstream: none }
`);
    for (const path of ['/any/a', '/any/a', '/none', '/nowhere']) {
      const answer = await call(gateway.url + path);
      await gateway.accessLine(answer.header('x-request-id') ?? '');
    }
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  async function scrape(...headers: string[]): Promise<{ readonly type: string; readonly text: string }> {
    const answer = await call(`${gateway.adminUrl}/metrics`, { headers });
    expect(answer.header('vary')).to.match(/accept/i);
    return { type: answer.header('content-type') ?? '', text: answer.text };
  }

  for (const [who, accept, expected] of [
    ['nobody in particular', undefined, PROMETHEUS],
    ['a browser', 'text/html,application/xhtml+xml,*/*;q=0.8', PROMETHEUS],
    [
      'Prometheus 2.42',
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      OPEN_METRICS,
    ],
    [
      'Prometheus 3',
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      OPEN_METRICS,
    ],
    ['whoever prefers plain text', 'application/openmetrics-text;q=0.4, text/plain;q=0.5', PROMETHEUS],
    ['whoever refuses OpenMetrics', 'application/openmetrics-text;q=0', PROMETHEUS],
    ['whoever reads another version', 'application/openmetrics-text;version=0.0.1', PROMETHEUS],
    ['whoever names it alone', 'Application/OpenMetrics-Text', OPEN_METRICS],
  ] as const) {
    it(`answer ${who} in ${expected.split(';', 1)[0]}`, async () => {
      expect((await scrape(...(accept === undefined ? [] : ['accept', accept]))).type).to.equal(expected);
    });
  }

  it('pass promtool', async () => {
    expect(await promtoolFindings((await scrape()).text)).to.equal('');
  });

  it('pass the parser of OpenMetrics, with units and whole', async () => {
    const { text } = await scrape('accept', OPEN_METRICS);
    const families = await parseOpenMetrics(text);
    const found = (name: string): unknown => families.find((family) => family.name === name);
    expect(found('gateway_requests')).to.include({ type: 'counter', unit: '' });
    expect(found('gateway_request_duration_seconds')).to.include({ type: 'histogram', unit: 'seconds' });
    expect(found('gateway_cache_bytes')).to.include({ type: 'gauge', unit: 'bytes' });
    expect(text).to.match(/\n# EOF\n$/);
  });

  it('have the same series', async () => {
    const series = (text: string): string[] =>
      text.split('\n').flatMap((line) => /^gateway_[^ ]*(?=[ ])/.exec(line.replace(/ \S+$/, ' '))?.[0] ?? []);
    const [plain, open] = [series((await scrape()).text), series((await scrape('accept', OPEN_METRICS)).text)];
    expect(plain).to.include('gateway_requests_total{route="none",method="GET",status="5xx"}');
    expect(plain).to.include('gateway_request_duration_seconds_bucket{route="any",le="60.0"}');
    expect(open).to.deep.equal(plain);
  });

  it('have the buckets of the configuration, from start to end', async () => {
    const bounds = async (): Promise<string[]> =>
      [...(await scrape()).text.matchAll(/^gateway_request_duration_seconds_bucket\{route="any",le="(.*)"\}/gm)].map(
        ([, bound = '']) => bound,
      );
    expect(await bounds()).to.deep.equal(['0.5', '1.0', '60.0', '+Inf']);
    await gateway.write(
      'metrics: { buckets: [7] }\nroutes: [{ name: any, match: { path: / }, respond: { status: 200 } }]',
    );
    await gateway.reload();
    await gateway.logs.until(
      ({ msg, settings }) => String(msg).includes('after a restart only') && String(settings) === 'metrics',
      'the line of what is kept',
    );
    expect((await scrape()).text).to.include('\ngateway_config_restart_required 1\n');
    await call(gateway.url);
    expect(await bounds()).to.deep.equal(['0.5', '1.0', '60.0', '+Inf']);
  });
});
