import { expect } from 'chai';
import { SYSTEM_CLOCK, type Clock } from '../../../src/upstreams/registry/clock.ts';
import { MAX_INSTANCES } from '../../../src/upstreams/registry/memory-registry.ts';
import { keysOf, PUT, putArguments } from '../../../src/upstreams/registry/redis-scripts.ts';
import { RedisServer } from '../../support/redis.ts';
import { Follower, instance, RegistryGateways } from '../../support/redis-registry.ts';

const ONE = 'http://10.0.0.1:8001';
const TWO = 'http://10.0.0.2:8002';
/** Longer than any test. In milliseconds. */
const LONG = 600_000;

describe('the registry in Redis', function () {
  // It may have to be fetched.
  this.timeout(120_000);
  let server: RedisServer;
  const gateways = new RegistryGateways();

  before(async () => {
    server = await RedisServer.start();
  });

  after(async () => {
    await server.end();
  });

  afterEach(async () => {
    await gateways.close();
    await server.call('FLUSHALL');
  });

  /** A gateway, and what it was told at first. */
  async function gateway(clock?: Clock) {
    const started = gateways.start(server.url, clock === undefined ? {} : { clock });
    return { ...started, first: await started.listener.next() };
  }

  it('tells every gateway what registered with any of them', async () => {
    const [here, there] = [await gateway(), await gateway()];
    expect([here.first, there.first]).to.deep.equal([[], []]);
    expect(await here.registry.put('orders', instance('a', ONE), LONG)).to.equal('created');
    expect([await here.listener.next(), await there.listener.next()]).to.deep.equal([[ONE], [ONE]]);
    expect(await there.registry.put('orders', instance('b', TWO, 3), LONG)).to.equal('created');
    expect([await here.listener.next(), await there.listener.next()]).to.deep.equal([
      [ONE, `${TWO}*3`],
      [ONE, `${TWO}*3`],
    ]);
    expect(await there.registry.put('orders', instance('a', ONE, 2), LONG)).to.equal('renewed');
    expect(await here.listener.next()).to.deep.equal([`${ONE}*2`, `${TWO}*3`]);
    expect(await here.registry.remove('orders', 'a')).to.equal(true);
    expect(await here.registry.remove('orders', 'a')).to.equal(false);
    expect([await here.listener.next(), await there.listener.next()]).to.deep.equal([
      [`${TWO}*3`],
      [`${ONE}*2`, `${TWO}*3`],
    ]);
    expect(await there.listener.next()).to.deep.equal([`${TWO}*3`]);
    expect((await gateway()).first).to.deep.equal([`${TWO}*3`]);
    expect(here.discovery.updatedAt).to.be.a('number');
  });

  it('keeps upstreams apart, and gateways with another prefix', async () => {
    const here = await gateway();
    const other = gateways.start(server.url, { keyPrefix: 'other:' });
    expect(await other.registry.put('orders', instance('a', ONE), LONG)).to.equal('created');
    expect(await here.registry.put('users', instance('a', ONE), LONG)).to.equal('created');
    expect(await here.registry.put('orders', instance('b', TWO), LONG)).to.equal('created');
    expect(await here.listener.next()).to.deep.equal([TWO]);
    expect(here.registry.instances('users')).to.deep.equal([]);
  });

  it('knows all of an instance, by the time of Redis', async () => {
    // A gateway whose clock was never set.
    const [here, there] = [await gateway({ ...SYSTEM_CLOCK, wall: () => 0 }), await gateway()];
    await here.registry.put('orders', { ...instance('b', ONE), metadata: { zone: 'a', 'x"y': 'ü' } }, LONG);
    await here.registry.put('orders', instance('a', ONE), LONG);
    await there.listener.next();
    await there.registry.put('orders', instance('c', TWO), LONG);
    await here.listener.until([ONE, TWO]);
    const [expiry, ...others] = await Promise.all(
      ['a', 'b', 'c'].map((id) => server.call('ZSCORE', 'gw:registry:{orders}:expiries', id)),
    );
    const expected = [
      { ...instance('a', ONE), expiresAt: Number(expiry) },
      { ...instance('b', ONE), metadata: { zone: 'a', 'x"y': 'ü' }, expiresAt: Number(others[0]) },
      { ...instance('c', TWO), expiresAt: Number(others[1]) },
    ];
    await there.listener.until([ONE, TWO]);
    expect(here.registry.instances('orders')).to.deep.equal(expected);
    expect(there.registry.instances('orders')).to.deep.equal(expected);
  });

  it('forgets an instance everywhere when it is not renewed', async () => {
    const [here, there] = [await gateway(), await gateway()];
    await here.registry.put('orders', instance('a', ONE), LONG);
    await here.registry.put('orders', instance('b', TWO), 400);
    for (const { listener } of [here, there]) {
      await listener.until([ONE, TWO]);
      expect(await listener.next()).to.deep.equal([ONE]);
    }
    expect(await here.registry.put('orders', instance('b', TWO), LONG)).to.equal('created');
    await there.listener.until([ONE, TWO]);
  });

  it('keeps an instance that is renewed', async () => {
    const [here, there] = [await gateway(), await gateway()];
    for (let beat = 0; beat < 6; beat += 1) {
      await here.registry.put('orders', instance('a', ONE), 1500);
      // The passing of time, as Redis sees it: together they live longer than a heartbeat lasts.
      await here.registry.put('orders', instance('mark', TWO), 300);
      await there.listener.until([ONE, TWO]);
      await there.listener.until([ONE]);
    }
    const since = there.listener.told.items.findIndex((told) => JSON.stringify(told).includes(ONE));
    for (const told of there.listener.told.items.slice(since)) expect(told).to.include(ONE);
  });

  it('leaves nothing in Redis when all have expired, and nobody looks', async () => {
    const { client, registry } = await gateway();
    await registry.put('users', instance('a', ONE), 300);
    await registry.put('users', instance('b', TWO), 200);
    expect(await server.call('DBSIZE')).to.equal(2);
    await registry.close();
    await client.close();
    await server.until(['DBSIZE'], (size) => size === 0);
  });

  it('takes a thousand instances of an upstream and no more, whoever asks', async () => {
    const [here, there] = [await gateway(), await gateway()];
    const ids = Array.from({ length: MAX_INSTANCES - 2 }, (_, index) => `i-${index}`);
    for (let start = 0; start < ids.length; start += 50)
      await Promise.all(
        ids.slice(start, start + 50).map((id) => here.registry.put('orders', instance(id, `http://${id}`), LONG)),
      );
    expect(await server.call('HLEN', 'gw:registry:{orders}:instances')).to.equal(MAX_INSTANCES - 2);
    await here.registry.put('orders', instance('short', ONE), 1);
    const isPast = `local time = redis.call('TIME')
      return tonumber(redis.call('ZSCORE', KEYS[1], 'short')) < time[1] * 1000 + math.floor(time[2] / 1000) and 1 or 0`;
    await server.until(['EVAL', isPast, '1', 'gw:registry:{orders}:expiries'], (answer) => answer === 1);
    const outcomes = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((id, index) =>
        (index % 2 === 0 ? here : there).registry.put('orders', instance(id, TWO), LONG),
      ),
    );
    // The one that has expired makes room.
    expect(outcomes.toSorted()).to.deep.equal(['created', 'created', 'full', 'full', 'full', 'full']);
    expect(await there.registry.put('orders', instance('i-0', 'http://i-0'), LONG)).to.equal('renewed');
    expect(await there.registry.put('orders', instance('g', TWO), LONG)).to.equal('full');
    expect(await there.registry.remove('orders', 'i-0')).to.equal(true);
    expect(await there.registry.put('orders', instance('g', TWO), LONG)).to.equal('created');
  });

  it('notices a change that it was not told of', async () => {
    const { client, listener } = await gateway();
    // The second one, since Redis may have been asked just then for another reason.
    for (const [id, origin] of [
      ['a', ONE],
      ['b', TWO],
    ] as const) {
      const unheard = putArguments('orders', instance(id, origin), LONG, MAX_INSTANCES, 'elsewhere');
      await client.run(PUT, keysOf('orders'), unheard);
      expect(await listener.next()).to.include(origin);
    }
  });

  it('leaves out what somebody else has written', async () => {
    const here = await gateway();
    for (const [id, value] of [
      ['x', 'no JSON'],
      ['y', '{"origin":"http://a/path","weight":1,"ttl":1}'],
      ['z', '{"origin":"http://a","weight":0.5,"ttl":1}'],
    ] as const) {
      await server.call('HSET', 'gw:registry:{orders}:instances', id, value);
      await server.call('ZADD', 'gw:registry:{orders}:expiries', String(Date.now() + LONG), id);
    }
    await here.registry.put('orders', instance('a', ONE), LONG);
    expect(await here.listener.next()).to.deep.equal([ONE]);
    expect((await gateway()).first).to.deep.equal([ONE]);
  });

  it('fails when its keys hold something else, and recovers', async () => {
    await server.call('SET', 'gw:registry:{orders}:expiries', 'text');
    const here = await gateway();
    expect(here.first).to.deep.equal({ failure: 'Redis refused the command: WRONGTYPE' });
    expect(await here.registry.put('orders', instance('a', ONE), LONG)).to.equal('unavailable');
    await server.call('DEL', 'gw:registry:{orders}:expiries');
    expect(await here.registry.put('orders', instance('a', ONE), LONG)).to.equal('created');
    expect(await here.listener.next()).to.equal('recovery');
    expect(await here.listener.next()).to.deep.equal([ONE]);
  });

  it('tells who comes later what is known, and those who left nothing', async () => {
    const here = await gateway();
    await here.registry.put('orders', instance('a', ONE), LONG);
    await here.listener.until([ONE]);
    const later = new Follower();
    const followed = here.registry.follow('orders', later);
    expect(later.rest).to.deep.equal([[ONE]]);
    here.discovery.close();
    await here.registry.put('orders', instance('b', TWO), LONG);
    await later.until([ONE, TWO]);
    expect(here.listener.rest).to.deep.equal([]);
    followed.close();
    expect(here.registry.instances('orders')).to.deep.equal([]);
  });
});
