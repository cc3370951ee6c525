import { expect } from 'chai';
import { createResources } from '../../../src/gateway/resources.ts';
import { Shared } from '../../../src/gateway/shared.ts';

describe('a shared resource', () => {
  const closed: number[] = [];
  let made = 0;
  const create = (): Shared<
    { readonly name: string; readonly size?: number },
    { readonly number: number; close(): void }
  > => {
    closed.length = 0;
    made = 0;
    return new Shared(() => {
      made += 1;
      const number = made;
      return { number, close: () => closed.push(number) };
    });
  };

  it('is the same for the same settings, and another for others', () => {
    const shared = create();
    const [a, b] = [shared.acquire({ name: 'a' }), shared.acquire({ name: 'a' })];
    const [c, d] = [shared.acquire({ name: 'b' }), shared.acquire({ name: 'a', size: 1 })];
    expect([a, b, c, d].map(({ resource }) => resource.number)).to.deep.equal([1, 1, 2, 3]);
    expect(shared.size).to.equal(3);
  });

  it('is closed when its last holder lets go, and made afresh after that', () => {
    const shared = create();
    const [a, b] = [shared.acquire({ name: 'a' }), shared.acquire({ name: 'a' })];
    a.release();
    expect([closed, shared.size]).to.deep.equal([[], 1]);
    b.release();
    expect([closed, shared.size]).to.deep.equal([[1], 0]);
    expect(shared.acquire({ name: 'a' }).resource.number).to.equal(2);
  });

  it('can be found with all that are open, also while it lingers without a holder', () => {
    const shared = new Shared((number: number) => ({ number, close: () => undefined }), 60_000);
    const [one, other] = [shared.acquire(1), shared.acquire(2)];
    other.release();
    expect([shared.size, shared.open.map(({ number }) => number)]).to.deep.equal([1, [1, 2]]);
    one.release();
    const closing = create();
    closing.acquire({ name: 'a' }).release();
    expect(closing.open).to.deep.equal([]);
  });

  it('leaves nothing behind when it cannot be made', () => {
    const shared = new Shared<string, { close(): void }>(() => {
      throw new Error('no');
    });
    expect(() => shared.acquire('a')).to.throw('no');
    expect(shared.size).to.equal(0);
  });
});

describe('an endpoint', () => {
  const settings = {
    upstream: 'a',
    origin: 'http://127.0.0.1:9',
    connectTimeout: 1,
    responseTimeout: 1,
    idleTimeout: 1,
    connections: 1,
    tls: { ca: undefined, cert: undefined, key: undefined, serverName: undefined, verify: true },
  };

  it('belongs to its upstream and depends on every setting', () => {
    const { connections } = createResources();
    const variants = [
      settings,
      { ...settings, upstream: 'b' },
      { ...settings, origin: 'http://127.0.0.1:10' },
      { ...settings, connectTimeout: 2 },
      { ...settings, responseTimeout: 2 },
      { ...settings, idleTimeout: 2 },
      { ...settings, connections: 2 },
      ...(['ca', 'cert', 'key', 'serverName'] as const).map((key) => ({
        ...settings,
        tls: { ...settings.tls, [key]: 'x' },
      })),
      { ...settings, tls: { ...settings.tls, verify: false } },
    ];
    const leases = variants.map((variant) => connections.acquire(variant));
    expect(new Set(leases.map(({ resource }) => resource)).size).to.equal(variants.length);
    expect(connections.acquire({ ...settings }).resource).to.equal(leases[0]?.resource);
  });

  it('keeps one agent for upgrades', () => {
    const { connections } = createResources();
    const lease = connections.acquire({ ...settings, origin: 'https://127.0.0.1:9' });
    const { resource } = lease;
    expect(resource.agent).to.equal(resource.agent);
    expect(resource.agent).to.have.property('protocol', 'https:');
    lease.release();
  });
});
