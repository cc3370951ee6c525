import { expect } from 'chai';
import { call } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { forge, hs256 } from '../../support/tokens.ts';
import { closedPort, TestUpstream } from '../../support/upstream.ts';

const SECRET = 'a secret that is long enough for HS256';
/** How many requests go over one connection, one behind the other. */
const PIPELINED = 200;

/** Whether the method of a request is one that nobody knows: the connection is closed behind its answer. */
const isInvented = (index: number): boolean => index % 10 === 9;

/** A request of which nothing was there before that its sender can choose. */
function request(index: number): string {
  const paths = [`/any/p${index}`, `/nowhere/${index}`, `/known/${index}`, `/none?q=${index}`, `/%7e${index}`, '/kept'];
  const methods = ['GET', 'POST', 'PROPFIND', 'OPTIONS', 'M-SEARCH', 'PURGE', 'MKCOL'];
  const roles = [[], ['viewer'], [`r${index}`], ['viewer', `s${index}`], ['editor', 'viewer', 'editor']];
  const payload = {
    iss: index % 7 === 0 ? `issuer-${index}` : 'machines',
    aud: 'api',
    sub: `sub-${index}`,
    exp: Math.trunc(Date.now() / 1000) + 600,
    roles: roles[index % roles.length],
  };
  const token = forge({ alg: 'HS256', kid: `k${index}` }, payload, hs256(SECRET));
  return [
    `${isInvented(index) ? `M${index}` : methods[index % methods.length]} ${paths[index % paths.length]} HTTP/1.1`,
    `Host: h${index}.example.com`,
    index % 11 === 0 ? `x-plain: ${index}` : `Authorization: Bearer ${token}`,
    `x-tenant: t${index}`,
    `traceparent: 00-${index.toString(16).padStart(32, '1')}-${index.toString(16).padStart(16, '1')}-01`,
    `Content-Length: 0\r\n\r\n`,
  ].join('\r\n');
}

describe('the number of series', function () {
  this.timeout(120_000);
  let gateway: TestGateway;
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
issuers:
  - name: machines
    issuer: machines
    audience: api
    algorithms: [HS256]
    secret: "${SECRET}"
    claims: { roles: "{{claims.roles}}" }
    allowRoles: [viewer, editor]
roles: { viewer: [], editor: [] }
upstreams:
  any: { targets: ["${upstream.origin}"] }
  none: { targets: ["http://127.0.0.1:${await closedPort()}"] }
logs: { level: error, access: false }
routes:
  - { name: any, match: { path: "/any/*rest" }, upstream: any, rateLimit: { requests: 2, per: 1h, by: header:x-tenant } }
  - { name: known, match: { path: "/known/:id" }, upstream: any, access: authenticated, rateLimit: { requests: 1, per: 1h, by: user } }
  - { name: kept, match: { path: /kept }, upstream: any, access: optional, cache: { ttl: 1m } }
  - { name: none, match: { path: /none }, upstream: none }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  async function ask(from: number, to: number): Promise<void> {
    for (let first = from; first < to; first += PIPELINED) {
      const indexes = Array.from({ length: PIPELINED }, (_, index) => first + index);
      const known = indexes.filter((index) => !isInvented(index)).map(request);
      const last = 'GET /any/end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
      expect(await answers(known.join('') + last)).to.equal(known.length + 1);
      for (const index of indexes.filter(isInvented)) expect(await answers(request(index))).to.equal(1);
    }
  }

  /** How many answers come to what is sent on a connection. */
  async function answers(requests: string): Promise<number> {
    const client = await RawClient.open(gateway.port);
    try {
      await client.send(requests);
      await client.ended();
      return client.pending.match(/HTTP\/1\.1 [1-5]/g)?.length ?? 0;
    } finally {
      await client.close();
    }
  }

  async function series(): Promise<string[]> {
    const { text } = await call(`${gateway.adminUrl}/metrics`);
    return [...text.matchAll(/^(gateway_\S+(?:\{.*\})?) \S+$/gm)].map(([, name = '']) => name);
  }

  it('stays as it is, whatever methods, paths, hosts, headers and claims come in 10,000 requests', async () => {
    await ask(0, 1000);
    const before = await series();
    expect(before).to.include.members([
      'gateway_requests_total{route="any",method="other",status="2xx"}',
      'gateway_requests_total{route="_none",method="GET",status="4xx"}',
      'gateway_calls_by_role_total{role="viewer"}',
      'gateway_calls_by_role_total{role="editor"}',
      'gateway_calls_by_role_total{role="_none"}',
    ]);
    await ask(1000, 10_000);
    expect(await series()).to.have.members(before);
    expect(before.join('\n')).to.not.match(/\b[hprst]-?[0-9]+|sub-/);
  });
});
