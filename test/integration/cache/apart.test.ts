import { expect } from 'chai';
import { CachedGateway, cachingAll, send } from '../../support/cached.ts';
import type { Answered } from '../../support/client.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';
import { forge, hs256 } from '../../support/tokens.ts';

const SECRET = 'a secret that is long enough for HS256';
const FRESH = ['Cache-Control', 'max-age=60'];
const PUBLIC = ['Cache-Control', 'public, max-age=60'];
const STALE = ['Cache-Control', 'max-age=60, stale-while-revalidate=600', 'Age', '61'];
const COOKIE = ['cookie', 'sid=1'];
const BASIC = ['authorization', 'Basic YW5uOmFubg=='];

/** A token of one issuer and subject. */
function bearer(claims: object): string[] {
  const payload = { iss: 'machines', aud: 'api', sub: 'ann', exp: Math.trunc(Date.now() / 1000) + 600, ...claims };
  return ['authorization', `Bearer ${forge({ alg: 'HS256' }, payload, hs256(SECRET))}`];
}

const protectedRoutes = (origin: string): string => `
issuers:
  - { name: machines, issuer: machines, audience: api, algorithms: [HS256], secret: "${SECRET}", claims: { roles: "{{claims.roles}}" }, allowRoles: [reader, writer] }
roles: { reader: ["x:read"], writer: ["x:write"] }
upstreams: { origin: { targets: ["${origin}"] } }
defaults: { route: { access: authenticated } }
routes:
  - { name: own, match: { path: "/*rest" }, upstream: origin, cache: {} }
  - { name: told, match: { path: "/told/*rest" }, upstream: origin, request: { headers: { set: { x-tenant: "{{claims.tenant}}" } } }, cache: {} }
  - { name: shared, match: { path: "/shared/*rest" }, upstream: origin, request: { headers: { set: { x-tenant: "t={{claims.tenant}}" } } }, cache: { shareBetweenUsers: true } }
  - { name: added, match: { path: "/added/*rest" }, upstream: origin, request: { headers: { add: { x-tenant: "{{claims.org.tenant}}" } } }, cache: { shareBetweenUsers: true } }
  - { name: asked, match: { path: "/asked/*rest" }, upstream: origin, request: { query: { set: { tenant: "{{claims.tenant}}" } } }, cache: { shareBetweenUsers: true } }
`;

onEachEngineAndHttp2('requests that are kept apart', () => {
  let cached: CachedGateway;
  let withTtl: CachedGateway;
  let shared: CachedGateway;
  let known: CachedGateway;

  before(async () => {
    cached = await CachedGateway.start();
    withTtl = await CachedGateway.start(cachingAll('{ ttl: 1h }'));
    shared = await CachedGateway.start(cachingAll('{ shareBetweenUsers: true }'));
    known = await CachedGateway.start(protectedRoutes);
  });

  after(async () => {
    for (const each of [cached, withTtl, shared, known]) await each.stop();
  });

  beforeEach(() => {
    for (const each of [cached, withTtl, shared, known]) each.reset();
  });

  for (const [what, credentials, to] of [
    ['with a cookie', COOKIE, (): CachedGateway => cached],
    ['with a cookie where a ttl makes fresh', COOKIE, (): CachedGateway => withTtl],
    ['with Authorization where users share', BASIC, (): CachedGateway => shared],
  ] as const)
    describe(`one ${what}`, () => {
      it('holds up nobody without, nor keeps answers from being stored', async () => {
        const from = to();
        const release = from.holds(1, () => ({ headers: FRESH }));
        const hanging = from.ask(...credentials);
        await from.origin.requests.at(0);
        const anonymous = await from.ask();
        expect([anonymous.text, /; stored/.test(from.statusOf(anonymous))]).to.deep.equal(['answer 2', true]);
        release();
        expect((await hanging).text).to.equal('answer 1');
        expect((await from.ask()).text).to.equal('answer 2');
        expect(from.asked).to.equal(2);
      });

      it('does not wait for one without', async () => {
        const from = to();
        const release = from.holds(1, () => ({ headers: FRESH }));
        const hanging = from.ask();
        await from.origin.requests.at(0);
        expect((await from.ask(...credentials)).text).to.equal('answer 2');
        release();
        expect((await hanging).text).to.equal('answer 1');
        expect((await from.ask()).text).to.equal('answer 1');
      });

      it('does not keep those without from waiting for one another', async () => {
        const from = to();
        // Nobody but this one asks before: what is found out about its answer is for its like.
        from.says({ headers: FRESH });
        await from.ask(...credentials);
        await from.ask(...credentials);
        const number = from.asked + 1;
        const release = from.holds(number, () => ({ headers: FRESH }));
        const answers = [from.ask()];
        await from.origin.requests.at(number - 1);
        answers.push(from.ask(), from.ask());
        await from.waiting(3);
        release();
        const texts = (await Promise.all(answers)).map(({ text }) => text);
        expect([new Set(texts), from.asked]).to.deep.equal([new Set([`answer ${number}`]), number]);
      });
    });

  describe('a refresh in the background that a request with cookies would start', () => {
    const WHOSE = (from: CachedGateway, stale: readonly string[], fresh: readonly string[]): void =>
      from.answers((request) => {
        const body = `${from.asked} for ${request.header('cookie') ?? 'anybody'}`;
        send(request, { headers: from.asked === 1 ? stale : fresh, body });
      });

    it('waits for a request without them, when it would be stored for nobody', async () => {
      WHOSE(cached, STALE, FRESH);
      await cached.ask();
      for (const headers of [COOKIE, COOKIE, []]) expect((await cached.ask(...headers)).text).to.equal('1 for anybody');
      const refresh = await cached.origin.requests.at(1);
      await refresh.over();
      expect(refresh.header('cookie')).to.equal(undefined);
      for (const headers of [[], COOKIE]) expect((await cached.ask(...headers)).text).to.equal('2 for anybody');
      expect(cached.asked).to.equal(2);
    });

    it('goes with them when it is stored for such cookies', async () => {
      const more = ['Vary', 'Cookie'];
      const stale = ['Cache-Control', 'public, max-age=60, stale-while-revalidate=600', 'Age', '61', ...more];
      WHOSE(cached, stale, [...PUBLIC, ...more]);
      await cached.ask(...COOKIE);
      expect((await cached.ask(...COOKIE)).text).to.equal('1 for sid=1');
      const refresh = await cached.origin.requests.at(1);
      await refresh.over();
      expect(refresh.header('cookie')).to.equal('sid=1');
      expect((await cached.ask(...COOKIE)).text).to.equal('2 for sid=1');
      expect((await cached.ask()).text).to.equal('3 for anybody');
      expect((await cached.ask('cookie', 'sid=2')).text).to.equal('4 for sid=2');
    });
  });

  describe('callers of one issuer and subject', () => {
    for (const [what, prefix, one, other] of [
      ['other roles', '', { roles: ['reader'] }, { roles: ['reader', 'writer'] }],
      ['other scopes', '', { scope: 'a' }, { scope: 'a b' }],
      ['scopes where the other has none', '', {}, { scope: 'a' }],
      ['another claim that the upstream is told', '/told', { tenant: 'a' }, { tenant: 'b' }],
      ['another claim that the upstream is told, where users share', '/shared', { tenant: 'a' }, { tenant: 'b' }],
      ['no claim to tell the upstream, where users share', '/shared', { tenant: 'a' }, {}],
      ['another claim in a field that is added', '/added', { org: { tenant: 'a' } }, { org: { tenant: 'b' } }],
      ['another claim in the query', '/asked', { tenant: 'a' }, { tenant: 'b' }],
    ] as const) {
      it(`with ${what} do not share what is stored`, async () => {
        known.says({ headers: PUBLIC });
        const texts: string[] = [];
        for (const claims of [one, other, one, other])
          texts.push((await known.call(prefix + known.path, { headers: bearer(claims) })).text);
        expect(texts).to.deep.equal(['answer 1', 'answer 2', 'answer 1', 'answer 2']);
      });

      it(`with ${what} do not wait for one another`, async () => {
        const release = known.holds(1, () => ({ headers: PUBLIC }));
        const ask = async (claims: object): Promise<Answered> =>
          known.call(prefix + known.path, { headers: bearer(claims) });
        const first = ask(one);
        await known.origin.requests.at(0);
        expect((await ask(other)).text).to.equal('answer 2');
        release();
        expect((await first).text).to.equal('answer 1');
      });
    }

    it('with roles and scopes in another order share, as do those with claims that nobody is told', async () => {
      known.says({ headers: PUBLIC });
      const one = { roles: ['reader', 'writer'], jti: '1', tenant: 'a' };
      const other = { roles: ['reader', 'writer'], jti: '2', tenant: 'b' };
      for (const claims of [one, other]) expect((await known.ask(...bearer(claims))).text).to.equal('answer 1');
      expect(known.asked).to.equal(1);
    });
  });

  describe('a cookie that comes with a 304', () => {
    // Fresh, so that others may wait for it; who asks wants it newer.
    const TAGGED = ['Cache-Control', 'max-age=1200', 'Age', '600', 'ETag', '"v1"'];
    const NEWER = ['cache-control', 'max-age=500'];
    const said = (asked: number): { status?: number; headers: readonly string[] } =>
      asked === 1 ? { headers: TAGGED } : { status: 304, headers: [...FRESH, 'Set-Cookie', 'mine=1', 'X-New', '1'] };

    it('goes to the one whose request it answers, and neither to those who waited nor into the store', async () => {
      const release = cached.holds(2, said);
      await cached.ask();
      const answers = [cached.ask(...NEWER)];
      await cached.origin.requests.at(1);
      answers.push(cached.ask(...NEWER), cached.ask(...NEWER));
      await cached.waiting(3);
      release();
      const found = await Promise.all(answers);
      found.push(await cached.ask());
      expect(found.map((answer) => [answer.text, answer.header('set-cookie'), answer.header('x-new')])).to.deep.equal([
        ['answer 1', 'mine=1', '1'],
        ['answer 1', undefined, '1'],
        ['answer 1', undefined, '1'],
        ['answer 1', undefined, '1'],
      ]);
      expect(cached.asked).to.equal(2);
    });

    it('goes to nobody when it comes in the background', async () => {
      cached.says(
        { headers: [...STALE, 'ETag', '"v1"'] },
        { status: 304, headers: [...FRESH, 'Set-Cookie', 'mine=1', 'X-New', '1'] },
      );
      await cached.ask();
      const stale = await cached.ask();
      await (await cached.origin.requests.at(1)).over();
      const fresh = await cached.ask();
      expect([stale.header('set-cookie'), fresh.header('set-cookie'), fresh.header('x-new')]).to.deep.equal([
        undefined,
        undefined,
        '1',
      ]);
    });
  });
});
