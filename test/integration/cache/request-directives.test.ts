import { expect } from 'chai';
import { CachedGateway, cachingAll, httpDate } from '../../support/cached.ts';
import { expectProblem } from '../../support/client.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';

/** Fresh for another ten minutes, and ten minutes old. */
const HALF = { headers: ['Cache-Control', 'max-age=1200', 'Age', '600', 'ETag', '"v1"'] };
/** Stale for ten minutes. */
const STALE = { headers: ['Cache-Control', 'max-age=600', 'Age', '1200', 'ETag', '"v1"'] };

onEachEngineAndHttp2('what requests say of caching', () => {
  let cached: CachedGateway;

  before(async () => (cached = await CachedGateway.start()));
  after(async () => cached.stop());
  beforeEach(() => cached.reset());

  /** Whether a request is answered from a stored answer without asking the origin. */
  async function isAnswered(stored: { headers: string[] }, cacheControl: string): Promise<boolean> {
    cached.says(stored);
    await cached.ask();
    const { text } = await cached.ask('cache-control', cacheControl);
    expect(text).to.equal(`answer ${cached.asked}`);
    return cached.asked === 1;
  }

  for (const [section, cases] of [
    [
      '5.2.1.1: max-age',
      [
        ['max-age=700', HALF, true],
        ['max-age=500', HALF, false],
        ['max-age=0', HALF, false],
        ['max-age=5000', STALE, false],
        ['max-age=x', HALF, false],
        ['MAX-AGE=500', HALF, false],
        ['max-age=700, max-age=500', HALF, false],
      ],
    ],
    [
      '5.2.1.2: max-stale',
      [
        ['max-stale', STALE, true],
        ['max-stale=700', STALE, true],
        ['max-stale=500', STALE, false],
        ['max-stale=x', STALE, false],
        ['max-stale, max-age=500', STALE, false],
        ['foo', STALE, false],
      ],
    ],
    [
      '5.2.1.3: min-fresh',
      [
        ['min-fresh=500', HALF, true],
        ['min-fresh=700', HALF, false],
        ['min-fresh=700, max-stale', HALF, false],
      ],
    ],
    [
      '5.2.1.4: no-cache',
      [
        ['no-cache', HALF, false],
        ['no-cache, max-stale', HALF, false],
        ['NO-CACHE', HALF, false],
      ],
    ],
    ['5.2.1.6: no-transform', [['no-transform', HALF, true]]],
  ] as const)
    describe(`RFC 9111 section ${section}`, () => {
      for (const [value, stored, answered] of cases)
        it(`${value}: ${answered ? 'what is stored is used' : 'the origin is asked'}`, async () =>
          expect(await isAnswered(stored, value)).to.equal(answered));
    });

  describe('RFC 9111 section 5.2.1.4: no-cache', () => {
    it('is a validation of what is stored, and a 304 is enough', async () => {
      cached.says(HALF, { status: 304, headers: HALF.headers });
      await cached.ask();
      const { status, text } = await cached.ask('cache-control', 'no-cache');
      expect([status, text, cached.asked]).to.deep.equal([200, 'answer 1', 2]);
      expect(cached.last.header('if-none-match')).to.equal('"v1"');
    });

    it('leaves its answer to those who come after', async () => {
      cached.says(HALF);
      await cached.ask();
      await cached.ask('cache-control', 'no-cache');
      expect((await cached.ask()).text).to.equal('answer 2');
    });
  });

  describe('RFC 9111 section 5.2.1.5: no-store', () => {
    it('goes past the store: neither is anything taken from it nor put into it', async () => {
      cached.says(HALF);
      await cached.ask();
      expect((await cached.ask('cache-control', 'no-store')).text).to.equal('answer 2');
      expect((await cached.ask()).text).to.equal('answer 1');
      cached.reset();
      cached.says(HALF);
      await cached.ask('cache-control', 'no-store');
      expect((await cached.ask()).text).to.equal('answer 2');
    });
  });

  describe('RFC 9111 section 5.2.1.7: only-if-cached', () => {
    it('is answered with what is stored', async () => expect(await isAnswered(HALF, 'only-if-cached')).to.equal(true));

    it('is 504 when there is nothing, and the origin is not asked', async () => {
      expectProblem(await cached.ask('cache-control', 'only-if-cached'), 'not-cached');
      expect((await cached.head('cache-control', 'only-if-cached')).status).to.equal(504);
      expect(cached.asked).to.equal(0);
    });

    it('is 504 when what there is would have to be validated', async () => {
      cached.says(STALE);
      await cached.ask();
      expect((await cached.ask('cache-control', 'only-if-cached')).status).to.equal(504);
      expect((await cached.ask('cache-control', 'only-if-cached, max-stale')).text).to.equal('answer 1');
      expect(cached.asked).to.equal(1);
    });

    it('is 504 for a part when nothing is stored', async () => {
      expect((await cached.ask('cache-control', 'only-if-cached', 'range', 'bytes=0-1')).status).to.equal(504);
      expect(cached.asked).to.equal(0);
    });

    for (const [what, more] of [
      ['no-store', ['cache-control', 'no-store']],
      ['If-Match', ['if-match', '"v1"']],
      ['If-Unmodified-Since', ['if-unmodified-since', httpDate()]],
      ['a range', ['range', 'bytes=0-1']],
      ['a condition', ['if-none-match', '"v1"']],
      ['a cookie', ['cookie', 'sid=1']],
      ['Authorization', ['authorization', 'Basic YW5uOmFubg==']],
    ] as const)
      for (const method of ['GET', 'HEAD'])
        it(`is 504 for ${method} with ${what}, and Cache-Status says why`, async () => {
          const headers = ['cache-control', 'only-if-cached', ...more];
          const answer = await cached.call(cached.path, { method, headers });
          expect([answer.status, cached.statusOf(answer)]).to.deep.equal([504, 'gatewayctl; detail=only-if-cached']);
          expect(cached.asked).to.equal(0);
        });

    for (const [what, more] of [
      ['goes past the store', ['cache-control', 'no-store']],
      ['is for the origin to judge', ['if-match', '"v1"']],
      ['has a cookie, where a ttl alone made fresh', ['cookie', 'sid=1']],
    ] as const)
      it(`is 504 also when something is stored, and the request ${what}`, async () => {
        const withTtl = await CachedGateway.start(cachingAll('{ ttl: 1h }'));
        try {
          withTtl.reset();
          withTtl.says({ headers: ['ETag', '"v1"'] });
          await withTtl.ask();
          expect((await withTtl.ask('cache-control', 'only-if-cached')).text).to.equal('answer 1');
          const answer = await withTtl.ask('cache-control', 'only-if-cached', ...more);
          expect(withTtl.statusOf(answer)).to.equal('gatewayctl; detail=only-if-cached');
          expectProblem(answer, 'not-cached');
          expect(withTtl.asked).to.equal(1);
        } finally {
          await withTtl.stop();
        }
      });
  });
});
