/** What the admin API shows of upstreams: of views that a test makes up, and of a gateway that serves. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { AdminListener } from '../../../src/admin/admin.ts';
import { isShownUpstream, type ShownUpstream } from '../../../src/upstreams/shown.ts';
import type { EndpointView, UpstreamView } from '../../../src/upstreams/view.ts';
import { adminOptions } from '../../support/admin.ts';
import { call, expectProblem, type Answered } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { closedPort, TestUpstream } from '../../support/upstream.ts';

const TOKEN = 'a-token-for-tests';
const REGISTRY_TOKEN = 'a-token-for-instances';
const LISTEN = { host: '127.0.0.1', port: 0 };

const WELL: EndpointView = {
  origin: 'http://127.0.0.1:9001',
  weight: 1,
  condition: 'available',
  why: '',
  isHealthy: true,
  isEjected: false,
  breaker: undefined,
  inFlight: 0,
  connections: 0,
  idle: 0,
  waiting: 0,
  latency: undefined,
  share: 1,
};
const VIEWS: readonly UpstreamView[] = [
  {
    name: 'orders',
    balance: 'least-connections',
    panic: false,
    source: { kind: 'kubernetes', updatedAt: Date.UTC(2026, 6, 22), fault: 'the API server answered 500' },
    bulkhead: { inside: 3, queued: 1 },
    endpoints: [
      WELL,
      { ...WELL, condition: 'unhealthy', why: '/healthz answered 500', isHealthy: false, latency: 0.25 },
      { ...WELL, condition: 'ejected', why: 'it failed', isEjected: true, breaker: 'closed', share: 0.1 },
      { ...WELL, condition: 'circuit-open', why: 'it failed', breaker: 'open', inFlight: 2, connections: 3 },
      { ...WELL, condition: 'half-open', why: 'it is tried', breaker: 'half-open', weight: 0 },
    ],
  },
  {
    name: 'users',
    balance: 'round-robin',
    panic: true,
    source: { kind: 'targets', updatedAt: undefined, fault: undefined },
    bulkhead: undefined,
    endpoints: [],
  },
];

function upstreamsIn(answer: Answered): readonly ShownUpstream[] {
  expect(answer.status, answer.text).to.equal(200);
  const { upstreams }: { upstreams: readonly unknown[] } = JSON.parse(answer.text);
  if (!upstreams.every(isShownUpstream)) throw new Error(`these are no upstreams: ${answer.text}`);
  return upstreams;
}

describe('the API for upstreams', () => {
  let listener: AdminListener;
  let token = TOKEN;

  before(async () => {
    const options = await adminOptions({
      config: () => ({ listen: LISTEN, token, registryToken: REGISTRY_TOKEN }),
      upstreams: () => VIEWS,
      sourceOf: (name) => VIEWS.find((view) => view.name === name)?.source.kind,
    });
    listener = await AdminListener.open(LISTEN, options);
  });
  beforeEach(() => void (token = TOKEN));
  after(async () => listener.close());

  const ask = async (target: string, credentials = TOKEN): Promise<Answered> => {
    const [method = '', path = ''] = target.split(' ');
    const headers = credentials === '' ? [] : ['authorization', `Bearer ${credentials}`];
    return call(`http://127.0.0.1:${listener.address.port}/api/v1${path}`, { method, headers });
  };

  it('shows all of them in their order, and each alone', async () => {
    const answer = await ask('GET /upstreams');
    expect(answer.header('content-type')).to.equal('application/json; charset=utf-8');
    expect(answer.header('cache-control')).to.equal('no-store');
    const all = upstreamsIn(answer);
    expect(all.map(({ name }) => name)).to.deep.equal(['orders', 'users']);
    for (const upstream of all) {
      const alone = await ask(`GET /upstreams/${upstream.name}`);
      const { source, ...rest }: ShownUpstream = JSON.parse(alone.text);
      const { age_seconds: before, ...seen } = upstream.source;
      const { age_seconds: later, ...seenLater } = source;
      expect({ ...rest, source: seenLater }).to.deep.equal({ ...upstream, source: seen });
      if (upstream.name === 'orders') expect(later).to.be.at.least(before ?? Infinity);
    }
  });

  it('answers what its OpenAPI document says', async () => {
    const document: { paths: object; components: { schemas: object } } = JSON.parse(
      (await ask('GET /openapi.json')).text,
    );
    expect(document.paths).to.include.keys('/upstreams', '/upstreams/{name}', '/users');
    expect(document.components.schemas).to.include.keys('Upstream', 'Upstreams', 'Endpoint');
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'document');
    for (const [path, schema] of [
      ['/upstreams', 'Upstreams'],
      ['/upstreams/orders', 'Upstream'],
      ['/upstreams/users', 'Upstream'],
      ['/upstreams/none', 'Problem'],
    ] as const) {
      const value: unknown = JSON.parse((await ask(`GET ${path}`)).text);
      const conforms = ajv.validate({ $ref: `document#/components/schemas/${schema}` }, value);
      expect(conforms, `${path}: ${ajv.errorsText()}`).to.equal(true);
    }
  });

  it('answers HEAD as GET', async () => {
    for (const path of ['/upstreams', '/upstreams/orders']) {
      const answer = await ask(`HEAD ${path}`);
      expect([answer.status, answer.text]).to.deep.equal([200, '']);
    }
  });

  it('finds none where there is none', async () => {
    for (const name of ['none', 'Orders', 'orders%20', '__proto__', 'constructor', '%00'])
      expectProblem(await ask(`GET /upstreams/${name}`), 'upstream-not-found');
    expectProblem(await ask('GET /upstreams/%ff'), 'invalid-target');
    for (const path of ['/upstreams/', '/upstreams/orders/', '/Upstreams', '/upstreams/orders/endpoints'])
      expectProblem(await ask(`GET ${path}`), 'route-not-found');
  });

  it('takes no query and no other method', async () => {
    for (const path of ['/upstreams?name=orders', '/upstreams/orders?a=b', '/upstreams?%ff'])
      expectProblem(await ask(`GET ${path}`), 'invalid-query');
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      for (const path of ['/upstreams', '/upstreams/orders'])
        expectProblem(await ask(`${method} ${path}`), 'method-not-allowed');
    }
  });

  it('wants the admin token, and takes none that instances have', async () => {
    for (const path of ['/upstreams', '/upstreams/orders', '/upstreams/none']) {
      for (const credentials of ['', 'wrong', REGISTRY_TOKEN])
        expectProblem(await ask(`GET ${path}`, credentials), 'unauthorized');
    }
    token = '';
    expect((await ask('GET /upstreams', '')).status).to.equal(200);
  });
});

describe('the state of upstreams of a gateway that serves', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;
  let closed = '';

  const configuration = (more: string): string => `
upstreams:
  orders:
    targets: [{ url: "${upstream.origin}", weight: 3 }]
    bulkhead: { concurrent: 8 }
  gone:
    targets: ["${closed}"]
    breaker: { minimumRequests: 1, openFor: 1m }
${more}
routes:
  - { name: orders, match: { path: "/orders/*rest" }, upstream: orders }
  - { name: gone, match: { path: "/gone" }, upstream: gone }
`;

  before(async () => {
    upstream = await TestUpstream.start();
    closed = `http://127.0.0.1:${await closedPort()}`;
  });
  beforeEach(async () => {
    upstream.reset();
    gateway = await startTestGateway(configuration(''));
  });
  afterEach(async () => gateway.stop());
  after(async () => upstream.close());

  const shown = async (name: string): Promise<ShownUpstream> => {
    const found: unknown = JSON.parse((await call(`${gateway.adminUrl}/api/v1/upstreams/${name}`)).text);
    if (!isShownUpstream(found)) throw new Error(`this is no upstream: ${JSON.stringify(found)}`);
    return found;
  };

  it('knows nothing of endpoints that nobody has asked yet', async () => {
    expect(await shown('orders')).to.deep.equal({
      name: 'orders',
      balance: 'round-robin',
      panic: false,
      source: { kind: 'targets', updated_at: null, age_seconds: null, fault: null },
      bulkhead: { inside: 0, queued: 0 },
      endpoints: [
        {
          url: upstream.origin,
          weight: 3,
          condition: 'available',
          why: '',
          healthy: true,
          ejected: false,
          breaker: null,
          in_flight: 0,
          connections: 0,
          latency_seconds: null,
          share: 1,
        },
      ],
    });
  });

  it('counts requests under way, and those that are over no more', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    upstream.answer = async ({ response }) => {
      await released;
      response.end('ok');
    };
    const answers = ['/orders/1', '/orders/2'].map(async (path) => call(gateway.url + path));
    for (const target of ['/orders/1', '/orders/2'])
      await upstream.requests.until((request) => request.target === target, target);
    const during = await shown('orders');
    expect(during.bulkhead).to.deep.equal({ inside: 2, queued: 0 });
    expect(during.endpoints[0]).to.include({ in_flight: 2, connections: 2, latency_seconds: null });
    release();
    for (const answer of answers) expect((await answer).status).to.equal(200);
    const after = await shown('orders');
    expect(after.bulkhead).to.deep.equal({ inside: 0, queued: 0 });
    expect(after.endpoints[0]).to.include({ in_flight: 0, connections: 2 });
    expect(after.endpoints[0]?.latency_seconds).to.be.greaterThan(0);
  });

  it('tells an open breaker, and why', async () => {
    expectProblem(await call(`${gateway.url}/gone`), 'upstream-unreachable');
    const [endpoint] = (await shown('gone')).endpoints;
    expect(endpoint).to.include({ condition: 'circuit-open', breaker: 'open', healthy: true, ejected: false });
    expect(endpoint?.why).to.not.equal('');
    expect((await shown('orders')).endpoints[0]).to.include({ condition: 'available' });
  });

  it('shows the upstreams of the configuration that serves', async () => {
    await gateway.write(configuration(`  new: { targets: ["${closed}"], balance: p2c }`));
    await gateway.reload();
    const all = upstreamsIn(await call(`${gateway.adminUrl}/api/v1/upstreams`));
    expect(all.map(({ name, balance }) => `${name} ${balance}`)).to.deep.equal([
      'orders round-robin',
      'gone round-robin',
      'new p2c',
    ]);
  });
});
