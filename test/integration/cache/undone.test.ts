import { expect } from 'chai';
import { CachedGateway, cachingAll } from '../../support/cached.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';

const FRESH = { headers: ['Cache-Control', 'max-age=60'] };
/** Stale for a second, and good for long in place of an error. */
const STALE = { headers: ['Cache-Control', 'max-age=60, stale-if-error=600', 'Age', '61', 'ETag', '"v1"'] };
/** The same, and while it is fetched anew. */
const WHILE = { headers: ['Cache-Control', 'max-age=60, stale-while-revalidate=600, stale-if-error=600', 'Age', '61'] };

onEachEngineAndHttp2('what undoes a stored answer', () => {
  let cached: CachedGateway;
  let withTtl: CachedGateway;

  before(async () => {
    cached = await CachedGateway.start();
    withTtl = await CachedGateway.start(cachingAll('{ ttl: 1h, staleWhileRevalidate: 10m, staleIfError: 10m }'));
  });

  after(async () => {
    await cached.stop();
    await withTtl.stop();
  });

  beforeEach(() => {
    cached.reset();
    withTtl.reset();
  });

  for (const [what, undo] of [
    ['a write', async () => cached.call(cached.path, { method: 'PUT' })],
    ['a purge of the path', async () => cached.purge({ path: cached.path })],
    ['a purge of the route', async () => cached.purge({ route: 'cached' })],
    ['a purge of all', async () => cached.purge({ all: true })],
  ] as const)
    describe(what, () => {
      it('keeps who asks then from what was asked for before', async () => {
        const release = cached.holds(1, () => FRESH);
        const before = cached.ask();
        await cached.origin.requests.at(0);
        await undo();
        const first = await cached.ask();
        const asked = `answer ${cached.asked}`;
        expect(first.text).to.equal(asked);
        expect(cached.statusOf(first)).to.contain('stored').and.not.contain('collapsed');
        release();
        const old = await before;
        expect([old.text, cached.statusOf(old)]).to.deep.equal([
          'answer 1',
          'gatewayctl; fwd=miss; fwd-status=200; detail=purged',
        ]);
        // What came late has not taken the place of what is true now.
        expect((await cached.ask()).text).to.equal(asked);
      });

      it('makes those wait for one another who come then, and not for the one of before', async () => {
        let release = (): void => undefined;
        const released = new Promise<void>((resolve) => (release = resolve));
        const { origin } = cached;
        cached.answers(async ({ method, response }) => {
          const { asked } = cached;
          if (method === 'GET') await released;
          response.writeHead(200, [...FRESH.headers, 'Content-Length', '1']).end(String(asked));
        });
        const before = [cached.ask()];
        await origin.requests.at(0);
        before.push(cached.ask());
        await cached.waiting(2);
        await undo();
        const number = cached.asked + 1;
        const after = [cached.ask()];
        await origin.requests.at(number - 1);
        after.push(cached.ask(), cached.ask());
        await cached.waiting(5);
        release();
        const texts = (await Promise.all(after)).map(({ text }) => text);
        expect(new Set(texts)).to.deep.equal(new Set([String(number)]));
        expect((await before[0])?.text).to.equal('1');
        // Who waited with the one of before may not have its answer: whoever has it got it alone.
        expect((await before[1])?.text).to.not.equal('1');
      });

      it('leaves nothing that stands in for an error', async () => {
        cached.answers(({ method, response }) => {
          const isFirst = cached.asked === 1;
          const status = isFirst || method !== 'GET' ? 200 : 503;
          response.writeHead(status, [...(isFirst ? STALE.headers : []), 'Content-Length', '0']).end();
        });
        await cached.ask();
        expect((await cached.ask()).status).to.equal(200);
        await undo();
        expect((await cached.ask()).status).to.equal(503);
      });

      it('leaves nothing that stands in for an error of what was asked for before', async () => {
        const release = cached.holds(2, (asked, { method }) => {
          if (asked === 1) return STALE;
          return method === 'GET' ? { status: 503 } : {};
        });
        await cached.ask();
        const validating = cached.ask();
        await cached.origin.requests.at(1);
        await undo();
        release();
        const { status, text } = await validating;
        expect([status, text]).to.deep.equal([503, 'answer 2']);
        expect((await cached.ask()).status).to.equal(503);
      });

      it('leaves nothing of what is made new in the background', async () => {
        const release = cached.holds(2, (asked) => (asked === 1 ? WHILE : FRESH));
        await cached.ask();
        expect((await cached.ask()).text).to.equal('answer 1');
        const refresh = await cached.origin.requests.at(1);
        await undo();
        const number = cached.asked + 1;
        expect((await cached.ask()).text).to.equal(`answer ${number}`);
        release();
        await refresh.over();
        expect((await cached.ask()).text).to.not.be.oneOf(['answer 1', 'answer 2']);
      });

      it('is not undone by a 304 to what was asked before', async () => {
        const release = cached.holds(2, (asked, { method }) => {
          if (asked === 1) return STALE;
          return asked === 2 && method === 'GET' ? { status: 304, headers: FRESH.headers } : FRESH;
        });
        await cached.ask();
        const validating = cached.ask();
        await cached.origin.requests.at(1);
        await undo();
        release();
        expect((await validating).text).to.equal('answer 1');
        const number = cached.asked + 1;
        expect((await cached.ask()).text).to.equal(`answer ${number}`);
        expect(cached.last.header('if-none-match')).to.equal(undefined);
      });
    });

  describe('an answer that takes back what was stored', () => {
    const TAKING: readonly (readonly [what: string, said: { status?: number; headers: string[] }])[] = [
      ['404 no-store', { status: 404, headers: ['Cache-Control', 'no-store'] }],
      ['200 no-store', { headers: ['Cache-Control', 'no-store'] }],
      ['private', { headers: ['Cache-Control', 'private, max-age=60'] }],
      ['with a cookie', { headers: ['Cache-Control', 'max-age=60', 'Set-Cookie', 'session=1'] }],
      ['for nobody else by Vary', { headers: ['Cache-Control', 'max-age=60', 'Vary', '*'] }],
      ['of no freshness', { status: 403, headers: [] }],
    ];
    for (const [what, said] of TAKING) {
      it(`${what}: what was stored goes out until it has come, and never after`, async () => {
        const release = cached.holds(2, (asked) => (asked === 1 ? WHILE : said));
        await cached.ask();
        for (let time = 0; time < 3; time += 1) expect((await cached.ask()).text).to.equal('answer 1');
        const refresh = await cached.origin.requests.at(1);
        expect(cached.asked).to.equal(2);
        release();
        await refresh.over();
        const { status, text } = await cached.ask();
        expect([status, text]).to.deep.equal([said.status ?? 200, 'answer 3']);
      });

      it(`${what}: nothing stands in for an error after it`, async () => {
        cached.says(STALE, said, { status: 503 });
        await cached.ask();
        expect((await cached.ask()).status).to.equal(said.status ?? 200);
        expect((await cached.ask()).status).to.equal(503);
      });
    }

    for (const status of [429, 500, 501, 502, 503, 504])
      it(`is not ${status}: what was stored stays`, async () => {
        cached.says(WHILE, { status, headers: ['Cache-Control', 'no-store'] }, { status: 503 });
        await cached.ask();
        expect((await cached.ask()).text).to.equal('answer 1');
        await (await cached.origin.requests.at(1)).over();
        expect((await cached.ask()).text).to.equal('answer 1');
        await (await cached.origin.requests.at(2)).over();
        expect((await cached.ask('cache-control', 'max-age=1, stale-if-error=600')).text).to.equal('answer 1');
      });

    it('is not one that is refused because its request has cookies', async () => {
      const headers = ['Cache-Control', 'public, max-age=60, stale-if-error=600', 'Age', '61', 'ETag', '"v1"'];
      cached.says({ headers }, FRESH, { status: 503 });
      await cached.ask();
      const answer = await cached.ask('cookie', 'sid=1');
      expect([answer.text, cached.statusOf(answer)]).to.deep.equal([
        'answer 2',
        'gatewayctl; fwd=stale; fwd-status=200; detail=cookie',
      ]);
      expect((await cached.ask()).text).to.equal('answer 1');
    });
  });
});
