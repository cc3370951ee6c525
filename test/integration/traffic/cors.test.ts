import { expect } from 'chai';
import { call, expectProblem, type Answered } from '../../support/client.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { TestUpstream, closedPort } from '../../support/upstream.ts';

const SHOP = 'https://shop.example.com';
const EVIL = 'https://evil.example';

onEachEngineAndHttp2('CORS on routes', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
issuers: [{ name: machines, issuer: machines, audience: api, algorithms: [HS256], secret: a secret that is long enough for HS256 }]
upstreams:
  any: { targets: ["${upstream.origin}"] }
  nobody: { targets: ["http://127.0.0.1:${await closedPort()}"] }
defaults:
  route:
    access: public
    cors: { origins: ["${SHOP}", "https://*.example.org"], methods: [GET, PUT], headers: [x-id], expose: [etag], credentials: true, maxAge: 1h }
routes:
  - { name: login, match: { path: /login }, upstream: any, access: authenticated }
  - { name: reading, match: { path: /reading, methods: [GET] }, upstream: any }
  - { name: writing, match: { path: /reading, methods: [PUT] }, upstream: any, cors: off }
  - { name: plain, match: { path: /plain }, upstream: any, cors: off }
  - { name: limited, match: { path: /limited }, upstream: any, rateLimit: { requests: 1, per: 1h } }
  - { name: down, match: { path: /down }, upstream: nobody }
  - { name: denied, match: { path: /denied }, upstream: any, ip: { deny: [127.0.0.1] } }
  - { name: everybody, match: { path: /everybody }, upstream: any, cors: { origins: ["*"] } }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  async function preflight(path: string, origin: string, method = 'GET', ...more: string[]): Promise<Answered> {
    const headers = ['origin', origin, 'access-control-request-method', method, ...more];
    return call(`${gateway.url}${path}`, { method: 'OPTIONS', headers });
  }

  async function get(path: string, origin: string): Promise<Answered> {
    return call(`${gateway.url}${path}`, { headers: ['origin', origin] });
  }

  function expectLetIn(answer: Answered, origin = SHOP): void {
    expect(answer.header('access-control-allow-origin')).to.equal(origin);
    expect(answer.header('access-control-allow-credentials')).to.equal('true');
    expect(answer.header('vary')?.toLowerCase()).to.include('origin');
  }

  function expectKeptOut(answer: Answered): void {
    const names = answer.rawHeaders.filter((name, index) => index % 2 === 0 && /^access-control-/i.test(name));
    expect(names).to.deep.equal([]);
    expect(answer.header('vary')?.toLowerCase()).to.include('origin');
  }

  it('answers a preflight itself, also on a route that needs a login', async () => {
    const answer = await preflight('/login', SHOP, 'PUT', 'access-control-request-headers', 'x-id');
    expect(answer.status).to.equal(204);
    expectLetIn(answer);
    expect(answer.header('access-control-allow-methods')).to.equal('GET, PUT');
    expect(answer.header('access-control-allow-headers')).to.equal('x-id');
    expect(answer.header('access-control-max-age')).to.equal('3600');
    expect(answer.body).to.have.length(0);
    expect(upstream.requests.items).to.have.length(0);
  });

  it('answers it on a route that does not take OPTIONS', async () => {
    const answer = await preflight('/reading', SHOP, 'GET');
    expect(answer.status).to.equal(204);
    expectLetIn(answer);
  });

  it('answers it for GET when HEAD is asked for', async () => {
    expect((await preflight('/reading', SHOP, 'HEAD')).status).to.equal(204);
  });

  it('answers nothing for a method that no route takes, or whose route has no cors', async () => {
    for (const method of ['DELETE', 'PUT']) {
      const answer = await preflight('/reading', SHOP, method);
      expectProblem(answer, 'method-not-allowed');
      expect(answer.header('access-control-allow-origin')).to.equal(undefined);
    }
    expectProblem(await preflight('/none', SHOP), 'route-not-found');
  });

  it('leaves OPTIONS alone that is no preflight, and on routes without cors', async () => {
    await preflight('/plain', SHOP);
    await call(`${gateway.url}/everybody`, { method: 'OPTIONS', headers: ['origin', SHOP] });
    await call(`${gateway.url}/everybody`, { method: 'OPTIONS', headers: ['access-control-request-method', 'GET'] });
    expect(upstream.requests.items.map(({ method, target }) => `${method} ${target}`)).to.deep.equal([
      'OPTIONS /plain',
      'OPTIONS /everybody',
      'OPTIONS /everybody',
    ]);
  });

  it('lets subdomains in, and nothing that only looks like one', async () => {
    for (const origin of ['https://a.example.org', 'https://a.b.example.org'])
      expectLetIn(await get('/reading', origin), origin);
    for (const origin of [
      EVIL,
      'null',
      'https://example.org',
      'https://evilexample.org',
      'https://.example.org',
      'http://a.example.org',
      'https://a.example.org:8443',
      'https://a.example.org.evil.example',
      'https://evil.example/.example.org',
      'https://evil.example#.example.org',
      'https://evil.example?.example.org',
      'https://user@evil.example:443/.example.org',
      'https://evil.example\\.example.org',
      `${SHOP}.evil.example`,
      `${SHOP}, ${EVIL}`,
    ]) {
      expectKeptOut(await get('/reading', origin));
      const answer = await preflight('/reading', origin);
      expect(answer.status).to.equal(204);
      expectKeptOut(answer);
    }
  });

  it('gives every other request on, whatever its origin: CORS is for browsers', async () => {
    expect((await get('/reading', EVIL)).status).to.equal(200);
  });

  it('replaces what an upstream says', async () => {
    upstream.answer = ({ response }) => {
      const origin = ['Access-Control-Allow-Origin', '*', 'ACCESS-CONTROL-ALLOW-CREDENTIALS', 'true'];
      response.writeHead(200, [...origin, 'access-control-expose-headers', 'x-secret', 'vary', 'accept']);
      response.end('ok');
    };
    const answer = await get('/reading', SHOP);
    expectLetIn(answer);
    expect(answer.header('access-control-expose-headers')).to.equal('etag');
    expect(answer.header('vary')).to.equal('accept, origin');
    expectKeptOut(await get('/reading', EVIL));
    expect((await get('/plain', EVIL)).header('access-control-allow-origin')).to.equal('*');
  });

  it('lets everybody in under *, without credentials', async () => {
    for (const answer of [await get('/everybody', EVIL), await preflight('/everybody', EVIL)]) {
      expect(answer.header('access-control-allow-origin')).to.equal('*');
      expect(answer.header('access-control-allow-credentials')).to.equal(undefined);
    }
  });

  it('lets pages read errors as well', async () => {
    await get('/limited', SHOP);
    for (const [path, code] of [
      ['/login', 'unauthorized'],
      ['/limited', 'too-many-requests'],
      ['/down', 'upstream-unreachable'],
      ['/denied', 'address-refused'],
    ] as const) {
      const answer = await get(path, SHOP);
      expectProblem(answer, code);
      expectLetIn(answer);
    }
  });

  it('counts a preflight for limits by client, as they come before it', async () => {
    const answer = await preflight('/limited', SHOP);
    expectProblem(answer, 'too-many-requests');
    expectLetIn(answer);
    expect((await preflight('/denied', SHOP)).status).to.equal(403);
  });
});
