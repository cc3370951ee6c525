/** Instances that come, stay as long as they are renewed, and go: on a clock that the test moves. */
import { expect } from 'chai';
import { MAX_INSTANCES, MemoryRegistry } from '../../../../src/upstreams/registry/memory-registry.ts';
import type { Instance } from '../../../../src/upstreams/registry/registry.ts';
import { Listener } from '../../../support/discovery.ts';
import { TestClock } from '../../../support/registry-clock.ts';

const TTL = 30_000;

function instance(id: string, more: Partial<Instance> = {}): Instance {
  return { id, origin: `http://${id}.test:9001`, weight: 1, metadata: {}, ...more };
}

describe('the registry in memory', () => {
  let clock: TestClock;
  let registry: MemoryRegistry;

  const ids = (upstream = 'orders'): readonly string[] => registry.instances(upstream).map(({ id }) => id);
  const follow = (upstream = 'orders') => {
    const listener = new Listener();
    return { listener, discovery: registry.follow(upstream, listener) };
  };

  beforeEach(() => {
    clock = new TestClock();
    registry = new MemoryRegistry(clock);
  });

  afterEach(async () => {
    await registry.close();
    expect(clock.timers).to.deep.equal([]);
  });

  it('registers, renews and removes an instance', async () => {
    const one = instance('one', { weight: 3, metadata: { zone: 'a' } });
    expect(await registry.put('orders', one, TTL)).to.equal('created');
    expect(registry.instances('orders')).to.deep.equal([{ ...one, expiresAt: clock.wall() + TTL }]);
    clock.pass(10_000);
    expect(await registry.put('orders', one, TTL)).to.equal('renewed');
    expect(registry.instances('orders')).to.deep.equal([{ ...one, expiresAt: clock.wall() + TTL }]);
    expect(await registry.remove('orders', 'one')).to.equal(true);
    expect(ids()).to.deep.equal([]);
    expect(await registry.remove('orders', 'one')).to.equal(false);
    expect(await registry.remove('nothing', 'one')).to.equal(false);
  });

  it('keeps upstreams apart, and lists instances by id', async () => {
    for (const id of ['b', 'c', 'a', 'B']) await registry.put('orders', instance(id), TTL);
    await registry.put('users', instance('a'), TTL);
    expect(ids()).to.deep.equal(['B', 'a', 'b', 'c']);
    await registry.remove('orders', 'a');
    expect(ids('users')).to.deep.equal(['a']);
  });

  it('takes out what is not renewed in time, to the millisecond, and nothing else', async () => {
    await registry.put('orders', instance('short'), 1000);
    await registry.put('orders', instance('long'), 2000);
    await registry.put('users', instance('short'), 1000);
    const { listener } = follow();
    expect(listener.rest).to.deep.equal([['http://long.test:9001', 'http://short.test:9001']]);
    clock.pass(999);
    expect([ids(), ids('users')]).to.deep.equal([['long', 'short'], ['short']]);
    clock.pass(1);
    expect([ids(), ids('users')]).to.deep.equal([['long'], []]);
    clock.pass(1000);
    expect(ids()).to.deep.equal([]);
    expect(listener.rest.slice(1)).to.deep.equal([['http://long.test:9001'], []]);
  });

  it('keeps what is renewed just before, and counts from the renewal', async () => {
    await registry.put('orders', instance('one'), 1000);
    const { listener } = follow();
    clock.pass(999);
    await registry.put('orders', instance('one'), 1000);
    clock.pass(999);
    expect(ids()).to.deep.equal(['one']);
    clock.pass(1);
    expect(ids()).to.deep.equal([]);
    expect(listener.rest).to.deep.equal([['http://one.test:9001'], []]);
  });

  it('takes a shorter time to live for what it is', async () => {
    await registry.put('orders', instance('one'), 60_000);
    await registry.put('orders', instance('one'), 1000);
    clock.pass(1000);
    expect(ids()).to.deep.equal([]);
  });

  it('registers anew what has expired, or was removed', async () => {
    const { listener } = follow();
    for (const end of [async () => clock.pass(TTL), async () => registry.remove('orders', 'one')]) {
      expect(await registry.put('orders', instance('one'), TTL)).to.equal('created');
      await end();
    }
    expect(await registry.put('orders', instance('one'), TTL)).to.equal('created');
    const there = ['http://one.test:9001'];
    expect(listener.rest).to.deep.equal([[], there, [], there, [], there]);
  });

  it('does not show what has expired while its timer is late', async () => {
    await registry.put('orders', instance('one'), 1000);
    clock.stall(1000);
    expect(ids()).to.deep.equal([]);
    await registry.put('orders', instance('one'), 1000);
    clock.stall(1000);
    expect(await registry.put('orders', instance('one'), 1000)).to.equal('created');
    clock.stall(1000);
    expect(await registry.remove('orders', 'one')).to.equal(false);
    await registry.put('orders', instance('one'), 1000);
    clock.stall(1000);
    expect(follow().listener.rest).to.deep.equal([[]]);
  });

  it('does not mind when somebody sets the clock of the machine', async () => {
    await registry.put('orders', instance('one'), TTL);
    clock.set = 86_400_000;
    clock.pass(TTL - 1);
    expect(ids()).to.deep.equal(['one']);
    clock.set = -86_400_000;
    clock.pass(1);
    expect(ids()).to.deep.equal([]);
  });

  it('sets one timer for all of them, and none for a renewal', async () => {
    for (let each = 0; each < 100; each += 1) await registry.put('orders', instance(`i${each}`), TTL);
    expect(clock.timers).to.have.length(1);
    const { started } = clock;
    for (let each = 0; each < 100; each += 1) await registry.put('orders', instance(`i${each}`), TTL);
    expect([clock.started - started, clock.timers.length]).to.deep.equal([0, 1]);
    clock.pass(TTL);
    expect([ids().length, clock.timers.length]).to.deep.equal([0, 0]);
  });

  it('takes no more than so many instances of an upstream, and goes on to renew those', async () => {
    for (let each = 0; each < MAX_INSTANCES; each += 1) await registry.put('orders', instance(`i${each}`), TTL);
    expect(await registry.put('orders', instance('more'), TTL)).to.equal('full');
    expect(ids()).to.have.length(MAX_INSTANCES).and.not.include('more');
    expect(await registry.put('orders', instance('i7'), TTL)).to.equal('renewed');
    expect(await registry.put('users', instance('more'), TTL)).to.equal('created');
    await registry.remove('orders', 'i7');
    expect(await registry.put('orders', instance('more'), TTL)).to.equal('created');
  });

  it('has room again when some have expired', async () => {
    for (let each = 0; each < MAX_INSTANCES; each += 1) await registry.put('orders', instance(`i${each}`), 1000);
    clock.stall(1000);
    expect(await registry.put('orders', instance('more'), TTL)).to.equal('created');
    expect(ids()).to.deep.equal(['more']);
  });

  it('tells everybody who follows, at once and then of changes only', async () => {
    await registry.put('orders', instance('one'), TTL);
    const first = follow();
    expect(first.listener.rest).to.deep.equal([['http://one.test:9001']]);
    await registry.put('orders', instance('two', { weight: 5 }), TTL);
    const second = follow();
    const other = follow('users');
    await registry.put('orders', instance('two', { weight: 5, metadata: { zone: 'b' } }), TTL);
    await registry.put('orders', instance('two', { weight: 2 }), TTL);
    const last = ['http://one.test:9001', 'http://two.test:9001*2'];
    const before = ['http://one.test:9001', 'http://two.test:9001*5'];
    expect(first.listener.rest).to.deep.equal([['http://one.test:9001'], before, last]);
    expect(second.listener.rest).to.deep.equal([before, last]);
    expect(other.listener.rest).to.deep.equal([[]]);
  });

  it('makes one endpoint of two instances at one origin, which stays until both are gone', async () => {
    const { listener } = follow();
    const origin = 'http://shared.test:9001';
    await registry.put('orders', instance('one', { origin }), TTL);
    await registry.put('orders', instance('two', { origin, weight: 3 }), TTL);
    await registry.put('orders', instance('three', { origin, weight: 2 }), TTL);
    await registry.remove('orders', 'three');
    await registry.remove('orders', 'two');
    await registry.remove('orders', 'one');
    expect(listener.rest).to.deep.equal([[], [origin], [`${origin}*3`], [origin], []]);
  });

  it('moves an instance that comes back elsewhere', async () => {
    const { listener } = follow();
    await registry.put('orders', instance('one', { origin: 'http://old.test' }), TTL);
    await registry.put('orders', instance('one', { origin: 'http://new.test' }), TTL);
    expect(listener.rest).to.deep.equal([[], ['http://old.test'], ['http://new.test']]);
  });

  it('says when it last heard something of the upstream', async () => {
    const { discovery } = follow();
    const begun = clock.wall();
    expect(discovery.updatedAt).to.equal(begun);
    clock.pass(100);
    expect(discovery.updatedAt).to.equal(begun);
    await registry.put('users', instance('one'), TTL);
    expect(discovery.updatedAt).to.equal(begun);
    await registry.put('orders', instance('one'), 1000);
    expect(discovery.updatedAt).to.equal(begun + 100);
    clock.pass(100);
    await registry.put('orders', instance('one'), 1000);
    expect(discovery.updatedAt).to.equal(begun + 200);
    clock.pass(2000);
    expect(discovery.updatedAt).to.equal(begun + 1200);
  });

  it('tells nobody who has left, and goes on for the others', async () => {
    const first = follow();
    const second = follow();
    first.discovery.close();
    first.discovery.close();
    await registry.put('orders', instance('one'), TTL);
    expect(first.listener.rest).to.deep.equal([[]]);
    expect(second.listener.rest).to.deep.equal([[], ['http://one.test:9001']]);
  });

  it('bears one that leaves while it is told', async () => {
    const { listener } = follow();
    const leaving = { leave: (): void => undefined };
    const told: number[] = [];
    const discovery = registry.follow('orders', {
      onEndpoints: (endpoints) => {
        told.push(endpoints.length);
        leaving.leave();
      },
      onFailure: () => undefined,
      onRecovery: () => undefined,
    });
    leaving.leave = () => discovery.close();
    const late = follow();
    await registry.put('orders', instance('one'), TTL);
    await registry.put('orders', instance('two'), TTL);
    expect(told).to.deep.equal([0, 1]);
    expect(listener.rest).to.have.length(3);
    expect(late.listener.rest).to.have.length(3);
  });

  it('is of no use any more when it is closed, and says nothing', async () => {
    await registry.put('orders', instance('one'), TTL);
    const { listener } = follow();
    await registry.close();
    expect(clock.timers).to.deep.equal([]);
    expect(await registry.put('orders', instance('two'), TTL)).to.equal('unavailable');
    expect(await registry.remove('orders', 'one')).to.equal('unavailable');
    clock.pass(TTL);
    expect(ids()).to.deep.equal([]);
    expect(listener.rest).to.deep.equal([['http://one.test:9001']]);
  });

  it('takes out what has expired by the clock of the system, too', async () => {
    const real = new MemoryRegistry();
    const listener = new Listener();
    try {
      real.follow('orders', listener);
      await real.put('orders', instance('one'), 20);
      expect([await listener.next(), await listener.next(), await listener.next()]).to.deep.equal([
        [],
        ['http://one.test:9001'],
        [],
      ]);
    } finally {
      await real.close();
    }
  });
});
