import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import { discoverConsul } from '../../../src/upstreams/discovery/consul.ts';
import { settled } from '../../support/arrivals.ts';
import { TestConsul, urlOf } from '../../support/consul.ts';
import { HOSTILE, Sources } from '../../support/discovery.ts';
import { closedPort } from '../../support/upstream.ts';

const ONE = 'http://10.0.0.1:8001';
const TWO = 'http://10.0.0.2:8002';

describe('endpoints from Consul', () => {
  const sources = new Sources();
  let consul: TestConsul;

  beforeEach(async () => {
    consul = await TestConsul.start();
    consul.set([{ address: '10.0.0.1', port: 8001 }]);
  });

  afterEach(async () => {
    await sources.close();
    await consul.close();
  });

  function discover(more: { readonly tag?: string; readonly service?: string } = {}) {
    return sources.start(discoverConsul, { consul: consul.upstream.origin, service: 'orders', ...more });
  }

  /** Waits until a query is held back. */
  async function held(count: number): Promise<void> {
    await consul.upstream.requests.at(count - 1);
    await settled(() => consul.held);
    expect(consul.held).to.equal(1);
  }

  it('appear, change and vanish', async () => {
    const before = Date.now();
    const { source, listener } = discover();
    expect(source.updatedAt).to.equal(undefined);
    expect(await listener.next()).to.deep.equal([ONE]);
    expect(source.updatedAt).to.be.within(before, Date.now());
    await held(2);
    consul.set([
      { address: '10.0.0.2', port: 8002, weight: 5 },
      { address: '10.0.0.1', port: 8001 },
    ]);
    expect(await listener.next()).to.deep.equal([ONE, `${TWO}*5`]);
    await held(3);
    consul.set([{ address: '10.0.0.2', port: 8002, status: 'critical' }]);
    expect(await listener.next()).to.deep.equal([]);
    expect(listener.rest).to.deep.equal([]);
  });

  it('are none, and told as that, when the first answer is empty', async () => {
    consul.set([]);
    const { listener } = discover();
    expect(await listener.next()).to.deep.equal([]);
  });

  it('are asked for by blocking queries, from the last index on', async () => {
    const { listener } = discover();
    await listener.next();
    await held(2);
    const [first, second] = consul.upstream.requests.items.map((request) => urlOf(request).searchParams);
    expect(first?.has('index')).to.equal(false);
    expect(second?.get('index')).to.equal('11');
    expect(second?.get('wait')).to.equal('60s');
  });

  it('are not told again when a query ends without a change', async () => {
    const { listener, source } = discover();
    await listener.next();
    await held(2);
    const first = source.updatedAt ?? 0;
    consul.release();
    await held(3);
    expect(source.updatedAt).to.be.at.least(first);
    consul.set([]);
    expect(await listener.next()).to.deep.equal([]);
  });

  it('have the address of their node when they have none, IPv6 in brackets, and are told once each', async () => {
    consul.set([
      { port: 8001, node: '10.7.7.7' },
      { port: 8001, address: 'fd00::1' },
      { port: 8001, address: 'orders.example.com', weight: 2 },
      { port: 8001, address: 'orders.example.com', weight: 3 },
      { port: 8001, address: 'orders.example.com' },
    ]);
    const { listener } = discover();
    expect(await listener.next()).to.deep.equal([
      'http://10.7.7.7:8001',
      'http://[fd00::1]:8001',
      'http://orders.example.com:8001*3',
    ]);
  });

  it('are those with the tag', async () => {
    consul.set([
      { address: '10.0.0.1', port: 8001, tags: ['v1'] },
      { address: '10.0.0.2', port: 8002, tags: ['v2 & more'] },
    ]);
    const { listener } = discover({ tag: 'v2 & more' });
    expect(await listener.next()).to.deep.equal([TWO]);
  });

  it('belong to the service whose name it is, whatever is in it', async () => {
    const { listener } = discover({ service: 'a/../orders?passing=0' });
    expect(await listener.next()).to.deep.equal([]);
    expect(urlOf(await consul.upstream.requests.at(0)).pathname).to.equal(
      '/v1/health/service/a%2F..%2Forders%3Fpassing%3D0',
    );
  });

  it('are read anew when the index goes backwards', async () => {
    const { listener } = discover();
    await listener.next();
    await held(2);
    // What a restored snapshot does.
    consul.set([{ address: '10.0.0.2', port: 8002 }], 3);
    expect(await listener.next()).to.deep.equal([TWO]);
    await held(4);
    const indices = consul.upstream.requests.items.map((request) => urlOf(request).searchParams.get('index'));
    expect(indices).to.deep.equal([null, '11', null, '3']);
  });

  it('are asked for from 1 on when the index is 0, which would not block', async () => {
    consul.set([], 0);
    const { listener } = discover();
    await listener.next();
    const { searchParams } = urlOf(await consul.upstream.requests.at(1));
    expect(searchParams.get('index')).to.equal('1');
  });

  it('are asked for once a second by the most when Consul answers all the time', async () => {
    let index = 20;
    consul.upstream.answer = ({ response }) => {
      index += 1;
      response.setHeader('x-consul-index', index);
      response.end('[]');
    };
    discover();
    await consul.upstream.requests.at(4);
    const begun = performance.now();
    await consul.upstream.requests.at(7);
    expect(performance.now() - begun).to.be.above(1700);
  });

  it('stay while Consul fails, which is told once, as is that it works again', async () => {
    const { source, listener } = discover();
    expect(await listener.next()).to.deep.equal([ONE]);
    await held(2);
    const { updatedAt } = source;
    consul.upstream.answer = ({ response }) => void response.writeHead(503).end('no leader');
    consul.release();
    // The one that was held back, and then failures.
    await consul.upstream.requests.at(4);
    expect(await listener.failure()).to.equal(`${consul.upstream.origin} answered 503`);
    expect(source.updatedAt).to.be.within(updatedAt ?? 0, Date.now());
    expect(listener.rest).to.deep.equal([]);
    consul.behave();
    expect(await listener.next()).to.equal('recovery');
    await settled(() => consul.held);
    consul.set([{ address: '10.0.0.2', port: 8002 }]);
    expect(await listener.next()).to.deep.equal([TWO]);
    expect(listener.rest).to.deep.equal([]);
  });

  it('are asked for ever more seldom while Consul fails', async () => {
    const times: number[] = [];
    consul.upstream.answer = ({ response }) => {
      times.push(performance.now());
      response.writeHead(500).end();
    };
    discover();
    await consul.upstream.requests.at(2);
    const [first = 0, second = 0, third = 0] = times;
    // A second and two, of which up to half is left to chance.
    expect(second - first).to.be.within(490, 1400);
    expect(third - second).to.be.within(990, 2400);
  });

  it('are not known, which is told, when nobody listens', async () => {
    const { listener } = sources.start(discoverConsul, {
      consul: `http://127.0.0.1:${await closedPort()}`,
      service: 'orders',
    });
    expect(await listener.failure()).to.match(/cannot be reached: ECONNREFUSED$/);
  });

  it('are asked for with the user of the URL, who is not told to anybody', async () => {
    const url = new URL('/consul/?dc=west', consul.upstream.origin);
    url.username = 'gateway';
    url.password = 'hunter2';
    consul.upstream.answer = ({ response }) => void response.writeHead(403).end();
    const { listener } = sources.start(discoverConsul, { consul: url.href, service: 'orders' });
    expect(await listener.failure()).to.equal(`${consul.upstream.origin} answered 403`);
    const request = await consul.upstream.requests.at(0);
    expect(request.header('authorization')).to.equal(`Basic ${btoa('gateway:hunter2')}`);
    expect(request.target).to.equal('/consul/v1/health/service/orders?dc=west&passing=1');
  });

  it('end in the middle of a query', async () => {
    const { source, listener } = discover();
    await listener.next();
    await held(2);
    source.close();
    const request = await consul.upstream.requests.at(1);
    await request.over();
    consul.set([]);
    await settled(() => consul.upstream.requests.items.length);
    expect(consul.upstream.requests.items).to.have.length(2);
    expect(listener.rest).to.deep.equal([]);
  });

  it('end while it waits to ask again', async () => {
    consul.upstream.answer = ({ response }) => void response.writeHead(500).end();
    const { source, listener } = discover();
    await listener.failure();
    source.close();
    // Its timer would be found at the end of the run.
    expect(listener.rest).to.deep.equal([]);
  });

  it('may be ten thousand', async () => {
    const many = Array.from({ length: 10_000 }, (_none, number) => ({
      address: `10.1.${number >> 8}.${number & 255}`,
      port: 80,
    }));
    consul.set(many);
    const { listener } = discover();
    const told = await listener.next();
    expect(told).to.have.length(10_000);
    expect(told).to.include('http://10.1.39.15');
  });

  for (const [what, answer, cause] of HOSTILE) {
    it(`stay when Consul sends ${what}`, async () => {
      await expectsFailure((response) => answer(response), cause);
    });
  }

  const instance = { Service: { Address: '10.0.0.1', Port: 80 }, Node: { Address: '10.0.0.1' } };
  for (const [what, body] of [
    ['no list', '{}'],
    ['null', 'null'],
    ['a list of something else', '[1]'],
    ['an instance without a port', JSON.stringify([{ ...instance, Service: { Port: 0 } }])],
    ['a port that is none', JSON.stringify([{ ...instance, Service: { Port: '80' } }])],
    ['a weight that is none', JSON.stringify([{ ...instance, Service: { Port: 80, Weights: { Passing: -1 } } }])],
    ['an address that is a URL', JSON.stringify([{ Service: { Address: 'a@b/c', Port: 80 } }])],
    ['one bad instance among good ones', JSON.stringify([instance, {}])],
    ['members of a prototype', '[{"__proto__": {"Service": {"Address": "10.6.6.6", "Port": 80}}}]'],
    ['names of what every object has', '[{"Service": "constructor", "Node": []}]'],
  ] as const) {
    it(`are not known when Consul sends ${what}`, async () => {
      consul.upstream.answer = ({ response }) => void response.setHeader('x-consul-index', 20).end(body);
      const { listener } = discover();
      expect(await listener.failure()).to.match(/^Consul sent no list|^instance \d of Consul’s answer has no usable/);
      expect(Reflect.has({}, 'Service')).to.equal(false);
    });
  }

  it('stay when Consul sends no index, or one that is no number', async () => {
    await expectsFailure((response) => response.end('[]'), /no X-Consul-Index/);
    await expectsFailure((response) => response.setHeader('x-consul-index', '-1').end('[]'), /no X-Consul-Index/);
  });

  async function expectsFailure(answer: (response: ServerResponse) => unknown, cause: RegExp): Promise<void> {
    consul.behave();
    const { source, listener } = discover();
    expect(await listener.next()).to.deep.equal([ONE]);
    await settled(() => consul.held);
    consul.upstream.answer = ({ response }) => void answer(response);
    consul.release();
    expect(await listener.failure()).to.match(cause);
    consul.behave();
    // The same endpoints are not told again.
    expect(await listener.next()).to.equal('recovery');
    expect(listener.rest).to.deep.equal([]);
    source.close();
  }
});
