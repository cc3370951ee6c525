import { expect } from 'chai';
import { call, expectProblem } from '../../support/client.ts';
import { onEachEngine } from '../../support/engines.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RawClient, type RawResponse } from '../../support/raw.ts';
import { TestUpstream } from '../../support/upstream.ts';

onEachEngine('routing', () => {
  let gateway: TestGateway;
  let upstream: TestUpstream;

  before(async () => {
    upstream = await TestUpstream.start();
    gateway = await startTestGateway(`
upstreams: { any: { targets: ["${upstream.origin}"] } }
routes:
  - { name: exact, match: { path: /orders/new }, upstream: any }
  - { name: one, match: { path: "/orders/:id", methods: [GET, DELETE] }, upstream: any }
  - { name: create, match: { path: "/orders/:id", methods: [PUT] }, upstream: any }
  - { name: below, match: { path: "/orders/*rest", methods: [POST] }, upstream: any }
  - { name: shop, match: { path: /host, host: shop.example.com }, upstream: any }
  - { name: wild, match: { path: /host, host: "*.example.com" }, upstream: any }
  - { name: two-hosts, match: { path: /two, host: [a.example.org, b.example.org] }, upstream: any }
  - { name: other-host, match: { path: /host }, upstream: any }
  - { name: beta, match: { path: /beta, headers: { x-beta: "1" } }, upstream: any }
  - { name: stable, match: { path: /beta }, upstream: any }
  - { name: rewritten, match: { path: "/api/orders/:id/*rest" }, upstream: any, rewrite: { path: "/v2/:id/x/*rest" } }
  - { name: stripped, match: { path: "/strip/*rest" }, upstream: any, rewrite: { stripPrefix: /strip } }
  - { name: stripped-exactly, match: { path: /strip }, upstream: any, rewrite: { stripPrefix: /strip } }
  - { name: added, match: { path: "/add/*rest" }, upstream: any, rewrite: { addPrefix: /v2 } }
  - { name: fixed, match: { path: /fixed }, respond: { status: 418, headers: { x-tea: pot }, body: "short and stout" } }
  - { name: moved, match: { path: /home }, respond: { status: 308, headers: { location: / } } }
`);
  });

  after(async () => {
    await gateway.stop();
    await upstream.close();
  });

  beforeEach(() => upstream.reset());

  async function routeOf(path: string, method = 'GET', headers: readonly string[] = []): Promise<unknown> {
    const answer = await call(gateway.url + path, { method, headers });
    return (await gateway.accessLine(answer.header('x-request-id') ?? ''))['route'];
  }

  it('takes the most specific path', async () => {
    expect(await routeOf('/orders/new')).to.equal('exact');
    expect(await routeOf('/orders/7')).to.equal('one');
    expect(await routeOf('/orders/7/items', 'POST')).to.equal('below');
  });

  it('passes over a more specific path with another method', async () => {
    expect(await routeOf('/orders/7', 'PUT')).to.equal('create');
    expect(await routeOf('/orders/7', 'POST')).to.equal('below');
  });

  it('takes HEAD for GET', async () => {
    expect(await routeOf('/orders/7', 'HEAD')).to.equal('one');
  });

  it('answers 405 with every method that would do, when only the method is wrong', async () => {
    const answer = await call(`${gateway.url}/orders/7`, { method: 'PATCH' });
    expectProblem(answer, 'method-not-allowed');
    expect(answer.header('allow')).to.equal('DELETE, GET, HEAD, POST, PUT');
    expect(upstream.requests.items).to.have.length(0);
  });

  it('answers 404 when nothing matches, and logs that no route did', async () => {
    const answer = await call(`${gateway.url}/nowhere?secret=1`);
    const id = expectProblem(answer, 'route-not-found');
    expect(await gateway.accessLine(id)).to.include({ route: '_none', path: '/nowhere', status: 404 });
  });

  it('minds the case of a path', async () => {
    expect(await routeOf('/Orders/new')).to.equal('_none');
  });

  it('minds an empty segment as no parameter', async () => {
    expect(await routeOf('/orders/')).to.equal('_none');
  });

  describe('by host', () => {
    const hosts: readonly (readonly [host: string, route: string])[] = [
      ['shop.example.com', 'shop'],
      ['SHOP.example.COM', 'shop'],
      ['shop.example.com:8080', 'shop'],
      ['shop.example.com.', 'shop'],
      ['api.example.com', 'wild'],
      ['a.b.example.com', 'wild'],
      ['example.com', 'other-host'],
      ['shop.example.com.evil.org', 'other-host'],
      ['evilexample.com', 'other-host'],
      ['127.0.0.1', 'other-host'],
      ['[::1]:8080', 'other-host'],
    ];
    for (const [host, route] of hosts) {
      it(`sends ${host} to ${route}`, async () => {
        expect(await routeOf('/host', 'GET', ['host', host])).to.equal(route);
      });
    }

    it('takes any of several hosts and no other', async () => {
      expect(await routeOf('/two', 'GET', ['host', 'a.example.org'])).to.equal('two-hosts');
      expect(await routeOf('/two', 'GET', ['host', 'b.example.org'])).to.equal('two-hosts');
      expect(await routeOf('/two', 'GET', ['host', 'c.example.org'])).to.equal('_none');
    });

    it('falls through to a less specific host when the path is not known there', async () => {
      expect(await routeOf('/orders/new', 'GET', ['host', 'shop.example.com'])).to.equal('exact');
    });

    it('believes an absolute target', async () => {
      const client = await RawClient.open(gateway.port);
      await client.send('GET http://shop.example.com/host HTTP/1.1\r\nHost: shop.example.com\r\n\r\n');
      const answer = await client.response();
      const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
      expect(line['route']).to.equal('shop');
      await client.close();
    });
  });

  it('goes by headers', async () => {
    expect(await routeOf('/beta', 'GET', ['X-Beta', '1'])).to.equal('beta');
    expect(await routeOf('/beta', 'GET', ['x-beta', '2'])).to.equal('stable');
    expect(await routeOf('/beta', 'GET', ['x-beta', '1', 'x-beta', '1'])).to.equal('stable');
    expect(await routeOf('/beta')).to.equal('stable');
  });

  describe('with rewrite', () => {
    const rewritten: readonly (readonly [from: string, to: string])[] = [
      ['/api/orders/7/a/b?q=1', '/v2/7/x/a/b?q=1'],
      ['/api/orders/a%20b/c', '/v2/a%20b/x/c'],
      ['/api/orders/:id/*rest', '/v2/:id/x/*rest'],
      ['/api/orders/7/', '/v2/7/x/'],
      ['/strip/a/b?q=1', '/a/b?q=1'],
      ['/strip/', '/'],
      ['/strip', '/'],
      ['/strip//evil.example.com/a', '/evil.example.com/a'],
      ['/strip/strip/a', '/strip/a'],
      ['/add/a?q=1', '/v2/add/a?q=1'],
    ];
    for (const [from, to] of rewritten) {
      it(`asks the upstream for ${to} in place of ${from}, and logs what the client asked for`, async () => {
        const answer = await ask(from);
        expect(answer.status).to.equal(200);
        expect((await upstream.requests.at(0)).target).to.equal(to);
        const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
        expect(line['path']).to.equal(from.split('?', 1)[0]?.replace('//', '/'));
      });
    }

    async function ask(target: string): Promise<RawResponse> {
      const client = await RawClient.open(gateway.port);
      await client.send(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
      const answer = await client.response();
      await client.close();
      return answer;
    }
  });

  describe('to an answer in the configuration', () => {
    it('needs no upstream', async () => {
      const answer = await call(`${gateway.url}/fixed`, { method: 'POST', body: 'whatever' });
      expect([answer.status, answer.header('x-tea'), answer.text]).to.deep.equal([418, 'pot', 'short and stout']);
      expect(answer.header('content-type')).to.equal('text/plain; charset=utf-8');
      const line = await gateway.accessLine(answer.header('x-request-id') ?? '');
      expect(line).to.include({ route: 'fixed', status: 418, bytes: 15 }).and.not.have.any.keys('upstream', 'attempts');
    });

    it('can be a redirect', async () => {
      const answer = await call(`${gateway.url}/home`);
      expect([answer.status, answer.header('location'), answer.text]).to.deep.equal([308, '/', '']);
    });
  });
});
