import { expect } from 'chai';
import { call } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient } from '../../support/raw.ts';
import { TestUpstream, type UpstreamRequest } from '../../support/upstream.ts';

onEachEngine('the headers of a request', () => {
  let gateway: TestGateway;
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
upstreams:
  any: { targets: ["${upstream.origin}"] }
  preserving: { targets: ["${upstream.origin}"], host: preserve }
routes:
  - { name: any, match: { path: "/*rest" }, upstream: any }
  - { name: preserving, match: { path: /preserve }, upstream: preserving }
  - name: edited
    match: { path: "/edited/:id" }
    upstream: any
    request:
      headers:
        set:
          x-fixed: fixed
          x-id: "{{params.id}}"
          x-query: "{{query.q}}"
          x-from: "{{headers.x-one}}"
          x-client: "ip={{client.ip}}"
          x-request: "{{request.id}}"
          x-both: "{{params.id}}/{{query.q}}"
          x-hidden: internal
        add: { x-more: second }
        remove: [cookie, x-hidden, X-Secret]
  - name: user
    match: { path: /user }
    upstream: any
    request: { headers: { set: { x-user: "{{claims.sub}}", x-tenant: '{{claims["https://x/tenant"]}}' }, add: { x-role: "{{claims.role}}" } } }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  async function seen(path: string, headers: readonly string[] = []): Promise<UpstreamRequest> {
    const answer = await call(gateway.url + path, { headers });
    expect(answer.status).to.equal(200);
    return upstream.requests.at(upstream.requests.items.length - 1);
  }

  it('pass in their order, their case and their number', async () => {
    const headers = ['X-One', 'a', 'x-two', 'b', 'X-ONE', 'c', 'Cookie', 'a=1', 'cookie', 'b=2', 'X-Empty', ''];
    const request = await seen('/a', headers);
    expect(request.rawHeaders.slice(0, headers.length)).to.deep.equal(headers);
  });

  it('pass with the bytes that they have', async () => {
    const request = await seen('/a', ['x-bytes', 'caf\xe9 \xff', 'x-tab', 'a\tb']);
    expect([request.header('x-bytes'), request.header('x-tab')]).to.deep.equal(['caf\xe9 \xff', 'a\tb']);
  });

  it('lose those of one connection only', async () => {
    const request = await seen('/a', [
      'connection',
      'keep-alive, X-One',
      'keep-alive',
      'timeout=5',
      'proxy-connection',
      'keep-alive',
      'proxy-authorization',
      'Basic YTpi',
      'te',
      'gzip',
      'x-one',
      'a',
      'x-two',
      'b',
    ]);
    expect(request.headerNames).to.have.members([
      'x-two',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-proto',
      'forwarded',
      'via',
      'x-request-id',
      'host',
    ]);
  });

  it('keep what frames and routes them, though Connection names it', async () => {
    const answer = await call(`${gateway.url}/a`, {
      method: 'POST',
      body: 'hello',
      headers: [
        'connection',
        'close, content-length, host, content-type, x-forwarded-for, via',
        'content-type',
        'text/x',
      ],
    });
    expect(answer.status).to.equal(200);
    const request = await upstream.requests.at(0);
    expect((await request.body()).toString()).to.equal('hello');
    expect([request.header('content-type'), request.header('host'), request.header('x-forwarded-for')]).to.deep.equal([
      'text/x',
      `127.0.0.1:${upstream.port}`,
      '127.0.0.1',
    ]);
  });

  it('say that trailers are welcome when the client says so', async () => {
    const request = await seen('/a', ['connection', 'TE', 'te', 'trailers, deflate;q=0.5']);
    expect(request.header('te')).to.equal('trailers');
  });

  it('name the endpoint as host', async () => {
    const request = await seen('/a', ['host', 'shop.example.com']);
    expect(request.headerValues('host')).to.deep.equal([`127.0.0.1:${upstream.port}`]);
  });

  describe('with host: preserve', () => {
    it('name the host that the client named', async () => {
      const request = await seen('/preserve', ['host', 'Shop.Example.com:8080']);
      expect(request.headerValues('host')).to.deep.equal(['Shop.Example.com:8080']);
    });

    it('name the host of an absolute target', async () => {
      const client = await RawClient.open(gateway.port);
      await client.send('GET http://shop.example.com/preserve HTTP/1.1\r\nHost: shop.example.com\r\n\r\n');
      expect((await client.response()).status).to.equal(200);
      expect((await upstream.requests.at(0)).headerValues('host')).to.deep.equal(['shop.example.com']);
      await client.close();
    });

    it('name the endpoint when the client named none', async () => {
      const client = await RawClient.open(gateway.port);
      await client.send('GET /preserve HTTP/1.0\r\n\r\n');
      expect((await client.response()).status).to.equal(200);
      expect((await upstream.requests.at(0)).headerValues('host')).to.deep.equal([`127.0.0.1:${upstream.port}`]);
      await client.close();
    });
  });

  describe('that a route edits', () => {
    it('are removed, set and added in this order', async () => {
      const request = await seen('/edited/7', [
        'cookie',
        'a=1',
        'X-SECRET',
        's',
        'x-fixed',
        'theirs',
        'x-more',
        'first',
        'x-hidden',
        'theirs',
      ]);
      expect(request.header('cookie')).to.equal(undefined);
      expect(request.header('x-secret')).to.equal(undefined);
      expect(request.headerValues('x-fixed')).to.deep.equal(['fixed']);
      expect(request.headerValues('x-more')).to.deep.equal(['first', 'second']);
      expect(request.headerValues('x-hidden')).to.deep.equal(['internal']);
    });

    it('are filled from the request', async () => {
      const request = await seen('/edited/a%20b?q=c+d%26&q=e', ['x-one', 'one', 'x-one', 'two']);
      expect(request.header('x-id')).to.equal('a b');
      expect(request.header('x-query')).to.equal('c d&');
      expect(request.header('x-from')).to.equal('one, two');
      expect(request.header('x-client')).to.equal('ip=127.0.0.1');
      expect(request.header('x-request')).to.equal(request.header('x-request-id'));
      expect(request.header('x-both')).to.equal('a b/c d&');
    });

    it('are removed when a template has no value, though the client sent them', async () => {
      const request = await seen('/edited/7', ['x-query', 'theirs', 'x-from', 'theirs', 'x-both', 'theirs']);
      expect(request.headerNames).to.not.include.members(['x-query']);
      expect(request.headerNames).to.not.include.members(['x-from']);
      expect(request.headerNames).to.not.include.members(['x-both']);
    });

    for (const [what, escape] of [
      ['a line break', '%0d%0aX-Injected:%20yes'],
      ['a line feed', '%0aX-Injected:%20yes'],
      ['a NUL', '%00'],
      ['a delete', '%7f'],
    ] as const) {
      it(`never get ${what} from a template`, async () => {
        const request = await seen(`/edited/7?q=a${escape}`);
        expect(request.headerNames).to.not.include('x-query');
        expect(request.headerNames).to.not.include('x-injected');
      });
    }

    it('get letters beyond ASCII as UTF-8', async () => {
      const request = await seen('/edited/caf%C3%A9?q=%E2%82%AC');
      expect(Buffer.from(request.header('x-id') ?? '', 'latin1').toString()).to.equal('café');
      expect(Buffer.from(request.header('x-query') ?? '', 'latin1').toString()).to.equal('€');
    });
  });

  describe('that say who calls', () => {
    const names = ['X-User', 'x_user', 'X.User', 'x-tenant', 'X_TENANT', 'x-role', 'x.role'];

    for (const path of ['/user', '/a']) {
      for (const name of names) {
        it(`are never taken from a client: ${name} on ${path}`, async () => {
          const request = await seen(path, [name, 'admin', 'x-other', 'kept']);
          expect(request.headerNames).to.not.include(name.toLowerCase());
          expect(request.header('x-other')).to.equal('kept');
        });
      }
    }
  });
});
