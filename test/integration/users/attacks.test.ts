/** What attackers try at a running gateway with users of its own, on both engines and both databases. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { expect } from 'chai';
import { WebSocketServer } from 'ws';
import { makeApiKey } from '../../../src/auth/api-keys.ts';
import { expectProblem } from '../../support/client.ts';
import { DATABASES, type DatabaseKind } from '../../support/databases.ts';
import { onEachEngine } from '../../support/engines.ts';
import { at, IdentityGateway, partOf, PASSWORD, type JsonAnswer } from '../../support/identity-gateway.ts';
import { RawClient, type RawResponse } from '../../support/raw.ts';
import { forge, hs256, jwk, rs256, rsaPair, unsigned } from '../../support/tokens.ts';
import type { UpstreamRequest } from '../../support/upstream.ts';

const ANN = 'ann@example.com';
const BOB = 'bob@example.com';
const ACCESS = '__Host-gw_access';
const REFRESH = '__Secure-gw_refresh';
const CSRF = 'gw_csrf';

const strangers = rsaPair();

/** A token that is good, taken apart, and what there is to sign another one with. */
interface Good {
  readonly token: string;
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  readonly key: KeyObject;
  /** As it is published. */
  readonly publicKey: KeyObject;
  /** Somebody who would hear of it if it were asked for keys. */
  readonly url: string;
}

const seconds = (): number => Math.trunc(Date.now() / 1000);

/** Signed by the gateway's own key: all that is wrong is what is changed. */
function changed({ header, claims, key }: Good, members: object, headerMembers: object = {}): string {
  return forge({ ...header, ...headerMembers }, { ...claims, ...members }, rs256(key));
}

function pem(key: KeyObject, type: 'spki' | 'pkcs1' = 'spki'): string {
  return String(key.export({ type, format: 'pem' }));
}

/** What no route may take: what it is, how it is made of a good one, and what the log says of it. */
const BAD_TOKENS: readonly [what: string, make: (good: Good) => string, why: RegExp][] = [
  ['alg none and no signature', ({ claims }) => forge({ alg: 'none', typ: 'at+jwt' }, claims, unsigned), /algorithm/],
  ['alg NONE', ({ header, claims }) => forge({ ...header, alg: 'NONE' }, claims, unsigned), /algorithm/],
  [
    'alg none and a signature',
    ({ header, claims, key }) => forge({ ...header, alg: 'none' }, claims, rs256(key)),
    /algorithm/,
  ],
  ['no alg', ({ header, claims, key }) => forge({ ...header, alg: undefined }, claims, rs256(key)), /algorithm/],
  ['a list as alg', ({ header, claims, key }) => forge({ ...header, alg: ['RS256'] }, claims, rs256(key)), /algorithm/],
  [
    'the public key as secret of HS256',
    ({ header, claims, publicKey }) => forge({ ...header, alg: 'HS256' }, claims, hs256(pem(publicKey))),
    /algorithm/,
  ],
  [
    'the public key in PKCS#1 as secret of HS256',
    ({ header, claims, publicKey }) => forge({ ...header, alg: 'HS256' }, claims, hs256(pem(publicKey, 'pkcs1'))),
    /algorithm/,
  ],
  [
    'RS256 in name, and the public key as secret of HS256',
    ({ header, claims, publicKey }) => forge(header, claims, hs256(pem(publicKey))),
    /signature/,
  ],
  ['an audience that is another', (good) => changed(good, { aud: 'https://other.test' }), /audience/],
  ['no audience', (good) => changed(good, { aud: undefined }), /audience/],
  [
    'a longer audience',
    ({ claims, ...good }) => changed({ claims, ...good }, { aud: `${String(claims['aud'])}/` }),
    /aud/,
  ],
  ['an issuer that is another', (good) => changed(good, { iss: 'https://other.test' }), /unknown-issuer/],
  ['no issuer', (good) => changed(good, { iss: undefined }), /unknown-issuer/],
  [
    'a list as issuer',
    ({ claims, ...good }) => changed({ claims, ...good }, { iss: [claims['iss']] }),
    /unknown-issuer/,
  ],
  ['no end', (good) => changed(good, { exp: undefined }), /claims/],
  ['a text as end', (good) => changed(good, { exp: String(seconds() + 60) }), /claims/],
  ['an end in milliseconds', (good) => changed(good, { exp: Date.now() + 60_000 }), /claims/],
  ['an end that is over', (good) => changed(good, { exp: seconds() - 60 }), /expired/],
  ['a beginning that has not come', (good) => changed(good, { nbf: seconds() + 600 }), /not-yet-valid/],
  ['no session', (good) => changed(good, { sid: undefined }), /claims/],
  ['SQL as session', (good) => changed(good, { sid: "' OR 1=1 --" }), /ended/],
  ['a session that is not there', (good) => changed(good, { sid: '00000000-0000-4000-8000-000000000000' }), /ended/],
  ['the session of somebody else', (good) => changed(good, { sub: '00000000-0000-4000-8000-000000000000' }), /ended/],
  ['a kid that leads to a file', (good) => changed(good, {}, { kid: '../../etc/passwd' }), /unknown-key/],
  ['SQL as kid', (good) => changed(good, {}, { kid: "x' UNION SELECT 'key' --" }), /unknown-key/],
  ['a kid as long as a book', (good) => changed(good, {}, { kid: 'k'.repeat(5000) }), /unknown-key/],
  ['a number as kid', (good) => changed(good, {}, { kid: 1 }), /unknown-key/],
  ['a kid that every object has', (good) => changed(good, {}, { kid: '__proto__' }), /unknown-key/],
  [
    'jku',
    ({ url, ...good }) =>
      forge({ ...good.header, jku: `${url}/keys`, kid: 'one' }, good.claims, rs256(strangers.privateKey)),
    /header-member/,
  ],
  ['jku although it is signed well', (good) => changed(good, {}, { jku: `${good.url}/keys` }), /header-member/],
  [
    'jwk',
    ({ header, claims }) => forge({ ...header, jwk: jwk(strangers.publicKey) }, claims, rs256(strangers.privateKey)),
    /header-member/,
  ],
  ['x5u', (good) => changed(good, {}, { x5u: `${good.url}/cert` }), /header-member/],
  ['x5c', (good) => changed(good, {}, { x5c: ['MIIB'] }), /header-member/],
  ['crit', (good) => changed(good, {}, { crit: ['b64'], b64: true }), /header-member/],
  ['an empty crit', (good) => changed(good, {}, { crit: [] }), /header-member/],
  ['another type', (good) => changed(good, {}, { typ: 'JWT' }), /type/],
  ['no type', (good) => changed(good, {}, { typ: undefined }), /type/],
  [
    'a claim twice',
    ({ header, claims, key }) => forge(header, JSON.stringify(claims).replace('{', '{"role":"editor",'), rs256(key)),
    /duplicate-member/,
  ],
  [
    'a claim twice, once in disguise',
    ({ header, claims, key }) =>
      forge(header, JSON.stringify(claims).replace('{', String.raw`{"\u0072ole":"editor",`), rs256(key)),
    /duplicate-member/,
  ],
  [
    'a header member twice',
    ({ header, claims, key }) => forge(JSON.stringify(header).replace('{', '{"alg":"none",'), claims, rs256(key)),
    /duplicate-member/,
  ],
  ['a list of claims', ({ header, claims, key }) => forge(header, JSON.stringify([claims]), rs256(key)), /malformed/],
  ['half of its signature', ({ token }) => token.slice(0, -171), /signature|malformed/],
  ['a signature that is one character short', ({ token }) => token.slice(0, -1), /signature|malformed/],
  ['an empty signature', ({ token }) => token.slice(0, token.lastIndexOf('.') + 1), /signature/],
  ['no signature at all', ({ token }) => token.slice(0, token.lastIndexOf('.')), /./],
  [
    'the signature of other claims',
    ({ token, header, claims }) =>
      `${forge(header, { ...claims, role: 'editor' }, unsigned)}${token.slice(token.lastIndexOf('.') + 1)}`,
    /signature/,
  ],
  ['padding', ({ token }) => `${token}==`, /./],
  [
    'the keys of another gateway',
    ({ header, claims }) => forge(header, claims, rs256(strangers.privateKey)),
    /signature/,
  ],
  [
    'the keys of another gateway, and its kid',
    ({ header, claims }) => forge({ ...header, kid: 'fedcba9876543210' }, claims, rs256(strangers.privateKey)),
    /unknown-key/,
  ],
  [
    'the keys of another gateway, and no kid',
    ({ header, claims }) => forge({ ...header, kid: undefined }, claims, rs256(strangers.privateKey)),
    /signature|unknown-key/,
  ],
  ['fifteen kilobytes of claims', (good) => changed(good, { exp: undefined, more: 'x'.repeat(11_000) }), /./],
];

const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

const accessOf = (answer: JsonAnswer): string => answer.member('access_token');
const refreshOf = (answer: JsonAnswer): string => answer.member('refresh_token');

/** An API key that is none, whose checksum is right. */
function withChecksum(body: string): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let text = '';
  for (let rest = crc32(body), index = 0; index < 6; index += 1, rest = Math.floor(rest / 62)) {
    text = (digits[rest % 62] ?? '') + text;
  }
  return body + text;
}

/** What is wrong with a body: the pointers and codes. */
function faultsOf(answer: JsonAnswer): readonly string[] {
  expect([answer.status, answer.member('code')]).to.deep.equal([400, 'invalid-body']);
  const errors = at(answer.json, 'errors');
  if (!Array.isArray(errors)) throw new Error('no errors');
  return errors.map((error) => `${String(at(error, 'pointer'))} ${String(at(error, 'code'))}`);
}

/** Takes what upgrades come to an upstream. */
class Sockets {
  readonly requests: IncomingMessage[] = [];
  readonly #server = new WebSocketServer({ noServer: true });

  constructor(own: IdentityGateway) {
    own.upstream.server.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
      this.requests.push(request);
      this.#server.handleUpgrade(request, duplex, head, (socket) => socket.on('error', () => undefined));
    });
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }
}

/** Sends the head of a request, and gives the answer's. */
async function raw(own: IdentityGateway, text: string): Promise<RawResponse> {
  const client = await RawClient.open(own.gateway.port);
  try {
    await client.send(text);
    return await client.response();
  } finally {
    await client.close();
  }
}

async function handshake(own: IdentityGateway, lines: string): Promise<RawResponse> {
  return raw(own, `GET /socket HTTP/1.1\r\nHost: 127.0.0.1:${own.gateway.port}\r\n${UPGRADE}${lines}\r\n`);
}

async function only(own: IdentityGateway): Promise<UpstreamRequest> {
  const request = await own.upstream.requests.at(0);
  expect(own.upstream.requests.items).to.have.length(1);
  return request;
}

const SOCKET = { name: 'socket', match: { path: '/socket' }, upstream: 'any', websocket: {}, access: 'authenticated' };

/** Routes that would take what is the identity's, if they could. */
const GREEDY = [
  { name: 'shop', match: { host: 'shop.example.com', path: '/*rest' }, upstream: 'any', access: 'public' },
  {
    name: 'shop-logins',
    match: { host: 'shop.example.com', path: '/:section/login', methods: ['POST'], headers: { 'x-test': 'yes' } },
    upstream: 'any',
    access: 'public',
  },
  { name: 'below', match: { host: '*.example.org', path: '/*rest' }, upstream: 'any', access: 'public' },
];

for (const kind of DATABASES) {
  onEachEngine(`attacks on users on ${kind.name}`, () => {
    describe('with tokens in headers', () => withHeaders(kind));
    describe('with tokens in cookies', () => withCookies(kind));
    describe('by many requests', () => limited(kind));
  });
}

function withHeaders(kind: DatabaseKind): void {
  let own: IdentityGateway;
  let sockets: Sockets;
  let login: JsonAnswer;
  let token: string;

  before(async () => {
    own = await IdentityGateway.start(kind, {
      identity: { lockout: { failures: 1000, accountFailures: 1000 } },
      routes: [SOCKET, ...GREEDY],
    });
    sockets = new Sockets(own);
    await own.register(ANN);
    login = await own.login(ANN);
    token = accessOf(login);
  });
  after(async () => {
    sockets.close();
    await own.stop();
  });
  beforeEach(() => {
    own.upstream.reset();
    sockets.requests.length = 0;
  });

  async function good(): Promise<Good> {
    const { json } = await own.ask('GET /.well-known/jwks.json');
    const [n, e] = [String(at(json, 'keys', '0', 'n')), String(at(json, 'keys', '0', 'e'))];
    const publicKey = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
    const { privateKey: key } = own.key;
    const { origin: url } = own.upstream;
    return { token, header: partOf(token, 'header'), claims: partOf(token, 'claims'), key, publicKey, url };
  }

  it('take a token that is made by hand as the gateway makes it', async () => {
    expect(await own.use(token)).to.equal(200);
    expect(await own.use(changed(await good(), {}))).to.equal(200);
    expect(await own.use(changed(await good(), { nbf: seconds() - 60, exp: seconds() + 60 }))).to.equal(200);
  });

  for (const [what, make, why] of BAD_TOKENS) {
    it(`have no use for a token with ${what}`, async () => {
      const bad = make(await good());
      const answer = await own.ask('GET /orders/1', { token: bad });
      const id = expectProblem(answer, 'unauthorized');
      expect(answer.header('www-authenticate')).to.equal('Bearer error="invalid_token"');
      const line = await own.gateway.accessLine(id);
      expect(String(line['error'])).to.match(why);
      expectProblem(await own.ask('GET /auth/me', { token: bad }), 'unauthorized');
      expectProblem(await own.ask('POST /auth/logout', { token: bad }), 'unauthorized');
      expect(own.upstream.requests.items).to.have.length(0);
      expect(await own.use(token)).to.equal(200);
    });
  }

  it('have no use on routes for a token with another version of the role', async () => {
    const { claims, ...more } = await good();
    for (const rv of [Number(claims['rv']) + 1, Number(claims['rv']) - 1, 1_000_000]) {
      const bad = changed({ claims, ...more }, { rv });
      const id = expectProblem(await own.ask('GET /orders/1', { token: bad }), 'unauthorized');
      expect(String((await own.gateway.accessLine(id))['error'])).to.match(/ended/);
    }
    expect(own.upstream.requests.items).to.have.length(0);
    expect(await own.use(token)).to.equal(200);
  });

  it('are not served for a token of a megabyte, and others are', async () => {
    const client = await RawClient.open(own.gateway.port);
    const head = `GET /orders/1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${'a'.repeat(1024 * 1024)}\r\n\r\n`;
    const [answer] = await Promise.all([client.response(), client.send(head)]);
    expectProblem(answer, 'headers-too-large');
    await client.close();
    expect(own.upstream.requests.items).to.have.length(0);
    expect(await own.use(token)).to.equal(200);
  });

  it('take no token for one of another use', async () => {
    expect(await own.use(refreshOf(login))).to.equal(401);
    expectProblem(await own.ask('GET /auth/me', { token: refreshOf(login) }), 'unauthorized');
    expectProblem(await own.refresh(token), 'invalid-refresh-token');
    expectProblem(await own.ask('GET /orders/1', { cookie: `${ACCESS}=${token}` }), 'unauthorized');
    expectProblem(await own.ask('GET /auth/me', { cookie: `${ACCESS}=${token}` }), 'unauthorized');
    expectProblem(await own.ask(`GET /orders/1?access_token=${token}`), 'unauthorized');
    expect(await own.use(token)).to.equal(200);
  });

  it('take no token of another scheme, and no two of them', async () => {
    for (const value of [`Basic ${token}`, token, 'Bearer', `Bearer ${token} x`, `Bearer ${token}, Bearer ${token}`]) {
      expectProblem(await own.ask('GET /orders/1', { headers: ['authorization', value] }), 'unauthorized');
      expectProblem(await own.ask('GET /auth/me', { headers: ['authorization', value] }), 'unauthorized');
    }
    const twice = ['authorization', `Bearer ${token}`, 'authorization', `Bearer ${token}`];
    expectProblem(await own.ask('GET /orders/1', { headers: twice }), 'unauthorized');
    expect(own.upstream.requests.items).to.have.length(0);
  });

  it('take no password that bcrypt would read in part', async () => {
    for (const [password, code] of [
      ['x'.repeat(73), 'password-too-long'],
      [`${'é'.repeat(36)}x`, 'password-too-long'],
      [`${PASSWORD}\0`, 'password-invalid-character'],
    ] as const) {
      expect(faultsOf(await own.register('zoe@example.com', password))).to.deep.equal([`/password ${code}`]);
      expectProblem(await own.login(ANN, password), 'invalid-credentials');
    }
    const longest = 'y'.repeat(72);
    expect((await own.register('yan@example.com', longest)).status).to.equal(201);
    expectProblem(await own.login('yan@example.com', `${longest}y`), 'invalid-credentials');
    expectProblem(await own.login('yan@example.com', `${longest}\0`), 'invalid-credentials');
    expect((await own.login('yan@example.com', longest)).status).to.equal(200);
  });

  it('take no body that can be read in two ways, or that says more than is asked', async () => {
    const email = `"email":"xia@example.com","password":"${PASSWORD}"`;
    for (const [body, fault] of [
      [`{${email},"email":"eve@example.com"}`, ' duplicate-member'],
      [String.raw`{${email},"\u0065mail":"eve@example.com"}`, ' duplicate-member'],
      [`{${email},"__proto__":{"role":"editor"}}`, '/__proto__ unknown-member'],
      [`{${email},"constructor":{"prototype":{"role":"editor"}}}`, '/constructor unknown-member'],
      [`{${email},"role":"editor"}`, '/role unknown-member'],
      [`[{${email}}]`, ' wrong-type'],
      [`{${email}}}`, ' invalid-json'],
      [`{"email":{"$ne":""},"password":"${PASSWORD}"}`, '/email wrong-type'],
    ] as const) {
      expect(faultsOf(await own.ask('POST /auth/register', { body })), body).to.deep.equal([fault]);
    }
    expectProblem(await own.login('xia@example.com'), 'invalid-credentials');
    expect(at({}, 'role')).to.equal(undefined);
    expect((await own.ask('POST /auth/register', { body: `{${email}}` })).json).to.include({ role: 'viewer' });
  });

  it('find nobody by SQL', async () => {
    const { length } = await own.database.query('SELECT 1 FROM users');
    const email = `ann'/**/or/**/'1'='1@example.com`;
    expectProblem(await own.login(email), 'invalid-credentials');
    expectProblem(await own.refresh("' OR 1=1 --"), 'invalid-refresh-token');
    expectProblem(await own.ask("DELETE /auth/sessions/'%20OR%201=1%20--", { token }), 'session-not-found');
    expect(await own.database.query('SELECT 1 FROM users')).to.have.length(length);
    expect(await own.use(token)).to.equal(200);
  });

  it('read no body of more than 16 KiB, whether its length is said or not', async () => {
    const body = JSON.stringify({ email: ANN, password: 'x'.repeat(17 * 1024) });
    expectProblem(await own.ask('POST /auth/login', { body }), 'body-too-large');
    expectProblem(
      await own.ask('POST /auth/login', { body, headers: ['transfer-encoding', 'chunked'] }),
      'body-too-large',
    );
    const endless = await RawClient.open(own.gateway.port);
    await endless.send('POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n{');
    expectProblem(await endless.response(), 'body-too-large');
    await endless.close();
    const fits = JSON.stringify({ email: ANN, password: PASSWORD }).padEnd(16 * 1024);
    expect((await own.ask('POST /auth/login', { body: fits })).status).to.equal(200);
    expect(
      (await own.ask('POST /auth/login', { body: fits, headers: ['transfer-encoding', 'chunked'] })).status,
    ).to.equal(200);
    expectProblem(await own.ask('POST /auth/login', { body: `${fits} ` }), 'body-too-large');
  });

  it('take JSON alone, by its type', async () => {
    const body = { email: ANN, password: PASSWORD };
    for (const type of ['', 'text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16']) {
      const answer = await own.ask('POST /auth/login', { body, type });
      expectProblem(answer, 'unsupported-media-type');
      expect(answer.header('accept')).to.equal('application/json');
    }
    expect((await own.ask('POST /auth/login', { body, type: 'Application/JSON; charset=UTF-8' })).status).to.equal(200);
  });

  it('say which methods there are', async () => {
    for (const [target, allow] of [
      ['GET /auth/login', 'POST'],
      ['PUT /auth/register', 'POST'],
      ['OPTIONS /auth/login', 'POST'],
      ['POST /auth/me', 'GET, HEAD'],
      ['GET /auth/sessions/x', 'DELETE'],
      ['DELETE /.well-known/jwks.json', 'GET, HEAD'],
    ] as const) {
      const answer = await own.ask(target);
      expectProblem(answer, 'method-not-allowed');
      expect(answer.header('allow')).to.equal(allow);
    }
  });

  it('let no page of another origin read anything', async () => {
    const headers = ['origin', 'https://shop.example.com', 'access-control-request-method', 'POST'];
    const answer = await own.ask('OPTIONS /auth/login', { headers });
    expectProblem(answer, 'method-not-allowed');
    expect(answer.header('access-control-allow-origin')).to.equal(undefined);
  });

  for (const [path, outcome] of [
    ['/auth/login', 'login'],
    ['/auth//login', 'login'],
    ['//auth/login', 'login'],
    ['/auth/%6cogin', 'login'],
    ['/%61uth/login', 'login'],
    ['/auth/login?x=/../..', 'login'],
    ['/auth/../auth/login', 'invalid-target'],
    ['/auth/%2e%2e/orders/1', 'invalid-target'],
    ['/orders/../auth/login', 'invalid-target'],
    ['/auth/./login', 'invalid-target'],
    ['/auth%2flogin', 'invalid-target'],
    ['/auth%5clogin', 'invalid-target'],
    ['/auth\\login', 'invalid-target'],
    ['/auth/login%00', 'invalid-target'],
    ['/auth/%256cogin', 'route-not-found'],
    ['/auth/login/', 'route-not-found'],
    ['/auth/login;x=1', 'route-not-found'],
    ['/auth/login%20', 'route-not-found'],
    ['/auth/Login', 'route-not-found'],
    ['/AUTH/login', 'route-not-found'],
    ['/auth/', 'route-not-found'],
    ['/auth/__proto__', 'route-not-found'],
    ['/auth/sessions/a/b', 'route-not-found'],
  ] as const) {
    it(`make of ${path} ${outcome === 'login' ? 'a login' : outcome}, on every host`, async () => {
      const body = JSON.stringify({ email: ANN, password: 'wrong horse battery' });
      for (const host of ['a', 'shop.example.com', 'shop.example.org']) {
        const answer = await raw(
          own,
          `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nX-Test: yes\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
        // Upper and lower case differ in paths: this one is not the identity's, and the host's own route takes it.
        if (path === '/AUTH/login' && host !== 'a') {
          expect([answer.status, answer.text]).to.deep.equal([200, 'ok']);
          continue;
        }
        expectProblem(answer, outcome === 'login' ? 'invalid-credentials' : outcome);
      }
      expect(own.upstream.requests.items.map(({ target }) => target)).to.deep.equal(
        path === '/AUTH/login' ? ['/AUTH/login', '/AUTH/login'] : [],
      );
    });
  }

  it('answer on every host, whatever routes it has', async () => {
    for (const host of ['shop.example.com', 'SHOP.example.com:80', 'a.b.example.org', 'shop.example.com.']) {
      const headers = ['host', host, 'x-test', 'yes'];
      expect((await own.ask('GET /.well-known/jwks.json', { headers })).status, host).to.equal(200);
      const body = { email: ANN, password: PASSWORD };
      const answer = await own.ask('POST /auth/login', { headers, body });
      expect([answer.status, accessOf(answer).split('.').length], host).to.deep.equal([200, 3]);
    }
    expect(own.upstream.requests.items).to.have.length(0);
    expect((await own.ask('POST /else', { headers: ['host', 'shop.example.com'] })).status).to.equal(200);
    expect(own.upstream.requests.items).to.have.length(1);
  });

  describe('with API keys', () => {
    async function newKey(expiresAt?: Date): Promise<{ readonly key: string; readonly id: string }> {
      const made = await own.administration.addKey('ci', 'viewer', expiresAt);
      if ('fault' in made) throw new Error(made.fault);
      return { key: made.key, id: made.record.id };
    }

    async function useKey(key: string, path = '/orders/1'): Promise<JsonAnswer> {
      return own.ask(`GET ${path}`, { headers: ['X-API-Key', key] });
    }

    async function expectNoUse(key: string): Promise<void> {
      expectProblem(await useKey(key), 'unauthorized');
      expect(own.upstream.requests.items).to.have.length(0);
    }

    it('let in who has one, as far as its role goes, and keep it to themselves', async () => {
      const { key, id } = await newKey(new Date(Date.now() + 60_000));
      expect((await useKey(key)).status).to.equal(200);
      const request = await only(own);
      expect(request.header('x-user')).to.equal(`key:${id}`);
      expect(JSON.stringify(request.rawHeaders)).not.to.include(key);
      expectProblem(await useKey(key, '/reports/1'), 'forbidden');
    });

    it('have no use for one that was revoked', async () => {
      const { key, id } = await newKey();
      await own.administration.revokeKey(id);
      await expectNoUse(key);
    });

    it('have no use for one that has expired', async () => {
      const { key } = await newKey(new Date(Date.now() - 1000));
      await expectNoUse(key);
    });

    it('have no use for one with a wrong checksum', async () => {
      const { key } = await newKey();
      await expectNoUse(key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A'));
      await expectNoUse(key.slice(0, -1));
      await expectNoUse(`${key}A`);
      expect((await useKey(key)).status).to.equal(200);
    });

    it('have no use for one that nobody made, or with a secret that is another', async () => {
      const { key, id } = await newKey();
      expect(withChecksum(key.slice(0, -6))).to.equal(key);
      const other = makeApiKey().text;
      await expectNoUse(other);
      await expectNoUse(withChecksum(`gw_${id}_${other.slice(18, -6)}`));
      expect((await useKey(key)).status).to.equal(200);
    });

    it('have no use for SQL', async () => {
      const { key } = await newKey();
      for (const text of ["' OR 1=1 --", `${key}' OR '1'='1`, "gw_' OR 1=1; DROP TABLE api_keys; --", '%', '']) {
        await expectNoUse(text);
      }
      expect((await useKey(key)).status).to.equal(200);
    });

    it('want one kind of credentials', async () => {
      const { key } = await newKey();
      expectProblem(await own.ask('GET /orders/1', { token, headers: ['x-api-key', key] }), 'unauthorized');
      expectProblem(await own.ask('GET /orders/1', { token, headers: ['x-api-key', ''] }), 'unauthorized');
      const twice = ['x-api-key', key, 'x-api-key', key];
      expectProblem(await own.ask('GET /orders/1', { headers: twice }), 'unauthorized');
      expectProblem(await own.ask('GET /orders/1', { headers: ['x_api_key', key] }), 'unauthorized');
      expectProblem(await own.ask('GET /orders/1', { headers: ['authorization', `Bearer ${key}`] }), 'unauthorized');
      expect(own.upstream.requests.items).to.have.length(0);
    });

    it('are no users', async () => {
      const { key } = await newKey();
      for (const target of ['GET /auth/me', 'GET /auth/sessions', 'POST /auth/logout']) {
        expectProblem(await own.ask(target, { headers: ['x-api-key', key] }), 'unauthorized');
      }
      const body = { current_password: PASSWORD, new_password: 'staple battery horse' };
      expectProblem(await own.ask('POST /auth/password', { headers: ['x-api-key', key], body }), 'unauthorized');
    });

    it('open WebSockets, and no upstream sees them there', async () => {
      const { key, id } = await newKey();
      const answer = await handshake(
        own,
        `X-API-Key: ${key}\r\nx_api_key: ${key}\r\nCookie: a=1; ${ACCESS}=x; ${CSRF}=y\r\nX-User: root\r\n`,
      );
      expect(answer.status).to.equal(101);
      const headers = JSON.stringify(sockets.requests.map(({ rawHeaders }) => rawHeaders));
      expect(sockets.requests).to.have.length(1);
      expect(headers).not.to.include(key).and.not.to.include('root').and.not.to.include(id);
      expect(sockets.requests[0]?.headers.cookie).to.equal('a=1');
      expectProblem(await handshake(own, `X-API-Key: ${key.slice(0, -1)}\r\n`), 'unauthorized');
    });
  });

  it('let nothing of their own through to an upstream, on public routes as well, and all else', async () => {
    const secrets = ['x-api-key', 'X_API_KEY', 'x.api.key', 'x_api-key', 'X-User', 'x_user', 'X.User'];
    const headers = [
      ...secrets.flatMap((name) => [name, 'from-the-client']),
      'cookie',
      `a=1; ${ACCESS}=from-the-client; theme="dark"; ${REFRESH}=from-the-client;${CSRF}=from-the-client`,
      'cookie',
      `${ACCESS} = from-the-client`,
      'cookie',
      `gw_csrf2=2; b=${ACCESS}`,
      'x-other',
      'kept',
      'x_other',
      'kept',
    ];
    // An API key that is none is nobody's business on a public route.
    expect((await own.ask('GET /open/1', { headers })).status).to.equal(200);
    expect((await own.ask('GET /orders/1', { token, headers: headers.slice(2) })).status).to.equal(200);
    for (const index of [0, 1]) {
      const request = await own.upstream.requests.at(index);
      expect(JSON.stringify(request.rawHeaders)).not.to.include('from-the-client');
      expect(request.headerValues('cookie')).to.deep.equal(['a=1; theme="dark"', `gw_csrf2=2; b=${ACCESS}`]);
      expect([request.header('x-other'), request.header('x_other')]).to.deep.equal(['kept', 'kept']);
    }
    expect((await own.upstream.requests.at(0)).header('x-user')).to.equal(undefined);
    expect((await own.upstream.requests.at(1)).headerValues('x-user')).to.deep.equal([partOf(token, 'claims')['sub']]);
  });

  it('let nothing of their own through in trailers', async () => {
    const names = ['X-User', 'x_user', 'X-API-Key', 'x_api_key', 'Cookie', 'Authorization'];
    const answer = await raw(
      own,
      `POST /open/1 HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${names.map((name) => `${name}: ${ACCESS}=from-the-client\r\n`).join('')}X-Sum: 1\r\n\r\n`,
    );
    expect(answer.status).to.equal(200);
    const request = await only(own);
    await request.body();
    expect(request.trailers).to.deep.equal(['X-Sum', '1']);
  });
}

function withCookies(kind: DatabaseKind): void {
  const origin = 'https://shop.example.com';
  let own: IdentityGateway;
  let sockets: Sockets;

  before(async () => {
    own = await IdentityGateway.start(kind, {
      tokens: { transport: 'cookie' },
      identity: { cors: { origins: [origin, 'https://*.example.org'], credentials: true, maxAge: '1h' } },
      routes: [SOCKET],
    });
    sockets = new Sockets(own);
  });
  after(async () => {
    sockets.close();
    await own.stop();
  });
  beforeEach(async () => {
    await own.empty();
    sockets.requests.length = 0;
  });

  /** The cookies that an answer sets, by their names: value and attributes. */
  function cookiesOf({ rawHeaders }: JsonAnswer): ReadonlyMap<string, readonly [value: string, attributes: string]> {
    const found = new Map<string, readonly [string, string]>();
    for (const [index, text] of rawHeaders.entries()) {
      if (index % 2 === 0 || rawHeaders[index - 1]?.toLowerCase() !== 'set-cookie') continue;
      const [, name = '', value = '', attributes = ''] = /^([^=]+)=([^;]*); (.*)$/.exec(text) ?? [];
      expect(found.has(name), name).to.equal(false);
      found.set(name, [value, attributes]);
    }
    return found;
  }

  /** What a browser keeps of a login. */
  interface Browser {
    readonly access: string;
    readonly refresh: string;
    readonly csrf: string;
    /** For routes: the refresh token is for the identity's paths. */
    readonly cookie: string;
    readonly proof: readonly string[];
  }

  function browser(answer: JsonAnswer): Browser {
    expect(answer.status, answer.text).to.equal(200);
    const cookies = cookiesOf(answer);
    const value = (name: string): string => cookies.get(name)?.[0] ?? '';
    const [access, refresh, csrf] = [value(ACCESS), value(REFRESH), value(CSRF)];
    const cookie = `theme=dark; ${ACCESS}=${access}; ${CSRF}=${csrf}`;
    return { access, refresh, csrf, cookie, proof: ['x-csrf-token', csrf] };
  }

  async function arrive(email = ANN): Promise<Browser> {
    await own.register(email);
    return browser(await own.login(email));
  }

  const CLEARED = {
    [ACCESS]: ['', 'Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax'],
    [REFRESH]: ['', 'Path=/auth; Max-Age=0; Secure; HttpOnly; SameSite=Strict'],
    [CSRF]: ['', 'Path=/; Max-Age=0; Secure; SameSite=Lax'],
  };

  it('gives tokens in cookies that scripts and other sites cannot get at, and nowhere else', async () => {
    await own.register(ANN);
    const answer = await own.login(ANN);
    const cookies = cookiesOf(answer);
    expect([...cookies].map(([name, [, attributes]]) => `${name}: ${attributes}`)).to.have.members([
      `${ACCESS}: Path=/; Max-Age=900; Secure; HttpOnly; SameSite=Lax`,
      `${REFRESH}: Path=/auth; Max-Age=2592000; Secure; HttpOnly; SameSite=Strict`,
      `${CSRF}: Path=/; Max-Age=2592000; Secure; SameSite=Lax`,
    ]);
    const { access, refresh, csrf } = browser(answer);
    expect(answer.json).to.deep.equal({ token_type: 'Cookie', expires_in: 900, csrf_token: csrf });
    expect(answer.text).not.to.include(access).and.not.to.include(refresh);
    expect(answer.header('cache-control')).to.equal('no-store');
  });

  it('lets in by the cookie, which no upstream sees', async () => {
    const { cookie, access } = await arrive();
    expect((await own.ask('GET /orders/1', { cookie })).status).to.equal(200);
    const request = await only(own);
    expect(request.header('cookie')).to.equal('theme=dark');
    expect(request.header('x-user')).to.equal(partOf(access, 'claims')['sub']);
    expect((await own.ask('GET /open/1', { cookie })).status).to.equal(200);
    expect((await own.upstream.requests.at(1)).header('cookie')).to.equal('theme=dark');
    expect((await own.ask('GET /auth/me', { cookie })).json).to.include({ email: ANN });
  });

  it('goes by Authorization, and by that alone, when there is one', async () => {
    const ann = await arrive();
    const bob = await arrive(BOB);
    const mixed = await own.ask('POST /orders/1', { cookie: ann.cookie, token: bob.access });
    expect(mixed.status).to.equal(200);
    expect((await only(own)).header('x-user')).to.equal(partOf(bob.access, 'claims')['sub']);
    expect((await own.ask('GET /auth/me', { cookie: ann.cookie, token: bob.access })).json).to.include({ email: BOB });
    for (const authorization of ['Bearer x.y.z', 'Basic YTpi', '']) {
      const headers = ['authorization', authorization, ...ann.proof];
      expectProblem(await own.ask('GET /orders/1', { cookie: ann.cookie, headers }), 'unauthorized');
      expectProblem(await own.ask('GET /auth/me', { cookie: ann.cookie, headers }), 'unauthorized');
      expectProblem(await own.ask('POST /auth/logout', { cookie: ann.cookie, headers }), 'unauthorized');
    }
    expect((await own.ask('GET /orders/1', { cookie: ann.cookie })).status).to.equal(200);
  });

  it('wants one kind of credentials', async () => {
    const { cookie } = await arrive();
    const made = await own.administration.addKey('ci', 'viewer', undefined);
    if ('fault' in made) throw new Error(made.fault);
    const headers = ['x-api-key', made.key];
    expectProblem(await own.ask('GET /orders/1', { cookie, headers }), 'unauthorized');
    expect((await own.ask('POST /orders/1', { headers })).status).to.equal(200);
  });

  it('lets no other site change anything', async () => {
    const ann = await arrive();
    const other = browser(await own.login(ANN));
    const bob = await arrive(BOB);
    const { cookie, csrf } = ann;
    const [session = '', mac = ''] = csrf.split('.');
    const wrong: readonly (readonly string[])[] = [
      [],
      ['x-csrf-token', ''],
      ['x-csrf-token', 'x'],
      ['x-csrf-token', session],
      ['x-csrf-token', `${session}.${'A'.repeat(43)}`],
      ['x-csrf-token', `${session}.${mac.slice(0, -1)}`],
      ['x-csrf-token', `${csrf} `.repeat(2)],
      [...ann.proof, ...ann.proof],
      other.proof,
      bob.proof,
    ];
    for (const headers of wrong) {
      for (const target of ['POST /orders/1', 'POST /auth/logout']) {
        const answer = await own.ask(target, { cookie, headers });
        expectProblem(answer, 'csrf-refused');
        expect(cookiesOf(answer).size).to.equal(0);
      }
    }
    for (const method of ['PUT', 'PATCH', 'DELETE', 'PURGE']) {
      expectProblem(await own.ask(`${method} /orders/1`, { cookie }), 'csrf-refused');
    }
    expectProblem(await own.ask(`DELETE /auth/sessions/${session}`, { cookie }), 'csrf-refused');
    // A cookie planted by another site is no proof: what counts is the header.
    expectProblem(
      await own.ask('POST /orders/1', { cookie: `${cookie}; ${CSRF}=${bob.csrf}`, headers: bob.proof }),
      'csrf-refused',
    );
    expect(own.upstream.requests.items).to.have.length(0);
    for (const method of ['GET', 'OPTIONS', 'HEAD']) {
      expect((await own.ask(`${method} /orders/1`, { cookie })).status).to.equal(200);
    }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect((await own.ask(`${method} /orders/1`, { cookie, headers: ann.proof })).status).to.equal(200);
    }
  });

  it('refreshes for pages of its own and of origins that may send cookies, and for no other', async () => {
    const ann = await arrive();
    const cookie = `${REFRESH}=${ann.refresh}`;
    const from = async (page: string): Promise<JsonAnswer> =>
      own.ask('POST /auth/refresh', { cookie, headers: [...ann.proof, 'origin', page] });
    for (const page of ['https://evil.example.com', 'null', 'https://example.org'])
      expectProblem(await from(page), 'csrf-refused');
    expect((await from(origin)).status).to.equal(200);
  });

  it('takes a refresh token from its cookie alone, with the proof of the same session', async () => {
    const ann = await arrive();
    const bob = await arrive(BOB);
    const cookie = `${REFRESH}=${ann.refresh}`;
    const refused = await own.ask('POST /auth/refresh', { cookie });
    expectProblem(refused, 'csrf-refused');
    expectProblem(await own.ask('POST /auth/refresh', { cookie, headers: ['x-csrf-token', 'x'] }), 'csrf-refused');
    expect((await own.ask('POST /auth/refresh', { cookie, headers: bob.proof })).status).to.be.oneOf([401, 403]);
    const headers = ann.proof;
    const inBody = await own.ask('POST /auth/refresh', { headers, body: { refresh_token: ann.refresh } });
    expect(inBody.status).to.be.oneOf([400, 401]);
    const twice = `${cookie}; ${cookie}`;
    expectProblem(await own.ask('POST /auth/refresh', { cookie: twice, headers }), 'invalid-refresh-token');

    const next = browser(await own.ask('POST /auth/refresh', { cookie, headers }));
    expect(next.refresh).not.to.equal(ann.refresh);
    expect(next.csrf).to.equal(ann.csrf);
    expect((await own.ask('POST /orders/1', { cookie: next.cookie, headers: next.proof })).status).to.equal(200);
    const replayed = await own.ask('POST /auth/refresh', { cookie, headers });
    expectProblem(replayed, 'invalid-refresh-token');
    expect(Object.fromEntries(cookiesOf(replayed))).to.deep.equal(CLEARED);
    expectProblem(await own.ask('GET /orders/1', { cookie: next.cookie }), 'unauthorized');
    expect((await own.ask('GET /orders/1', { cookie: bob.cookie })).status).to.equal(200);
  });

  it('takes the cookies back at the logout', async () => {
    const { cookie, proof: headers, access } = await arrive();
    expect((await own.ask('GET /orders/1', { cookie })).status).to.equal(200);
    const answer = await own.ask('POST /auth/logout', { cookie, headers });
    expect(answer.status).to.equal(204);
    expect(Object.fromEntries(cookiesOf(answer))).to.deep.equal(CLEARED);
    expectProblem(await own.ask('GET /orders/1', { cookie }), 'unauthorized');
    expectProblem(await own.ask('GET /orders/1', { token: access }), 'unauthorized');
  });

  it('logs out by the refresh token when there is no access token any more', async () => {
    const ann = await arrive();
    const cookie = `${REFRESH}=${ann.refresh}; ${CSRF}=${ann.csrf}`;
    for (const headers of [[], ['x-csrf-token', 'x'], [...ann.proof, 'origin', 'https://evil.example.com']]) {
      const refused = await own.ask('POST /auth/logout', { cookie, headers });
      expectProblem(refused, 'csrf-refused');
      expect(cookiesOf(refused).size).to.equal(0);
    }
    expect((await own.ask('GET /orders/1', { cookie: ann.cookie })).status).to.equal(200);
    const answer = await own.ask('POST /auth/logout', { cookie, headers: ann.proof });
    expect(answer.status).to.equal(204);
    expect(Object.fromEntries(cookiesOf(answer))).to.deep.equal(CLEARED);
    expectProblem(await own.ask('GET /orders/1', { cookie: ann.cookie }), 'unauthorized');
  });

  it('refreshes for pages of its own origin, as the browser sees it, and not for those of another', async () => {
    let ann = await arrive();
    const refresh = async (...headers: string[]): Promise<JsonAnswer> =>
      own.ask('POST /auth/refresh', { cookie: `${REFRESH}=${ann.refresh}`, headers: [...ann.proof, ...headers] });
    const here = `http://127.0.0.1:${own.gateway.port}`;
    const proxied = ['x-forwarded-proto', 'https', 'x-forwarded-host', 'own.example.com'];
    for (const headers of [
      ['origin', 'https://evil.example.com'],
      ['origin', 'null'],
      ['origin', `${here}.evil.example.com`],
      ['origin', `https://127.0.0.1:${own.gateway.port}`],
      ['origin', here, ...proxied],
      ['origin', 'http://own.example.com', ...proxied],
    ]) {
      const answer = await refresh(...headers);
      expectProblem(answer, 'csrf-refused');
      expect(cookiesOf(answer).size).to.equal(0);
    }
    for (const headers of [[], ['origin', here], ['origin', 'https://own.example.com', ...proxied]]) {
      ann = browser(await refresh(...headers));
    }
  });

  it('knows nobody by a cookie of another name, though it looks the same', async () => {
    const { access } = await arrive();
    expectProblem(await own.ask('GET /orders/1', { cookie: `\xa0${ACCESS}=${access}` }), 'unauthorized');
    expectProblem(await own.ask('GET /auth/me', { cookie: `a=b; \xa0${ACCESS}=${access}` }), 'unauthorized');
    expect((await own.ask('GET /orders/1', { cookie: `a=b;\t${ACCESS}=${access} ` })).status).to.equal(200);
  });

  it('knows nobody by two cookies of one name', async () => {
    const ann = await arrive();
    const bob = await arrive(BOB);
    for (const cookie of [
      `${ACCESS}=${ann.access}; ${ACCESS}=${bob.access}`,
      `${ACCESS}=${ann.access}; ${ACCESS}=`,
      `${ACCESS}=${ann.access}; ${ACCESS}=${ann.access}`,
    ]) {
      expectProblem(await own.ask('GET /orders/1', { cookie }), 'unauthorized');
      expectProblem(await own.ask('GET /auth/me', { cookie }), 'unauthorized');
    }
    const headers = ['cookie', `${ACCESS}=${ann.access}`, 'cookie', `${ACCESS}=${bob.access}`];
    expectProblem(await own.ask('GET /orders/1', { headers }), 'unauthorized');
    expect(own.upstream.requests.items).to.have.length(0);
  });

  it('knows somebody whose cookies come in several fields', async () => {
    const { access } = await arrive();
    const headers = ['cookie', 'a=1', 'cookie', `${ACCESS}=${access}`, 'cookie', 'b=2'];
    expect((await own.ask('GET /orders/1', { headers })).status).to.equal(200);
    expect((await only(own)).headerValues('cookie').join('; ')).to.equal('a=1; b=2');
  });

  it('takes no API key, refresh token or foreign token for an access token in the cookie', async () => {
    const { access, refresh } = await arrive();
    const made = await own.administration.addKey('ci', 'viewer', undefined);
    if ('fault' in made) throw new Error(made.fault);
    const forged = forge(partOf(access, 'header'), partOf(access, 'claims'), rs256(strangers.privateKey));
    for (const value of [made.key, refresh, forged, `"${access}"`, '']) {
      expectProblem(await own.ask('GET /orders/1', { cookie: `${ACCESS}=${value}` }), 'unauthorized');
    }
  });

  it('lets pages of this origin alone open a WebSocket by the cookie', async () => {
    const { cookie, access } = await arrive();
    const here = `http://127.0.0.1:${own.gateway.port}`;
    for (const from of [
      'https://evil.example.com',
      'null',
      '',
      `${here}.evil.example.com`,
      `https://127.0.0.1:${own.gateway.port}`,
      'http://127.0.0.1',
      `${here}/`,
      origin,
    ]) {
      expectProblem(await handshake(own, `Cookie: ${cookie}\r\nOrigin: ${from}\r\n`), 'csrf-refused');
    }
    expectProblem(await handshake(own, `Cookie: ${cookie}\r\n`), 'csrf-refused');
    expectProblem(await handshake(own, `Cookie: ${cookie}\r\nOrigin: ${here}\r\nOrigin: ${here}\r\n`), 'csrf-refused');
    expectProblem(await handshake(own, `Origin: ${here}\r\n`), 'unauthorized');
    expect(sockets.requests).to.have.length(0);
    expect((await handshake(own, `Cookie: ${cookie}\r\nOrigin: ${here}\r\n`)).status).to.equal(101);
    expect(sockets.requests.map(({ headers }) => headers.cookie)).to.deep.equal(['theme=dark']);
    // As a proxy says that the browser sees it.
    const proxied = 'X-Forwarded-Proto: https\r\nX-Forwarded-Host: Shop.example.com\r\n';
    expect((await handshake(own, `Cookie: ${cookie}\r\nOrigin: ${origin}\r\n${proxied}`)).status).to.equal(101);
    expectProblem(await handshake(own, `Cookie: ${cookie}\r\nOrigin: ${here}\r\n${proxied}`), 'csrf-refused');
    // Another site cannot send this.
    const authorization = `Authorization: Bearer ${access}\r\nOrigin: https://evil.example.com\r\n`;
    expect((await handshake(own, authorization)).status).to.equal(101);
  });

  describe('and CORS', () => {
    const FOREIGN = [
      'https://evil.example.com',
      'http://shop.example.com',
      'https://shop.example.com:8443',
      'https://shop.example.com.evil.com',
      'https://evil-shop.example.com',
      'https://example.org',
      'https://evilexample.org',
      'null',
      '',
    ];

    async function preflight(from: string, method = 'POST'): Promise<JsonAnswer> {
      const asked = [
        'access-control-request-method',
        method,
        'access-control-request-headers',
        'content-type,x-csrf-token',
      ];
      return own.ask('OPTIONS /auth/login', { headers: ['origin', from, ...asked] });
    }

    it('answers a preflight of an origin that is let in', async () => {
      for (const from of [origin, 'https://a.b.example.org']) {
        const answer = await preflight(from);
        expect([answer.status, answer.text]).to.deep.equal([204, '']);
        expect(answer.header('access-control-allow-origin')).to.equal(from);
        expect(answer.header('access-control-allow-credentials')).to.equal('true');
        expect(answer.header('access-control-allow-methods')?.split(', ')).to.include.members(['POST', 'DELETE']);
        expect(answer.header('access-control-allow-headers')).to.equal('content-type,x-csrf-token');
        expect(answer.header('access-control-max-age')).to.equal('3600');
        expect(answer.header('vary')).to.match(/\borigin\b/i);
      }
    });

    it('lets no other origin in, nor repeats it', async () => {
      await own.register(ANN);
      for (const from of FOREIGN) {
        const body = { email: ANN, password: PASSWORD };
        const login = await own.ask('POST /auth/login', { body, headers: ['origin', from] });
        for (const answer of [await preflight(from), login]) {
          expect(
            answer.rawHeaders.filter((text, index) => index % 2 === 0 && /^access-control-/i.test(text)),
            from,
          ).to.deep.equal([]);
          expect(answer.header('vary')).to.match(/\borigin\b/i);
        }
      }
    });

    it('lets pages that are let in read every answer, with credentials', async () => {
      const { cookie } = await arrive();
      const headers = ['origin', origin];
      for (const [answer, status] of [
        [await own.ask('GET /auth/me', { cookie, headers }), 200],
        [await own.ask('GET /auth/me', { headers }), 401],
        [await own.ask('POST /auth/logout', { cookie, headers }), 403],
        [await own.ask('GET /auth/nothing', { headers }), 404],
        [await own.ask('GET /auth/login', { headers }), 405],
        [
          await own.ask('POST /auth/login', {
            headers: [...headers, 'transfer-encoding', 'chunked'],
            body: 'x'.repeat(17 * 1024),
          }),
          413,
        ],
        [await own.ask('POST /auth/login', { headers, body: 'x', type: '' }), 415],
      ] as const) {
        expect(answer.status).to.equal(status);
        expect(answer.header('access-control-allow-origin'), String(status)).to.equal(origin);
        expect(answer.header('access-control-allow-credentials'), String(status)).to.equal('true');
        expect(answer.header('vary'), String(status)).to.match(/\borigin\b/i);
      }
    });

    it('lets them read that a body is too large by its length', async () => {
      const answer = await own.ask('POST /auth/login', { headers: ['origin', origin], body: 'x'.repeat(17 * 1024) });
      expectProblem(answer, 'body-too-large');
      expect(answer.header('access-control-allow-origin')).to.equal(origin);
      expect(answer.header('access-control-allow-credentials')).to.equal('true');
      expect(answer.header('vary')).to.match(/\borigin\b/i);
    });

    it('is for the identity, and not for routes', async () => {
      const answer = await own.ask('GET /open/1', { headers: ['origin', origin] });
      expect(answer.status).to.equal(200);
      expect(answer.header('access-control-allow-origin')).to.equal(undefined);
    });
  });
}

function limited(kind: DatabaseKind): void {
  let own: IdentityGateway;

  before(async () => {
    own = await IdentityGateway.start(kind, { identity: { rateLimit: undefined } });
  });
  after(async () => own.stop());

  const TARGETS = ['POST /auth/login', 'POST /auth/register', 'POST /auth/refresh'];

  /** Ten requests of a client, none of which is of any use. */
  async function ten(client: string, clientOf = (_index: number): string => client): Promise<void> {
    for (let index = 0; index < 10; index += 1) {
      const answer = await own.ask(TARGETS[index % 3] ?? '', { client: clientOf(index), body: {} });
      expect(answer.status).to.equal(400);
    }
  }

  async function expectLimited(client: string): Promise<void> {
    for (const target of [...TARGETS, 'POST /auth/password']) {
      const answer = await own.ask(target, { client, body: {} });
      expectProblem(answer, 'too-many-requests');
      expect(Number(answer.header('retry-after'))).to.be.within(1, 6);
    }
  }

  it('are refused from the eleventh on in a minute, each client by itself', async () => {
    await ten('192.0.2.1');
    await expectLimited('192.0.2.1');
    await ten('192.0.2.2');
    await expectLimited('192.0.2.2');
    expect((await own.ask('GET /auth/openapi.json', { client: '192.0.2.1' })).status).to.equal(200);
    expect((await own.ask('GET /auth/me', { client: '192.0.2.1' })).status).to.equal(401);
    expect((await own.ask('GET /open/1', { client: '192.0.2.1' })).status).to.equal(200);
  });

  it('are those of one client from all of a /64, and whatever it says of itself', async () => {
    await ten('2001:db8::1', (index) => `2001:db8::${index}:1`);
    await expectLimited('2001:db8::ffff');
    expect((await own.ask('POST /auth/login', { client: '2001:db8:0:1::1', body: {} })).status).to.equal(400);
    await ten('192.0.2.3', (index) => `203.0.113.${index}, 192.0.2.3`);
    await expectLimited('203.0.113.77, 192.0.2.3');
  });

  it('are none that a page of another site can send, without being asked for, on behalf of whoever looks at it', async () => {
    for (let index = 0; index < 12; index += 1) {
      const more = { client: '192.0.2.5', headers: ['origin', 'https://evil.example.com'] };
      expectProblem(
        await own.ask('POST /auth/login', { ...more, body: { email: ANN, password: PASSWORD }, type: 'text/plain' }),
        'unsupported-media-type',
      );
      expect((await own.ask('POST /auth/login', more)).status).to.equal(400);
    }
    expect((await own.ask('POST /auth/login', { client: '192.0.2.5', body: {} })).status).to.equal(400);
  });

  it('do not get through by other ways to write the path', async () => {
    await ten('192.0.2.4');
    for (const path of ['/auth//login', '/auth/%6cogin', '/auth/login?x=1']) {
      const answer = await raw(
        own,
        `POST ${path} HTTP/1.1\r\nHost: b\r\nX-Forwarded-For: 192.0.2.4\r\nContent-Type: application/json\r\n` +
          `Content-Length: 0\r\n\r\n`,
      );
      expectProblem(answer, 'too-many-requests');
    }
  });
}
