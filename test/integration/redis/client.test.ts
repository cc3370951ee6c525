import { expect } from 'chai';
import { RedisClient } from '../../../src/redis/redis-client.ts';
import { redisScript } from '../../../src/redis/script.ts';
import { Unavailable } from '../../../src/redis/unavailable.ts';
import { Arrivals, settled } from '../../support/arrivals.ts';
import { redisConfig, RedisServer } from '../../support/redis.ts';
import { Health, Relay } from '../../support/redis-watch.ts';
import { closedPort } from '../../support/upstream.ts';

const ECHO = redisScript('return { ARGV[1], tonumber(ARGV[2]), KEYS[1], false }');
const COUNT = redisScript("return redis.call('INCR', KEYS[1])");
const BROKEN = redisScript("return redis.call('GET', 'a', ARGV[1])");

/** So long that a test fails that waits for it. */
const NEVER = '10m';
/** Waited for in vain by tests, and long enough for a machine with much to do. */
const SOON = '200ms';

describe('the connection to Redis', function () {
  // It may have to be fetched.
  this.timeout(120_000);
  const servers: RedisServer[] = [];
  const clients: RedisClient[] = [];

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await Promise.all(servers.splice(0).map((server) => server.end()));
  });

  async function startServer(options: Parameters<typeof RedisServer.start>[0] = {}): Promise<RedisServer> {
    const server = await RedisServer.start(options);
    servers.push(server);
    return server;
  }

  function connect(url: string, more: Parameters<typeof redisConfig>[1] = {}) {
    const client = new RedisClient(redisConfig(url, more));
    clients.push(client);
    return { client, health: new Health(client) };
  }

  function reasonOf(answer: unknown): string {
    if (!(answer instanceof Unavailable)) throw new Error(`an answer: ${JSON.stringify(answer)}`);
    return answer.reason;
  }

  it('runs scripts, also those that Redis has forgotten', async () => {
    const server = await startServer();
    const { client } = connect(server.url, { keyPrefix: 'shop:', timeout: NEVER });
    const echoed = ['one', 2, 'shop:key', null];
    expect(await client.run(ECHO, ['key'], ['one', 2])).to.deep.equal(echoed);
    expect(await client.run(ECHO, ['key'], ['one', 2])).to.deep.equal(echoed);
    await server.call('SCRIPT', 'FLUSH');
    expect(await client.run(ECHO, ['key'], ['one', 2])).to.deep.equal(echoed);
    expect(client.isUp).to.equal(true);
  });

  it('uses the database that its URL names', async () => {
    const server = await startServer();
    const { client } = connect(`${server.url}/3`, { timeout: NEVER });
    await client.run(COUNT, ['count'], []);
    expect(await server.call('INFO', 'keyspace')).to.include('db3:keys=1');
  });

  it('connects to nothing before it is used', async () => {
    const server = await startServer();
    const relay = await Relay.start(server);
    const { client } = connect(relay.url, { timeout: NEVER });
    expect(await settled(() => relay.connections)).to.equal(0);
    expect(client.isUp).to.equal(undefined);
    await client.run(COUNT, ['count'], []);
    expect(relay.connections).to.equal(1);
    await client.close();
    await relay.end();
  });

  it('tells an error of Redis without what was sent', async () => {
    const server = await startServer();
    const { client } = connect(server.url, { timeout: NEVER });
    const answer = await client.run(BROKEN, [], ['a secret']);
    expect(answer).to.deep.equal(new Unavailable('refused', 'Redis refused the command: ERR', 'ERR'));
    expect(client.isUp).to.equal(true);
  });

  it('says that a password is wrong, and not which', async () => {
    const server = await startServer({ password: 'right' });
    const url = `redis://:wrong-secret@127.0.0.1:${server.port}`;
    const { client, health } = connect(url, { timeout: NEVER });
    const answer = await client.run(COUNT, ['count'], []);
    expect(answer).to.deep.equal(new Unavailable('down', 'Redis cannot be reached: WRONGPASS'));
    expect(await health.down()).to.equal('Redis cannot be reached: WRONGPASS');
    const { client: other } = connect(url.replace('wrong-secret', 'right'), { timeout: NEVER });
    expect(await other.run(COUNT, ['count'], [])).to.equal(1);
  });

  it('waits for nothing while Redis is known to be away, and comes back with it', async () => {
    const server = await startServer();
    const { client, health } = connect(server.url, { timeout: NEVER });
    expect(await client.run(COUNT, ['count'], [])).to.equal(1);
    await health.up();
    await server.kill();
    expect(await health.down()).to.match(/^Redis cannot be reached: /);
    expect(client.isUp).to.equal(false);
    expect(reasonOf(await client.run(COUNT, ['count'], []))).to.equal('down');
    await server.start();
    await health.up();
    expect(await client.run(COUNT, ['count'], [])).to.equal(1);
    expect(health.told.items.map(({ isUp }) => isUp)).to.deep.equal([true, false, true]);
  });

  it('does not wait for a Redis that was never there', async () => {
    const port = await closedPort();
    const { client, health } = connect(`redis://127.0.0.1:${port}`, { timeout: NEVER });
    const answers = await Promise.all([1, 2, 3].map(() => client.run(COUNT, ['count'], [])));
    expect(answers.map(reasonOf)).to.deep.equal(['down', 'down', 'down']);
    expect(await health.down()).to.equal('Redis cannot be reached: ECONNREFUSED');
  });

  it('gives up on a Redis that stands still, and counts it as away until it answers', async () => {
    const server = await startServer();
    const { client, health } = connect(server.url, { timeout: SOON });
    await client.run(COUNT, ['count'], []);
    await health.up();
    server.freeze();
    expect(reasonOf(await client.run(COUNT, ['count'], []))).to.equal('timeout');
    expect(await health.down()).to.equal('Redis did not answer within 200 ms');
    expect(reasonOf(await client.run(COUNT, ['count'], []))).to.equal('down');
    server.thaw();
    await health.up();
    // The second one was sent, and took effect late. The third was not.
    expect(await client.run(COUNT, ['count'], [])).to.equal(3);
  });

  it('gives up on a first connection that comes to nothing', async () => {
    const server = await startServer();
    server.freeze();
    const { client, health } = connect(server.url, { timeout: SOON });
    const answers = await Promise.all([1, 2].map(() => client.run(COUNT, ['count'], [])));
    expect(answers.map(reasonOf)).to.deep.equal(['connecting', 'connecting']);
    expect(health.told.items).to.deep.equal([]);
    server.thaw();
    await health.up();
    expect(await client.run(COUNT, ['count'], [])).to.equal(1);
  });

  it('never sends a command twice', async () => {
    const server = await startServer();
    const { client, health } = connect(server.url, { timeout: NEVER });
    await client.run(COUNT, ['count'], []);
    await health.up();
    server.freeze();
    const answer = client.run(COUNT, ['count'], []);
    await server.kill();
    expect(reasonOf(await answer)).to.equal('lost');
    await health.down();
    await server.start();
    await health.up();
    expect(await client.run(COUNT, ['count'], [])).to.equal(1);
  });

  it('keeps an answer that came while the process was busy', async () => {
    const server = await startServer();
    const { client, health } = connect(server.url, { timeout: '100ms' });
    await client.run(COUNT, ['count'], []);
    await health.up();
    const answer = client.run(COUNT, ['count'], []);
    const until = performance.now() + 400;
    while (performance.now() < until);
    expect(await answer).to.equal(2);
  });

  it('takes a new connection when the old one hangs', async () => {
    const server = await startServer();
    const relay = await Relay.start(server);
    const { client, health } = connect(relay.url, { timeout: SOON });
    await client.run(COUNT, ['count'], []);
    await health.up();
    relay.cut();
    expect(reasonOf(await client.run(COUNT, ['count'], []))).to.equal('timeout');
    await health.down();
    await health.up();
    expect(await client.run(COUNT, ['count'], [])).to.equal(2);
    await client.close();
    await relay.end();
  });

  it('looks for the master when the one it had is none any more', async () => {
    const server = await startServer();
    const { client, health } = connect(server.url, { timeout: NEVER });
    await client.run(COUNT, ['count'], []);
    await health.up();
    await server.call('REPLICAOF', '127.0.0.1', String(await closedPort()));
    const answer = await client.run(COUNT, ['count'], []);
    expect(answer).to.deep.equal(new Unavailable('refused', 'Redis refused the command: READONLY', 'READONLY'));
    await server.call('REPLICAOF', 'NO', 'ONE');
    expect(await health.down()).to.equal('Redis cannot be reached: READONLY');
    await health.up();
    expect(await client.run(COUNT, ['count'], [])).to.equal(2);
  });

  it('carries messages, also after Redis was away', async () => {
    const server = await startServer();
    const { client } = connect(server.url, { keyPrefix: 'shop:' });
    const heard = new Arrivals<string>((message) => message);
    const end = client.subscribe('news', (message) => heard.push(message));
    const listeners = ['PUBSUB', 'NUMSUB', 'shop:news'] as const;
    const count = (answer: unknown): unknown => (Array.isArray(answer) ? answer[1] : undefined);
    await server.until(listeners, (answer) => count(answer) === 1);
    await server.call('PUBLISH', 'shop:news', 'one');
    expect(await heard.at(0)).to.equal('one');
    await server.kill();
    await server.start();
    await server.until(listeners, (answer) => count(answer) === 1);
    await server.call('PUBLISH', 'shop:news', 'two');
    expect(await heard.at(1)).to.equal('two');
    end();
    await server.until(listeners, (answer) => count(answer) === 0);
  });

  it('can be closed at any time', async () => {
    const server = await startServer();
    const nowhere = connect(`redis://127.0.0.1:${await closedPort()}`);
    const unused = connect(server.url);
    const frozen = connect(server.url, { timeout: NEVER });
    await frozen.client.run(COUNT, ['count'], []);
    server.freeze();
    const connecting = connect(server.url, { timeout: NEVER });
    const asked = [frozen, connecting, nowhere].map(({ client }) => client.run(COUNT, ['count'], []));
    await Promise.all(clients.map((client) => client.close()));
    expect((await Promise.all(asked)).map(reasonOf)).to.deep.equal(['lost', 'closed', 'closed']);
    expect(reasonOf(await unused.client.run(COUNT, ['count'], []))).to.equal('closed');
  });
});
