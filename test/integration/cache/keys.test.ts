import { expect } from 'chai';
import { CachedGateway, cachingAll, send } from '../../support/cached.ts';
import { onEachEngine } from '../../support/engines.ts';
import { RawClient, type RawResponse } from '../../support/raw.ts';

const FRESH = ['Cache-Control', 'max-age=60'];
const FORGIVING = 'server: { paths: { encodedSlash: keep, dotSegments: normalise, trailingSlash: ignore } }\n';

/** Two requests share an answer only if the origin sees the same. */
onEachEngine('cache keys', () => {
  let cached: CachedGateway;
  let forgiving: CachedGateway;
  let listed: CachedGateway;

  before(async () => {
    cached = await CachedGateway.start();
    forgiving = await CachedGateway.start((origin) => FORGIVING + cachingAll()(origin));
    listed = await CachedGateway.start(cachingAll('{ query: [a, page, "my id"] }'));
  });

  after(async () => {
    await cached.stop();
    await forgiving.stop();
    await listed.stop();
  });

  beforeEach(() => {
    for (const from of [cached, forgiving, listed]) {
      from.reset();
      from.answers((request) =>
        send(request, { headers: FRESH, body: `${request.target} ${request.header('x-forwarded-host') ?? ''}` }),
      );
    }
  });

  async function ask(from: CachedGateway, target: string, host = 'a', ...lines: string[]): Promise<RawResponse> {
    const client = await RawClient.open(from.gateway.port);
    try {
      await client.send(`${[`GET ${target} HTTP/1.1`, `Host: ${host}`, ...lines].join('\r\n')}\r\n\r\n`);
      return await client.response();
    } finally {
      await client.close();
    }
  }

  /** Asks for each, and again: each gets what the origin says of the one that it has asked for. */
  async function seen(from: CachedGateway, targets: readonly string[]): Promise<string[]> {
    const first: string[] = [];
    for (const target of targets) first.push((await ask(from, from.path + target)).text);
    for (const [index, target] of targets.entries())
      expect((await ask(from, from.path + target)).text, target).to.equal(first[index]);
    return first.map((text) => text.split(' ', 1)[0]?.slice(from.path.length) ?? '');
  }

  describe('paths', () => {
    it('that mean the same share: escapes, empty segments, the case of escapes', async () => {
      expect(await seen(cached, ['/a%2db', '/a-b', '//a-b', '/%61-b', '///%61%2Db'])).to.deep.equal(
        Array.from({ length: 5 }, () => '/a-b'),
      );
      expect(cached.asked).to.equal(1);
    });

    it('that mean something else do not: parameters, their escapes, case, a slash at the end', async () => {
      const targets = ['/a', '/a;x', '/a%3Bx', '/A', '/a/', '/a;X', '/a.', '/a%20', '/a%25'];
      expect(await seen(cached, targets)).to.deep.equal(targets);
      expect(cached.asked).to.equal(targets.length);
    });

    it('with dot segments or escaped slashes are refused, and store nothing', async () => {
      for (const target of [
        '/a/../b',
        '/a/%2e%2e/b',
        '/a/.%2E/b',
        '/./a',
        '/a%2Fb',
        '/a%2f..%2fb',
        '/..;/a',
        '/a\\b',
        '/a%5cb',
        '/a%00b',
      ])
        expect((await ask(cached, cached.path + target)).status, target).to.equal(400);
      expect(cached.asked).to.equal(0);
    });

    it('with dot segments are those that are meant, where they are taken', async () => {
      expect(await seen(forgiving, ['/x/../b', '/b', '/x/%2e%2e/b', '/./b'])).to.deep.equal(['/b', '/b', '/b', '/b']);
      expect(forgiving.asked).to.equal(1);
    });

    it('with an escaped slash are not those with a slash, where they are taken', async () => {
      expect(await seen(forgiving, ['/a%2fb', '/a/b', '/a%2Fb'])).to.deep.equal(['/a%2Fb', '/a/b', '/a%2Fb']);
      expect(forgiving.asked).to.equal(2);
    });

    it('that an origin tells apart by a slash at the end do not share, though the gateway ignores it', async () => {
      const texts = await seen(forgiving, ['/a', '/a/']);
      expect(new Set(texts).size).to.equal(forgiving.asked);
    });
  });

  describe('queries', () => {
    it('are the same in any order of names, and the origin gets them in one', async () => {
      expect(await seen(cached, ['?b=2&a=1', '?a=1&b=2', '?&b=2&&a=1&'])).to.deep.equal([
        '?a=1&b=2',
        '?a=1&b=2',
        '?a=1&b=2',
      ]);
      expect(cached.asked).to.equal(1);
    });

    it('keep the order of values of one name', async () => {
      const targets = ['?a=1&a=2', '?a=2&a=1', '?a=1,2', '?a=1', '?a', '?a=', '?A=1', '?a[]=1&a[]=2'];
      expect(await seen(cached, targets)).to.deep.equal(targets);
      expect(cached.asked).to.equal(targets.length);
    });

    it('are not the same by a separator that some servers know: ;', async () => {
      const targets = ['?a=1;b=2', '?a=1&b=2', '?a=1%3Bb=2', '?a=1%26b=2'];
      expect(await seen(cached, targets)).to.deep.equal(targets);
    });

    it('are not the same as no query, but for an empty one', async () => {
      expect(await seen(cached, ['', '?', '?&', '?utm=1', '?utm=2'])).to.deep.equal(['', '', '', '?utm=1', '?utm=2']);
      expect(cached.asked).to.equal(3);
    });

    it('of which only some names are listed reach the origin without the others', async () => {
      const targets = ['?a=1', '?utm=x&a=1', '?a=1&_=2&callback=evil', '?A=2&a=1', '?a=1&a%5B%5D=2', '?a=1&%zz=3'];
      expect(await seen(listed, targets)).to.deep.equal(targets.map(() => '?a=1'));
      expect(listed.asked).to.equal(1);
    });

    it('of which only some names are listed cannot hide others behind them', async () => {
      // Whoever takes `;` for a separator sees utm; then it is in the key.
      expect(
        await seen(listed, ['?a=1;utm=2', '?a=1', '?utm=1;a=3', '?a=1%26utm=2', '?%61=4', '?my+id=5', '?my%20id=5']),
      ).to.deep.equal(['?a=1;utm=2', '?a=1', '', '?a=1%26utm=2', '?%61=4', '?my+id=5', '?my%20id=5']);
    });

    it('of which only some names are listed keep all values of a name', async () => {
      expect(await seen(listed, ['?a=1&a=2', '?a=2&a=1', '?a=1'])).to.deep.equal(['?a=1&a=2', '?a=2&a=1', '?a=1']);
      expect(listed.asked).to.equal(3);
    });

    it('of which only some names are listed stay without the others on every way to the origin', async () => {
      listed.answers((request) => send(request, { headers: ['Cache-Control', 'no-store'], body: request.target }));
      const target = `${listed.path}?utm=evil&a=1`;
      const ways: string[][] = [
        [],
        [],
        ['Cache-Control: no-store'],
        ['Range: bytes=0-1'],
        ['If-Match: "a"'],
        ['Content-Length: 0'],
        ['Cache-Control: no-cache'],
      ];
      for (const lines of ways) expect((await ask(listed, target, 'a', ...lines)).text).to.equal(`${listed.path}?a=1`);
      await listed.call(target, { method: 'POST', body: 'x' });
      await listed.call(target, { method: 'HEAD' });
      for (const request of listed.origin.requests.items) expect(request.target).to.equal(`${listed.path}?a=1`);
    });
  });

  describe('parts', () => {
    it('do not run into one another', async () => {
      const requests = [
        ['/x', 'a'],
        ['/x?y', 'a'],
        ['/x', 'a1:x'],
        ['/1:x', 'a'],
        ['/x2:y', 'a'],
        ['/x?2:y', 'a'],
        ['/x%20a', 'a'],
        ['/x,', 'a'],
        ['/x', 'a:80'],
        ['/x', 'a:8080'],
        ['/8080/x', 'a'],
        ['/x?0:', 'a'],
        ['/x?', 'a0:'],
        ['/x%0', 'a'],
        ['/httpa', 'a'],
        ['/x?overrides', 'a'],
      ] as const;
      const found = new Map<string, string>();
      for (const [path, host] of requests) {
        const { status, text } = await ask(cached, cached.path + path, host);
        if (status === 200) found.set(`${path} ${host}`, text);
      }
      for (const [path, host] of requests) {
        const { status, text } = await ask(cached, cached.path + path, host);
        if (status === 200) expect(text).to.equal(found.get(`${path} ${host}`));
      }
      expect(found.size).to.be.greaterThan(12);
      expect(new Set(found.values()).size).to.equal(found.size);
      expect(cached.asked).to.equal(found.size);
    });

    for (const mark of [':', ',', '|', '/', ';'])
      it(`do not run into one another where somebody writes ${mark} between them`, async () => {
        const more = ['', 'overrides', 'x-host', 'b'].join(mark);
        await ask(cached, `${cached.path}?a`, 'a', `X-Host: b${mark}`);
        await ask(cached, `${cached.path}?a${mark}${more}`, 'a');
        await ask(cached, `${cached.path}?a${more}`, 'a');
        expect(cached.asked).to.equal(3);
      });

    it('of fields do not run into a path or a query', async () => {
      const field = ['X-Original-URL: /x'];
      const [first, second] = [await ask(cached, cached.path, 'a', ...field), await ask(cached, cached.path)];
      expect([first.status, second.status, cached.asked]).to.deep.equal([200, 200, 2]);
      for (const value of ['/y', '/x\t', '/x, /x']) await ask(cached, cached.path, 'a', `X-Original-URL: ${value}`);
      await ask(cached, cached.path, 'a', 'X-Original-URL: /x', 'X-Rewrite-URL: /x');
      await ask(cached, cached.path, 'a', 'X-Rewrite-URL: /x');
      // A tab at the end is not part of a value.
      expect(cached.asked).to.equal(6);
    });
  });

  it('the case of names and the order of fields do not matter', async () => {
    await ask(cached, cached.path, 'a', 'X-One: 1', 'Accept: */*');
    await ask(cached, cached.path, 'a', 'ACCEPT: */*', 'x-one: 1');
    expect(cached.asked).to.equal(1);
  });
});
