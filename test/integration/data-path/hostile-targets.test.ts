import { expect } from 'chai';
import { expectProblem } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient, rawExchange } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';

/** A target and what is doubtful about it. */
const REFUSED: readonly (readonly [what: string, target: string])[] = [
  ['a dot segment', '/a/../b'],
  ['a dot segment at the end', '/a/..'],
  ['a single dot', '/a/./b'],
  ['an escaped dot segment', '/a/%2e%2e/b'],
  ['a half-escaped dot segment', '/a/.%2E/b'],
  ['a dot segment with a parameter', '/a/..;x=1/b'],
  ['an escaped dot segment with a parameter', '/a/%2e%2e;/b'],
  ['a dot segment behind an escaped slash', '/a/..%2fb'],
  ['a twice escaped slash as one', '/a%2f..%2f..%2fetc'],
  ['an escaped slash', '/a%2Fb'],
  ['a backslash', '/a\\..\\b'],
  ['an escaped backslash', '/a%5cb'],
  ['an escaped backslash in upper case', '/a%5C..%5Cb'],
  ['an escaped NUL', '/a%00.png'],
  ['an escaped line feed', '/a%0aX-One:%20b'],
  ['an escaped carriage return', '/a%0d%0aX-One:%20b'],
  ['an escaped delete', '/a%7f'],
  ['a fragment', '/a#b'],
  ['a fragment behind a query', '/a?b#c'],
  ['an unfinished escape', '/a%2'],
  ['a lone percent sign', '/a%'],
  ['an escape that is not hexadecimal', '/a%zz'],
  ['an overlong slash', '/a%c0%afb'],
  ['an overlong dot segment', '/%c0%ae%c0%ae/b'],
  ['a half of a surrogate pair', '/a%ed%a0%80'],
  ['bytes that are not UTF-8', '/a%ff'],
  ['a byte that is not escaped', '/caf\xe9'],
  ['a quote that is not escaped in the query', '/a?b="c"\x7f'],
  ['a byte that is not escaped in the query', '/a?b=\xe9'],
  ['a fragment in an absolute target', 'http://shop.example.com/a#b'],
  ['a dot segment in an absolute target', 'http://shop.example.com/a/../b'],
];

const NO_PATH: readonly (readonly [what: string, target: string])[] = [
  ['an asterisk', '*'],
  ['an authority', 'shop.example.com:443'],
  ['another scheme', 'ftp://shop.example.com/a'],
  ['a file', 'file:///etc/passwd'],
];

onEachEngine('a request target', () => {
  let gateway: TestGateway;
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
  - { name: any, match: { path: "/*rest" }, upstream: any }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  async function ask(target: string, method = 'GET'): ReturnType<RawClient['response']> {
    const client = await RawClient.open(gateway.port);
    try {
      await client.send(`${method} ${target} HTTP/1.1\r\nHost: shop.example.com\r\n\r\n`);
      return await client.response();
    } finally {
      await client.close();
    }
  }

  for (const [what, target] of REFUSED) {
    it(`is refused with 400 for ${what}`, async () => {
      const answer = await ask(target);
      // What the parser of node:http stops at already is no request at all.
      const parsed = !answer.text.includes(':invalid-request');
      expectProblem(answer, parsed ? 'invalid-target' : 'invalid-request');
      expect(upstream.requests.items).to.have.length(0);
    });
  }

  for (const [what, target] of NO_PATH) {
    it(`is refused when it is ${what}`, async () => {
      const answer = await ask(target, target === '*' ? 'OPTIONS' : 'GET');
      expect(answer.status).to.equal(400);
      expect(upstream.requests.items).to.have.length(0);
    });
  }

  const canonical: readonly (readonly [what: string, target: string, path: string])[] = [
    ['a plain one as it is', '/a/b?c=%2e%2E&d=/../x', '/a/b?c=%2e%2E&d=/../x'],
    ['an absolute one of this host as a path', 'http://shop.example.com/a?b', '/a?b'],
    ['an absolute one in other letters', 'HTTP://SHOP.example.com/a', '/a'],
    ['an absolute one without a path as /', 'http://shop.example.com', '/'],
    ['an absolute one with only a query', 'http://shop.example.com?x=1', '/?x=1'],
    ['double slashes as one', '//a///b', '/a/b'],
    ['a path that looks like a host', '//evil.example.com/a', '/evil.example.com/a'],
    ['escaped letters decoded', '/%61%7E%2D', '/a~-'],
    ['escapes in upper case', '/caf%c3%a9', '/caf%C3%A9'],
    ['an escaped semicolon as it is, unlike a plain one', '/a%3bb;c', '/a%3Bb;c'],
    ['an escaped percent sign as it is', '/%252e%252e/a', '/%252e%252e/a'],
    ['three dots as a name', '/.../a', '/.../a'],
    ['a name that begins with a dot', '/.well-known/x', '/.well-known/x'],
    ['braces escaped', '/a{b}|c', '/a%7Bb%7D%7Cc'],
  ];
  for (const [what, target, path] of canonical) {
    it(`reaches the upstream and the access log in one form: ${what}`, async () => {
      const answer = await ask(target);
      expect(answer.status).to.equal(200);
      expect((await upstream.requests.at(0)).target).to.equal(path);
      const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
      expect(line['path']).to.equal(path.split('?', 1)[0]);
    });
  }

  it('is logged without its query when it is refused, and cut when it is long', async () => {
    const answer = await ask(`/a/../${'b'.repeat(1000)}?secret=1`);
    const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
    expect(line).to.include({ status: 400, path: `/a/../${'b'.repeat(250)}` });
  });

  it('may follow an empty line, as some clients send one after a body', async () => {
    const answers = await rawExchange(
      gateway.port,
      '\r\nGET /a HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close\r\n\r\n',
    );
    expect(answers.map(({ status }) => status)).to.deep.equal([200]);
    expect(upstream.requests.items.map(({ target }) => target)).to.deep.equal(['/a']);
  });

  it('may stand between several spaces, and is sent on between one', async () => {
    const answers = await rawExchange(
      gateway.port,
      'GET  /a  HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close\r\n\r\n',
    );
    expect(answers.map(({ status }) => status)).to.deep.equal([200]);
    expect(upstream.requests.items.map(({ target }) => target)).to.deep.equal(['/a']);
  });
});
