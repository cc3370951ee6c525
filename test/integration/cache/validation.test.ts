import { expect } from 'chai';
import { CachedGateway, httpDate, type Said } from '../../support/cached.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';

const MODIFIED = httpDate(-10_000);
/** Stale when it comes, and to be validated by its tag. */
const STALE = ['Cache-Control', 'max-age=60', 'Age', '61'];
const TAGGED = [...STALE, 'ETag', '"v1"'];
const FRESH = ['Cache-Control', 'max-age=60'];

onEachEngineAndHttp2('validation', (_engine, wire) => {
  let cached: CachedGateway;

  before(async () => (cached = await CachedGateway.start()));
  after(async () => cached.stop());
  beforeEach(() => cached.reset());

  describe('RFC 9111 section 4.3.1: sending a validation request', () => {
    /** The conditions that the origin gets when a stored answer is stale. */
    async function conditions(headers: readonly string[], ...asked: string[]): Promise<(string | undefined)[]> {
      cached.says({ headers });
      await cached.ask();
      await cached.ask(...asked);
      expect(cached.asked).to.equal(2);
      return ['if-none-match', 'if-modified-since', 'if-range', 'range'].map((name) => cached.last.header(name));
    }
    const none = [undefined, undefined];

    it('has If-None-Match for an ETag', async () =>
      expect(await conditions(TAGGED)).to.deep.equal(['"v1"', undefined, ...none]));

    it('has a weak ETag as it came', async () =>
      expect(await conditions([...STALE, 'ETag', 'W/"v1"'])).to.deep.equal(['W/"v1"', undefined, ...none]));

    it('has If-Modified-Since for Last-Modified', async () =>
      expect(await conditions([...STALE, 'Last-Modified', MODIFIED])).to.deep.equal([undefined, MODIFIED, ...none]));

    it('has both for both', async () =>
      expect(await conditions([...TAGGED, 'Last-Modified', MODIFIED])).to.deep.equal(['"v1"', MODIFIED, ...none]));

    it('has the conditions of the store in place of those of the client, and no range', async () => {
      const asked = [
        'if-none-match',
        '"mine"',
        'if-modified-since',
        httpDate(),
        'range',
        'bytes=0-1',
        'if-range',
        '"v1"',
      ];
      expect(await conditions(TAGGED, ...asked)).to.deep.equal(['"v1"', undefined, ...none]);
    });

    it('has none when nothing is stored, and the client’s do not go on', async () => {
      cached.says({ headers: [...FRESH, 'ETag', '"v1"'] });
      const answer = await cached.ask('if-none-match', '"v1"', 'if-modified-since', httpDate());
      expect(cached.last.header('if-none-match')).to.equal(undefined);
      expect(cached.last.header('if-modified-since')).to.equal(undefined);
      expect([answer.status, answer.text]).to.deep.equal([304, '']);
      const whole = await cached.ask();
      expect([whole.status, whole.text, cached.asked]).to.deep.equal([200, 'answer 1', 1]);
    });
  });

  describe('RFC 9111 section 4.3.2: handling a received validation request', () => {
    const stored = [...FRESH, 'ETag', '"v1"', 'Last-Modified', MODIFIED];
    // Over HTTP/2 the client of these tests does not send one field twice.
    const twice = wire === 'HTTP/2' ? [] : ['if-none-match', '"a"'];
    const cases: readonly (readonly [what: string, asked: readonly string[], status: number])[] = [
      ['the same tag', ['if-none-match', '"v1"'], 304],
      ['the same tag, weak', ['if-none-match', 'W/"v1"'], 304],
      ['one of a list', ['if-none-match', '"a, b", W/"x", "v1"'], 304],
      ['one of several lines', [...twice, 'if-none-match', '"v1"'], 304],
      ['any', ['if-none-match', '*'], 304],
      ['another tag', ['if-none-match', '"v2"'], 200],
      ['a tag that begins alike', ['if-none-match', '"v"'], 200],
      ['a tag within a tag', ['if-none-match', '"x,"v1"'], 200],
      ['the date of Last-Modified', ['if-modified-since', MODIFIED], 304],
      ['a later date', ['if-modified-since', httpDate(-10)], 304],
      ['an earlier date', ['if-modified-since', httpDate(-20_000)], 200],
      ['a date that is none', ['if-modified-since', 'yesterday'], 200],
      ['another tag and a later date: the tag counts', ['if-none-match', '"v2"', 'if-modified-since', httpDate()], 200],
      ['the same tag and an earlier date', ['if-none-match', '"v1"', 'if-modified-since', httpDate(-20_000)], 304],
    ];
    for (const [what, asked, status] of cases)
      it(`${what}: ${status}, out of the store`, async () => {
        cached.says({ headers: stored });
        await cached.ask();
        const answer = await cached.ask(...asked);
        expect([answer.status, answer.text]).to.deep.equal([status, status === 304 ? '' : 'answer 1']);
        expect(cached.asked).to.equal(1);
      });

    it('a status that is no success is given whole (RFC 9110 section 13.2.1)', async () => {
      cached.says({ status: 404, headers: stored });
      await cached.ask();
      expect((await cached.ask('if-none-match', '"v1"')).status).to.equal(404);
    });

    for (const [name, value] of [
      ['if-match', '"v1"'],
      ['if-unmodified-since', httpDate()],
    ] as const)
      it(`${name} is for the origin to judge`, async () => {
        cached.says({ headers: stored });
        await cached.ask();
        expect((await cached.ask(name, value)).text).to.equal('answer 2');
        expect(cached.last.header(name)).to.equal(value);
      });

    it('a 304 has what RFC 9110 section 15.4.5 asks for, and nothing of the content', async () => {
      const described = ['Content-Type', 'text/plain', 'Content-Language', 'en', 'Content-Location', '/there'];
      cached.says({ headers: [...stored, ...described, 'Vary', 'X-Some', 'Expires', httpDate(60)] });
      const whole = await cached.ask();
      const answer = await cached.ask('if-none-match', '"v1"');
      expect(answer.status).to.equal(304);
      for (const name of ['cache-control', 'content-location', 'date', 'etag', 'expires', 'vary'])
        expect(answer.header(name), name).to.equal(whole.header(name));
      for (const name of ['content-length', 'content-type', 'content-language', 'transfer-encoding'])
        expect(answer.header(name), name).to.equal(undefined);
    });

    it('what is stale is validated, and the client’s conditions are judged by what comes of it', async () => {
      cached.says({ headers: TAGGED }, { status: 304, headers: [...FRESH, 'ETag', '"v1"'] });
      await cached.ask();
      const same = await cached.ask('if-none-match', '"v1"');
      expect([same.status, cached.asked]).to.deep.equal([304, 2]);
      const other = await cached.ask('if-none-match', '"v2"');
      expect([other.status, other.text, cached.asked]).to.deep.equal([200, 'answer 1', 2]);
    });
  });

  describe('RFC 9111 section 4.3.3: handling a validation response', () => {
    /** What the second and the third of three requests get, of which the first left something stale. */
    async function after304(second: Said): Promise<string[]> {
      cached.says({ headers: TAGGED }, second);
      await cached.ask();
      return [await cached.ask(), await cached.ask()].map(({ status, text }) => `${status} ${text}`);
    }

    it('304: what is stored is given, and is fresh again', async () => {
      expect(await after304({ status: 304, headers: FRESH })).to.deep.equal(['200 answer 1', '200 answer 1']);
      expect(cached.asked).to.equal(2);
    });

    it('200: the new answer is given, and takes the place of the stored one', async () => {
      const answers = await after304({ headers: [...FRESH, 'ETag', '"v2"'] });
      expect(answers).to.deep.equal(['200 answer 2', '200 answer 2']);
      expect(cached.asked).to.equal(2);
    });

    it('another status: it is given', async () => {
      expect(await after304({ status: 404, headers: FRESH })).to.deep.equal(['404 answer 2', '404 answer 2']);
      expect(cached.asked).to.equal(2);
    });

    it('500: it is given, and what is stored is validated by the next', async () => {
      cached.says({ headers: TAGGED }, { status: 500 }, { status: 304, headers: FRESH });
      await cached.ask();
      const answers = [await cached.ask(), await cached.ask()];
      expect(answers.map(({ status, text }) => `${status} ${text}`)).to.deep.equal(['500 answer 2', '200 answer 1']);
      expect(cached.last.header('if-none-match')).to.equal('"v1"');
    });

    it('a 304 that nobody has asked for goes to nobody', async () => {
      cached.says({ status: 304, headers: [...FRESH, 'ETag', '"v1"'] });
      await cached.ask();
      cached.says({ headers: FRESH });
      expect((await cached.ask()).status).to.equal(200);
    });
  });

  describe('RFC 9111 sections 3.2 and 4.3.4: freshening stored responses upon validation', () => {
    /** The answer after a 304 with these fields. */
    async function freshened(stored: readonly string[], update: readonly string[]) {
      cached.says({ headers: [...TAGGED, ...stored], body: 'stored' }, { status: 304, headers: update });
      await cached.ask();
      await cached.ask();
      const answer = await cached.ask();
      expect([answer.text, cached.asked]).to.deep.equal(['stored', 2]);
      return answer;
    }

    it('fields of the 304 take the place of those that are stored, all lines of a name', async () => {
      const answer = await freshened(['X-Kept', 'a', 'X-New', 'old', 'X-New', 'older'], [...FRESH, 'X-New', 'new']);
      expect([answer.header('x-kept'), answer.header('x-new')]).to.deep.equal(['a', 'new']);
    });

    it('Date and Expires are those of the 304', async () => {
      const [date, expires] = [httpDate(-1), httpDate(1000)];
      const answer = await freshened(['Date', httpDate(-500)], [...FRESH, 'Date', date, 'Expires', expires]);
      expect([answer.header('date'), answer.header('expires')]).to.deep.equal([date, expires]);
      expect(Number(answer.header('age'))).to.be.lessThan(60);
    });

    it('what is true of the body stays', async () => {
      const update = [...FRESH, 'Content-Length', '0', 'Content-Type', 'text/html', 'Content-Encoding', 'gzip'];
      const answer = await freshened(['Content-Type', 'text/plain'], update);
      expect(answer.header('content-type')).to.equal('text/plain');
      expect(answer.header('content-encoding')).to.equal(undefined);
      expect(answer.header('content-length')).to.equal('6');
    });

    it('a cookie in a 304 is not stored, nor what concerns a connection', async () => {
      const answer = await freshened([], [...FRESH, 'Set-Cookie', 'id=1', 'Connection', 'x-mine', 'X-Mine', '1']);
      expect([answer.header('set-cookie'), answer.header('x-mine')]).to.deep.equal([undefined, undefined]);
    });

    it('a 304 with another strong tag is about another answer: that one is fetched whole', async () => {
      cached.says({ headers: TAGGED }, { status: 304, headers: [...FRESH, 'ETag', '"v2"'] }, { headers: FRESH });
      await cached.ask();
      expect((await cached.ask()).text).to.equal('answer 3');
      expect(cached.last.header('if-none-match')).to.equal(undefined);
      expect([(await cached.ask()).text, cached.asked]).to.deep.equal(['answer 3', 3]);
    });

    it('a 304 with another Last-Modified is, too', async () => {
      const stored = [...STALE, 'Last-Modified', MODIFIED];
      cached.says({ headers: stored }, { status: 304, headers: ['Last-Modified', httpDate(-5)] }, { headers: FRESH });
      await cached.ask();
      expect((await cached.ask()).text).to.equal('answer 3');
    });

    it('a 304 with the weak form of the tag is about the stored one', async () => {
      const answer = await freshened([], [...FRESH, 'ETag', 'W/"v1"']);
      expect(answer.header('etag')).to.equal('W/"v1"');
    });

    it('a 304 with no-store leaves nothing to be given without asking', async () => {
      cached.says(
        { headers: TAGGED },
        { status: 304, headers: ['Cache-Control', 'no-store'] },
        { headers: ['Cache-Control', 'no-store'] },
      );
      await cached.ask();
      expect((await cached.ask()).status).to.equal(200);
      const before = cached.asked;
      expect((await cached.ask()).status).to.equal(200);
      expect(cached.asked).to.be.greaterThan(before);
    });
  });

  describe('RFC 9111 section 4.3.5: freshening responses with HEAD', () => {
    const stored = { headers: [...FRESH, 'ETag', '"v1"', 'X-One', 'old'], body: 'stored' };

    async function afterHead(said: Said): Promise<{ text: string; one: string | undefined; asked: number }> {
      cached.says(stored, said, { headers: FRESH, body: 'new' });
      await cached.ask();
      const head = await cached.head('cache-control', 'no-cache');
      expect([head.status, head.text]).to.deep.equal([said.status ?? 200, '']);
      const answer = await cached.ask();
      return { text: answer.text, one: answer.header('x-one'), asked: cached.asked };
    }

    it('a 200 with the same validators updates what is stored', async () => {
      const headers = [...FRESH, 'ETag', '"v1"', 'Content-Length', '6', 'X-One', 'new'];
      expect(await afterHead({ headers })).to.deep.equal({ text: 'stored', one: 'new', asked: 2 });
    });

    it('another tag shows that it holds no more', async () =>
      expect(await afterHead({ headers: [...FRESH, 'ETag', '"v2"', 'Content-Length', '6'] })).to.include({
        text: 'new',
      }));

    it('another length does, too', async () =>
      expect(await afterHead({ headers: [...FRESH, 'ETag', '"v1"', 'Content-Length', '7'] })).to.include({
        text: 'new',
      }));

    it('another Last-Modified does, too', async () => {
      const headers = [...FRESH, 'Last-Modified', httpDate(-5), 'Content-Length', '6'];
      expect(await afterHead({ headers })).to.include({ text: 'new' });
    });

    it('an error says nothing of it', async () =>
      expect(await afterHead({ status: 503, headers: ['Content-Length', '0'] })).to.include({
        text: 'stored',
        asked: 2,
      }));

    it('an answer to HEAD is never given to GET', async () => {
      cached.says({ headers: [...FRESH, 'Content-Length', '8'] }, { headers: FRESH });
      await cached.head();
      expect((await cached.ask()).text).to.equal('answer 2');
    });
  });
});
