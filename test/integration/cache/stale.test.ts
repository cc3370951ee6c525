import { expect } from 'chai';
import { CachedGateway, cachingAll } from '../../support/cached.ts';
import { expectProblem } from '../../support/client.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';

/** A minute of freshness that is over for a second, with more directives. */
const stale = (directives: string, ...more: string[]): { headers: string[] } => ({
  headers: ['Cache-Control', `max-age=60, ${directives}`, 'Age', '61', ...more],
});
const FRESH = ['Cache-Control', 'max-age=60'];

onEachEngineAndHttp2('stale answers', () => {
  let cached: CachedGateway;
  let routed: CachedGateway;
  let breaking: CachedGateway;

  before(async () => {
    cached = await CachedGateway.start();
    routed = await CachedGateway.start(cachingAll('{ staleWhileRevalidate: 10m, staleIfError: 10m }'));
    breaking = await CachedGateway.start(
      (origin) => `
upstreams: { origin: { targets: ["${origin}"], breaker: { failureRatio: 0.5, minimumRequests: 2, window: 60s, openFor: 60s } } }
routes:
  - { name: cached, match: { path: "/*rest" }, upstream: origin, cache: { staleIfError: 10m } }
  - { name: plain, match: { path: "/plain" }, upstream: origin }
`,
    );
  });

  after(async () => {
    await cached.stop();
    await routed.stop();
    await breaking.stop();
  });

  beforeEach(() => {
    cached.reset();
    routed.reset();
    breaking.reset();
  });

  describe('RFC 9111 section 4.2.4: serving stale responses', () => {
    it('are not given without anybody’s leave, whether the origin can be asked or not', async () => {
      cached.says({ headers: [...FRESH, 'Age', '61', 'ETag', '"v1"'] }, { status: 503 });
      await cached.ask();
      expect((await cached.ask()).status).to.equal(503);
      cached.answers(({ response }) => void response.destroy());
      expect((await cached.ask()).status).to.equal(502);
    });
  });

  describe('RFC 5861 section 3: stale-while-revalidate', () => {
    it('is given at once, and what is stored is made new in the background', async () => {
      cached.says(stale('stale-while-revalidate=600'), { headers: FRESH });
      await cached.ask();
      expect((await cached.ask()).text).to.equal('answer 1');
      await (await cached.origin.requests.at(1)).over();
      expect((await cached.ask()).text).to.equal('answer 2');
      expect(cached.asked).to.equal(2);
    });

    it('is given while the origin does not answer, and asked for once', async () => {
      cached.says(stale('stale-while-revalidate=600'));
      await cached.ask();
      cached.answers(() => undefined);
      const texts = await Promise.all(Array.from({ length: 5 }, async () => (await cached.ask()).text));
      expect(new Set(texts)).to.deep.equal(new Set(['answer 1']));
      await cached.origin.requests.at(1);
      expect((await cached.ask()).text).to.equal('answer 1');
      expect(cached.asked).to.equal(2);
      cached.last.response.destroy();
    });

    it('is validated in the background with what it has', async () => {
      cached.says(stale('stale-while-revalidate=600', 'ETag', '"v1"'), { status: 304, headers: FRESH });
      await cached.ask();
      await cached.ask('range', 'bytes=0-1', 'if-none-match', '"x"');
      const request = await cached.origin.requests.at(1);
      await request.over();
      expect([request.header('if-none-match'), request.header('range')]).to.deep.equal(['"v1"', undefined]);
      expect([(await cached.ask()).text, cached.asked]).to.deep.equal(['answer 1', 2]);
    });

    it('stays when the origin fails in the background', async () => {
      cached.says(stale('stale-while-revalidate=600'), { status: 500 }, { headers: FRESH });
      await cached.ask();
      expect((await cached.ask()).text).to.equal('answer 1');
      await (await cached.origin.requests.at(1)).over();
      expect((await cached.ask()).text).to.equal('answer 1');
    });

    it('goes on when the client is gone that it was asked for', async () => {
      cached.says(stale('stale-while-revalidate=600'));
      await cached.ask();
      let release = (): void => undefined;
      cached.answers(async ({ response }) => {
        await new Promise<void>((free) => (release = free));
        response.writeHead(200, [...FRESH, 'Content-Length', '3']).end('new');
      });
      // Over HTTP/1.1 each call has a connection of its own, which is closed when it is answered.
      expect((await cached.ask()).text).to.equal('answer 1');
      const request = await cached.origin.requests.at(1);
      release();
      await request.over();
      expect((await cached.ask()).text).to.equal('new');
    });

    it('is over when its time is', async () =>
      expect(
        await cached.reuses({ headers: ['Cache-Control', 'max-age=60, stale-while-revalidate=1', 'Age', '62'] }),
      ).to.equal(false));

    it('does not count for a request that wants something fresh', async () => {
      for (const value of ['no-cache', 'max-age=600', 'min-fresh=1']) {
        cached.reset();
        cached.says(stale('stale-while-revalidate=600'), { headers: FRESH });
        await cached.ask();
        expect((await cached.ask('cache-control', value)).text, value).to.equal('answer 2');
      }
    });

    it('is the route’s where the origin says nothing, and the origin’s where it does', async () => {
      routed.says(stale('foo', 'ETag', '"v1"'));
      await routed.ask();
      expect((await routed.ask()).text).to.equal('answer 1');
      await (await routed.origin.requests.at(1)).over();
      routed.reset();
      routed.says(stale('stale-while-revalidate=0', 'ETag', '"v1"'));
      await routed.ask();
      expect((await routed.ask()).text).to.equal('answer 2');
    });
  });

  describe('RFC 5861 section 4: stale-if-error', () => {
    for (const status of [500, 502, 503, 504])
      it(`stands in for ${status}`, async () => {
        cached.says(stale('stale-if-error=600'), { status });
        await cached.ask();
        const answer = await cached.ask();
        expect([answer.status, answer.text, cached.asked]).to.deep.equal([200, 'answer 1', 2]);
        expect(cached.statusOf(answer)).to.contain('stale-if-error');
      });

    for (const status of [400, 403, 404, 429, 501])
      it(`does not stand in for ${status}`, async () => {
        cached.says(stale('stale-if-error=600'), { status });
        await cached.ask();
        expect((await cached.ask()).status).to.equal(status);
      });

    it('stands in for an origin that closes, and for one that answers nonsense', async () => {
      cached.says(stale('stale-if-error=600'));
      await cached.ask();
      cached.answers(({ response }) => void response.destroy());
      expect((await cached.ask()).text).to.equal('answer 1');
      cached.answers(({ response }) => void response.socket?.end('nonsense\r\n\r\n'));
      expect((await cached.ask()).text).to.equal('answer 1');
    });

    it('does not stand in for an answer that has begun: nobody gets one as complete', async () => {
      cached.says(stale('stale-if-error=600'));
      await cached.ask();
      cached.answers(({ response }) => {
        response.writeHead(200, [...FRESH, 'Content-Length', '10']).write('short', () => response.destroy());
      });
      expect(
        await cached.ask().then(
          ({ text }) => text,
          () => 'broken',
        ),
      ).to.equal('broken');
      cached.says({ status: 503 });
      expect((await cached.ask()).text).to.equal('answer 1');
    });

    it('is over when its time is', async () => {
      cached.says(
        { headers: ['Cache-Control', 'max-age=60, stale-if-error=1', 'Age', '62', 'ETag', '"v1"'] },
        { status: 503 },
      );
      await cached.ask();
      expect((await cached.ask()).status).to.equal(503);
    });

    it('may be asked for by a request', async () => {
      cached.says({ headers: [...FRESH, 'Age', '61', 'ETag', '"v1"'] }, { status: 503 });
      await cached.ask();
      expect((await cached.ask('cache-control', 'stale-if-error=600')).text).to.equal('answer 1');
      expect((await cached.ask('cache-control', 'stale-if-error=0')).status).to.equal(503);
    });

    it('is not for a request that wants the origin', async () => {
      cached.says(stale('stale-if-error=600'), { status: 503 });
      await cached.ask();
      expect((await cached.ask('cache-control', 'no-cache')).status).to.equal(503);
    });

    it('is judged for each of those who wait by what they ask for', async () => {
      let fail = (): void => undefined;
      cached.says({ headers: ['Cache-Control', 'max-age=1200', 'Age', '600'] });
      await cached.ask();
      cached.answers(async ({ response }) => {
        if (cached.asked === 2) await new Promise<void>((free) => (fail = free));
        response.writeHead(503, ['Content-Length', '0']).end();
      });
      const daring = cached.ask('cache-control', 'max-age=500, stale-if-error=600');
      await cached.origin.requests.at(1);
      const values = ['max-age=500', 'max-age=500, stale-if-error=600'];
      const others = values.map(async (value) => cached.ask('cache-control', value));
      await cached.waiting(3);
      fail();
      expect((await daring).text).to.equal('answer 1');
      const [strict, second] = await Promise.all(others);
      expect([strict?.status, second?.text]).to.deep.equal([503, 'answer 1']);
    });

    it('stands in while the breaker is open: circuit-open does not reach the client', async () => {
      breaking.says({ headers: [...FRESH, 'Age', '61', 'ETag', '"v1"'] }, { status: 503 });
      await breaking.ask();
      for (let time = 0; time < 10; time += 1) await breaking.call('/plain');
      expectProblem(await breaking.call('/plain'), 'circuit-open');
      const before = breaking.asked;
      const answer = await breaking.ask();
      expect([answer.status, answer.text, breaking.asked]).to.deep.equal([200, 'answer 1', before]);
      expect((await breaking.call('/other')).status).to.equal(503);
    });
  });
});
