/** What the admin API shows of the configuration that serves: its files, its routes, and what its caches hold. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { AdminClient } from '../../support/admin-client.ts';
import { call, expectProblem } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { TestUpstream } from '../../support/upstream.ts';

const TOKEN = 'a-token-for-tests';
const INCLUDED = `routes:
  - name: team
    match: { path: /team }
    access: authenticated
    split: { to: [{ upstream: orders, weight: 1 }, { upstream: next, weight: 1 }] }
    websocket: {}
`;

describe('what the admin API shows of the configuration', () => {
  let gateway: TestGateway;
  let upstream: TestUpstream;
  let admin: AdminClient;

  const main = (comment: string): string => `version: 1 # ${comment}
server: { listen: "127.0.0.1:0", timeouts: { drainDelay: 0s, drain: 1s } }
admin: { listen: "127.0.0.1:0", token: ${TOKEN} }
include: [team*.yaml]
issuers:
  - { name: own, issuer: "https://id.example", audience: a, algorithms: [HS256], secret: ${'x'.repeat(32)} }
roles: { viewer: ["orders:read"], admin: ["*"] }
upstreams:
  orders: { targets: ["${upstream.origin}"] }
  next: { targets: ["${upstream.origin}"] }
routes:
  - name: orders
    match: { path: "/orders/:id", host: shop.example, methods: [GET], headers: { x-tenant: acme } }
    upstream: orders
    access:
      - { roles: [viewer, admin], permissions: ["orders:read"] }
      - { scopes: [orders], issuers: [own], where: { params.id: "{{claims.sub}}" } }
    cors: { origins: ["https://shop.example"] }
    rateLimit: [{ name: a, requests: 5, per: 1s }, { name: b, requests: 50, per: 1m, by: user }]
    cache: { ttl: 1m }
  - { name: cached, match: { path: /cached }, access: public, upstream: orders, cache: { ttl: 1m } }
  - { name: uncalled, match: { path: /uncalled }, access: public, upstream: orders, cache: {} }
  - { name: home, match: { path: / }, access: public, respond: { status: 204 } }
`;
  const serve = async (text: string): Promise<void> => {
    await writeFile(join(gateway.folder, 'gateway.yaml'), text);
    const answer = await admin.ask('POST /reload');
    expect(answer.status, answer.text).to.equal(200);
  };

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`admin: { token: ${TOKEN} }`);
    admin = new AdminClient(gateway.adminUrl, TOKEN);
    await writeFile(join(gateway.folder, 'team.yaml'), INCLUDED);
    await serve(main('first'));
  });
  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  it('is the text of its files, secrets masked, as it was when it was read', async () => {
    const config = await admin.json('GET /config', 'Config');
    const { config: status } = await admin.json('GET /status', 'Status');
    const { hash, file, loaded_at: loadedAt, files } = config;
    expect(status).to.deep.include({ hash, file, loaded_at: loadedAt });
    const masked = [TOKEN, 'x'.repeat(32), 'acme'].reduce(
      (text, secret) => text.replace(secret, '•'.repeat(secret.length)),
      main('first'),
    );
    expect(files).to.deep.equal([
      { path: file, text: masked },
      { path: join(gateway.folder, 'team.yaml'), text: INCLUDED },
    ]);
    await writeFile(join(gateway.folder, 'gateway.yaml'), 'not: served');
    expect((await admin.ask('POST /reload')).status).to.equal(422);
    expect(await admin.json('GET /config', 'Config')).to.deep.equal(config);
    await serve(main('first'));
  });

  it('has a strong tag, another one for any other text, and is not sent to those who know it', async () => {
    const tagOf = async (): Promise<string> => (await admin.ask('GET /config')).header('etag') ?? '';
    const tag = await tagOf();
    expect(tag).to.match(/^"[\w-]+"$/);
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const answer = await admin.ask('GET /config', { headers: ['if-none-match', known] });
      expect([answer.status, answer.text, answer.header('etag')], known).to.deep.equal([304, '', tag]);
      expect(answer.header('cache-control')).to.equal('no-store');
    }
    expect((await admin.ask('GET /config', { headers: ['if-none-match', '"x"'] })).status).to.equal(200);
    expect((await admin.ask('HEAD /config', { headers: ['if-none-match', tag] })).status).to.equal(304);
    expectProblem(await admin.ask('GET /config', { headers: ['if-match', '"x"'] }), 'precondition-failed');
    for (const malformed of ['x', '"x', 'w/"x"', '']) {
      const answer = await admin.ask('GET /config', { headers: ['if-none-match', malformed] });
      expect(answer.status, malformed).to.equal(400);
    }
    // Of the same configuration: its hash is the same, what is shown is not.
    await serve(main('second'));
    const other = await tagOf();
    expect(other).to.not.equal(tag);
    expect((await admin.ask('GET /config', { headers: ['if-none-match', tag] })).text).to.include('# second');
    await serve(main('first'));
    expect(await tagOf()).to.equal(tag);
  });

  it('is its routes: what they match, who may use them, what they do, and where they are written', async () => {
    const { routes } = await admin.json('GET /routes', 'Routes');
    const [orders, cached, uncalled, home, team] = Array.isArray(routes) ? routes : [];
    expect(orders).to.deep.equal({
      name: 'orders',
      source: { file: join(gateway.folder, 'gateway.yaml'), line: 12 },
      match: { hosts: ['shop.example'], path: '/orders/:id', methods: ['GET'], headers: ['x-tenant'] },
      access:
        'role viewer | admin and permission orders:read, or scope orders and issuer own and params.id = {{claims.sub}}',
      rules: ['client-limit', 'cors', 'authenticate', 'authorise', 'user-limit', 'cache'],
      upstreams: ['orders'],
      respond: null,
    });
    expect(cached).to.deep.include({ access: 'public', rules: ['cache'] });
    expect(uncalled).to.deep.include({ source: { file: join(gateway.folder, 'gateway.yaml'), line: 22 } });
    expect(home).to.deep.include({ upstreams: [], respond: { status: 204 }, rules: [] });
    expect(team).to.deep.include({
      source: { file: join(gateway.folder, 'team.yaml'), line: 2 },
      access: 'authenticated',
      rules: ['authenticate', 'split', 'websocket'],
      upstreams: ['orders', 'next'],
    });
    expect(await admin.json('GET /routes/team', 'Route')).to.deep.equal(team);
  });

  it('has no route of another name', async () => {
    for (const name of ['none', 'Orders', '__proto__', 'constructor', '%00'])
      expectProblem(await admin.ask(`GET /routes/${name}`), 'no-such-route');
    expectProblem(await admin.ask('GET /routes/%ff'), 'invalid-target');
    expectProblem(await admin.ask('GET /routes/'), 'route-not-found');
  });

  it('is what its caches hold, and how they answered', async () => {
    for (let calls = 0; calls < 3; calls += 1) await call(`${gateway.url}/cached`);
    await call(`${gateway.url}/cached`, { headers: ['authorization', 'Basic eA=='] });
    const { memory, routes } = await admin.json('GET /cache', 'Cache');
    expect(memory).to.include({ entries: 1, max_bytes: 64 * 1024 * 1024 });
    expect(memory).to.have.property('bytes').that.is.greaterThan(0);
    const none = {
      requests: 0,
      hits: 0,
      stale: 0,
      revalidated: 0,
      coalesced: 0,
      misses: 0,
      bypassed: 0,
      hit_ratio: null,
    };
    const [orders, cached, uncalled, ...more] = Array.isArray(routes) ? routes : [];
    expect(orders).to.deep.equal({ name: 'orders', ...none });
    expect(cached).to.include({ name: 'cached', requests: 4, hits: 2, hit_ratio: cached.misses === 1 ? 0.6667 : 0.5 });
    expect(cached.misses + cached.bypassed).to.equal(2);
    expect(uncalled).to.deep.equal({ name: 'uncalled', ...none });
    expect(more).to.deep.equal([]);
  });

  it('takes no query, no other method, and nobody without the token', async () => {
    for (const path of ['/config', '/routes', '/routes/orders', '/cache']) {
      expectProblem(await admin.ask(`GET ${path}?a=b`), 'invalid-query');
      expectProblem(await admin.ask(`DELETE ${path}`), 'method-not-allowed');
      for (const token of ['', 'wrong']) expectProblem(await admin.ask(`GET ${path}`, { token }), 'unauthorized');
      expectProblem(
        await admin.ask(`GET ${path}`, { headers: ['origin', 'http://evil.example'] }),
        'misdirected-request',
      );
      expectProblem(await admin.ask(`GET ${path}`, { headers: ['host', 'evil.example'] }), 'misdirected-request');
      expect(await admin.ask(`HEAD ${path}`)).to.include({ status: 200, text: '' });
    }
  });
});
