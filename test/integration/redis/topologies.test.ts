import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { RedisClient } from '../../../src/redis/redis-client.ts';
import { redisScript } from '../../../src/redis/script.ts';
import { Unavailable } from '../../../src/redis/unavailable.ts';
import { RedisRegistry } from '../../../src/upstreams/registry/redis-registry.ts';
import { Listener } from '../../support/discovery.ts';
import { first as certificate } from '../../support/certificates.ts';
import { redisConfig, RedisServer } from '../../support/redis.ts';
import { instance } from '../../support/redis-registry.ts';
import { RedisCluster, RedisSentinels } from '../../support/redis-topologies.ts';
import { Health } from '../../support/redis-watch.ts';
import { closedPort } from '../../support/upstream.ts';

const COUNT = redisScript("return redis.call('INCR', KEYS[1])");
/** So long that a test fails that waits for it. */
const NEVER = '10m';

/** Runs until it answers: a cluster and its clients learn only by and by who is where. */
async function untilAnswered(run: () => Promise<unknown>): Promise<void> {
  while ((await run()) instanceof Unavailable) await sleep(20);
}

describe('Redis behind TLS', function () {
  this.timeout(120_000);
  let server: RedisServer;
  let client: RedisClient;

  before(async () => {
    server = await RedisServer.start({ certificate, password: 'secret' });
  });

  after(async () => {
    await client.close();
    await server.end();
  });

  it('is not trusted when nobody vouches for it', async () => {
    client = new RedisClient(redisConfig(`rediss://:secret@127.0.0.1:${server.port}`, { timeout: NEVER }));
    expect(await client.run(COUNT, ['count'], [])).to.deep.equal(
      new Unavailable('down', 'Redis cannot be reached: DEPTH_ZERO_SELF_SIGNED_CERT'),
    );
  });

  it('is trusted when NODE_EXTRA_CA_CERTS names its authority, which is read when the process starts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatewayctl-redis-'));
    try {
      const file = join(folder, 'ca.pem');
      await writeFile(file, certificate.cert);
      const src = new URL('../../../src/', import.meta.url).href;
      const code = `
        const { RedisClient } = await import('${src}redis/redis-client.ts');
        const { redisScript } = await import('${src}redis/script.ts');
        const { resolveRedis } = await import('${src}config/resolve-redis.ts');
        const url = 'rediss://:secret@localhost:${server.port}';
        const client = new RedisClient(resolveRedis({ version: 1, redis: { url, timeout: '10m' } }));
        console.log(JSON.stringify(await client.run(redisScript("return 'trusted'"), [], [])));
        await client.close();`;
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--import', 'tsx', '--input-type=module', '--eval', code],
        { env: { ...process.env, NODE_EXTRA_CA_CERTS: file }, timeout: 60_000 },
      );
      expect(stdout).to.equal('"trusted"\n');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('Redis behind sentinels', function () {
  this.timeout(120_000);
  let sentinels: RedisSentinels;
  let client: RedisClient;

  before(async () => {
    sentinels = await RedisSentinels.start();
  });

  after(async () => {
    await client.close();
    await sentinels.end();
  });

  it('is followed when another server takes over', async () => {
    client = new RedisClient(redisConfig(sentinels.url, { timeout: NEVER }));
    const health = new Health(client);
    const registry = new RedisRegistry(client);
    const listener = new Listener();
    registry.follow('orders', listener);
    expect(await listener.next()).to.deep.equal([]);
    expect(await registry.put('orders', instance('a', 'http://10.0.0.1:8001'), 60_000)).to.equal('created');
    expect(await listener.next()).to.deep.equal(['http://10.0.0.1:8001']);
    await health.up();
    await sentinels.replica.until(['EXISTS', 'gw:registry:{orders}:instances'], (answer) => answer === 1);

    await sentinels.master.kill();
    await health.down();
    expect(await listener.failure()).to.match(/^Redis cannot be reached: /);
    // How long they take is theirs to say: a vote that nobody has won is held again.
    await sentinels.replica.until(['ROLE'], (role) => Array.isArray(role) && role[0] === 'master');
    await health.up();
    expect(await listener.next()).to.equal('recovery');
    expect(await registry.put('orders', instance('a', 'http://10.0.0.1:8001'), 60_000)).to.equal('renewed');
    expect(listener.rest).to.deep.equal([]);
    expect(await sentinels.replica.call('ROLE')).to.include('master');
    await registry.close();
  });

  it('is away when they know no such server', async () => {
    const other = new RedisClient(redisConfig(sentinels.url.replace('/orders', '/others'), { timeout: NEVER }));
    const why = 'Redis cannot be reached: no sentinel names a server';
    expect(await other.run(COUNT, ['count'], [])).to.deep.equal(new Unavailable('down', why));
    await other.close();
  });
});

describe('a cluster of Redis nodes', function () {
  this.timeout(120_000);
  let cluster: RedisCluster;
  const clients: RedisClient[] = [];

  before(async () => {
    cluster = await RedisCluster.start();
  });

  after(async () => {
    await cluster.end();
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });

  function connect(urls: string[], timeout = NEVER) {
    const client = new RedisClient(redisConfig(urls, { timeout }));
    clients.push(client);
    return { client, health: new Health(client) };
  }

  it('is used as a whole, whichever node was asked first', async () => {
    const { client } = connect([`127.0.0.1:${await closedPort()}`, ...cluster.urls.slice(0, 1)]);
    const keys = Array.from({ length: 20 }, (_, index) => `count:{${index}}`);
    for (const key of keys) expect(await client.run(COUNT, [key], [])).to.equal(1);
    const sizes = await Promise.all(cluster.nodes.map((node) => node.call('DBSIZE')));
    expect(sizes).to.not.include(0);
    expect(sizes.reduce((sum: number, size) => sum + Number(size), 0)).to.equal(20);
  });

  it('shares the registry between gateways that know different nodes', async () => {
    const [one, two] = cluster.urls.map((url) => new RedisRegistry(connect([url]).client));
    if (one === undefined || two === undefined) throw new Error('no nodes');
    const listener = new Listener();
    for (const upstream of ['orders', 'users', 'search']) {
      const followed = two.follow(upstream, listener);
      expect(await listener.next()).to.deep.equal([]);
      expect(await one.put(upstream, instance('a', `http://${upstream}:8001`), 60_000)).to.equal('created');
      expect(await listener.next()).to.deep.equal([`http://${upstream}:8001`]);
      expect(await two.remove(upstream, 'a')).to.equal(true);
      expect(await listener.next()).to.deep.equal([]);
      followed.close();
    }
    await Promise.all([one.close(), two.close()]);
  });

  it('counts as away when one of its nodes stands still, which would hold up a part of the keys', async () => {
    const { client, health } = connect(cluster.urls, '250ms');
    const [node] = cluster.nodes;
    if (node === undefined) throw new Error('no node');
    await untilAnswered(() => client.run(COUNT, ['frozen:{orders}'], []));
    await health.up();
    node.freeze();
    let answer: unknown;
    for (let key = 0; !(answer instanceof Unavailable); key += 1)
      answer = await client.run(COUNT, [`frozen:{${key}}`], []);
    expect(answer.reason).to.equal('timeout');
    // One late answer is enough, though two of three nodes are well.
    expect(await health.down()).to.equal('Redis did not answer within 250 ms');
    const away = await client.run(COUNT, ['frozen:{orders}'], []);
    expect(away).to.deep.equal(new Unavailable('down', 'Redis did not answer within 250 ms'));
    node.thaw();
    await health.up();
    expect(health.told.items.map(({ isUp }) => isUp)).to.deep.equal([true, false, true]);
  });
});
