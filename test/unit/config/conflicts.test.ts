import { expect } from 'chai';
import { loadConfig } from '../../../src/config/load.ts';

interface Match {
  readonly path: string;
  readonly host?: string | readonly string[];
  readonly methods?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

/** The messages about routes with these matches, named a, b, c… */
async function conflicts(...matches: Match[]): Promise<string[]> {
  const routes = matches.map((match, index) => ({
    name: String.fromCharCode(97 + index),
    match,
    access: 'public',
    respond: { status: 204 },
  }));
  const stdin = once(JSON.stringify({ version: 1, routes }));
  const { diagnostics } = await loadConfig('-', { env: () => undefined, stdin });
  return diagnostics.filter(({ code }) => code === 'route-conflict').map(({ message }) => message);
}

const TIES: [what: string, a: Match, b: Match][] = [
  ['the same path', { path: '/a' }, { path: '/a' }],
  ['the root', { path: '/' }, { path: '/' }],
  ['other names of parameters', { path: '/a/:id/b/*rest' }, { path: '/a/:name/b/*all' }],
  ['one text in two encodings', { path: '/é/a' }, { path: '/%C3%A9/%61' }],
  ['a method in common', { path: '/a', methods: ['GET', 'POST'] }, { path: '/a', methods: ['PUT', 'POST'] }],
  ['HEAD, which GET implies', { path: '/a', methods: ['GET'] }, { path: '/a', methods: ['HEAD'] }],
  ['one method and every method', { path: '/a', methods: ['GET'] }, { path: '/a' }],
  ['the same host in another case', { path: '/a', host: 'A.example' }, { path: '/a', host: 'a.EXAMPLE' }],
  [
    'a host in common',
    { path: '/a', host: ['a.example', 'b.example'] },
    { path: '/a', host: ['c.example', 'b.example'] },
  ],
  ['the same wildcard', { path: '/a', host: '*.a.example' }, { path: '/a', host: '*.a.example' }],
  ['other headers, as many', { path: '/a', headers: { 'x-a': '1' } }, { path: '/a', headers: { 'x-b': '1' } }],
  ['the same header in another case', { path: '/a', headers: { 'X-A': '1' } }, { path: '/a', headers: { 'x-a': '1' } }],
];

const DECIDED: [what: string, a: Match, b: Match][] = [
  ['another case of the path', { path: '/a' }, { path: '/A' }],
  ['a trailing slash', { path: '/a' }, { path: '/a/' }],
  ['a static segment', { path: '/a/new' }, { path: '/a/:id' }],
  ['a parameter', { path: '/a/:id' }, { path: '/a/*rest' }],
  ['a segment that only looks like a parameter', { path: '/%3Aid' }, { path: '/:id' }],
  ['other methods', { path: '/a', methods: ['GET'] }, { path: '/a', methods: ['POST'] }],
  ['a host', { path: '/a', host: 'a.example' }, { path: '/a' }],
  ['an exact host', { path: '/a', host: 'b.a.example' }, { path: '/a', host: '*.a.example' }],
  ['a longer wildcard', { path: '/a', host: '*.b.a.example' }, { path: '/a', host: '*.a.example' }],
  ['a header', { path: '/a', headers: { 'x-a': '1' } }, { path: '/a' }],
  ['more headers', { path: '/a', headers: { 'x-a': '1', 'x-b': '1' } }, { path: '/a', headers: { 'x-a': '1' } }],
  ['another value of a header', { path: '/a', headers: { 'x-a': '1' } }, { path: '/a', headers: { 'x-a': '2' } }],
  [
    'another value of one of several headers',
    { path: '/a', headers: { 'x-a': '1', 'x-b': '1' } },
    { path: '/a', headers: { 'x-c': '1', 'x-a': '2' } },
  ],
];

describe('two routes tie', () => {
  for (const [what, a, b] of TIES) {
    it(`with ${what}`, async () => {
      expect(await conflicts(a, b)).to.have.length(1);
      expect(await conflicts(b, a)).to.have.length(1);
    });
  }

  it('and the message names both, the place of the first, the path and the methods', async () => {
    const [message] = await conflicts({ path: '/a/:id', methods: ['GET'] }, { path: '/a/:name' });
    expect(message).to.equal(
      'the routes "a" (-:1) and "b" both match /a/:name for GET, HEAD, and neither is more specific',
    );
  });

  it('and each that ties with an earlier one is reported once', async () => {
    const messages = await conflicts({ path: '/a' }, { path: '/a' }, { path: '/b' }, { path: '/a' });
    expect(messages.map((message) => /"\w".*?"\w"/.exec(message)?.[0])).to.deep.equal([
      '"a" (-:1) and "b"',
      '"a" (-:1) and "d"',
    ]);
  });
});

describe('two routes do not tie when what decides is', () => {
  for (const [what, a, b] of DECIDED) {
    it(what, async () => {
      expect(await conflicts(a, b)).to.deep.equal([]);
      expect(await conflicts(b, a)).to.deep.equal([]);
    });
  }
});
