import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { discoverKubernetes, type KubernetesOptions } from '../../../src/upstreams/discovery/kubernetes.ts';
import { settled } from '../../support/arrivals.ts';
import { second } from '../../support/certificates.ts';
import { HOSTILE, Sources } from '../../support/discovery.ts';
import { sliceOf, TestKubernetes, type ApiRequest } from '../../support/kubernetes.ts';

const ONE = 'http://10.0.0.1:8080';
const TWO = 'http://10.0.0.2:8080';

describe('endpoints from Kubernetes', () => {
  const sources = new Sources();
  let kubernetes: TestKubernetes;

  beforeEach(async () => {
    kubernetes = await TestKubernetes.start();
    kubernetes.set('orders-a', { addresses: ['10.0.0.1'] });
  });

  afterEach(async () => {
    await sources.close();
    await kubernetes.close();
  });

  function discover(more: Partial<KubernetesOptions> = {}) {
    const { api, credentials } = kubernetes;
    return sources.start(discoverKubernetes, { service: 'orders', api, credentials, ...more });
  }

  /** A watch that has begun. @param index among all requests, counted from 0 */
  async function watch(index: number): Promise<ApiRequest> {
    const request = await kubernetes.requests.at(index);
    expect(request.watchesFrom).to.be.a('string');
    return request;
  }

  it('appear, change and vanish, in all slices of a service', async () => {
    const before = Date.now();
    const { source, listener } = discover();
    expect(source.updatedAt).to.equal(undefined);
    expect(await listener.next()).to.deep.equal([ONE]);
    expect(source.updatedAt).to.be.within(before, Date.now());
    await watch(1);
    kubernetes.set('orders-b', { addresses: ['10.0.0.3', '10.0.0.2'], unknown: ['10.0.0.3'] });
    expect(await listener.next()).to.deep.equal([ONE, TWO, 'http://10.0.0.3:8080']);
    kubernetes.set('orders-b', { addresses: ['10.0.0.3', '10.0.0.2'], notReady: ['10.0.0.3'] });
    expect(await listener.next()).to.deep.equal([ONE, TWO]);
    kubernetes.set('orders-a', { addresses: ['10.0.0.2'] });
    expect(await listener.next()).to.deep.equal([TWO]);
    kubernetes.set('orders-c', { addresses: ['10.0.0.1'] });
    expect(await listener.next()).to.deep.equal([ONE, TWO]);
    kubernetes.delete('orders-c');
    expect(await listener.next()).to.deep.equal([TWO]);
    kubernetes.set('orders-b', { addresses: [] });
    kubernetes.set('orders-a', { addresses: [], ports: [] });
    expect(await listener.next()).to.deep.equal([]);
    expect(listener.rest).to.deep.equal([]);
    expect(kubernetes.requests.items).to.have.length(2);
  });

  it('are none without slices', async () => {
    kubernetes.delete('orders-a');
    const { listener } = discover();
    expect(await listener.next()).to.deep.equal([]);
  });

  it('are asked for with the account of the pod, its namespace and its authority', async () => {
    const { listener } = discover();
    await listener.next();
    const [list] = kubernetes.requests.items;
    expect(list?.authorization).to.equal('Bearer token-1');
    expect(list?.url.pathname).to.equal('/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices');
    expect(list?.url.search).to.equal('?labelSelector=kubernetes.io%2Fservice-name%3Dorders');
    const { searchParams } = (await watch(1)).url;
    expect(searchParams.get('allowWatchBookmarks')).to.equal('true');
    expect(searchParams.get('resourceVersion')).to.equal('101');
  });

  it('may be in another namespace', async () => {
    const { listener } = discover({ namespace: 'a/b' });
    expect(await listener.failure()).to.match(/ answered 404$/);
    expect((await kubernetes.requests.at(0)).url.pathname).to.include('/namespaces/a%2Fb/');
  });

  for (const [what, port, ports, expected] of [
    ['the only one', undefined, [{ port: 8080 }], ONE],
    ['the only one for TCP', undefined, [{ port: 53, protocol: 'UDP' }, { port: 8080 }], ONE],
    [
      'the one of a name',
      'web',
      [
        { name: 'metrics', port: 9 },
        { name: 'web', port: 80 },
      ],
      'http://10.0.0.1',
    ],
    [
      'the one of a number',
      80,
      [
        { name: 'metrics', port: 9 },
        { name: 'web', port: 80 },
      ],
      'http://10.0.0.1',
    ],
    ['one that says it is https', 'web', [{ name: 'web', port: 443, appProtocol: 'https' }], 'https://10.0.0.1'],
  ] as const) {
    it(`have ${what} of their ports`, async () => {
      kubernetes.set('orders-a', { addresses: ['10.0.0.1'], ports });
      const { listener } = discover({ port });
      expect(await listener.next()).to.deep.equal([expected]);
    });
  }

  for (const [what, port, ports, cause] of [
    [
      'several to choose from',
      undefined,
      [
        { name: 'a', port: 1 },
        { name: 'b', port: 2 },
      ],
      'has several ports: name one',
    ],
    ['none of the name', 'web', [{ name: 'http', port: 80 }], 'has no TCP port "web"'],
    ['none of the number', 80, [{ name: '80', port: 8080 }], 'has no TCP port "80"'],
    ['none at all', undefined, [], 'has no TCP port'],
  ] as const) {
    it(`are not known with ${what} as a port`, async () => {
      kubernetes.set('orders-a', { addresses: ['10.0.0.1'], ports });
      const { listener } = discover({ port });
      expect(await listener.failure()).to.equal(`the EndpointSlice "orders-a" ${cause}`);
    });
  }

  it('are taken once where each pod has an address of both families, and may have IPv6 only', async () => {
    kubernetes.set('orders-6', { addresses: ['fd00::1'], addressType: 'IPv6' });
    const { listener } = discover({ scheme: 'https' });
    expect(await listener.next()).to.deep.equal(['https://10.0.0.1:8080']);
    await watch(1);
    kubernetes.delete('orders-a');
    expect(await listener.next()).to.deep.equal(['https://[fd00::1]:8080']);
  });

  it('go on from the last bookmark when a watch has ended', async () => {
    const { listener } = discover();
    await listener.next();
    await watch(1);
    await settled(() => kubernetes.watching);
    kubernetes.set('orders-a', { addresses: ['10.0.0.2'] });
    expect(await listener.next()).to.deep.equal([TWO]);
    kubernetes.bookmark();
    const { version } = kubernetes;
    kubernetes.endWatches();
    // Happens while nobody watches.
    kubernetes.set('orders-a', { addresses: ['10.0.0.1'] });
    expect((await watch(2)).watchesFrom).to.equal(version);
    expect(await listener.next()).to.deep.equal([ONE]);
    expect(listener.rest).to.deep.equal([]);
  });

  it('are listed anew when the version is too old to begin a watch with', async () => {
    const { listener } = discover();
    await listener.next();
    await watch(1);
    kubernetes.set('orders-a', { addresses: ['10.0.0.2'] });
    expect(await listener.next()).to.deep.equal([TWO]);
    // All versions up to now are too old.
    kubernetes.forget();
    kubernetes.endWatches();
    await watch(2);
    const list = await kubernetes.requests.at(3);
    expect(list.watchesFrom).to.equal(undefined);
    await watch(4);
    kubernetes.set('orders-b', { addresses: ['10.0.0.1'] });
    expect(await listener.next()).to.deep.equal([ONE, TWO]);
    expect(listener.rest).to.deep.equal([]);
  });

  it('are listed anew when the version becomes too old in the middle of a watch, and what is gone vanishes', async () => {
    kubernetes.set('orders-b', { addresses: ['10.0.0.2'] });
    const { listener } = discover();
    expect(await listener.next()).to.deep.equal([ONE, TWO]);
    await watch(1);
    await settled(() => kubernetes.watching);
    kubernetes.expire();
    kubernetes.delete('orders-b');
    kubernetes.forget();
    expect(await listener.next()).to.deep.equal([ONE]);
    expect((await kubernetes.requests.at(2)).watchesFrom).to.equal(undefined);
    expect(listener.rest).to.deep.equal([]);
  });

  it('are asked for with a new token as soon as there is one', async () => {
    const { listener } = discover();
    await listener.next();
    await watch(1);
    await settled(() => kubernetes.watching);
    kubernetes.token = 'token-2';
    await kubernetes.writeAccount({ token: 'token-2\n' });
    kubernetes.endWatches();
    expect((await watch(2)).authorization).to.equal('Bearer token-2');
    kubernetes.set('orders-a', { addresses: ['10.0.0.2'] });
    expect(await listener.next()).to.deep.equal([TWO]);
    expect(listener.rest).to.deep.equal([]);
  });

  it('stay while the token is refused, until there is another', async () => {
    const { listener } = discover();
    await listener.next();
    await watch(1);
    await settled(() => kubernetes.watching);
    kubernetes.token = 'token-2';
    kubernetes.endWatches();
    expect(await listener.failure()).to.equal(`${kubernetes.api} answered 401`);
    await kubernetes.requests.at(3);
    await kubernetes.writeAccount({ token: 'token-2' });
    expect(await listener.next()).to.equal('recovery');
    expect(listener.rest).to.deep.equal([]);
  });

  it('are not asked for without an account', async () => {
    await rm(join(kubernetes.credentials, 'token'));
    const { listener } = discover();
    expect(await listener.failure()).to.match(/^the service account in .* cannot be read: ENOENT$/);
    expect(kubernetes.requests.items).to.deep.equal([]);
    await kubernetes.writeAccount({ token: 'token-1' });
    expect(await listener.next()).to.equal('recovery');
    expect(await listener.next()).to.deep.equal([ONE]);
  });

  it('stay while there is no account any more, and are listed when there is one', async () => {
    const { listener } = discover();
    await listener.next();
    await watch(1);
    await settled(() => kubernetes.watching);
    await rm(join(kubernetes.credentials, 'token'));
    kubernetes.endWatches();
    expect(await listener.failure()).to.match(/ cannot be read: ENOENT$/);
    await kubernetes.writeAccount({ token: 'token-1' });
    expect(await listener.next()).to.equal('recovery');
    expect(listener.rest).to.deep.equal([]);
  });

  it('are not asked for at a server with a certificate of another authority', async () => {
    await kubernetes.writeAccount({ 'ca.crt': second.cert });
    const { listener } = discover();
    expect(await listener.failure()).to.match(/ cannot be reached: DEPTH_ZERO_SELF_SIGNED_CERT$/);
    expect(kubernetes.requests.items).to.deep.equal([]);
  });

  it('go on from the last version when a watch breaks', async () => {
    const { listener } = discover();
    await listener.next();
    await watch(1);
    await settled(() => kubernetes.watching);
    kubernetes.breakWatches();
    kubernetes.delete('orders-a');
    expect(await listener.next()).to.deep.equal([]);
    expect((await watch(2)).watchesFrom).to.equal('101');
    expect(listener.rest).to.deep.equal([]);
  });

  it('end in the middle of a watch', async () => {
    const { source, listener } = discover();
    await listener.next();
    const request = await watch(1);
    source.close();
    await request.closed;
    kubernetes.set('orders-a', { addresses: ['10.0.0.2'] });
    await settled(() => kubernetes.requests.items.length);
    expect(kubernetes.requests.items).to.have.length(2);
    expect(listener.rest).to.deep.equal([]);
  });

  it('may be ten thousand', async () => {
    for (let slice = 0; slice < 100; slice += 1)
      kubernetes.set(`orders-${slice}`, {
        addresses: Array.from({ length: 100 }, (_none, number) => `10.1.${slice}.${number}`),
      });
    kubernetes.delete('orders-a');
    const { listener } = discover();
    const told = await listener.next();
    expect(told).to.have.length(10_000);
    expect(told).to.include('http://10.1.99.99:8080');
  });

  for (const [what, answer, cause] of HOSTILE) {
    it(`stay when the list is ${what}`, async () => {
      const { listener } = discover();
      expect(await listener.next()).to.deep.equal([ONE]);
      await watch(1);
      kubernetes.answer = ({ response }) => answer(response);
      kubernetes.expire();
      kubernetes.endWatches();
      expect(await listener.failure()).to.match(cause);
      kubernetes.answer = undefined;
      expect(await listener.next()).to.equal('recovery');
      expect(listener.rest).to.deep.equal([]);
    });
  }

  const good = { kind: 'EndpointSliceList', metadata: { resourceVersion: '7' }, items: [] };
  for (const [what, list] of [
    ['a list', []],
    ['null', null],
    ['of another kind', { ...good, kind: 'PodList' }],
    ['without a version', { ...good, metadata: {} }],
    ['without a list', { ...good, items: {} }],
    ['of nothing', { ...good, items: [null] }],
    [
      'with endpoints that are no list',
      { ...good, items: [{ metadata: { name: 'a' }, addressType: 'IPv4', endpoints: 7 }] },
    ],
    ['with an address that is none', { ...good, items: [sliceOf('a', { addresses: ['a@b/c'] }, '7')] }],
    [
      'with a port that is none',
      { ...good, items: [sliceOf('a', { addresses: ['10.0.0.1'], ports: [{ port: 1e9 }] }, '7')] },
    ],
    ['in a prototype', JSON.parse(`{"__proto__": ${JSON.stringify(good)}}`)],
  ] as const) {
    it(`are not known when the answer is ${what}`, async () => {
      kubernetes.answer = ({ response }) => response.end(JSON.stringify(list));
      const { listener } = discover();
      expect(await listener.failure()).to.match(/^the (?:Kubernetes API sent|EndpointSlice "a" has) /);
    });
  }

  for (const [what, line] of [
    ['no JSON', 'what?'],
    ['null', 'null'],
    ['an error', '{"type": "ERROR", "object": {"code": 500, "message": "hunter2"}}'],
    ['an event without a version', '{"type": "BOOKMARK", "object": {}}'],
    ['an event of a new kind', '{"type": "MOVED", "object": {"metadata": {"resourceVersion": "9"}}}'],
    ['a slice that is none', '{"type": "ADDED", "object": {"metadata": {"resourceVersion": "9"}}}'],
  ] as const) {
    it(`stay when a watch says ${what}`, async () => {
      const { listener } = discover();
      expect(await listener.next()).to.deep.equal([ONE]);
      const { response } = await watch(1);
      response.write(`${line}\n`);
      const cause = await listener.failure();
      expect(cause).to.match(/ sent | ended the watch with 500$/);
      expect(cause).not.to.include('hunter2');
      expect(await listener.next()).to.equal('recovery');
      expect(listener.rest).to.deep.equal([]);
    });
  }
});
