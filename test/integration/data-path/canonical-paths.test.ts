import { expect } from 'chai';
import { expectProblem } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient, type RawResponse } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';

/** What becomes of a path: the upstream’s target, a redirect, or a problem. */
type Row = readonly [path: string, outcome: string];

onEachEngine('server.paths', () => {
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
  });

  after(async () => upstream.close());

  function variant(paths: string, routes: string, rows: readonly Row[]): void {
    describe(paths, () => {
      let gateway: TestGateway;

      before(async () => {
        gateway = await startTestGateway(`
server: { paths: { ${paths} } }
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
${routes}
`);
      });

      after(async () => gateway.stop());

      beforeEach(() => upstream.reset());

      async function ask(target: string): Promise<RawResponse> {
        const client = await RawClient.open(gateway.port);
        await client.send(`GET ${target} HTTP/1.1\r\nHost: a.example.com\r\n\r\n`);
        const answer = await client.response();
        await client.close();
        return answer;
      }

      for (const [path, outcome] of rows) {
        it(`makes ${path} ${outcome}`, async () => {
          const answer = await ask(path);
          const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
          if (outcome.startsWith('/')) {
            expect(answer.status).to.equal(200);
            expect((await upstream.requests.at(0)).target).to.equal(outcome);
            expect(line['path']).to.equal(outcome.split('?', 1)[0]);
            return;
          }
          expect(upstream.requests.items).to.have.length(0);
          if (outcome === 'refused') expectProblem(answer, 'invalid-target');
          else if (outcome === 'unknown') expectProblem(answer, 'route-not-found');
          else {
            expect([answer.status, `a redirect to ${answer.header('location')}`]).to.deep.equal([308, outcome]);
            expect(line).to.include({ route: '_none', status: 308 });
          }
        });
      }
    });
  }

  const all = '  - { name: any, match: { path: "/*rest" }, upstream: any }';
  const some = `  - { name: plain, match: { path: /a }, upstream: any }
  - { name: slashed, match: { path: /b/ }, upstream: any }
  - { name: both, match: { path: /c }, upstream: any }
  - { name: both-slashed, match: { path: /c/ }, upstream: any }
  - { name: root, match: { path: / }, upstream: any }
  - { name: post, match: { path: /post, methods: [POST] }, upstream: any }
  - { name: param, match: { path: "/p/:id" }, upstream: any }`;

  variant(
    'encodedSlash: keep',
    `${all}\n  - { name: one, match: { path: "/one/:id" }, upstream: any, rewrite: { path: "/:id" } }`,
    [
      ['/a%2fb', '/a%2Fb'],
      ['/a%2Fb%2F', '/a%2Fb%2F'],
      ['/one/a%2F..%2Fb', 'refused'],
      ['/a/..%2fb', 'refused'],
      ['/a%2f../b', 'refused'],
      ['/%2e%2e%2fb', 'refused'],
      ['/a%2f.%2fb', 'refused'],
      ['/a%2f%2fb', '/a%2F%2Fb'],
      ['/a%5cb', 'refused'],
      ['/a%252fb', '/a%252fb'],
    ],
  );
  variant('dotSegments: normalise', all, [
    ['/a/../b', '/b'],
    ['/a/./b', '/a/b'],
    ['/a/..', '/'],
    ['/a/b/..', '/a/'],
    ['/a/b/.', '/a/b/'],
    ['/a/%2e%2E/b', '/b'],
    ['/../../etc/passwd', '/etc/passwd'],
    ['/a/..;/b', 'refused'],
    ['/a/..%2fb', 'refused'],
    ['/a//../b', '/b'],
  ]);
  variant('duplicateSlash: reject', all, [
    ['/a/b/', '/a/b/'],
    ['/a//b', 'refused'],
    ['//a', 'refused'],
    ['/a//', 'refused'],
    ['/a?b=//', '/a?b=//'],
  ]);
  variant('trailingSlash: strict', some, [
    ['/a', '/a'],
    ['/a/', 'unknown'],
    ['/b', 'unknown'],
    ['/b/', '/b/'],
    ['/', '/'],
  ]);
  variant('trailingSlash: ignore', some, [
    ['/a', '/a'],
    ['/a/', '/a/'],
    ['/b', '/b'],
    ['/c', '/c'],
    ['/c/', '/c/'],
    ['/d/', 'unknown'],
  ]);
  variant('trailingSlash: redirect', some, [
    ['/a', '/a'],
    ['/a/?q=1&r=%2F', 'a redirect to /a?q=1&r=%2F'],
    ['/b?q=1', 'a redirect to /b/?q=1'],
    ['/c', '/c'],
    ['/c/', '/c/'],
    ['//a//', 'a redirect to /a'],
    ['/p/evil.example.com/', 'a redirect to /p/evil.example.com'],
    ['/d/', 'unknown'],
    ['/', '/'],
  ]);
});
