import { expect } from 'chai';
import { RedisServer } from '../../support/redis.ts';
import { Follower, instance, RegistryGateways } from '../../support/redis-registry.ts';
import { closedPort } from '../../support/upstream.ts';

const ONE = 'http://10.0.0.1:8001';
const TWO = 'http://10.0.0.2:8002';
/** Longer than any test. In milliseconds. */
const LONG = 600_000;

describe('the registry while Redis is away', function () {
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

  /** A gateway that knows that there is nothing yet. */
  async function gateway() {
    const started = gateways.start(server.url);
    expect(await started.listener.next()).to.deep.equal([]);
    return started;
  }

  it('keeps what is known, also when Redis comes back with nothing', async () => {
    const [here, there] = [await gateway(), await gateway()];
    await here.registry.put('orders', instance('a', ONE), 1500);
    await here.registry.put('orders', instance('b', TWO), 1500);
    for (const { listener } of [here, there]) await listener.until([ONE, TWO]);
    await server.kill();
    for (const { listener } of [here, there]) expect(await listener.failure()).to.match(/^Redis cannot be reached: /);
    expect(await here.registry.put('orders', instance('a', ONE), 1500)).to.equal('unavailable');
    expect(await here.registry.remove('orders', 'a')).to.equal('unavailable');
    expect(here.registry.instances('orders').map(({ id }) => id)).to.deep.equal(['a', 'b']);
    await server.start();
    for (const { listener } of [here, there]) expect(await listener.next()).to.equal('recovery');
    // One of them sends its next heartbeat, and nothing is told of it. The other never does.
    expect(await there.registry.put('orders', instance('a', ONE), LONG)).to.equal('created');
    for (const { listener } of [here, there]) expect(await listener.next()).to.deep.equal([ONE]);
    expect(await there.registry.remove('orders', 'a')).to.equal(true);
    for (const { listener } of [here, there]) expect(await listener.next()).to.deep.equal([]);
  });

  it('lets go of an instance that is removed after Redis has lost it', async () => {
    const [here, there] = [await gateway(), await gateway()];
    await here.registry.put('orders', instance('a', ONE), LONG);
    await there.listener.until([ONE]);
    await server.kill();
    await server.start();
    for (const { listener } of [here, there]) await listener.until('recovery');
    expect(await here.registry.remove('orders', 'a')).to.equal(true);
    for (const { listener } of [here, there]) await listener.until([]);
  });

  it('does not wait for a Redis that stands still', async () => {
    const { health, registry, listener } = await gateway();
    await health.up();
    await registry.put('orders', instance('a', ONE), LONG);
    await registry.remove('orders', 'a');
    // What was removed before it came back is not taken for removed.
    await registry.put('orders', instance('a', ONE), 600);
    await listener.until([]);
    await listener.until([ONE]);
    server.freeze();
    try {
      expect(await registry.put('orders', instance('b', TWO), LONG)).to.equal('unavailable');
      expect(await listener.failure()).to.equal('Redis did not answer within 500 ms');
      await health.down();
      expect(await registry.put('orders', instance('c', 'http://c'), LONG)).to.equal('unavailable');
    } finally {
      server.thaw();
    }
    expect(await listener.next()).to.equal('recovery');
    // The first one was sent, and took effect late. That the other has expired meanwhile is not its fault.
    expect(await listener.next()).to.deep.equal([ONE, TWO]);
    expect(await listener.next()).to.deep.equal([TWO]);
  });

  it('starts without endpoints, and finds them when Redis is there', async () => {
    const port = await closedPort();
    const { registry, listener } = gateways.start(`redis://127.0.0.1:${port}`);
    const late = new Follower();
    expect(await listener.failure()).to.equal('Redis cannot be reached: ECONNREFUSED');
    registry.follow('orders', late);
    expect(await late.failure()).to.equal('Redis cannot be reached: ECONNREFUSED');
    const found = await RedisServer.start({ port });
    try {
      for (const told of [listener, late]) {
        expect(await told.next()).to.equal('recovery');
        expect(await told.next()).to.deep.equal([]);
      }
    } finally {
      await found.end();
    }
  });
});
