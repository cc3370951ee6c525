/** What the admin API tells live: of a gateway that serves, and to readers that do what they like. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { AdminListener } from '../../../src/admin/admin.ts';
import type { ShownTraffic } from '../../../src/observability/traffic.ts';
import type { Family } from '../../../src/observability/exposition.ts';
import { isShownTraffic } from '../../../src/admin/live/shown-traffic.ts';
import { member } from '../../../src/upstreams/discovery/shape.ts';
import { AdminClient } from '../../support/admin-client.ts';
import { adminOptions } from '../../support/admin.ts';
import { Arrivals, within } from '../../support/arrivals.ts';
import { call, expectProblem } from '../../support/client.ts';
import { EventSourceClient } from '../../support/event-source.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { until } from '../../support/reload.ts';

const TOKEN = 'a-token-for-tests';
const AUTHORIZED = ['authorization', `Bearer ${TOKEN}`];
const LISTEN = { host: '127.0.0.1', port: 0 };

const yaml = (token: string, more = ''): string => `
admin: { token: ${token} }
upstreams:
  gone: { targets: ["http://127.0.0.1:1"] }
routes:
  - { name: home, match: { path: / }, respond: { status: 200, body: home } }
  - { name: gone, match: { path: /gone }, upstream: gone }
${more}`;

describe('what the admin API tells live', () => {
  let gateway: TestGateway;
  let sources: EventSourceClient[] = [];

  beforeEach(async () => {
    gateway = await startTestGateway(yaml(TOKEN));
  });
  afterEach(async () => {
    for (const source of sources) source.close();
    sources = [];
    await gateway.stop();
  });

  const watch = async (headers: readonly string[] = AUTHORIZED): Promise<EventSourceClient> => {
    const source = await EventSourceClient.open(`${gateway.adminUrl}/api/v1/live`, headers);
    sources.push(source);
    return source;
  };

  it('begins with the status and the upstreams, and goes on with the traffic', async () => {
    await call(`${gateway.url}/gone`);
    const source = await watch();
    expect(source.response.headers['cache-control']).to.equal('no-store');
    const traffic = await source.next('traffic');
    expect(source.events.items.slice(0, 2).map(({ event }) => event)).to.deep.equal(['status', 'upstreams']);
    const admin = new AdminClient(gateway.adminUrl, TOKEN);
    for (const [event, schema] of [
      ['status', 'Status'],
      ['upstreams', 'Upstreams'],
      ['traffic', 'Traffic'],
    ] as const) {
      await admin.expectSchema(JSON.stringify(await source.next(event)), schema);
    }
    expect(await source.next('status')).to.deep.equal(await admin.json('GET /status', 'Status'));
    expect(traffic['interval_seconds']).to.be.within(0.5, 5);
  });

  it('tells what happened since the event before, and what it is about adds up', async () => {
    const source = await watch();
    await source.next('traffic');
    for (let count = 0; count < 20; count += 1) await call(`${gateway.url}/`);
    for (let count = 0; count < 3; count += 1) await call(`${gateway.url}/gone`);
    const counted = (): Record<string, number> => {
      const sums: Record<string, number> = { home: 0, gone: 0, errors: 0 };
      const add = (name: string, count: number): void => void (sums[name] = (sums[name] ?? 0) + count);
      for (const { event, data } of source.events.items) {
        if (event !== 'traffic' || !isShownTraffic(data)) continue;
        for (const route of data.routes) {
          add(route.name, route.requests_per_second * data.interval_seconds);
          add('errors', route.errors_per_second * data.interval_seconds);
        }
      }
      return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, Math.round(sum * 10) / 10]));
    };
    await source.events.until(() => counted()['gone'] === 3, 'all requests');
    expect(counted()).to.deep.equal({ home: 20, gone: 3, errors: 3 });
    const busy = await source.next('traffic', (data) => member(data, 'total', 'p99_seconds') !== null);
    expect(busy['process']).to.have.property('memory_bytes').that.is.above(1e6);
  });

  it('tells a status that has changed, and no other', async () => {
    const source = await watch();
    const first = await source.next('status');
    await source.next('traffic');
    await gateway.write(yaml(TOKEN, '  - { name: more, match: { path: /more }, upstream: gone }\n'));
    await gateway.reload();
    const next = await source.next('status', (data) => member(data, 'config', 'routes') === 3);
    expect(next['config']).to.not.deep.equal(first['config']);
    const seen = source.events.items.length;
    await source.events.at(seen + 3);
    const told = source.events.items.filter(({ event }) => event === 'status').map(({ data }) => JSON.stringify(data));
    expect(told[0]).to.equal(JSON.stringify(first));
    // The file was read once or twice: by the watcher as well.
    expect(told).to.have.length.within(2, 3);
    expect(new Set(told).size).to.equal(told.length);
  });

  it('ends when a reload brings another token, and tells nothing more', async () => {
    const [one, other] = [await watch(), await watch()];
    await Promise.all([one.next('upstreams'), other.next('upstreams')]);
    await gateway.write(yaml('another-token-for-tests'));
    await gateway.reload();
    const seen = [one.events.items.length, other.events.items.length];
    expect(await within(Promise.all([one.over, other.over]), 'the end of both')).to.deep.equal(['end', 'end']);
    expect([one.events.items.length, other.events.items.length]).to.deep.equal(seen);
    await watch(['authorization', 'Bearer another-token-for-tests']);
  });

  it('goes on through a reload that leaves the token as it is', async () => {
    const source = await watch();
    await source.next('traffic');
    await gateway.write(yaml(TOKEN, '  - { name: more, match: { path: /more }, upstream: gone }\n'));
    await gateway.reload();
    const seen = source.events.items.length;
    await source.events.at(seen + 2);
  });

  it('ends when the gateway stops', async () => {
    const own = await startTestGateway(yaml(TOKEN));
    const source = await EventSourceClient.open(`${own.adminUrl}/api/v1/live`, AUTHORIZED);
    await source.next('upstreams');
    await own.stop();
    expect(await within(source.over, 'the end')).to.equal('end');
  });

  it('ends when the admin listener moves to another address', async () => {
    const source = await watch();
    await source.next('upstreams');
    await gateway.write(yaml(TOKEN).replace('token:', 'listen: "localhost:0", token:'));
    await gateway.reload();
    expect(await within(source.over, 'the end')).to.equal('end');
  });

  it('is only for those who have the token, and for no page of another origin', async () => {
    const url = `${gateway.adminUrl}/api/v1/live`;
    expectProblem(await call(url), 'unauthorized');
    expectProblem(await call(url, { headers: ['authorization', 'Bearer wrong'] }), 'unauthorized');
    for (const origin of ['https://evil.example.com', 'null', 'http://127.0.0.1:1'])
      expectProblem(await call(url, { headers: [...AUTHORIZED, 'origin', origin] }), 'misdirected-request');
    expectProblem(await call(url, { headers: [...AUTHORIZED, 'host', 'evil.example.com'] }), 'misdirected-request');
    await watch([...AUTHORIZED, 'origin', gateway.adminUrl]);
  });

  it('takes no query, no other method, and answers HEAD without a stream', async () => {
    const url = `${gateway.adminUrl}/api/v1/live`;
    expect((await call(`${url}?every=1s`, { headers: AUTHORIZED })).status).to.equal(400);
    expectProblem(await call(url, { method: 'POST', headers: AUTHORIZED }), 'method-not-allowed');
    for (let count = 0; count < 20; count += 1) {
      const head = await call(url, { method: 'HEAD', headers: AUTHORIZED });
      expect({ status: head.status, type: head.header('content-type') }).to.deep.equal({
        status: 200,
        type: 'text/event-stream',
      });
    }
  });

  it('is in the OpenAPI document, with what its events hold', async () => {
    const document: unknown = JSON.parse(
      (await new AdminClient(gateway.adminUrl, TOKEN).ask('GET /openapi.json')).text,
    );
    const responses = member(document, 'paths', '/live', 'get', 'responses');
    expect(member(responses, '200', 'content')).to.deep.equal({
      'text/event-stream': { schema: { $ref: '#/components/schemas/LiveEvents' } },
    });
    expect(responses).to.include.keys('401', '421', '503');
  });

  it('has 16 streams at most, and room again when one has gone', async () => {
    const url = `${gateway.adminUrl}/api/v1/live`;
    const all = await Promise.all(Array.from({ length: 16 }, async () => watch()));
    const refused = await call(url, { headers: AUTHORIZED });
    expectProblem(refused, 'busy');
    expect(refused.header('retry-after')).to.equal('5');
    all[3]?.close();
    await until('there is room again', async () => {
      const source = await watch().catch(() => undefined);
      return source !== undefined;
    });
    expectProblem(await call(url, { headers: AUTHORIZED }), 'busy');
  });

  it('is no fault of the gateway when a reader goes', async () => {
    const source = await watch();
    const rude = await reset(gateway.adminPort);
    await source.next('traffic');
    rude.resetAndDestroy();
    const seen = source.events.items.length;
    await source.events.at(seen + 3);
    expect(gateway.logs.items.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });
});

/** Begins to read, on a connection that can be reset. */
async function reset(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`GET /api/v1/live HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${TOKEN}\r\n\r\n`);
  await once(socket, 'data');
  return socket;
}

describe('what is told live is read', () => {
  let listener: AdminListener;
  let readings: Arrivals<number>;

  beforeEach(async () => {
    readings = new Arrivals(String);
    const metrics = async (): Promise<readonly Family[]> => {
      readings.push(Date.now());
      return [];
    };
    listener = await AdminListener.open(LISTEN, await adminOptions({ metrics }));
  });
  afterEach(async () => listener.close());

  const watch = async (): Promise<EventSourceClient> =>
    EventSourceClient.open(`http://127.0.0.1:${listener.address.port}/api/v1/live`);

  it('once for all who listen, and not while nobody does', async () => {
    expect(readings.items).to.have.length(0);
    const all = await Promise.all(Array.from({ length: 8 }, watch));
    await Promise.all(all.map(async (source) => source.next('traffic')));
    // One to begin with, and one for each event.
    const told = all[0]?.events.items.filter(({ event }) => event === 'traffic').length ?? 0;
    expect(readings.items.length).to.be.within(told + 1, told + 2);
    for (const source of all) source.close();
    await Promise.all(all.map(async (source) => source.over));
    // A sampler that had gone on would tell of intervals that overlap.
    const late = await watch();
    const intervals = (): ShownTraffic[] =>
      late.events.items.flatMap(({ data }) => (isShownTraffic(data) ? [data] : []));
    await late.events.until(() => intervals().length === 3, 'three intervals');
    for (const [index, { at, interval_seconds: seconds }] of intervals().entries()) {
      const former = intervals()[index - 1];
      if (former !== undefined) expect((Date.parse(at) - Date.parse(former.at)) / 1000).to.be.closeTo(seconds, 0.1);
    }
    late.close();
  });
});
