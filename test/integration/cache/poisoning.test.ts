import { expect } from 'chai';
import { CachedGateway, cachingAll, send } from '../../support/cached.ts';
import { onEachEngine } from '../../support/engines.ts';
import { RawClient, type RawResponse } from '../../support/raw.ts';

const FRESH = ['Cache-Control', 'max-age=60'];

/** What an attacker sends must never decide what somebody else gets. */
onEachEngine('poisoning a cache', () => {
  let cached: CachedGateway;
  let proxied: CachedGateway;
  let withTtl: CachedGateway;

  before(async () => {
    cached = await CachedGateway.start();
    proxied = await CachedGateway.start((origin) => `server: { trustedProxies: [127.0.0.1] }\n${cachingAll()(origin)}`);
    withTtl = await CachedGateway.start(cachingAll('{ ttl: 1h }'));
  });

  after(async () => {
    await cached.stop();
    await proxied.stop();
    await withTtl.stop();
  });

  beforeEach(() => {
    cached.reset();
    proxied.reset();
    withTtl.reset();
  });

  /** Sends bytes as they are. @param lines of the head behind the request line */
  async function raw(
    to: CachedGateway,
    lines: readonly string[],
    { line = `GET ${to.path} HTTP/1.1`, host = 'Host: victim.example', content = '', method = '' } = {},
  ): Promise<RawResponse> {
    const client = await RawClient.open(to.gateway.port);
    try {
      const first = method === '' ? line : line.replace('GET', method);
      await client.send(`${[first, ...(host === '' ? [] : [host]), ...lines].join('\r\n')}\r\n\r\n${content}`);
      return await client.response({ head: method === 'HEAD' });
    } finally {
      await client.close();
    }
  }

  /** An origin that puts into its answer whatever it is told by any field that could steer it. */
  function reflecting(to: CachedGateway): void {
    to.answers(async (request) => {
      const content = (await request.body()).toString();
      const fields = request.rawHeaders
        .map((text, index) => (index % 2 === 0 ? `${text.toLowerCase()}: ` : `${text}\n`))
        .join('');
      send(request, { headers: FRESH, body: `${request.method} ${request.target}\n${fields}\n${content}` });
    });
  }

  describe('by fields that are not in the key', () => {
    for (const name of [
      'X-Forwarded-Host',
      'X-Forwarded-Proto',
      'X-Forwarded-Scheme',
      'X-Forwarded-Port',
      'X-Forwarded-Prefix',
      'X-Forwarded-Server',
      'X-Forwarded-For',
      'Forwarded',
      'X-Original-URL',
      'X-Rewrite-URL',
      'X-Original-Host',
      'X-Host',
      'X-HTTP-Host-Override',
      'X-HTTP-Method-Override',
      'X-Method-Override',
      'X_Forwarded_Host',
      'X.Forwarded.Host',
      'x_host',
      'X_Original_URL',
      'Front-End-Https',
      'X-Request-Id',
    ])
      it(`${name} of an attacker is in nobody else’s answer`, async () => {
        reflecting(cached);
        const value = 'evil.example/marked';
        await raw(cached, [`${name}: ${value}`]);
        expect((await raw(cached, [])).text).to.not.contain('marked');
        await raw(cached, [`${name.toUpperCase()}: ${value}`, `${name}: more`]);
        expect((await raw(cached, [])).text).to.not.contain('marked');
      });

    it('X-Forwarded-Host and the scheme of a trusted proxy are in the key', async () => {
      reflecting(proxied);
      const shop = ['X-Forwarded-Host: shop.example'];
      const secure = [...shop, 'X-Forwarded-Proto: https'];
      const blog = ['X-Forwarded-Host: blog.example'];
      for (const lines of [shop, secure, blog, []]) await raw(proxied, lines);
      expect(proxied.asked).to.equal(4);
      for (const [lines, host, scheme] of [
        [shop, 'shop.example', 'http'],
        [secure, 'shop.example', 'https'],
        [blog, 'blog.example', 'http'],
        [[], 'victim.example', 'http'],
      ] as const) {
        const { text } = await raw(proxied, lines);
        expect(text).to.contain(`x-forwarded-host: ${host}\n`).and.to.contain(`x-forwarded-proto: ${scheme}\n`);
      }
      expect(proxied.asked).to.equal(4);
    });

    it('a method that is overridden is in the key', async () => {
      cached.answers((request) => {
        const method = request.header('x-http-method-override') ?? request.method;
        send(request, { headers: FRESH, body: method });
      });
      expect((await raw(cached, ['X-HTTP-Method-Override: DELETE'])).text).to.equal('DELETE');
      expect((await raw(cached, [])).text).to.equal('GET');
      expect((await raw(cached, ['x-http-method-override: POST'])).text).to.equal('POST');
    });

    it('a field that Connection names is not in the key of the answer without it', async () => {
      cached.answers((request) =>
        send(request, { headers: [...FRESH, 'Vary', 'X-Tenant'], body: request.header('x-tenant') ?? 'none' }),
      );
      expect((await raw(cached, ['X-Tenant: a', 'Connection: x-tenant'])).text).to.equal('none');
      expect((await raw(cached, ['X-Tenant: a'])).text).to.equal('a');
    });
  });

  describe('by content of a GET', () => {
    for (const [what, lines, content] of [
      ['with a length', ['Content-Length: 6'], 'marked'],
      ['chunked', ['Transfer-Encoding: chunked'], '6\r\nmarked\r\n0\r\n\r\n'],
      ['of a form', ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 8'], 'a=marked'],
    ] as const)
      it(`${what}: it goes past the cache`, async () => {
        reflecting(cached);
        expect((await raw(cached, lines, { content })).text).to.contain('marked');
        expect((await raw(cached, [])).text).to.not.contain('marked');
        expect((await raw(cached, lines, { content })).text).to.contain('marked');
        expect(cached.asked).to.equal(3);
      });

    it('an empty one is none', async () => {
      cached.says({ headers: FRESH });
      await raw(cached, ['Content-Length: 0']);
      expect((await raw(cached, [])).text).to.equal('answer 1');
    });

    it('Content-Length that is a lie is refused, and nothing is stored', async () => {
      reflecting(cached);
      for (const lines of [
        ['Content-Length: 5', 'Content-Length: 6'],
        ['Content-Length: 5', 'Transfer-Encoding: chunked'],
        ['Content-Length: -1'],
        ['Content-Length: +1'],
        ['Transfer-Encoding: xchunked'],
      ])
        expect((await raw(cached, lines)).status, lines.join()).to.equal(400);
      expect(cached.asked).to.equal(0);
    });

    it('content of a HEAD is no next request', async () => {
      reflecting(cached);
      const hidden = `GET ${cached.path}/hidden HTTP/1.1\r\nHost: victim.example\r\n\r\n`;
      const { status } = await raw(cached, [`Content-Length: ${hidden.length}`], { method: 'HEAD', content: hidden });
      expect(status).to.equal(200);
      expect(cached.origin.requests.items.map(({ target }) => target)).to.not.include(`${cached.path}/hidden`);
      expect((await raw(cached, [])).text).to.not.contain('hidden');
    });
  });

  describe('by the host', () => {
    for (const host of [
      'evil.example',
      'victim.example.evil.example',
      'victim.example:8080',
      'victim.example.',
      'VICTIM.example:1337',
      'victim.example:80',
    ])
      it(`${host} has answers of its own`, async () => {
        reflecting(cached);
        await raw(cached, [], { host: `Host: ${host}` });
        const { text } = await raw(cached, []);
        expect(text).to.contain('x-forwarded-host: victim.example\n');
      });

    for (const host of [
      'victim.example/marked',
      'marked@victim.example',
      'victim.example\tmarked',
      'victim.example?marked',
      'a b',
    ])
      it(`what is no host is refused, or has answers of its own: ${JSON.stringify(host)}`, async () => {
        reflecting(cached);
        await raw(cached, [], { host: `Host: ${host}` });
        expect((await raw(cached, [])).text).to.not.contain('marked');
      });

    it('the authority of an absolute target counts, and not Host', async () => {
      reflecting(cached);
      await raw(cached, [], { line: `GET http://evil.example${cached.path} HTTP/1.1` });
      expect((await raw(cached, [])).text).to.not.contain('evil.example');
      await raw(cached, [], { line: `GET http://victim.example${cached.path} HTTP/1.1`, host: 'Host: evil.example' });
      expect((await raw(cached, [])).text).to.not.contain('evil.example');
    });

    it('a request without one has answers of its own', async () => {
      reflecting(cached);
      await raw(cached, [], { line: `GET ${cached.path} HTTP/1.0`, host: '' });
      expect((await raw(cached, [])).text).to.contain('x-forwarded-host: victim.example\n');
    });
  });

  describe('by large and odd heads', () => {
    for (const status of [400, 413, 414, 431])
      it(`an answer ${status} to a large head is not stored, whatever it says`, async () => {
        const large = `X-Large: ${'a'.repeat(6000)}`;
        for (const [to, headers] of [
          [cached, FRESH],
          [cached, ['Cache-Control', 'public, s-maxage=600']],
          [withTtl, []],
        ] as const) {
          to.reset();
          to.answers((request) => {
            const isLarge = request.header('x-large') !== undefined;
            send(request, { status: isLarge ? status : 200, headers, body: isLarge ? 'refused' : 'well' });
          });
          expect((await raw(to, [large])).status).to.equal(status);
          expect((await raw(to, [])).text).to.equal('well');
        }
      });

    it('an answer to a head that is odd is not stored by a ttl', async () => {
      withTtl.answers((request) => {
        const isOdd = request.header('x-odd') !== undefined;
        send(request, { status: isOdd ? 400 : 200, body: isOdd ? 'refused' : 'well' });
      });
      expect((await raw(withTtl, ['X-Odd: \xff'])).status).to.equal(400);
      expect((await raw(withTtl, [])).text).to.equal('well');
    });

    for (const field of ['X-Odd: a\x00b', 'X-Odd: a\x07b', 'X-Odd : a', 'X(Odd): a', 'X-Odd: a\rb', ' X-Odd: a'])
      it(`meta characters are refused before the cache: ${JSON.stringify(field)}`, async () => {
        reflecting(cached);
        expect((await raw(cached, [field])).status).to.equal(400);
        expect((await raw(cached, [])).status).to.equal(200);
        expect(cached.asked).to.equal(1);
      });

    it('a head that the gateway refuses is stored by nobody', async () => {
      cached.says({ headers: FRESH });
      expect((await raw(cached, [`X-Large: ${'a'.repeat(20_000)}`])).status).to.equal(431);
      expect((await raw(cached, [])).text).to.equal('answer 1');
    });
  });

  describe('by conditions and parts', () => {
    it('a part that an attacker asks for is nobody’s whole', async () => {
      cached.answers((request) => {
        const part = request.header('range') === undefined ? [] : ['Content-Range', 'bytes 0-1/5'];
        send(request, {
          status: part.length > 0 ? 206 : 200,
          headers: [...FRESH, ...part],
          body: part.length > 0 ? 'wh' : 'whole',
        });
      });
      for (const lines of [
        ['Range: bytes=0-1'],
        ['Range: bytes=0-1', 'If-Range: "a"'],
        ['range: BYTES=0-1'],
        ['Range: x'],
      ])
        await raw(cached, lines);
      const { status, text } = await raw(cached, []);
      expect([status, text]).to.deep.equal([200, 'whole']);
    });

    it('a 200 with Content-Range is given to nobody else', async () => {
      cached.says(
        { headers: [...FRESH, 'Content-Range', 'bytes 0-1/5'], body: 'wh' },
        { headers: FRESH, body: 'whole' },
      );
      await raw(cached, []);
      expect((await raw(cached, [])).text).to.equal('whole');
    });

    it('a 304 goes to no client that has sent no condition', async () => {
      cached.answers((request) => {
        const isKnown =
          request.header('if-none-match') !== undefined || request.header('if-modified-since') !== undefined;
        send(request, { status: isKnown ? 304 : 200, headers: [...FRESH, 'ETag', '"a"'], body: 'whole' });
      });
      for (const lines of [
        ['If-None-Match: "a"'],
        ['If-None-Match: *'],
        ['If-Modified-Since: Thu, 01 Jan 2099 00:00:00 GMT'],
      ])
        await raw(cached, lines);
      const { status, text } = await raw(cached, []);
      expect([status, text]).to.deep.equal([200, 'whole']);
    });

    it('a 412 that an attacker provokes is not stored', async () => {
      withTtl.answers((request) => {
        const fails = request.header('if-match') !== undefined || request.header('if-unmodified-since') !== undefined;
        send(request, { status: fails ? 412 : 200, headers: FRESH, body: fails ? 'failed' : 'well' });
      });
      expect((await raw(withTtl, ['If-Match: "x"'])).status).to.equal(412);
      expect((await raw(withTtl, ['If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT'])).status).to.equal(412);
      expect((await raw(withTtl, [])).text).to.equal('well');
    });
  });

  describe('by what upgrades and expects', () => {
    it('a request to upgrade is answered past the cache, or refused', async () => {
      reflecting(cached);
      await raw(cached, ['Connection: Upgrade', 'Upgrade: marked']);
      expect((await raw(cached, [])).text).to.not.contain('marked');
    });

    it('an expectation of a GET is not in anybody’s answer', async () => {
      reflecting(cached);
      await raw(cached, ['Expect: marked']);
      expect((await raw(cached, [])).text).to.not.contain('marked');
    });
  });

  describe('cache deception', () => {
    const account = (to: CachedGateway): void =>
      to.answers((request) => {
        const who = request.header('cookie') ?? request.header('authorization') ?? 'nobody';
        send(request, { headers: ['Content-Type', 'text/html'], body: `account of ${who}` });
      });

    for (const path of [
      '/account/x.css',
      '/account.css',
      '/account;x.css',
      '/account%3Fx.css',
      '/account/x.js?v=1',
      '/static/..;/account',
    ])
      for (const secret of ['Cookie: session=secret', 'Authorization: Bearer secret'])
        it(`${path} with ${secret.split(':', 1)[0]} leaves nothing behind`, async () => {
          account(withTtl);
          await raw(withTtl, [secret], { line: `GET ${path} HTTP/1.1` });
          const { text } = await raw(withTtl, [], { line: `GET ${path} HTTP/1.1` });
          expect(text).to.not.contain('secret');
        });

    it('nor do answers that say how long they are fresh and not that they are public', async () => {
      cached.answers((request) =>
        send(request, { headers: FRESH, body: `account of ${request.header('cookie') ?? 'nobody'}` }),
      );
      expect((await raw(cached, ['Cookie: session=secret'])).text).to.contain('secret');
      expect((await raw(cached, [])).text).to.equal('account of nobody');
    });

    it('a cookie that an origin sets goes to one client', async () => {
      let number = 0;
      cached.answers((request) => {
        number += 1;
        send(request, {
          headers: ['Cache-Control', 'public, max-age=60', 'Set-Cookie', `session=${number}`],
          body: 'page',
        });
      });
      const found = [await raw(cached, []), await raw(cached, []), await raw(cached, [])].map((answer) =>
        answer.header('set-cookie'),
      );
      expect(found).to.deep.equal(['session=1', 'session=2', 'session=3']);
    });
  });
});
