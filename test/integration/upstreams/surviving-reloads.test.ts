import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { expect } from 'chai';
import { isShownUpstream, type ShownEndpoint } from '../../../src/upstreams/shown.ts';
import { forwarding, open, Opened, send, until, yaml, type LogLine, type TestGateway } from '../../support/reload.ts';

/** An endpoint that answers as a test says, and counts what is asked of it. */
class Endpoint {
  status = 200;
  readonly #asked = new Map<string, number>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
      const path = incoming.url ?? '';
      this.#asked.set(path, this.count(path) + 1);
      response.writeHead(this.status);
      if (path === '/events') response.write('data: first\n\n');
      else response.end('ok');
    });
  }

  static async start(opened: Opened): Promise<Endpoint> {
    const endpoint = new Endpoint();
    endpoint.#server.listen(0, '127.0.0.1');
    await once(endpoint.#server, 'listening');
    opened.add(async () => {
      endpoint.#server.closeAllConnections();
      await new Promise((resolve) => endpoint.#server.close(resolve));
    });
    return endpoint;
  }

  /** How often a path was asked for. */
  count(path: string): number {
    return this.#asked.get(path) ?? 0;
  }

  get origin(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the endpoint is closed');
    return `http://127.0.0.1:${address.port}`;
  }
}

const UNHEALTHY = 'an endpoint is unhealthy';
const OPEN = 'the breaker of an endpoint opened: requests to it failed';
const EJECTED = 'an endpoint is left out for a while: requests to it failed';
const HEALTH = 'health: { path: /healthz, interval: 20ms, healthyAfter: 1, unhealthyAfter: 1 }';
const OUTLIER = 'outlier: { failures: 2, ejectFor: 1h, maxEjected: 0.5 }';
const BREAKER = 'breaker: { minimumRequests: 2, openFor: 1h }';

describe('what is known of endpoints', () => {
  const opened = new Opened();

  interface Target {
    readonly origin: string;
  }

  const text = (targets: readonly Target[], more: string): string => {
    const list = targets.map(({ origin }) => `'${origin}'`).join(', ');
    return yaml(`upstreams:\n  up: { targets: [${list}], ${more} }\nroutes:\n${forwarding('up', '/*rest')}`, {
      drain: '1h',
    });
  };
  const start = async (yamlText: string): Promise<TestGateway> =>
    opened.gateway(join(opened.folder(), 'gateway.yaml'), yamlText);

  /** The endpoints as the admin API shows them. */
  async function endpointsOf(gateway: TestGateway): Promise<readonly ShownEndpoint[]> {
    const shown: unknown = JSON.parse((await send(gateway.running.adminAddress, '/api/v1/upstreams/up')).body);
    if (!isShownUpstream(shown)) throw new Error('it is no upstream');
    return shown.endpoints;
  }

  async function endpointOf(gateway: TestGateway, { origin }: Target): Promise<ShownEndpoint> {
    const found = (await endpointsOf(gateway)).find(({ url }) => url === origin);
    if (found === undefined) throw new Error(`there is no endpoint ${origin}`);
    return found;
  }

  /** Asks until a line is written. */
  async function askUntil(gateway: TestGateway, message: string): Promise<LogLine> {
    let line: LogLine | undefined;
    const written = gateway.log.next(message).then((found) => (line = found));
    await until(`"${message}" is written`, async () => {
      await gateway.get('/x');
      return line !== undefined;
    });
    return written;
  }

  it('are requests under way, over reloads that change other things', async () => {
    const upstream = await opened.upstream('up');
    const gateway = await start(text([upstream], 'connectTimeout: 1s'));
    const held = gateway.get('/hold');
    await until('the request is in flight', () => upstream.held === 1);
    await gateway.reloadWith(text([upstream], 'connectTimeout: 2s, balance: least-connections'));
    expect(await endpointOf(gateway, upstream)).to.include({ in_flight: 1 });
    upstream.release();
    expect((await held).status).to.equal(200);
    await until('nothing is in flight', async () => (await endpointOf(gateway, upstream)).in_flight === 0);
  });

  it('decide where requests go right after a reload', async () => {
    const [busy, idle] = [await opened.upstream('busy'), await opened.upstream('idle')];
    const settings = 'balance: least-connections, connectTimeout';
    const gateway = await start(text([busy], `${settings}: 1s`));
    const held = [gateway.get('/hold'), gateway.get('/hold')];
    await until('they are in flight', () => busy.held === 2);
    await gateway.reloadWith(text([busy, idle], `${settings}: 2s`));
    for (let count = 0; count < 4; count += 1) expect((await gateway.get('/x')).body).to.equal('idle GET /x');
    busy.release();
    await Promise.all(held);
  });

  it('are latencies', async () => {
    const endpoint = await Endpoint.start(opened);
    const gateway = await start(text([endpoint], 'connectTimeout: 1s'));
    expect((await endpointOf(gateway, endpoint)).latency_seconds).to.equal(null);
    await gateway.get('/x');
    const { latency_seconds: before } = await endpointOf(gateway, endpoint);
    expect(before).to.be.above(0);
    await gateway.reloadWith(text([endpoint], 'connectTimeout: 2s'));
    expect((await endpointOf(gateway, endpoint)).latency_seconds).to.equal(before);
  });

  it('are what probes found, until nobody probes any more', async () => {
    const [well, ill] = [await Endpoint.start(opened), await Endpoint.start(opened)];
    ill.status = 503;
    const gateway = await start(text([well, ill], `${HEALTH}, connectTimeout: 1s`));
    if (gateway.log.count(UNHEALTHY) === 0) await gateway.log.next(UNHEALTHY);
    await gateway.reloadWith(text([well, ill], `${HEALTH}, connectTimeout: 2s, balance: random`));
    // In the very turn after the swap: no probe has had the time to find it again.
    expect(await endpointOf(gateway, ill)).to.include({ condition: 'unhealthy', healthy: false });
    for (let count = 0; count < 6; count += 1) expect((await gateway.get('/x')).status).to.equal(200);
    expect([gateway.log.count(UNHEALTHY), ill.count('/x')]).to.deep.equal([1, 0]);

    await gateway.reloadWith(text([well, ill], 'connectTimeout: 2s'));
    expect(await endpointOf(gateway, ill)).to.include({ condition: 'available', healthy: true });
    for (let count = 0; count < 4; count += 1) await gateway.get('/x');
    expect(ill.count('/x')).to.equal(2);
  });

  it('are breakers that are open, as long as nothing about the breaker changes', async () => {
    const [well, ill] = [await Endpoint.start(opened), await Endpoint.start(opened)];
    ill.status = 500;
    const gateway = await start(text([well, ill], `${BREAKER}, connectTimeout: 1s`));
    await askUntil(gateway, OPEN);
    const before = ill.count('/x');
    await gateway.reloadWith(text([well, ill], `${BREAKER}, connectTimeout: 2s`));
    expect(await endpointOf(gateway, ill)).to.include({ condition: 'circuit-open', breaker: 'open' });
    for (let count = 0; count < 6; count += 1) expect((await gateway.get('/x')).status).to.equal(200);
    expect(ill.count('/x')).to.equal(before);

    await gateway.reloadWith(text([well, ill], 'breaker: { minimumRequests: 3, openFor: 1h }, connectTimeout: 2s'));
    expect(await endpointOf(gateway, ill)).to.include({ condition: 'available', breaker: 'closed' });
    await askUntil(gateway, OPEN);
    await gateway.reloadWith(text([well, ill], 'connectTimeout: 2s'));
    expect(await endpointOf(gateway, ill)).to.include({ condition: 'available', breaker: null });
  });

  it('are endpoints that are left out, as long as nothing about that changes', async () => {
    const [well, ill] = [await Endpoint.start(opened), await Endpoint.start(opened)];
    ill.status = 500;
    const gateway = await start(text([well, ill], `${OUTLIER}, connectTimeout: 1s`));
    await askUntil(gateway, EJECTED);
    const before = ill.count('/x');
    await gateway.reloadWith(text([well, ill], `${OUTLIER}, connectTimeout: 2s`));
    expect(await endpointOf(gateway, ill)).to.include({ condition: 'ejected', ejected: true });
    for (let count = 0; count < 6; count += 1) expect((await gateway.get('/x')).status).to.equal(200);
    expect(ill.count('/x')).to.equal(before);
    await gateway.reloadWith(text([well, ill], 'connectTimeout: 2s'));
    expect(await endpointOf(gateway, ill)).to.include({ condition: 'available', ejected: false });
  });

  it('are shares of endpoints that start slowly: one that has grown does not begin anew, a new one does', async () => {
    const [old, young] = [await Endpoint.start(opened), await Endpoint.start(opened)];
    const gateway = await start(text([old], 'slowStart: 1s, connectTimeout: 1s'));
    await until('it has grown', async () => (await endpointOf(gateway, old)).share === 1);
    await gateway.reloadWith(text([old, young], 'slowStart: 1m, connectTimeout: 2s'));
    const [before, after] = await endpointsOf(gateway);
    if (before === undefined || after === undefined) throw new Error('there are two');
    // It has been there for the second in which it grew, at the least: 1/60 more of what there is above a tenth.
    expect(before.share).to.be.at.least(0.115);
    expect(before.share - after.share).to.be.at.least(0.013);
  });

  it('cost no probes when they are known to an old configuration only, although a stream of it goes on', async () => {
    const [kept, gone] = [await Endpoint.start(opened), await Endpoint.start(opened)];
    const gateway = await start(text([kept, gone], HEALTH));
    const streams = [await open(gateway.address, '/events'), await open(gateway.address, '/events')];
    await until('both are probed', () => kept.count('/healthz') > 0 && gone.count('/healthz') > 0);
    await gateway.reloadWith(text([kept], HEALTH));
    const before = gone.count('/healthz');
    const goes = kept.count('/healthz');
    await until('the other one is probed on', () => kept.count('/healthz') > goes + 10);
    // One may have been under way.
    expect(gone.count('/healthz')).to.be.at.most(before + 1);
    expect(streams.map(({ destroyed }) => destroyed)).to.deep.equal([false, false]);
    expect(await gateway.metric(`gateway_endpoint_healthy{upstream="up",endpoint="${gone.origin}"}`)).to.equal(
      undefined,
    );
    for (const stream of streams) stream.destroy();
  });

  it('is remembered when the endpoint is back soon; one that goes finishes its requests before', async () => {
    const [kept, gone] = [await opened.upstream('kept'), await opened.upstream('gone')];
    const gateway = await start(text([gone], BREAKER));
    const held = gateway.get('/hold');
    await until('the request is in flight', () => gone.held === 1);
    await gateway.reloadWith(text([kept], BREAKER));
    for (let count = 0; count < 4; count += 1) expect((await gateway.get('/x')).body).to.equal('kept GET /x');
    gone.release();
    expect((await held).body).to.equal('gone GET /hold');
    await until('its connections are closed', () => gone.open === 0);
    await gateway.reloadWith(text([kept, gone], BREAKER));
    const back = await endpointOf(gateway, gone);
    expect([back.in_flight, back.latency_seconds]).to.satisfy(
      ([inFlight, latency]: unknown[]) => inFlight === 0 && latency !== null,
    );
  });
});
