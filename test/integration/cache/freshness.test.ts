import { expect } from 'chai';
import { CachedGateway, cachingAll, httpDate, type Said } from '../../support/cached.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';

/** What an origin says, and whether the answer is used again. */
type Case = readonly [what: string, headers: readonly string[], isReused: boolean];

onEachEngineAndHttp2('the freshness of stored answers', () => {
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

  describe('RFC 9111 section 4: constructing responses from caches', () => {
    it('gives again what was stored, with its fields, and does not ask', async () => {
      cached.says({
        headers: ['Cache-Control', 'max-age=60', 'Content-Type', 'text/plain', 'X-One', 'a', 'X-One', 'b'],
      });
      const first = await cached.ask();
      const second = await cached.ask();
      expect([first.text, second.text]).to.deep.equal(['answer 1', 'answer 1']);
      for (const name of ['cache-control', 'content-type', 'x-one', 'date', 'content-length'])
        expect(second.header(name), name).to.equal(first.header(name));
      expect(cached.asked).to.equal(1);
    });

    for (const [what, target] of [
      ['another path', '/else'],
      ['another query', '?a=1'],
      ['a slash at the end', '/'],
    ] as const)
      it(`asks for ${what}`, async () => {
        cached.says({ headers: ['Cache-Control', 'max-age=60'] });
        await cached.ask();
        expect((await cached.call(cached.path + target)).text).to.equal('answer 2');
      });

    it('gives a status and an empty body again', async () => {
      cached.says({ status: 404, headers: ['Cache-Control', 'max-age=60'], body: '' });
      await cached.ask();
      const { status, text } = await cached.ask();
      expect([status, text, cached.asked]).to.deep.equal([404, '', 1]);
    });

    it('gives a body with every byte again', async () => {
      const body = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
      cached.says({ headers: ['Cache-Control', 'max-age=60'], body });
      await cached.ask();
      expect((await cached.ask()).body.equals(body)).to.equal(true);
      expect(cached.asked).to.equal(1);
    });
  });

  describe('RFC 9111 section 4.2.1: calculating freshness lifetime', () => {
    const cases: readonly Case[] = [
      ['s-maxage', ['Cache-Control', 's-maxage=60'], true],
      ['s-maxage in front of max-age', ['Cache-Control', 'max-age=0, s-maxage=60'], true],
      ['s-maxage=0 in front of max-age', ['Cache-Control', 'max-age=60, s-maxage=0'], false],
      ['max-age', ['Cache-Control', 'max-age=60'], true],
      ['max-age in front of Expires', ['Cache-Control', 'max-age=60', 'Expires', httpDate(-60)], true],
      ['max-age=0 in front of Expires', ['Cache-Control', 'max-age=0', 'Expires', httpDate(600)], false],
      ['Expires', ['Date', httpDate(), 'Expires', httpDate(600)], true],
      ['Expires as long as its distance from Date', ['Date', httpDate(600), 'Expires', httpDate(600)], false],
      ['nothing at all', [], false],
      ['the case of names does not matter', ['cAcHe-CoNtRoL', 'MAX-AGE=60'], true],
      ['a quoted value', ['Cache-Control', 'max-age="60"'], true],
      ['several lines', ['Cache-Control', 'public', 'Cache-Control', 'max-age=60'], true],
      ['the shortest of two that differ', ['Cache-Control', 'max-age=60', 'Cache-Control', 'max-age=0'], false],
      ['a value that is no number is stale', ['Cache-Control', 'max-age=a', 'Expires', httpDate(600)], false],
      ['a negative value is stale', ['Cache-Control', 'max-age=-60'], false],
      ['no value is stale', ['Cache-Control', 'max-age'], false],
      ['a fraction is stale', ['Cache-Control', 'max-age=60.5'], false],
      ['a value behind white space is stale', ['Cache-Control', 'max-age= 60'], false],
      ['a value larger than any', ['Cache-Control', 'max-age=99999999999999999999'], true],
      ['unknown directives mean nothing', ['Cache-Control', 'max-age=60, foo, bar="no-store, private", x=1'], true],
      ['empty members mean nothing', ['Cache-Control', ', ,max-age=60,,'], true],
      ['no-store within a quoted string is none', ['Cache-Control', 'foo="no-store", max-age=60'], true],
      ['no-store behind an open quote counts', ['Cache-Control', 'max-age=60, foo="a, no-store'], false],
    ];
    for (const [what, headers, isReused] of cases)
      it(what, async () => expect(await cached.reuses({ headers })).to.equal(isReused));
  });

  describe('RFC 9111 section 4.2.2: calculating heuristic freshness', () => {
    for (const status of [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501])
      it(`takes the route’s ttl for ${status}`, async () => expect(await withTtl.reuses({ status })).to.equal(true));

    for (const status of [201, 202, 302, 303, 307, 400, 401, 402, 403, 409, 429, 500, 502, 503, 504])
      it(`does not take it for ${status}`, async () => expect(await withTtl.reuses({ status })).to.equal(false));

    it('takes it for other statuses that are public', async () =>
      expect(await withTtl.reuses({ status: 403, headers: ['Cache-Control', 'public'] })).to.equal(true));

    for (const [what, headers] of [
      ['no-store', ['Cache-Control', 'no-store']],
      ['private', ['Cache-Control', 'private']],
      ['no-cache', ['Cache-Control', 'no-cache']],
      ['max-age=0', ['Cache-Control', 'max-age=0']],
      ['s-maxage=0', ['Cache-Control', 's-maxage=0']],
      ['a max-age that cannot be read', ['Cache-Control', 'max-age=']],
      ['Expires in the past', ['Expires', httpDate(-60)]],
      ['Expires: 0', ['Expires', '0']],
    ] as const)
      it(`does not take it in place of ${what}`, async () => expect(await withTtl.reuses({ headers })).to.equal(false));

    it('counts the age of an answer', async () => {
      expect(await withTtl.reuses({ headers: ['Age', '3500'] })).to.equal(true);
      withTtl.reset();
      expect(await withTtl.reuses({ headers: ['Age', '3600'] })).to.equal(false);
    });

    it('without a ttl nothing is guessed from Last-Modified', async () =>
      expect(await cached.reuses({ headers: ['Last-Modified', httpDate(-1_000_000)] })).to.equal(false));
  });

  describe('RFC 9111 section 4.2.3: calculating age', () => {
    const fresh = ['Cache-Control', 'max-age=60'];
    const cases: readonly Case[] = [
      ['an Age below max-age', [...fresh, 'Age', '10'], true],
      ['an Age above max-age', [...fresh, 'Age', '61'], false],
      ['an Age as large as max-age', [...fresh, 'Age', '60'], false],
      ['a Date long ago', [...fresh, 'Date', httpDate(-120)], false],
      ['the larger of both: Age', [...fresh, 'Date', httpDate(), 'Age', '120'], false],
      ['the larger of both: Date', [...fresh, 'Date', httpDate(-120), 'Age', '0'], false],
      ['a Date to come makes nothing older', [...fresh, 'Date', httpDate(3600)], true],
      ['a Date that is none counts as now', [...fresh, 'Date', 'yesterday'], true],
      ['the first Age of a list', [...fresh, 'Age', '10, 120'], true],
      ['the first of several lines of Age', [...fresh, 'Age', '120', 'Age', '10'], false],
      ['an Age that is no number means nothing', [...fresh, 'Age', 'old'], true],
      ['a negative Age means nothing', [...fresh, 'Age', '-1'], true],
      ['an Age larger than any', [...fresh, 'Age', '99999999999999999999'], false],
    ];
    for (const [what, headers, isReused] of cases)
      it(what, async () => expect(await cached.reuses({ headers })).to.equal(isReused));
  });

  describe('RFC 9111 section 5.1: Age', () => {
    async function agesOf(said: Said): Promise<(string | undefined)[]> {
      cached.says(said);
      return [await cached.ask(), await cached.ask()].map((answer) => answer.header('age'));
    }

    it('is there when the store answers, and not when the origin does', async () => {
      const [first, second] = await agesOf({ headers: ['Cache-Control', 'max-age=600'] });
      expect(first).to.equal(undefined);
      expect(second).to.match(/^\d$/);
    });

    it('goes on from the one that came, and is there once', async () => {
      const [first, second] = await agesOf({ headers: ['Cache-Control', 'max-age=600', 'Age', '300'] });
      expect(first).to.equal('300');
      expect(second).to.match(/^30\d$/);
    });

    it('goes on from Date', async () => {
      const [, second] = await agesOf({ headers: ['Cache-Control', 'max-age=600', 'Date', httpDate(-300)] });
      expect(second).to.match(/^30\d$/);
    });

    it('is on 304, on parts and on answers to HEAD as well', async () => {
      cached.says({ headers: ['Cache-Control', 'max-age=600', 'Age', '300', 'ETag', '"a"'] });
      await cached.ask();
      const answers = [
        await cached.ask('if-none-match', '"a"'),
        await cached.ask('range', 'bytes=0-1'),
        await cached.head(),
      ];
      expect(answers.map(({ status }) => status)).to.deep.equal([304, 206, 200]);
      for (const answer of answers) expect(answer.header('age')).to.match(/^30\d$/);
      expect(cached.asked).to.equal(1);
    });
  });

  describe('RFC 9111 section 5.3: Expires', () => {
    const now = httpDate();
    const later = httpDate(600);
    const cases: readonly Case[] = [
      ['a date to come', ['Date', now, 'Expires', later], true],
      ['a date that is over', ['Date', now, 'Expires', httpDate(-1)], false],
      ['0 is over', ['Expires', '0'], false],
      ['-1 is over', ['Expires', '-1'], false],
      ['no text is over', ['Expires', ''], false],
      ['what is no date is over', ['Expires', 'tomorrow'], false],
      ['another time zone is no date', ['Expires', later.replace('GMT', 'CET')], false],
      ['the same date twice', ['Date', now, 'Expires', later, 'Expires', later], true],
      ['two dates that differ are over', ['Date', now, 'Expires', later, 'Expires', httpDate(1200)], false],
    ];
    for (const [what, headers, isReused] of cases)
      it(what, async () => expect(await cached.reuses({ headers })).to.equal(isReused));
  });

  describe('RFC 9111 section 5.4: Pragma', () => {
    it('means nothing in an answer', async () =>
      expect(await cached.reuses({ headers: ['Pragma', 'no-cache', 'Cache-Control', 'max-age=60'] })).to.equal(true));

    it('of a request asks for validation', async () => {
      cached.says({ headers: ['Cache-Control', 'max-age=60'] });
      await cached.ask();
      expect((await cached.ask('pragma', 'no-cache')).text).to.equal('answer 2');
    });

    it('of a request means nothing beside Cache-Control', async () => {
      cached.says({ headers: ['Cache-Control', 'max-age=60'] });
      await cached.ask();
      expect((await cached.ask('pragma', 'no-cache', 'cache-control', 'max-stale')).text).to.equal('answer 1');
    });
  });
});
