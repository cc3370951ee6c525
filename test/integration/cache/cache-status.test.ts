import { expect } from 'chai';
import { parseList, type Item } from 'structured-headers';
import { CachedGateway, cachingAll } from '../../support/cached.ts';
import type { Answered } from '../../support/client.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';

const FRESH = ['Cache-Control', 'max-age=600'];

/** The members of Cache-Status as `name; parameter=value`, as a parser of Structured Fields reads them. */
function statuses(answer: Answered): [name: string, parameters: Record<string, unknown>][] {
  return parseList(answer.header('cache-status') ?? '').map((member) => {
    const [value, parameters]: Item | [unknown, Map<string, unknown>] = member;
    const plain = [...parameters].map(([name, text]) => [name, typeof text === 'object' ? String(text) : text]);
    return [String(value), Object.fromEntries(plain)];
  });
}

/** What this gateway says. */
function statusOf(answer: Answered): Record<string, unknown> {
  const own = statuses(answer).filter(([name]) => name === 'gatewayctl');
  expect(own).to.have.length(1);
  return own[0]?.[1] ?? {};
}

onEachEngineAndHttp2('RFC 9211: Cache-Status', () => {
  let cached: CachedGateway;

  before(async () => (cached = await CachedGateway.start()));
  after(async () => cached.stop());
  beforeEach(() => cached.reset());

  it('section 2.1: hit, with what is left of its freshness (section 2.4: ttl)', async () => {
    cached.says({ headers: [...FRESH, 'Age', '300'] });
    await cached.ask();
    const { ttl, ...rest } = statusOf(await cached.ask());
    expect(rest).to.deep.equal({ hit: true });
    expect(ttl).to.be.within(240, 300);
  });

  it('section 2.4: ttl is negative when a stale answer is given', async () => {
    cached.says({ headers: ['Cache-Control', 'max-age=60', 'Age', '100', 'ETag', '"a"'] });
    await cached.ask();
    const { hit, ttl } = statusOf(await cached.ask('cache-control', 'max-stale'));
    expect(hit).to.equal(true);
    expect(ttl).to.be.within(-100, -40);
  });

  it('section 2.2: fwd=miss, with fwd-status and stored', async () => {
    cached.says({ headers: FRESH });
    expect(statusOf(await cached.ask())).to.deep.equal({ fwd: 'miss', 'fwd-status': 200, stored: true });
  });

  for (const [headers, detail] of [
    [['Cache-Control', 'no-store'], 'no-store'],
    [['Cache-Control', 'private, max-age=60'], 'private'],
    [[...FRESH, 'Set-Cookie', 'a=1'], 'set-cookie'],
    [[...FRESH, 'Vary', '*'], 'vary-any'],
    [[...FRESH, 'Vary', 'a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q'], 'vary-many'],
    [[], 'no-freshness'],
  ] as const)
    it(`section 2.8: detail=${detail} says why it was not stored`, async () => {
      cached.says({ headers });
      expect(statusOf(await cached.ask())).to.deep.equal({ fwd: 'miss', 'fwd-status': 200, detail });
    });

  it('section 2.2: fwd=stale for what had to be validated', async () => {
    cached.says(
      { headers: ['Cache-Control', 'max-age=60', 'Age', '61', 'ETag', '"a"'] },
      { status: 304, headers: FRESH },
    );
    await cached.ask();
    expect(statusOf(await cached.ask())).to.include({ fwd: 'stale', 'fwd-status': 304 });
  });

  it('section 2.2: fwd=request when the request does not want what is fresh', async () => {
    cached.says({ headers: FRESH });
    await cached.ask();
    expect(statusOf(await cached.ask('cache-control', 'no-cache'))).to.include({ fwd: 'request', 'fwd-status': 200 });
  });

  it('section 2.2: fwd=method for what is not GET or HEAD', async () => {
    cached.says({});
    for (const method of ['POST', 'DELETE', 'OPTIONS'])
      expect(statusOf(await cached.call(cached.path, { method }))).to.include({ fwd: 'method' });
  });

  for (const [what, headers] of [
    ['no-store', ['cache-control', 'no-store']],
    ['a range', ['range', 'bytes=0-1']],
    ['a precondition', ['if-match', '"a"']],
  ] as const)
    it(`section 2.2: fwd=bypass for ${what}`, async () => {
      cached.says({});
      expect(statusOf(await cached.ask(...headers))).to.include({ fwd: 'bypass' });
    });

  it('section 2.2: a miss of a variant', async () => {
    cached.says({ headers: [...FRESH, 'Vary', 'X-Lang'] });
    await cached.ask('x-lang', 'de');
    expect(statusOf(await cached.ask('x-lang', 'en'))).to.include({ fwd: 'miss' });
  });

  it('section 2: it comes behind those of caches nearer to the origin', async () => {
    cached.says({ headers: [...FRESH, 'Cache-Status', 'inner; hit; ttl=3'] });
    for (let time = 0; time < 2; time += 1)
      expect(statuses(await cached.ask()).map(([name]) => name)).to.deep.equal(['inner', 'gatewayctl']);
  });

  it('section 2: it is on 304, on parts, on errors and on answers to HEAD', async () => {
    cached.says({ headers: [...FRESH, 'ETag', '"a"'] });
    await cached.ask();
    for (const headers of [
      ['if-none-match', '"a"'],
      ['range', 'bytes=0-1'],
      ['range', 'bytes=99-'],
    ])
      expect(statusOf(await cached.ask(...headers))).to.include({ hit: true });
    expect(statusOf(await cached.head())).to.include({ hit: true });
    cached.answers(({ response }) => void response.destroy());
    expect(statusOf(await cached.call('/none'))).to.include({ fwd: 'miss' });
  });

  it('is not there where there is no cache', async () => {
    const plain = await CachedGateway.start((origin) => cachingAll()(origin).replace(', cache: {}', ''));
    try {
      expect((await plain.call('/')).header('cache-status')).to.equal(undefined);
    } finally {
      await plain.stop();
    }
  });
});
