import { expect } from 'chai';
import { CachedGateway, cachingAll } from '../../support/cached.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';
import { forge, hs256 } from '../../support/tokens.ts';

const SECRET = 'a secret that is long enough for HS256';
const ANN = ['authorization', 'Basic YW5uOmFubg=='];
const BOB = ['authorization', 'Basic Ym9iOmJvYg=='];

function bearer(sub: string, claims: object = {}, iss = 'machines'): string[] {
  const payload = { iss, aud: 'api', sub, exp: Math.trunc(Date.now() / 1000) + 600, ...claims };
  return ['authorization', `Bearer ${forge({ alg: 'HS256' }, payload, hs256(SECRET))}`];
}

const protectedRoutes = (origin: string): string => `
issuers:
  - { name: machines, issuer: machines, audience: api, algorithms: [HS256], secret: "${SECRET}" }
  - { name: others, issuer: others, audience: api, algorithms: [HS256], secret: "${SECRET}" }
upstreams: { origin: { targets: ["${origin}"] } }
defaults: { route: { access: authenticated } }
routes:
  - { name: own, match: { path: "/*rest" }, upstream: origin, cache: { ttl: 1h } }
  - { name: shared, match: { path: "/shared/*rest" }, upstream: origin, cache: { ttl: 1h, shareBetweenUsers: true } }
  - { name: maybe, match: { path: "/maybe/*rest" }, upstream: origin, access: optional, cache: { ttl: 1h } }
`;

onEachEngineAndHttp2('answers to those who say who they are', () => {
  let open: CachedGateway;
  let shared: CachedGateway;
  let known: CachedGateway;

  before(async () => {
    open = await CachedGateway.start(cachingAll('{ ttl: 1h }'));
    shared = await CachedGateway.start(cachingAll('{ ttl: 1h, shareBetweenUsers: true }'));
    known = await CachedGateway.start(protectedRoutes);
  });

  after(async () => {
    await open.stop();
    await shared.stop();
    await known.stop();
  });

  beforeEach(() => {
    open.reset();
    shared.reset();
    known.reset();
  });

  describe('RFC 9111 section 3.5: storing responses to authenticated requests', () => {
    for (const [value, isStored] of [
      ['', false],
      ['max-age=60', false],
      ['max-age=60, proxy-revalidate', false],
      ['max-age=60, public', true],
      ['max-age=60, must-revalidate', true],
      ['s-maxage=60', true],
      ['public, private', false],
      ['s-maxage=60, no-store', false],
    ] as const)
      it(`${value === '' ? 'no Cache-Control' : value}: ${isStored ? 'stored' : 'not stored'}`, async () => {
        const headers = value === '' ? [] : ['Cache-Control', value];
        expect(await open.reuses({ headers }, ...ANN)).to.equal(isStored);
        expect(await shared.reuses({ headers }, ...ANN)).to.equal(isStored);
      });

    it('what Authorization a gateway verifies makes no difference', async () => {
      expect(await known.reuses({}, ...bearer('ann'))).to.equal(false);
      known.reset();
      expect(await known.reuses({ headers: ['Cache-Control', 'max-age=60'] }, ...bearer('ann'))).to.equal(false);
      known.reset();
      expect(await known.reuses({ headers: ['Cache-Control', 'max-age=60, public'] }, ...bearer('ann'))).to.equal(true);
    });
  });

  describe('callers', () => {
    const PUBLIC = { headers: ['Cache-Control', 'public, max-age=60'] };

    it('do not share: another Authorization asks for itself, and so does nobody in particular', async () => {
      open.says(PUBLIC);
      const texts = [await open.ask(...ANN), await open.ask(...BOB), await open.ask(), await open.ask(...ANN)];
      expect(texts.map(({ text }) => text)).to.deep.equal(['answer 1', 'answer 2', 'answer 3', 'answer 1']);
    });

    it('nor does one whose Authorization is written in another way', async () => {
      open.says(PUBLIC);
      await open.ask(...ANN);
      expect((await open.ask('AUTHORIZATION', ANN[1] ?? '')).text).to.equal('answer 1');
      expect((await open.ask('authorization', (ANN[1] ?? '').toLowerCase())).text).to.equal('answer 2');
    });

    it('share where the route says so', async () => {
      shared.says(PUBLIC);
      for (const who of [ANN, BOB, []]) expect((await shared.ask(...who)).text).to.equal('answer 1');
    });

    it('share nothing that the origin does not let them, whatever the route says', async () => {
      shared.says({ headers: ['Cache-Control', 'max-age=60'] });
      const texts = [await shared.ask(...ANN), await shared.ask(...BOB)];
      expect(texts.map(({ text }) => text)).to.deep.equal(['answer 1', 'answer 2']);
    });

    it('with an Authorization get what was stored for nobody in particular only where the route says so', async () => {
      for (const [cached, text] of [
        [open, 'answer 2'],
        [shared, 'answer 1'],
      ] as const) {
        cached.says({ headers: ['Cache-Control', 'max-age=60'] });
        await cached.ask();
        expect((await cached.ask(...ANN)).text).to.equal(text);
      }
    });

    it('are told apart by issuer and subject when a token is verified', async () => {
      known.says(PUBLIC);
      const who = [bearer('ann'), bearer('bob'), bearer('ann', {}, 'others'), bearer('ann', { jti: 'two' })];
      const texts: string[] = [];
      for (const headers of who) texts.push((await known.ask(...headers)).text);
      expect(texts).to.deep.equal(['answer 1', 'answer 2', 'answer 3', 'answer 1']);
    });

    it('are told apart where nobody has to be known, too', async () => {
      known.says(PUBLIC);
      const target = `/maybe${known.path}`;
      const texts: string[] = [];
      for (const headers of [bearer('ann'), [], bearer('bob'), [], bearer('ann')])
        texts.push((await known.call(target, { headers })).text);
      expect(texts).to.deep.equal(['answer 1', 'answer 2', 'answer 3', 'answer 2', 'answer 1']);
    });

    it('cannot pose as others by subjects that are made of parts', async () => {
      known.says(PUBLIC);
      const subjects = ['a', 'a1:0', '1:a', 'a:b', 'id', '', '4:anns'];
      const texts = new Set<string>();
      for (const sub of subjects) texts.add((await known.ask(...bearer(sub))).text);
      expect(texts.size).to.equal(subjects.length);
    });

    it('whose token is refused get nothing that is stored', async () => {
      known.says(PUBLIC);
      await known.ask(...bearer('ann'));
      expect((await known.ask()).status).to.equal(401);
      expect((await known.ask('authorization', `${bearer('ann')[1] ?? ''}x`)).status).to.equal(401);
      expect((await known.ask(...bearer('ann', { exp: 1 }))).status).to.equal(401);
      const target = `/shared${known.path}`;
      expect((await known.call(target, { headers: bearer('ann') })).text).to.equal('answer 2');
      expect((await known.call(target)).status).to.equal(401);
    });
  });

  describe('cookies', () => {
    const SID = ['cookie', 'sid=1'];

    it('keep an answer from being stored unless it is public', async () => {
      for (const [headers, isStored] of [
        [[], false],
        [['Cache-Control', 'max-age=60'], false],
        [['Cache-Control', 'public, max-age=60'], true],
      ] as const) {
        open.reset();
        expect(await open.reuses({ headers }, ...SID)).to.equal(isStored);
      }
    });

    it('keep what only the route’s ttl made fresh from whoever has one', async () => {
      open.says({});
      await open.ask();
      expect((await open.ask(...SID)).text).to.equal('answer 2');
      expect((await open.ask()).text).to.equal('answer 1');
    });

    it('do not matter to what the origin itself lets others have', async () => {
      open.says({ headers: ['Cache-Control', 'max-age=60'] });
      await open.ask();
      expect((await open.ask(...SID)).text).to.equal('answer 1');
    });

    it('of one client do not keep the answers to others from being stored', async () => {
      open.says({});
      await open.ask(...SID);
      const before = open.asked;
      await open.ask();
      await open.ask();
      expect(open.asked).to.equal(before + 1);
    });

    it('without a name or a value count', async () => {
      for (const cookie of ['sid', '=x', 'sid=']) {
        open.reset();
        expect(await open.reuses({}, 'cookie', cookie)).to.equal(false);
      }
    });
  });
});
