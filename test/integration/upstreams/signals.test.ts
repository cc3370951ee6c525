import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect } from 'chai';
import { forwarding, Opened, send, until, yaml, type LogLine, type TestGateway } from '../../support/reload.ts';

/** An endpoint whose answers a test may hold back. */
class Endpoint {
  status = 200;
  /** Whether it keeps requests until they are let go. */
  holds = false;
  readonly held: ServerResponse[] = [];
  requests = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
      this.requests += 1;
      response.statusCode = this.status;
      if (this.holds && incoming.url !== '/healthz') this.held.push(response);
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

  letGo(): void {
    this.holds = false;
    for (const response of this.held.splice(0)) response.end('ok');
  }

  get origin(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the endpoint is closed');
    return `http://127.0.0.1:${address.port}`;
  }
}

const BREAKER_OPEN = 'the breaker of an endpoint opened: requests to it failed';
const BREAKER_CLOSED = 'the breaker of an endpoint closed';
const BREAKER_TRIES = 'an endpoint is tried again';
const EJECTED = 'an endpoint is left out for a while: requests to it failed';
const BACK = 'an endpoint that was left out is back';
const UNHEALTHY = 'an endpoint is unhealthy';
const HEALTHY = 'an endpoint is healthy again';
const PANIC = 'no endpoint is well: all of them are asked';
const NO_PANIC = 'some endpoints are well again: only those are asked';

describe('what people see of upstreams', () => {
  const opened = new Opened();

  const text = (targets: readonly { readonly origin: string }[], more: string): string => {
    const list = targets.map(({ origin }) => `'${origin}'`).join(', ');
    return yaml(`upstreams:\n  up: { targets: [${list}], ${more} }\nroutes:\n${forwarding('up', '/*rest')}`, {
      drain: '1h',
    });
  };
  const start = async (yamlText: string): Promise<TestGateway> =>
    opened.gateway(join(opened.folder(), 'gateway.yaml'), yamlText);

  /** The value of a metric of the upstream, or of one of its endpoints. */
  async function value(gateway: TestGateway, name: string, labels: Record<string, string> = {}): Promise<unknown> {
    const named = Object.entries({ upstream: 'up', ...labels }).map(([label, content]) => `${label}="${content}"`);
    return gateway.metric(`${name}{${named.join(',')}}`);
  }

  /** All series of the upstream whose name begins so. */
  async function series(gateway: TestGateway, prefix: string): Promise<string[]> {
    const { body } = await send(gateway.running.adminAddress, '/metrics');
    return body.split('\n').filter((line) => line.startsWith(prefix));
  }

  /** Asks until a line is written. */
  async function askUntil(gateway: TestGateway, message: string): Promise<LogLine> {
    const seen = gateway.log.lines.length;
    await until(`"${message}" is written`, async () => {
      await gateway.get('/x');
      return gateway.log.lines.slice(seen).some(({ msg }) => msg === message);
    });
    return gateway.log.next(message, seen);
  }

  it('is each change of a breaker: open, half-open and closed', async () => {
    const endpoint = await Endpoint.start(opened);
    const gateway = await start(
      text([endpoint], 'breaker: { minimumRequests: 2, openFor: 300ms, halfOpenRequests: 1 }'),
    );
    const about = { upstream: 'up', endpoint: endpoint.origin };
    const state = async (): Promise<unknown> => value(gateway, 'gateway_breaker_state', { endpoint: endpoint.origin });
    expect(await state()).to.equal(0);

    endpoint.status = 500;
    expect(await askUntil(gateway, BREAKER_OPEN)).to.include({ level: 'warn', ...about, breaker: 'open' });
    const refusing = await gateway.get('/x');
    // It may be half-open by now: then it was tried, and is open again.
    expect(refusing.status).to.be.oneOf([503, 500]);
    expect(await askUntil(gateway, BREAKER_TRIES)).to.include({ level: 'info', ...about, breaker: 'half-open' });
    endpoint.status = 200;
    expect(await askUntil(gateway, BREAKER_CLOSED)).to.include({ level: 'info', ...about, breaker: 'closed' });
    expect(await state()).to.equal(0);

    // Each line is a transition that was counted.
    for (const [to, message] of [
      ['open', BREAKER_OPEN],
      ['half-open', BREAKER_TRIES],
      ['closed', BREAKER_CLOSED],
    ] as const) {
      const lines = gateway.log.count(message);
      expect(lines).to.be.above(0);
      expect(await value(gateway, 'gateway_breaker_transitions_total', { to }), to).to.equal(lines);
    }
    expect(gateway.log.count(BREAKER_CLOSED)).to.equal(1);
    expect(await value(gateway, 'gateway_upstream_refusals_total', { reason: 'circuit-open' })).to.be.above(0);
  });

  it('is a breaker that is open, at 2, and 503 with the time to wait', async () => {
    const endpoint = await Endpoint.start(opened);
    endpoint.status = 500;
    const gateway = await start(text([endpoint], 'breaker: { minimumRequests: 2, openFor: 1h }'));
    await askUntil(gateway, BREAKER_OPEN);
    expect(await value(gateway, 'gateway_breaker_state', { endpoint: endpoint.origin })).to.equal(2);
    const before = Number((await value(gateway, 'gateway_upstream_refusals_total', { reason: 'circuit-open' })) ?? 0);
    const asked = endpoint.requests;
    const { status, headers, body } = await gateway.get('/x');
    expect([status, JSON.parse(body)]).to.have.nested.property('1.code', 'circuit-open');
    expect(Number(headers['retry-after'])).to.be.within(3500, 3600);
    expect(endpoint.requests).to.equal(asked);
    expect(await value(gateway, 'gateway_upstream_refusals_total', { reason: 'circuit-open' })).to.equal(before + 1);
    // A breaker says nothing of health.
    expect(await value(gateway, 'gateway_endpoint_healthy', { endpoint: endpoint.origin })).to.equal(1);
  });

  it('is an endpoint that is left out for a while, and back', async () => {
    const [well, ill] = [await Endpoint.start(opened), await Endpoint.start(opened)];
    ill.status = 500;
    const gateway = await start(text([well, ill], 'outlier: { failures: 2, ejectFor: 500ms, maxEjected: 0.5 }'));
    const about = { upstream: 'up', endpoint: ill.origin };
    const healthy = async (): Promise<unknown> => value(gateway, 'gateway_endpoint_healthy', { endpoint: ill.origin });
    expect([await healthy(), await value(gateway, 'gateway_endpoint_ejections_total')]).to.deep.equal([1, undefined]);
    expect(await askUntil(gateway, EJECTED)).to.include({ level: 'warn', ...about });
    expect(await value(gateway, 'gateway_endpoint_ejections_total')).to.be.above(0);
    ill.status = 200;
    expect(await askUntil(gateway, BACK)).to.include({ level: 'info', ...about });
    await until('it counts as healthy', async () => (await healthy()) === 1);
    expect(await value(gateway, 'gateway_endpoint_ejections_total')).to.equal(gateway.log.count(EJECTED));
  });

  it('is what probes find, and a panic when nothing is well', async () => {
    const [a, b] = [await Endpoint.start(opened), await Endpoint.start(opened)];
    const gateway = await start(
      text([a, b], 'health: { path: /healthz, interval: 20ms, healthyAfter: 1, unhealthyAfter: 1 }'),
    );
    const healthy = async (): Promise<unknown[]> =>
      Promise.all([a, b].map(async ({ origin }) => value(gateway, 'gateway_endpoint_healthy', { endpoint: origin })));
    expect([await healthy(), await value(gateway, 'gateway_upstream_panic')]).to.deep.equal([[1, 1], 0]);

    const first = gateway.log.next(UNHEALTHY);
    a.status = 503;
    const line = await first;
    expect(line).to.include({ level: 'warn', upstream: 'up', endpoint: a.origin });
    expect(line['why']).to.be.a('string').that.includes('503');
    expect([await healthy(), await value(gateway, 'gateway_upstream_panic')]).to.deep.equal([[0, 1], 0]);
    expect((await gateway.get('/x')).status).to.equal(200);

    b.status = 503;
    await until('neither is healthy', async () => (await healthy()).every((each) => each === 0));
    expect(await value(gateway, 'gateway_upstream_panic')).to.equal(1);
    const panicking = gateway.log.next(PANIC);
    // Both are asked: an answer from one that seems to be ill is better than none.
    for (let count = 0; count < 4; count += 1) expect((await gateway.get('/x')).status).to.equal(503);
    expect(await panicking).to.include({ level: 'error', upstream: 'up' });

    const mended = gateway.log.next(HEALTHY);
    a.status = 200;
    expect(await mended).to.include({ level: 'info', upstream: 'up', endpoint: a.origin });
    const calm = gateway.log.next(NO_PANIC);
    expect((await gateway.get('/x')).status).to.equal(200);
    expect(await calm).to.include({ level: 'info', upstream: 'up' });
    expect([await healthy(), await value(gateway, 'gateway_upstream_panic')]).to.deep.equal([[1, 0], 0]);
    expect([gateway.log.count(PANIC), gateway.log.count(NO_PANIC)]).to.deep.equal([1, 1]);
  });

  it('is the end of a panic, also when a reload came in between', async () => {
    const endpoint = await Endpoint.start(opened);
    endpoint.status = 503;
    const health = 'health: { path: /healthz, interval: 20ms, healthyAfter: 1, unhealthyAfter: 1 }';
    const gateway = await start(text([endpoint], `${health}, connectTimeout: 1s`));
    await askUntil(gateway, PANIC);
    await gateway.reloadWith(text([endpoint], `${health}, connectTimeout: 2s`));
    for (let count = 0; count < 3; count += 1) await gateway.get('/x');
    const mended = gateway.log.next(HEALTHY);
    endpoint.status = 200;
    await mended;
    await askUntil(gateway, NO_PANIC);
    // The panic is one, although two configurations had a part in it.
    expect([gateway.log.count(PANIC), gateway.log.count(NO_PANIC)]).to.deep.equal([1, 1]);
  });

  it('is how full a bulkhead is, and whom it refused', async () => {
    const endpoint = await Endpoint.start(opened);
    endpoint.holds = true;
    const gateway = await start(text([endpoint], 'bulkhead: { concurrent: 2, queue: 1, queueTimeout: 1h }'));
    const fill = async (): Promise<unknown[]> => [
      await value(gateway, 'gateway_bulkhead_in_use'),
      await value(gateway, 'gateway_bulkhead_queued'),
    ];
    expect(await fill()).to.deep.equal([0, 0]);
    const answers = [gateway.get('/x'), gateway.get('/x'), gateway.get('/x')];
    await until('two are inside and one waits', async () => (await fill()).join(' ') === '2 1');
    const refused = await gateway.get('/x');
    expect([refused.status, JSON.parse(refused.body)]).to.have.nested.property('1.code', 'upstream-busy');
    expect(await value(gateway, 'gateway_upstream_refusals_total', { reason: 'upstream-busy' })).to.equal(1);
    // Another configuration sees the same bulkhead.
    await gateway.reloadWith(
      text([endpoint], 'bulkhead: { concurrent: 2, queue: 1, queueTimeout: 1h }, connectTimeout: 2s'),
    );
    expect(await fill()).to.deep.equal([2, 1]);
    endpoint.letGo();
    expect((await Promise.all(answers)).map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    await until('it is empty', async () => (await fill()).join(' ') === '0 0');
    await gateway.reloadWith(text([endpoint], 'connectTimeout: 2s'));
    expect(await fill()).to.deep.equal([undefined, undefined]);
  });

  it('is each hedge, and the attempt that it replaced', async () => {
    const [slow, fast] = [await Endpoint.start(opened), await Endpoint.start(opened)];
    slow.holds = true;
    const gateway = await start(text([slow, fast], 'hedge: { after: 20ms }'));
    expect(await value(gateway, 'gateway_hedges_total')).to.equal(undefined);
    for (let count = 0; count < 4; count += 1) expect((await gateway.get('/x')).status).to.equal(200);
    expect(slow.held.length).to.be.above(0);
    const attempts = async (outcome: string): Promise<unknown> =>
      value(gateway, 'gateway_upstream_attempts_total', { outcome });
    // A slow machine may make one too many: each one was counted.
    const hedges = Number(await value(gateway, 'gateway_hedges_total'));
    expect(hedges).to.be.at.least(slow.held.length);
    expect([await attempts('2xx'), await attempts('superseded')]).to.deep.equal([4, hedges]);
    const inFlight = await value(gateway, 'gateway_endpoint_requests_in_flight', { endpoint: slow.origin });
    expect(inFlight).to.equal(0);
  });

  it('is each retry, by what it was for', async () => {
    const [well, ill] = [await Endpoint.start(opened), await Endpoint.start(opened)];
    ill.status = 503;
    const gateway = await start(text([well, ill], 'retry: { attempts: 2, backoff: { base: 1ms, max: 1ms } }'));
    for (let count = 0; count < 6; count += 1) expect((await gateway.get('/x')).status).to.equal(200);
    expect(await value(gateway, 'gateway_retries_total', { cause: '503' })).to.equal(ill.requests);
    expect(await value(gateway, 'gateway_upstream_attempts_total', { outcome: '5xx' })).to.equal(ill.requests);
    expect(well.requests).to.equal(6);
  });

  it('is no retry where no endpoint may be asked again', async () => {
    const endpoint = await Endpoint.start(opened);
    endpoint.status = 503;
    const retry = 'retry: { attempts: 3, backoff: { base: 1ms, max: 1ms } }';
    const gateway = await start(text([endpoint], `${retry}, breaker: { minimumRequests: 1, openFor: 1h }`));
    expect((await gateway.get('/x')).status).to.equal(503);
    expect(endpoint.requests).to.equal(1);
    expect(await value(gateway, 'gateway_retries_total', { cause: '503' })).to.equal(undefined);
  });

  it('is nothing of an endpoint or an upstream that is gone', async () => {
    const [kept, gone] = [await Endpoint.start(opened), await Endpoint.start(opened)];
    const settings = 'breaker: { minimumRequests: 2 }, bulkhead: { concurrent: 5 }';
    const gateway = await start(text([kept, gone], settings));
    for (let count = 0; count < 4; count += 1) await gateway.get('/x');
    const states = /^gateway_(?:breaker_state|endpoint_healthy|endpoint_requests_in_flight)\{/;
    const of = async ({ origin }: Endpoint): Promise<number> =>
      (await series(gateway, 'gateway_')).filter((line) => states.test(line) && line.includes(origin)).length;
    expect([await of(kept), await of(gone)]).to.deep.equal([3, 3]);
    await gateway.reloadWith(text([kept], settings));
    expect([await of(kept), await of(gone)]).to.deep.equal([3, 0]);
    expect((await series(gateway, 'gateway_')).filter((line) => line.includes(gone.origin))).to.deep.equal([]);
    await gateway.reloadWith(yaml(''));
    expect(await of(kept)).to.equal(0);
    expect(await series(gateway, 'gateway_bulkhead')).to.deep.equal([]);
    expect(await series(gateway, 'gateway_upstream_panic')).to.deep.equal([]);
  });
});
