import { expect } from 'chai';
import { call } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { rawExchange } from '../../support/raw.ts';
import { until } from '../../support/reload.ts';
import { closedPort, TestUpstream } from '../../support/upstream.ts';

onEachEngine('metrics', () => {
  let gateway: TestGateway;
  let upstream: TestUpstream;

  beforeEach(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
upstreams:
  any: { targets: ["${upstream.origin}"], responseTimeout: 100ms }
  one: { targets: ["${upstream.origin}"], connections: 1 }
  none: { targets: ["http://127.0.0.1:${await closedPort()}"] }
routes:
  - { name: any, match: { path: "/any/*rest" }, upstream: any }
  - { name: one, match: { path: "/one/*rest" }, upstream: one }
  - { name: none, match: { path: /none }, upstream: none }
  - { name: unused, match: { path: /unused }, upstream: none }
`);
  });

  afterEach(async () => {
    await gateway.stop();
    await upstream.close();
  });

  /** The series of one metric, without those that are zero: labels and value. */
  async function series(name: string): Promise<Record<string, number>> {
    const { text } = await call(`${gateway.adminUrl}/metrics`);
    const found: Record<string, number> = {};
    for (const line of text.split('\n')) {
      const match = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
      if (match?.[1] === name && match[3] !== '0') found[match[2] ?? ''] = Number(match[3]);
    }
    return found;
  }

  async function ask(path: string, method = 'GET'): Promise<number> {
    const answer = await call(gateway.url + path, { method });
    // Counted when the exchange is over, and that is when its line is written.
    await gateway.accessLine(answer.header('x-request-id') ?? '');
    return answer.status;
  }

  it('count requests by route, method and class of status', async () => {
    await ask('/any/a');
    await ask('/any/b?q=1');
    await ask('/any/c', 'POST');
    await ask('/none');
    await ask('/nowhere');
    await ask('/any/%00');
    expect(await series('gateway_requests_total')).to.deep.equal({
      'route="any",method="GET",status="2xx"': 2,
      'route="any",method="POST",status="2xx"': 1,
      'route="none",method="GET",status="5xx"': 1,
      'route="_none",method="GET",status="4xx"': 2,
    });
  });

  it('have no labels that a client can make', async () => {
    for (const method of ['PROPFIND', 'MKCOL', 'M-SEARCH', 'PURGE', 'QUERY', 'BREW']) {
      await rawExchange(gateway.port, `${method} /any/${method} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    }
    await rawExchange(gateway.port, 'garbage\r\n\r\n');
    await ask('/any/end');
    const found = await series('gateway_requests_total');
    expect(Object.keys(found)).to.have.members([
      'route="any",method="other",status="2xx"',
      'route="any",method="GET",status="2xx"',
      'route="_none",method="other",status="4xx"',
    ]);
  });

  it('measure the duration of requests', async () => {
    await ask('/any/a');
    await ask('/any/b');
    expect((await series('gateway_request_duration_seconds_count'))['route="any"']).to.equal(2);
    const buckets = await series('gateway_request_duration_seconds_bucket');
    expect(
      Object.entries(buckets).find(([labels]) => labels.includes('le="+Inf"') && labels.includes('"any"'))?.[1],
    ).to.equal(2);
    expect((await series('gateway_request_duration_seconds_sum'))['route="any"']).to.be.greaterThan(0);
  });

  it('count attempts by upstream and outcome', async () => {
    await ask('/any/a');
    upstream.answer = ({ response }) => void response.writeHead(503).end();
    await ask('/any/b');
    upstream.answer = ({ response }) => void response.destroy();
    await ask('/any/c');
    upstream.answer = () => undefined;
    await ask('/any/d');
    await ask('/none');
    expect(await series('gateway_upstream_attempts_total')).to.deep.equal({
      'upstream="any",outcome="2xx"': 1,
      'upstream="any",outcome="5xx"': 1,
      'upstream="any",outcome="reset"': 1,
      'upstream="any",outcome="timeout"': 1,
      'upstream="none",outcome="connect"': 1,
    });
    expect((await series('gateway_upstream_duration_seconds_count'))['upstream="any"']).to.equal(2);
  });

  it('show requests and connections while they are open', async () => {
    upstream.answer = () => undefined;
    const answer = call(`${gateway.url}/one/a`);
    const request = await upstream.requests.at(0);
    expect(await series('gateway_requests_in_flight')).to.deep.equal({ '': 1 });
    expect(await series('gateway_route_requests_in_flight')).to.deep.equal({ 'route="one"': 1 });
    expect(await series('gateway_connections')).to.deep.equal({ '': 1 });
    const endpoint = `upstream="one",endpoint="${upstream.origin}"`;
    expect(await series('gateway_endpoint_connections')).to.deep.equal({ [`${endpoint},state="used"`]: 1 });
    request.response.end('ok');
    await gateway.accessLine((await answer).header('x-request-id') ?? '');
    expect(await series('gateway_requests_in_flight')).to.deep.equal({});
    expect(await series('gateway_endpoint_connections')).to.deep.equal({ [`${endpoint},state="idle"`]: 1 });
    expect(await series('gateway_route_requests_in_flight')).to.deep.equal({});
    const { text } = await call(`${gateway.adminUrl}/metrics`);
    expect(text).to.include('\ngateway_route_requests_in_flight{route="one"} 0\n');
  });

  it('show requests that wait for a connection to an endpoint', async () => {
    upstream.answer = () => undefined;
    const answers = Array.from({ length: 3 }, async (_, index) => call(`${gateway.url}/one/${index}`));
    await upstream.requests.at(0);
    const endpoint = `upstream="one",endpoint="${upstream.origin}"`;
    const waiting = async (): Promise<number> => (await series('gateway_endpoint_requests_waiting'))[endpoint] ?? 0;
    await until('two requests wait', async () => (await waiting()) === 2);
    upstream.answer = ({ response }) => void response.end('ok');
    (await upstream.requests.at(0)).response.end('ok');
    await Promise.all(answers);
    expect(await waiting()).to.equal(0);
  });

  it('tell which configuration serves, and whether the last one could be loaded', async () => {
    const before = Object.keys(await series('gateway_config_info'));
    expect(before).to.have.length(1);
    expect(before[0]).to.match(/^hash="[0-9a-f]{16}"$/);
    expect(await series('gateway_config_last_reload_successful')).to.deep.equal({ '': 1 });
    await gateway.write('routes: nonsense');
    await gateway.reload();
    expect(await series('gateway_config_last_reload_successful')).to.deep.equal({});
    expect(Object.keys(await series('gateway_config_info'))).to.deep.equal(before);
    await gateway.write('routes: [{ name: own, match: { path: / }, respond: { status: 200 } }]');
    await gateway.reload();
    expect(await series('gateway_config_last_reload_successful')).to.deep.equal({ '': 1 });
    const after = Object.keys(await series('gateway_config_info'));
    expect(after).to.have.length(1);
    expect(after).to.not.deep.equal(before);
  });
});
