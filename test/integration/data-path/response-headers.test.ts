import { expect } from 'chai';
import { call } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { closedPort, TestUpstream } from '../../support/upstream.ts';

onEachEngine('the headers of an answer', () => {
  let gateway: TestGateway;
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
response:
  headers:
    set: { x-frame-options: SAMEORIGIN, x-content-type-options: nosniff, x-id: "{{request.id}}" }
    add: { vary: origin }
    remove: [server, X-Powered-By]
upstreams:
  any: { targets: ["${upstream.origin}"] }
  none: { targets: ["http://127.0.0.1:${await closedPort()}"] }
routes:
  - { name: any, match: { path: "/any/*rest" }, upstream: any }
  - { name: none, match: { path: /none }, upstream: none }
  - name: edited
    match: { path: "/edited/:id", methods: [GET] }
    upstream: any
    response:
      headers:
        set: { x-frame-options: DENY, x-route: "{{params.id}}", x-query: "{{query.q}}" }
        add: { set-cookie: c=3 }
        remove: [x-internal, x-content-type-options]
  - name: foreign
    match: { path: /foreign }
    respond: { status: 200, headers: { x-a: "a\\u010d\\u010aInjected: 1", x-b: "ü€" } }
  - name: own
    match: { path: /own }
    respond: { status: 200, headers: { content-type: text/html, x-internal: a }, body: "<p>" }
    response: { headers: { remove: [x-internal] } }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  it('pass in their order, their case and their number', async () => {
    const headers = ['X-One', 'a', 'Set-Cookie', 'a=1; Path=/', 'x-two', 'b', 'set-cookie', 'b=2', 'X-ONE', 'c'];
    upstream.answer = ({ response }) => void response.writeHead(200, headers).end('ok');
    const answer = await call(`${gateway.url}/any/a`);
    expect(answer.rawHeaders.slice(0, headers.length)).to.deep.equal(headers);
  });

  it('pass with the bytes that they have', async () => {
    upstream.answer = ({ response }) => void response.writeHead(200, ['x-bytes', 'caf\xe9']).end('ok');
    expect((await call(`${gateway.url}/any/a`)).header('x-bytes')).to.equal('caf\xe9');
  });

  it('have one Date, the upstream’s if it has one', async () => {
    const date = 'Tue, 15 Nov 1994 08:12:31 GMT';
    upstream.answer = ({ response }) => void response.writeHead(200, ['Date', date]).end('ok');
    expect((await call(`${gateway.url}/any/a`)).header('date')).to.equal(date);
    upstream.answer = ({ response }) => {
      response.sendDate = false;
      response.end('ok');
    };
    expect((await call(`${gateway.url}/any/a`)).header('date')).to.match(
      /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/,
    );
  });

  describe('that the file edits', () => {
    const everywhere: readonly (readonly [what: string, path: string, status: number])[] = [
      ['an answer of an upstream', '/any/a', 200],
      ['an answer of the gateway', '/own', 200],
      ['a 404', '/nowhere', 404],
      ['a 400', '/any/%00', 400],
      ['a 502', '/none', 502],
    ];
    for (const [what, path, status] of everywhere) {
      it(`are on ${what}`, async () => {
        upstream.answer = ({ response }) => {
          response
            .writeHead(200, ['Server', 'secret/1.0', 'X-Powered-By', 'secret', 'X-Frame-Options', 'ALLOWALL'])
            .end();
        };
        const answer = await call(gateway.url + path);
        expect(answer.status).to.equal(status);
        expect(answer.header('x-frame-options')).to.equal('SAMEORIGIN');
        expect(answer.header('x-content-type-options')).to.equal('nosniff');
        expect(answer.header('vary')).to.equal('origin');
        expect(answer.header('x-id')).to.equal(answer.header('x-request-id'));
        expect(answer.header('server')).to.equal(undefined);
        expect(answer.header('x-powered-by')).to.equal(undefined);
      });
    }

    it('are on a 405 without a route, too', async () => {
      const answer = await call(`${gateway.url}/edited/7`, { method: 'POST' });
      expect([answer.status, answer.header('x-frame-options')]).to.deep.equal([405, 'SAMEORIGIN']);
    });
  });

  describe('that a route edits', () => {
    it('are edited after the file’s edits', async () => {
      upstream.answer = ({ response }) => {
        response.writeHead(200, ['x-internal', 'a', 'set-cookie', 'a=1', 'set-cookie', 'b=2', 'vary', 'accept']).end();
      };
      const answer = await call(`${gateway.url}/edited/7?q=x`);
      const values = (name: string): string[] =>
        answer.rawHeaders.filter((_text, index) => answer.rawHeaders[index - 1]?.toLowerCase() === name);
      expect(values('x-frame-options')).to.deep.equal(['DENY']);
      expect(values('x-route')).to.deep.equal(['7']);
      expect(values('x-query')).to.deep.equal(['x']);
      expect(values('x-internal')).to.deep.equal([]);
      expect(values('x-content-type-options')).to.deep.equal([]);
      expect(values('set-cookie')).to.deep.equal(['a=1', 'b=2', 'c=3']);
      expect(values('vary')).to.deep.equal(['accept', 'origin']);
    });

    it('never get a line break from a template', async () => {
      const answer = await call(`${gateway.url}/edited/7?q=a%0d%0aset-cookie:%20evil=1`);
      expect(answer.header('x-query')).to.equal(undefined);
      expect(answer.header('set-cookie')).to.equal('c=3');
    });

    it('can be those of an answer in the configuration', async () => {
      const answer = await call(`${gateway.url}/own`);
      expect([answer.header('content-type'), answer.header('x-internal')]).to.deep.equal(['text/html', undefined]);
    });
  });

  it('hold what the configuration says as UTF-8, whose bytes are no line ends', async () => {
    const answer = await call(`${gateway.url}/foreign`);
    const valueOf = (name: string): string => Buffer.from(answer.header(name) ?? '', 'latin1').toString('utf8');
    expect([answer.status, valueOf('x-a'), valueOf('x-b')]).to.deep.equal([200, 'a\u010d\u010aInjected: 1', 'ü€']);
    expect(answer.header('injected')).to.equal(undefined);
  });
});
