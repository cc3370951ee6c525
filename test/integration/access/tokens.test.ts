import { expect } from 'chai';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { call, expectProblem, type Answered } from '../../support/client.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { ecPair, es256, forge, hs256, jwk, rs256, rsaPair } from '../../support/tokens.ts';
import { TestUpstream } from '../../support/upstream.ts';

const SECRET = 'a secret that is long enough for HS256';
const AUDIENCE = 'https://api.example.com';
const CORPORATE = 'https://id.example.com';
const keys = rsaPair();
const partnerKeys = ecPair();

const soon = (): number => Math.trunc(Date.now() / 1000) + 60;

/** A token of the issuer `corporate`, whose keys are fetched. */
function corporate(claims: object = {}, header: object = {}): string {
  const payload = { iss: CORPORATE, aud: AUDIENCE, sub: 'ann', exp: soon(), groups: ['editor', 'admin'], ...claims };
  return forge({ alg: 'RS256', kid: 'one', ...header }, payload, rs256(keys.privateKey));
}

/** A token of the issuer `machines`, with which the gateway shares a secret. */
function machine(claims: object = {}): string {
  const payload = { iss: 'machines', aud: AUDIENCE, sub: 'robot', exp: soon(), scope: 'read write', ...claims };
  return forge({ alg: 'HS256' }, payload, hs256(SECRET));
}

onEachEngineAndHttp2('a route that asks who calls', (_engine, wire) => {
  let upstream: TestUpstream;
  let gateway: TestGateway;
  /** How often the key set was asked for, and what holds its answer up. */
  let fetches = 0;
  let answerKeys: Promise<void> = Promise.resolve();
  const issuer = createServer((_request, response) => {
    fetches += 1;
    void answerKeys.then(() =>
      response.end(JSON.stringify({ keys: [jwk(keys.publicKey, { kid: 'one', alg: 'RS256', use: 'sig' })] })),
    );
  });

  before(async () => {
    issuer.listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
issuers:
  - name: corporate
    issuer: ${CORPORATE}
    audience: ${AUDIENCE}
    algorithms: [RS256]
    jwks: ${keysUrl()}
    claims: { roles: "{{claims.groups}}" }
    allowRoles: [viewer, editor]
  - { name: machines, issuer: machines, audience: ${AUDIENCE}, algorithms: [HS256], secret: "${SECRET}" }
roles:
  viewer: ["orders:read"]
  editor: { inherits: [viewer], permissions: ["orders:write"] }
  admin: ["*"]
defaults: { route: { access: authenticated } }
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
  - name: known
    match: { path: /known }
    upstream: any
    request: { headers: { set: { x-user: "{{claims.sub}}", x-groups: "{{claims.groups}}" } } }
  - { name: open, match: { path: /open }, upstream: any, access: public }
  - { name: maybe, match: { path: /maybe }, upstream: any, access: optional, request: { headers: { set: { x-user: "{{claims.sub}}" } } } }
  - { name: viewers, match: { path: /viewers }, upstream: any, access: { roles: [viewer] } }
  - { name: admins, match: { path: /admins }, upstream: any, access: { roles: [admin] } }
  - { name: writers, match: { path: /writers }, upstream: any, access: { permissions: ["orders:read", "orders:write"] } }
  - { name: machines, match: { path: /machines }, upstream: any, access: { issuers: [machines], scopes: [write] } }
  - { name: own, match: { path: "/users/:id" }, upstream: any, access: { where: { params.id: "{{claims.sub}}" }, issuers: [corporate] } }
  - { name: either, match: { path: /either }, upstream: any, access: [{ roles: [admin] }, { issuers: [machines] }] }
  - { name: answer, match: { path: /answer }, respond: { status: 200, body: secret } }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
    issuer.closeAllConnections();
    issuer.close();
  });

  beforeEach(() => upstream.reset());

  async function ask(path: string, token?: string, ...headers: string[]): Promise<Answered> {
    const authorization = token === undefined ? [] : ['authorization', `Bearer ${token}`];
    return call(`${gateway.url}${path}`, { headers: [...authorization, ...headers] });
  }

  async function expectRefused(path: string, token: string, challenge: RegExp): Promise<string> {
    const answer = await ask(path, token);
    const id = expectProblem(answer, answer.status === 403 ? 'forbidden' : 'unauthorized');
    expect(answer.header('www-authenticate')).to.match(challenge);
    expect(upstream.requests.items).to.have.lengthOf(0);
    const line = await gateway.accessLine(id);
    return String(line['error']);
  }

  it('lets nobody in who says nothing, and tells how to', async () => {
    for (const path of ['/known', '/answer', '/viewers']) {
      const answer = await ask(path);
      expectProblem(answer, 'unauthorized');
      expect(answer.header('www-authenticate')).to.equal('Bearer');
    }
    expect(upstream.requests.items).to.have.lengthOf(0);
  });

  it('lets those in whose token is signed by an issuer, and tells the upstream who they are', async () => {
    expect((await ask('/known', corporate(), 'x-user', 'root', 'x_user', 'root')).status).to.equal(200);
    const request = await upstream.requests.at(0);
    expect(request.headerValues('x-user')).to.deep.equal(['ann']);
    expect(request.headerValues('x_user')).to.deep.equal([]);
    expect(request.header('x-groups')).to.equal('editor,admin');
    expect((await ask('/known', machine())).status).to.equal(200);
    expect((await ask('/answer', machine())).text).to.equal('secret');
  });

  it('never looks at credentials when it is public', async () => {
    expect((await ask('/open', 'garbage')).status).to.equal(200);
  });

  it('serves nobody in particular when credentials are optional, but no bad ones', async () => {
    expect((await ask('/maybe', undefined, 'x-user', 'root')).status).to.equal(200);
    expect((await upstream.requests.at(0)).header('x-user')).to.equal(undefined);
    expect((await ask('/maybe', corporate())).status).to.equal(200);
    expect((await upstream.requests.at(1)).header('x-user')).to.equal('ann');
    expectProblem(await ask('/maybe', corporate({ exp: 1 })), 'unauthorized');
  });

  it('goes by roles, with what they inherit, and grants none that its issuer may not', async () => {
    expect((await ask('/viewers', corporate())).status).to.equal(200);
    upstream.reset();
    expect(await expectRefused('/admins', corporate(), /insufficient_scope/)).to.match(/^forbidden: .*admin/);
    expect(await expectRefused('/viewers', machine(), /insufficient_scope/)).to.match(/^forbidden/);
  });

  it('goes by permissions, scopes and issuers', async () => {
    expect((await ask('/writers', corporate())).status).to.equal(200);
    expect((await ask('/machines', machine())).status).to.equal(200);
    expect((await ask('/either', machine())).status).to.equal(200);
    upstream.reset();
    await expectRefused('/writers', corporate({ groups: ['viewer'] }), /insufficient_scope/);
    await expectRefused('/machines', machine({ scope: 'read' }), /insufficient_scope/);
    await expectRefused('/machines', corporate({ scope: 'write' }), /insufficient_scope/);
    await expectRefused('/either', corporate(), /insufficient_scope/);
  });

  it('lets callers at what is their own', async () => {
    expect((await ask('/users/ann', corporate())).status).to.equal(200);
    upstream.reset();
    await expectRefused('/users/bob', corporate(), /insufficient_scope/);
    await expectRefused('/users/ann', machine({ sub: 'ann' }), /insufficient_scope/);
  });

  // Made when they are sent: they are valid for a minute.
  for (const [what, make, why] of [
    ['nothing', () => 'a.b.c', /./],
    [
      'another key',
      () =>
        forge(
          { alg: 'RS256', kid: 'one' },
          { iss: CORPORATE, aud: AUDIENCE, sub: 'ann', exp: soon() },
          rs256(rsaPair().privateKey),
        ),
      /signature/,
    ],
    [
      'another kind of key',
      () =>
        forge(
          { alg: 'ES256', kid: 'one' },
          { iss: CORPORATE, aud: AUDIENCE, sub: 'ann', exp: soon() },
          es256(partnerKeys.privateKey),
        ),
      /algorithm/,
    ],
    ['an issuer that nobody knows', () => corporate({ iss: 'https://evil.example.com' }), /unknown-issuer/],
    ['an issuer for somebody else', () => corporate({ aud: 'https://other.example.com' }), /audience/],
    ['an issuer, long ago', () => corporate({ exp: 1 }), /expired/],
    ['an issuer, for later', () => corporate({ nbf: soon() + 600 }), /not-yet-valid/],
    ['an issuer, for ever', () => corporate({ exp: undefined }), /claims/],
    ['a key that it brings along', () => corporate({}, { jwk: jwk(keys.publicKey) }), /header-member/],
  ] as const) {
    it(`takes no token that is signed by ${what}`, async () => {
      expect(await expectRefused('/known', make(), /^Bearer error="invalid_token"$/)).to.match(why);
    });
  }

  it('takes no other scheme', async () => {
    for (const value of ['Basic YTpi', 'Bearer', `Bearer ${machine()} x`, machine()]) {
      const answer = await call(`${gateway.url}/known`, { headers: ['authorization', value] });
      expectProblem(answer, 'unauthorized');
    }
  });

  // A client of `node:http2` sends no such thing; http2-edges.test.ts does.
  if (wire !== 'HTTP/2') {
    it('takes no two tokens at once', async () => {
      const twice = ['authorization', `Bearer ${machine()}`, 'authorization', `Bearer ${machine()}`];
      expectProblem(await call(`${gateway.url}/known`, { headers: twice }), 'unauthorized');
    });
  }

  it('fetches keys once, whoever asks, and not again for keys that do not exist', async () => {
    const before = fetches;
    await ask('/known', corporate());
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => ask('/known', corporate({}, { kid: `unknown-${index}` }))),
    );
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([401]));
    expect(fetches - before).to.be.lessThan(2);
  });

  it('counts how it went, with labels that no client can make', async () => {
    await ask('/known');
    await ask('/known', corporate({ exp: 1 }));
    const { text } = await call(`${gateway.adminUrl}/metrics`);
    const results = [...text.matchAll(/^gateway_auth_total\{result="([^"]+)"\} [1-9]/gm)].map(([, result]) => result);
    expect(results).to.include.members(['ok', 'missing', 'expired', 'invalid', 'forbidden']);
  });

  it('asks no upstream for a client that left while keys were fetched', async () => {
    const other = await startTestGateway(`
issuers:
  - { name: corporate, issuer: ${CORPORATE}, audience: ${AUDIENCE}, algorithms: [RS256], jwks: "${keysUrl()}" }
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes: [{ name: known, match: { path: /known }, upstream: any, access: authenticated }]
`);
    let release = (): void => undefined;
    answerKeys = new Promise((resolve) => (release = resolve));
    const asked = once(issuer, 'request');
    const client = await RawClient.open(other.port);
    await client.send(`GET /known HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${corporate()}\r\n\r\n`);
    await asked;
    await client.close();
    const line = await other.logs.until(({ path }) => path === '/known', 'its access line');
    expect(line['status']).to.equal(499);
    release();
    // With the keys there, the next one is let in: whatever was to come of the first has come by then.
    expect((await call(`${other.url}/known`, { headers: ['authorization', `Bearer ${corporate()}`] })).status).to.equal(
      200,
    );
    expect(upstream.requests.items).to.have.lengthOf(1);
    await other.stop();
  });

  function keysUrl(): string {
    const address = issuer.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/keys`;
  }
});
