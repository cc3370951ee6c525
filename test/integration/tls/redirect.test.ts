import { expect } from 'chai';
import { call, expectProblem } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { Http2Client } from '../../support/h2.ts';
import { rawExchange } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';
import { ask, secureSocket } from '../../support/tls.ts';

const HSTS = 'strict-transport-security';

onEachEngine('the plain listener beside HTTPS', () => {
  let upstream: TestUpstream;
  let gateway: TestGateway;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await start('redirectHttp: true');
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  async function start(tls: string, server = ''): Promise<TestGateway> {
    return startTestGateway(`
server:
  tls: { listen: "127.0.0.1:0", certificates: [{ cert: test.crt, key: test.key }], hsts: 365d, ${tls} }
  ${server}
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
  - { name: any, match: { path: "/*rest" }, upstream: any }
  - { name: socket, match: { path: /socket }, upstream: any, websocket: {} }
`);
  }

  it('sends every client to HTTPS, and asks no upstream', async () => {
    const host = ['host', 'Shop.example.com:8080'];
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
      const answer = await call(`${gateway.url}/a/b?c=d%20e`, {
        method,
        headers: host,
        ...(method === 'POST' ? { body: 'x' } : {}),
      });
      expect(answer.status, method).to.equal(308);
      expect(answer.header('location')).to.equal(`https://shop.example.com:${gateway.tlsPort}/a/b?c=d%20e`);
      expect(answer.header(HSTS)).to.equal(undefined);
      const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
      expect(line).to.include({ status: 308, route: '_none', path: '/a/b' });
    }
    const [upgrade] = await rawExchange(
      gateway.port,
      'GET /socket HTTP/1.1\r\nHost: [::1]\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n',
    );
    expect(upgrade?.status).to.equal(308);
    expect(upgrade?.header('location')).to.equal(`https://[::1]:${gateway.tlsPort}/socket`);
    expect(upstream.requests.items).to.deep.equal([]);
  });

  it('refuses as ever what is no request, and one that names no host', async () => {
    expectProblem(await call(`${gateway.url}/a%2Fb`), 'invalid-target');
    const [nameless] = await rawExchange(gateway.port, 'GET /a HTTP/1.0\r\n\r\n');
    if (nameless === undefined) throw new Error('there is no answer');
    expectProblem(nameless, 'invalid-host');
  });

  it('believes a trusted proxy that the client came over HTTPS, and nobody else', async () => {
    const headers = ['x-forwarded-proto', 'https'];
    expect((await call(`${gateway.url}/a`, { headers })).status).to.equal(308);
    const trusting = await start('redirectHttp: true', 'trustedProxies: [127.0.0.1]');
    const answer = await call(`${trusting.url}/a`, { headers });
    expect(answer).to.include({ status: 200, text: 'ok' });
    expect(answer.header(HSTS)).to.equal('max-age=31536000');
    expect((await call(`${trusting.url}/a`, { headers: ['x-forwarded-proto', 'http'] })).status).to.equal(308);
    expect((await call(`${trusting.url}/a`)).status).to.equal(308);
    // The proxy writes one, and passes on what its client has written of the other.
    const forged = ['forwarded', 'for=203.0.113.7;proto=https;host=evil.example', 'x-forwarded-for', '203.0.113.7'];
    const refused = await call(`${trusting.url}/a`, { headers: forged });
    expect([refused.status, refused.header(HSTS)]).to.deep.equal([308, undefined]);
    await trusting.stop();
  });

  it('serves when it is not to redirect', async () => {
    const serving = await start('redirectHttp: false');
    const answer = await call(`${serving.url}/a`);
    expect(answer).to.include({ status: 200, text: 'ok' });
    expect(answer.header(HSTS)).to.equal(undefined);
    await serving.stop();
  });

  it('says by Strict-Transport-Security, once and on every answer over HTTPS, that it is not needed', async () => {
    upstream.answer = ({ response }) => void response.writeHead(200, { [HSTS]: 'max-age=1; preload' }).end('ok');
    for (const target of ['/', '/a']) {
      const text = await ask(await secureSocket(gateway.tlsPort));
      expect(text.match(/^strict-transport-security: (.*)\r$/gim), target).to.deep.equal([
        `${HSTS}: max-age=31536000\r`,
      ]);
    }
    const client = await Http2Client.open(gateway.tlsPort);
    for (const path of ['/a', '/a%2Fb']) {
      expect((await client.call(path)).header(HSTS), path).to.equal('max-age=31536000');
    }
    await client.close();
  });
});
