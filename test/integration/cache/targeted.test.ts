import { expect } from 'chai';
import { CachedGateway, cachingAll, httpDate } from '../../support/cached.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';

onEachEngineAndHttp2('RFC 9213: targeted Cache-Control', () => {
  let cached: CachedGateway;
  let withTtl: CachedGateway;

  before(async () => {
    cached = await CachedGateway.start();
    withTtl = await CachedGateway.start(cachingAll('{ ttl: 1h }'));
  });

  after(async () => {
    await cached.stop();
    await withTtl.stop();
  });

  beforeEach(() => {
    cached.reset();
    withTtl.reset();
  });

  for (const [what, targeted, general, isReused] of [
    ['counts in place of Cache-Control', 'max-age=60', 'no-store', true],
    ['counts in place of private', 'max-age=60', 'private', true],
    ['can forbid what Cache-Control allows', 'no-store', 'max-age=60', false],
    ['can be private', 'private, max-age=60', 'public, max-age=60', false],
    ['can ask for validation', 'no-cache, max-age=60', 'max-age=60', false],
    ['takes nothing over from Cache-Control', 'must-revalidate', 'max-age=60', false],
    ['can be stale', 'max-age=0', 'max-age=60', false],
    ['false is not there', 'max-age=60, no-store=?0', 'no-store', true],
    ['the last of two counts, as in all Structured Fields', 'max-age=0, max-age=60', 'no-store', true],
    ['parameters mean nothing', 'max-age=60;a=b', 'no-store', true],
    ['unknown directives mean nothing', 'max-age=60, foo=(a b)', 'no-store', true],
    ['an empty one does not count', '', 'max-age=60', true],
    ['one with a syntax fault does not count', 'max-age=60, ,', 'no-store', false],
    ['one with a fault does not forbid either', 'no-store,,', 'max-age=60', true],
    ['one in capitals is no Structured Field', 'MAX-AGE=60', 'no-store', false],
    ['one with a text in the place of a number does not count', 'max-age="60"', 'no-store', false],
    ['one with a fraction does not count', 'max-age=60.0', 'no-store', false],
  ] as const)
    it(`section 2.1: ${what}`, async () => {
      const headers = ['CDN-Cache-Control', targeted, 'Cache-Control', general];
      expect(await cached.reuses({ headers })).to.equal(isReused);
    });

  it('section 2.2: Expires does not count beside it', async () => {
    const headers = ['CDN-Cache-Control', 'must-revalidate', 'Expires', httpDate(600)];
    expect(await cached.reuses({ headers })).to.equal(false);
  });

  it('section 2.2: Pragma and a Date to come change nothing', async () => {
    const headers = ['CDN-Cache-Control', 'max-age=60', 'Pragma', 'no-cache', 'Date', httpDate(600)];
    expect(await cached.reuses({ headers })).to.equal(true);
  });

  it('section 2.2: Age counts', async () =>
    expect(await cached.reuses({ headers: ['CDN-Cache-Control', 'max-age=60', 'Age', '61'] })).to.equal(false));

  it('section 2.1: several lines are one field', async () => {
    const headers = ['CDN-Cache-Control', 'max-age=60', 'CDN-Cache-Control', 'no-store'];
    expect(await cached.reuses({ headers })).to.equal(false);
  });

  it('section 2.1: the name is known in any case', async () =>
    expect(await cached.reuses({ headers: ['cdn-CACHE-control', 'no-store', 'Cache-Control', 'max-age=60'] })).to.equal(
      false,
    ));

  it('section 3.1: it goes on to the client, who may be another cache', async () => {
    cached.says({ headers: ['CDN-Cache-Control', 'max-age=60', 'Cache-Control', 'no-store'] });
    for (let time = 0; time < 2; time += 1) {
      const answer = await cached.ask();
      expect(answer.header('cdn-cache-control')).to.equal('max-age=60');
      expect(answer.header('cache-control')).to.equal('no-store');
    }
    expect(cached.asked).to.equal(1);
  });

  it('another cache’s own field means nothing', async () => {
    const headers = ['Surrogate-Control', 'max-age=60', 'Cloudflare-CDN-Cache-Control', 'max-age=60'];
    expect(await cached.reuses({ headers })).to.equal(false);
  });

  it('cookies are not stored, whatever it says', async () =>
    expect(
      await withTtl.reuses({ headers: ['CDN-Cache-Control', 'public, max-age=60', 'Set-Cookie', 'a=1'] }),
    ).to.equal(false));

  it('a route’s ttl takes the place of freshness that it does not give', async () => {
    expect(await withTtl.reuses({ headers: ['CDN-Cache-Control', 'must-revalidate'] })).to.equal(true);
    withTtl.reset();
    expect(await withTtl.reuses({ headers: ['CDN-Cache-Control', 'no-store'] })).to.equal(false);
  });
});
