import { expect } from 'chai';
import { CachedGateway, cachingAll, httpDate } from '../../support/cached.ts';
import { onEachEngineAndHttp2 } from '../../support/engines.ts';
import { RawUpstream, onceHead } from '../../support/upstream.ts';
import { call } from '../../support/client.ts';
import { startTestGateway } from '../../support/gateway.ts';

const FRESH = ['Cache-Control', 'max-age=60'];

onEachEngineAndHttp2('what is stored', () => {
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

  describe('RFC 9111 section 3: storing responses in caches', () => {
    for (const status of [200, 201, 203, 204, 300, 302, 307, 400, 401, 403, 404, 405, 410, 418, 500, 503, 599])
      it(`${status} that says how long it is fresh`, async () =>
        expect(await cached.reuses({ status, headers: FRESH })).to.equal(true));

    for (const status of [206, 304, 429])
      it(`never ${status}`, async () =>
        expect(await cached.reuses({ status, headers: [...FRESH, 'Content-Range', 'bytes 0-7/9'] })).to.equal(false));

    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])
      it(`never an answer to ${method}`, async () => {
        cached.says({ headers: FRESH });
        for (const number of [1, 2]) {
          expect((await cached.call(cached.path, { method })).text).to.equal(`answer ${number}`);
        }
        cached.says({ headers: FRESH, body: 'got' });
        expect((await cached.ask()).text).to.equal('got');
      });

    for (const method of ['POST', 'OPTIONS'])
      it(`and gives ${method} nothing that is stored`, async () => {
        cached.says({ headers: FRESH });
        await cached.ask();
        expect((await cached.call(cached.path, { method })).text).to.equal('answer 2');
      });

    it('nothing that has no freshness, no validator, and no ttl', async () =>
      expect(await cached.reuses({ headers: ['Last-Modified', httpDate(-1000)] })).to.equal(false));

    it('nothing on a route without a cache', async () => {
      const plain = await CachedGateway.start(
        (origin) => `
upstreams: { origin: { targets: ["${origin}"] } }
routes: [{ name: plain, match: { path: "/*rest" }, upstream: origin }]
`,
      );
      try {
        expect(await plain.reuses({ headers: FRESH })).to.equal(false);
        expect((await plain.ask()).header('cache-status')).to.equal(undefined);
      } finally {
        await plain.stop();
      }
    });
  });

  describe('RFC 9111 section 3.1: storing header and trailer fields', () => {
    it('nothing of a connection: hop-by-hop fields and those that Connection names', async () => {
      const fields = ['X-Mine', '1', 'X-Other', '2', 'Keep-Alive', 'timeout=5', 'Proxy-Connection', 'keep-alive'];
      const proxy = ['Proxy-Authenticate', 'Basic', 'Proxy-Authentication-Info', 'a=b', 'X-Kept', '1'];
      const connection = ['Connection', 'keep-alive, X-Mine', 'Connection', 'x-other'];
      cached.says({ headers: [...FRESH, ...connection, ...fields, ...proxy] });
      await cached.ask();
      const answer = await cached.ask();
      expect(cached.asked).to.equal(1);
      const stored = ['x-mine', 'x-other', 'proxy-connection', 'proxy-authenticate', 'proxy-authentication-info'];
      for (const name of stored) expect(answer.header(name), name).to.equal(undefined);
      expect(answer.header('x-kept')).to.equal('1');
    });

    it('Connection takes nothing away that says for whom or how long an answer is', async () => {
      const named = ['Connection', 'cache-control, vary, content-type, date, expires'];
      cached.says({ headers: [...FRESH, ...named, 'Vary', 'X-Some', 'Content-Type', 'text/plain'] });
      await cached.ask('x-some', 'a');
      const answer = await cached.ask('x-some', 'a');
      expect(answer.header('content-type')).to.equal('text/plain');
      expect([cached.asked, (await cached.ask('x-some', 'b')).text]).to.deep.equal([1, 'answer 2']);
    });

    it('no trailers', async () => {
      cached.answers(({ response }) => {
        response.writeHead(200, [...FRESH, 'Trailer', 'X-Sum', 'Transfer-Encoding', 'chunked']);
        response.addTrailers([['X-Sum', '1']]);
        response.end('answer');
      });
      await cached.ask();
      const answer = await cached.ask();
      expect([answer.text, cached.asked]).to.deep.equal(['answer', 1]);
      expect([answer.rawTrailers, answer.header('trailer')]).to.deep.equal([[], undefined]);
    });

    it('a chunked body, which has a length from then on', async () => {
      cached.says({ headers: [...FRESH, 'Transfer-Encoding', 'chunked'], body: 'chunked' });
      await cached.ask();
      const answer = await cached.ask();
      expect([answer.text, answer.header('content-length'), cached.asked]).to.deep.equal(['chunked', '7', 1]);
    });

    it('a Date where the origin gives none', async () => {
      cached.answers(({ response }) => {
        response.sendDate = false;
        response.writeHead(200, [...FRESH, 'Content-Length', '2']).end('ok');
      });
      await cached.ask();
      expect((await cached.ask()).header('date')).to.match(/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/);
    });
  });

  describe('RFC 9111 section 3.3: storing incomplete responses', () => {
    /** How often an origin is asked that breaks its answer off. */
    async function broken(answer: string): Promise<number> {
      let asked = 0;
      const origin = await RawUpstream.start((socket) =>
        onceHead(socket, () => {
          asked += 1;
          socket.end(answer);
        }),
      );
      const gateway = await startTestGateway(cachingAll('{ ttl: 1h }')(origin.origin));
      try {
        for (let time = 0; time < 2; time += 1) {
          const answered = await call(`${gateway.url}/broken`).catch(() => undefined);
          expect(answered?.status === 200 ? answered.text : 'broken').to.equal('broken');
        }
        return asked;
      } finally {
        await gateway.stop();
        await origin.close();
      }
    }

    it('nothing that is shorter than its Content-Length', async () =>
      expect(await broken('HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 10\r\n\r\nshort')).to.equal(
        2,
      ));

    it('nothing of which the last chunk is missing', async () => {
      const head = 'HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nTransfer-Encoding: chunked\r\n\r\n';
      expect(await broken(`${head}5\r\nshort\r\n`)).to.equal(2);
    });
  });

  describe('RFC 9111 section 3.4: combining partial content', () => {
    it('is not done: a part is neither stored nor added to what is stored', async () => {
      const part = [...FRESH, 'Content-Range', 'bytes 0-1/8'];
      cached.says({ status: 206, headers: part, body: 'pa' }, { headers: FRESH, body: 'whole' });
      expect((await cached.ask('range', 'bytes=0-1')).status).to.equal(206);
      expect((await cached.ask()).text).to.equal('whole');
      expect((await cached.ask()).text).to.equal('whole');
      expect(cached.asked).to.equal(2);
    });
  });

  describe('RFC 9111 section 5.2.2.1: max-age', () => {
    it('is how long an answer is used', async () => {
      expect(await cached.reuses({ headers: ['Cache-Control', 'max-age=60', 'Age', '59'] })).to.equal(true);
      cached.reset();
      expect(await cached.reuses({ headers: ['Cache-Control', 'max-age=60', 'Age', '60'] })).to.equal(false);
    });
  });

  /** An answer that may be given stale, but for what else it says; and whether it is, with a directive more. */
  async function isGivenStale(directive: string): Promise<boolean> {
    const stale = `max-age=60, stale-while-revalidate=600, stale-if-error=600${directive}`;
    cached.says({ headers: ['Cache-Control', stale, 'Age', '61', 'ETag', '"v1"'] }, { status: 503 });
    await cached.ask();
    const { status, text } = await cached.ask('cache-control', 'max-stale');
    expect([200, 503]).to.include(status);
    return text === 'answer 1';
  }

  for (const [section, directive] of [
    ['5.2.2.2', 'must-revalidate'],
    ['5.2.2.8', 'proxy-revalidate'],
  ] as const)
    describe(`RFC 9111 section ${section}: ${directive}`, () => {
      it('forbids to give it stale, whatever else allows it', async () => {
        expect(await isGivenStale('')).to.equal(true);
        cached.reset();
        expect(await isGivenStale(`, ${directive}`)).to.equal(false);
      });

      it('says nothing of what is fresh', async () =>
        expect(await cached.reuses({ headers: ['Cache-Control', `max-age=60, ${directive}`] })).to.equal(true));
    });

  describe('RFC 9111 section 5.2.2.2: must-revalidate', () => {
    it('makes an error of an origin that cannot be asked: 504 in the place of what is stale', async () => {
      const stale = ['Cache-Control', 'max-age=60, must-revalidate, stale-if-error=600', 'Age', '61', 'ETag', '"a"'];
      cached.says({ headers: stale });
      await cached.ask();
      cached.answers(({ response }) => void response.destroy());
      expect((await cached.ask()).status).to.be.within(502, 504);
    });
  });

  describe('RFC 9111 section 5.2.2.3: must-understand', () => {
    it('lets a status be stored that is understood, no-store or not', async () => {
      const headers = ['Cache-Control', 'max-age=60, must-understand, no-store'];
      expect(await cached.reuses({ headers })).to.equal(true);
    });

    it('forbids to store another one', async () =>
      expect(await cached.reuses({ status: 299, headers: ['Cache-Control', 'max-age=60, must-understand'] })).to.equal(
        false,
      ));
  });

  describe('RFC 9111 section 5.2.2.4: no-cache', () => {
    it('asks for validation each time', async () => {
      const headers = ['Cache-Control', 'no-cache, max-age=60', 'ETag', '"v1"'];
      cached.says({ headers }, { status: 304, headers });
      await cached.ask();
      for (const asked of [2, 3]) {
        expect((await cached.ask()).text).to.equal('answer 1');
        expect([cached.asked, cached.last.header('if-none-match')]).to.deep.equal([asked, '"v1"']);
      }
    });

    it('forbids to give it stale', async () => expect(await isGivenStale(', no-cache')).to.equal(false));

    it('with names keeps these fields out of the store', async () => {
      cached.says({
        headers: ['Cache-Control', 'max-age=60, no-cache="X-Mine, x-other"', 'X-Mine', '1', 'X-Other', '2'],
      });
      expect((await cached.ask()).header('x-mine')).to.equal('1');
      const answer = await cached.ask();
      expect([answer.header('x-mine'), answer.header('x-other'), cached.asked]).to.deep.equal([
        undefined,
        undefined,
        1,
      ]);
    });

    it('with what is no name counts as it is without', async () =>
      expect(await cached.reuses({ headers: ['Cache-Control', 'max-age=60, no-cache="a b"'] })).to.equal(false));
  });

  describe('RFC 9111 section 5.2.2.5: no-store', () => {
    for (const value of ['no-store', 'no-store, max-age=60', 'max-age=60, public, NO-STORE', 'max-age=60, no-store=1'])
      it(value, async () => expect(await withTtl.reuses({ headers: ['Cache-Control', value] })).to.equal(false));
  });

  describe('RFC 9111 section 5.2.2.6: no-transform', () => {
    it('does not keep an answer from being stored, and goes on', async () => {
      expect(await cached.reuses({ headers: ['Cache-Control', 'max-age=60, no-transform'] })).to.equal(true);
      expect((await cached.ask()).header('cache-control')).to.equal('max-age=60, no-transform');
    });
  });

  describe('RFC 9111 section 5.2.2.7: private', () => {
    for (const value of ['private', 'private, max-age=60', 'public, s-maxage=60, private'])
      it(value, async () => expect(await withTtl.reuses({ headers: ['Cache-Control', value] })).to.equal(false));

    it('with names keeps these fields out of the store', async () => {
      cached.says({
        headers: ['Cache-Control', 'max-age=60, private="Set-Cookie, X-Mine"', 'X-Mine', '1', 'Set-Cookie', 'a=1'],
      });
      expect((await cached.ask()).header('set-cookie')).to.equal('a=1');
      const answer = await cached.ask();
      expect([answer.header('x-mine'), answer.header('set-cookie'), cached.asked]).to.deep.equal([
        undefined,
        undefined,
        1,
      ]);
    });
  });

  describe('RFC 9111 section 5.2.2.9: public', () => {
    it('lets a status be stored that has no freshness by itself', async () => {
      expect(await withTtl.reuses({ status: 302, headers: ['Cache-Control', 'public'] })).to.equal(true);
      withTtl.reset();
      expect(await withTtl.reuses({ status: 302 })).to.equal(false);
    });

    it('does not make it fresh', async () =>
      expect(await cached.reuses({ headers: ['Cache-Control', 'public', 'ETag', '"a"'] })).to.equal(false));
  });

  describe('RFC 9111 section 5.2.2.10: s-maxage', () => {
    it('counts in place of max-age and Expires', async () => {
      const headers = ['Cache-Control', 'max-age=600, s-maxage=60', 'Expires', httpDate(600), 'Age', '61'];
      expect(await cached.reuses({ headers })).to.equal(false);
    });

    it('forbids to give it stale', async () => expect(await isGivenStale(', s-maxage=60')).to.equal(false));
  });

  describe('RFC 6265: answers with cookies', () => {
    const withCookie = { headers: [...FRESH, 'Set-Cookie', 'session=secret'] };

    it('are not stored', async () => expect(await cached.reuses(withCookie)).to.equal(false));

    it('are not stored when they are public either', async () =>
      expect(
        await cached.reuses({ headers: ['Cache-Control', 'public, max-age=60', 'Set-Cookie', 'session=secret'] }),
      ).to.equal(false));

    it('are stored with the cookie where the route says so', async () => {
      const daring = await CachedGateway.start(cachingAll('{ storeSetCookie: true }'));
      try {
        expect(await daring.reuses(withCookie)).to.equal(true);
        expect((await daring.ask()).header('set-cookie')).to.equal('session=secret');
      } finally {
        await daring.stop();
      }
    });
  });

  describe('a body over maxBytes', () => {
    it('streams past, with a known length and without', async () => {
      const small = await CachedGateway.start(cachingAll('{ maxBytes: 16KiB }'));
      try {
        const body = Buffer.alloc(16 * 1024 + 1, 'x');
        for (const framing of [[], ['Transfer-Encoding', 'chunked']]) {
          small.reset();
          expect(await small.reuses({ headers: [...FRESH, ...framing], body })).to.equal(false);
          expect((await small.ask()).body.equals(body)).to.equal(true);
        }
        small.reset();
        expect(await small.reuses({ headers: FRESH, body: body.subarray(1) })).to.equal(true);
      } finally {
        await small.stop();
      }
    });
  });
});
