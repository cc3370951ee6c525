import { expect } from 'chai';
import { CachedGateway, send } from '../../support/cached.ts';
import { expectProblem } from '../../support/client.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';
import { forge, hs256 } from '../../support/tokens.ts';
import { TestUpstream } from '../../support/upstream.ts';

const FRESH = ['Cache-Control', 'public, max-age=60'];
const SECRET = 'a secret that is long enough for HS256';

function bearer(sub: string, claims: object = {}): string[] {
  const payload = { iss: 'machines', aud: 'api', sub, exp: Math.trunc(Date.now() / 1000) + 600, ...claims };
  return ['authorization', `Bearer ${forge({ alg: 'HS256' }, payload, hs256(SECRET))}`];
}

const configuration = (origin: string): string => `
server: { trustedProxies: [127.0.0.1] }
issuers:
  - { name: machines, issuer: machines, audience: api, algorithms: [HS256], secret: "${SECRET}", claims: { roles: "{{claims.roles}}" }, allowRoles: [reader] }
roles: { reader: ["x:read"] }
upstreams: { origin: { targets: ["${origin}"] } }
response: { headers: { set: { x-global: "{{request.id}}" }, remove: [x-powered-by] } }
routes:
  - { name: plain, match: { path: "/*rest" }, upstream: origin, cache: {} }
  - name: languages
    match: { path: "/languages/*rest" }
    upstream: origin
    request: { headers: { set: { x-language: "{{headers.x-wanted}}", x-user: "{{claims.sub}}" } } }
    access: optional
    cache: { shareBetweenUsers: true }
  - name: tenants
    match: { path: "/tenants/*rest" }
    upstream: origin
    request: { query: { set: { tenant: "{{headers.x-tenant}}" }, remove: [debug] } }
    cache: {}
  - { name: readers, match: { path: "/readers/*rest" }, upstream: origin, access: { roles: [reader] }, cache: { shareBetweenUsers: true } }
  - { name: limited, match: { path: "/limited/*rest" }, upstream: origin, rateLimit: { requests: 3, per: 1h, by: "header:x-me" }, cache: {} }
  - { name: elsewhere, match: { path: "/elsewhere/*rest" }, upstream: origin, cors: { origins: ["https://a.example", "https://b.example"], credentials: true }, cache: {} }
  - name: edited
    match: { path: "/edited/*rest" }
    upstream: origin
    response: { headers: { set: { x-asked: "{{headers.x-me}}" }, add: { x-more: "1" }, remove: [x-secret, cache-control] } }
    cache: {}
  - { name: inner, match: { path: "/bodies/*rest" }, upstream: origin, response: { body: { remove: [/secret] } }, cache: {} }
  - { name: closed, match: { path: "/closed/*rest" }, upstream: origin, ip: { deny: [192.0.2.0/24] }, cache: {} }
`;

onEachEngineAndHttp2('the cache among the other rules of a route', () => {
  let cached: CachedGateway;

  before(async () => (cached = await CachedGateway.start(configuration)));
  after(async () => cached.stop());
  beforeEach(() => cached.reset());

  /** What each of these requests gets. */
  async function texts(prefix: string, ...requests: readonly (readonly string[])[]): Promise<string[]> {
    const found: string[] = [];
    for (const headers of requests) found.push((await cached.call(prefix + cached.path, { headers })).text);
    return found;
  }

  describe('request.headers', () => {
    it('are what Vary means: as the origin gets them', async () => {
      cached.answers((request) =>
        send(request, { headers: [...FRESH, 'Vary', 'X-Language'], body: request.header('x-language') ?? 'none' }),
      );
      const [de, en] = [
        ['x-wanted', 'de'],
        ['x-wanted', 'en'],
      ];
      expect(await texts('/languages', de, en, [], de)).to.deep.equal(['de', 'en', 'none', 'de']);
      expect(cached.asked).to.equal(3);
      // What the client sends in its place does not reach the origin.
      expect(await texts('/languages', ['x-language', 'de'], ['x-wanted', 'en', 'x-language', 'de'])).to.deep.equal([
        'none',
        'en',
      ]);
      expect(cached.asked).to.equal(3);
    });

    it('that are made of claims tell callers apart by Vary, though they share', async () => {
      cached.answers((request) =>
        send(request, { headers: [...FRESH, 'Vary', 'X-User'], body: request.header('x-user') ?? 'nobody' }),
      );
      const who = [bearer('ann'), bearer('bob'), [], bearer('ann'), ['x-user', 'ann']];
      expect(await texts('/languages', ...who)).to.deep.equal(['ann', 'bob', 'nobody', 'ann', 'nobody']);
      expect(cached.asked).to.equal(3);
    });
  });

  describe('request.query', () => {
    it('is in the key as the origin gets it', async () => {
      cached.answers((request) => send(request, { headers: FRESH, body: request.target.split('?')[1] ?? '' }));
      const [a, b] = [
        ['x-tenant', 'a'],
        ['x-tenant', 'b'],
      ];
      expect(await texts('/tenants', a, b, [], a)).to.deep.equal(['tenant=a', 'tenant=b', '', 'tenant=a']);
      expect(cached.asked).to.equal(3);
    });

    it('cannot be made to look like another one', async () => {
      cached.answers((request) => send(request, { headers: FRESH, body: request.target.split('?')[1] ?? '' }));
      expect(await texts('/tenants', ['x-tenant', 'a&debug=1'], ['x-tenant', 'a'])).to.deep.equal([
        'tenant=a%26debug%3D1',
        'tenant=a',
      ]);
      const answer = await cached.call(`/tenants${cached.path}?tenant=a&debug=1`, { headers: ['x-tenant', 'b'] });
      expect(answer.text).to.equal('tenant=b');
    });
  });

  describe('access', () => {
    it('is judged for every hit', async () => {
      cached.says({ headers: FRESH });
      const [reader, other] = [bearer('ann', { roles: ['reader'] }), bearer('bob', { roles: [] })];
      const target = `/readers${cached.path}`;
      expect((await cached.call(target, { headers: reader })).text).to.equal('answer 1');
      expect((await cached.call(target, { headers: bearer('cid', { roles: ['reader'] }) })).text).to.equal('answer 1');
      expectProblem(await cached.call(target, { headers: other }), 'forbidden');
      expectProblem(await cached.call(target), 'unauthorized');
      expectProblem(await cached.call(target, { headers: bearer('ann', { roles: [] }) }), 'forbidden');
      expect((await cached.call(target, { method: 'HEAD', headers: other })).status).to.equal(403);
      expect((await cached.call(target, { headers: [...other, 'if-none-match', '*'] })).status).to.equal(403);
      expect(cached.asked).to.equal(1);
    });

    it('by address is judged for every hit, too', async () => {
      cached.says({ headers: FRESH });
      expect(await texts('/closed', [])).to.deep.equal(['answer 1']);
      const answer = await cached.call(`/closed${cached.path}`, { headers: ['x-forwarded-for', '192.0.2.1'] });
      expect(answer.status).to.equal(403);
    });
  });

  it('rate limits count hits, and 429 is not stored', async () => {
    cached.says({ headers: FRESH });
    const headers = ['x-me', cached.path];
    const statuses: number[] = [];
    for (let time = 0; time < 4; time += 1)
      statuses.push((await cached.call(`/limited${cached.path}`, { headers })).status);
    expect(statuses).to.deep.equal([200, 200, 200, 429]);
    expect((await cached.call(`/limited${cached.path}`, { headers: ['x-me', `${cached.path}x`] })).text).to.equal(
      'answer 1',
    );
    expect(cached.asked).to.equal(1);
  });

  it('rate limits of one are not in the answers to others', async () => {
    cached.says({ headers: FRESH });
    const remaining: (string | undefined)[] = [];
    for (const me of ['1', '1', '2']) {
      const headers = ['x-me', `${cached.path} ${me}`];
      remaining.push((await cached.call(`/limited${cached.path}`, { headers })).header('ratelimit'));
    }
    expect(new Set(remaining).size).to.equal(2);
    expect(remaining[0]).to.equal(remaining[2]);
  });

  it('CORS is answered for each request, and nothing of it is stored', async () => {
    cached.says({
      headers: [...FRESH, 'Access-Control-Allow-Origin', '*', 'Access-Control-Allow-Credentials', 'true'],
    });
    const target = `/elsewhere${cached.path}`;
    for (const [origin, allowed] of [
      ['https://a.example', 'https://a.example'],
      ['https://b.example', 'https://b.example'],
      [undefined, undefined],
      ['https://a.example', 'https://a.example'],
    ] as const) {
      const answer = await cached.call(target, { headers: origin === undefined ? [] : ['origin', origin] });
      expect(answer.header('access-control-allow-origin')).to.equal(allowed);
      expect(answer.text).to.equal('answer 1');
    }
    const evil = await cached.call(target, { headers: ['origin', 'https://evil.example'] });
    expect(evil.header('access-control-allow-origin')).to.equal(undefined);
    expect(cached.asked).to.equal(1);
  });

  describe('response.headers', () => {
    it('are edited for each hit, by the request that is answered', async () => {
      cached.says({ headers: [...FRESH, 'X-Secret', '1', 'X-Asked', 'origin', 'X-Powered-By', 'x', 'X-More', '0'] });
      for (const me of ['ann', 'bob']) {
        const answer = await cached.call(`/edited${cached.path}`, { headers: ['x-me', me] });
        expect([answer.header('x-asked'), answer.header('x-more'), answer.header('x-global')]).to.deep.equal([
          me,
          '0, 1',
          answer.header('x-request-id'),
        ]);
        for (const name of ['x-secret', 'x-powered-by', 'cache-control'])
          expect(answer.header(name), name).to.equal(undefined);
      }
      expect(cached.asked).to.equal(1);
    });

    it('are edited on 304 and on parts, too', async () => {
      cached.says({ headers: [...FRESH, 'ETag', '"a"', 'X-Secret', '1'] });
      await cached.call(`/edited${cached.path}`);
      for (const [status, headers] of [
        [304, ['if-none-match', '"a"']],
        [206, ['range', 'bytes=0-1']],
      ] as const) {
        const answer = await cached.call(`/edited${cached.path}`, { headers: [...headers, 'x-me', 'ann'] });
        expect([answer.status, answer.header('x-asked'), answer.header('x-secret')]).to.deep.equal([
          status,
          'ann',
          undefined,
        ]);
      }
    });
  });

  it('X-Request-Id is that of the request, on hits as well', async () => {
    cached.says({ headers: [...FRESH, 'X-Request-Id', 'of-the-origin'] });
    const ids = new Set<string | undefined>();
    for (let time = 0; time < 3; time += 1) ids.add((await cached.ask()).header('x-request-id'));
    expect(ids.size).to.equal(3);
    expect(ids).to.not.include('of-the-origin');
  });

  it('the access log says what the cache did', async () => {
    cached.says({ headers: FRESH });
    const said: unknown[] = [];
    for (const headers of [[], [], ['cache-control', 'no-store']]) {
      const answer = await cached.ask(...headers);
      const line = await cached.gateway.accessLine(answer.header('x-request-id') ?? '');
      said.push([line['cache'], line['upstream'], line['status']]);
    }
    expect(said).to.deep.equal([
      ['miss', 'origin', 200],
      ['hit', undefined, 200],
      ['bypass', 'origin', 200],
    ]);
  });

  it('bodies are stored as response.body has edited them', async () => {
    const headers = [...FRESH, 'Content-Type', 'application/json'];
    cached.says({ headers, body: '{"open":1,"secret":2}' });
    expect(await texts('/bodies', [], [])).to.deep.equal(['{"open":1}', '{"open":1}']);
    expect(cached.asked).to.equal(1);
  });

  it('the arms of a split do not share', async () => {
    const [one, two] = [await TestUpstream.start(), await TestUpstream.start()];
    for (const [name, arm] of [
      ['one', one],
      ['two', two],
    ] as const)
      arm.answer = (request) => send(request, { headers: FRESH, body: name });
    const split = await CachedGateway.start(
      () => `
upstreams: { one: { targets: ["${one.origin}"] }, two: { targets: ["${two.origin}"] } }
routes:
  - name: arms
    match: { path: "/*rest" }
    split: { sticky: "header:x-id", to: [{ upstream: one, weight: 1 }, { upstream: two, weight: 1 }] }
    cache: {}
`,
    );
    try {
      const first = new Map<string, string>();
      for (let round = 0; round < 2; round += 1)
        for (let id = 0; id < 20; id += 1) {
          const { text } = await split.call('/a', { headers: ['x-id', `id ${id}`] });
          expect(text).to.equal(first.get(`${id}`) ?? text);
          first.set(`${id}`, text);
        }
      expect(new Set(first.values())).to.deep.equal(new Set(['one', 'two']));
      expect([one.requests.items.length, two.requests.items.length]).to.deep.equal([1, 1]);
    } finally {
      await split.stop();
      await one.close();
      await two.close();
    }
  });

  it('routes on the same path do not share', async () => {
    const two = await CachedGateway.start(
      (origin) => `
upstreams: { origin: { targets: ["${origin}"] } }
routes:
  - { name: all, match: { path: "/*rest" }, upstream: origin, cache: {} }
  - { name: beta, match: { path: "/*rest", headers: { x-beta: "1" } }, upstream: origin, cache: {} }
`,
    );
    try {
      two.says({ headers: FRESH });
      expect([(await two.call('/a')).text, (await two.call('/a', { headers: ['x-beta', '1'] })).text]).to.deep.equal([
        'answer 1',
        'answer 2',
      ]);
    } finally {
      await two.stop();
    }
  });
});
