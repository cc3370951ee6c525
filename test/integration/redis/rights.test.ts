import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { createLimiter } from '../../../src/gateway/limiters.ts';
import { answerOf, placeOf } from '../../support/answers.ts';
import { RedisServer } from '../../support/redis.ts';
import { instance, RegistryGateways } from '../../support/redis-registry.ts';
import { listening, SharingCache, until } from '../../support/shared-caches.ts';

const PAGE = new URL('../../../docs/operations.md', import.meta.url);
const ORIGIN = 'http://127.0.0.1:9001';

describe('a Redis user with the rights that docs/operations.md names', function () {
  this.timeout(60_000);
  const gateways = new RegistryGateways();
  let server: RedisServer;

  before(async () => {
    server = await RedisServer.start();
  });

  after(async () => {
    await gateways.close();
    await server.end();
  });

  it('can do all that limits, the registry and the cache need', async () => {
    const [, rule = ''] = /^ACL SETUSER (gateway on >secret .*)$/m.exec(readFileSync(PAGE, 'utf8')) ?? [];
    await server.call('ACL', 'SETUSER', ...rule.split(' '));
    const url = `${server.url.replace('//', '//gateway:secret@')}/1`;
    const [here, there] = [gateways.start(url), gateways.start(url)];
    for (const { health, listener } of [here, there]) {
      await health.up();
      expect(await listener.next()).to.deep.equal([]);
    }
    expect(await here.registry.put('orders', instance('a', ORIGIN), 600_000)).to.equal('created');
    await there.listener.until([ORIGIN]);
    expect(await here.registry.remove('orders', 'a')).to.equal(true);
    await there.listener.until([]);
    const settings = { scope: 'route:any', requests: 1, per: 3_600_000, burst: 1 };
    const alone = (why: unknown): never => expect.fail(`counted alone: ${JSON.stringify(why)}`);
    const limiter = createLimiter(settings, here.client, alone);
    expect((await limiter.take('a')).allowed).to.equal(true);
    expect((await limiter.take('a')).allowed).to.equal(false);
    const caches = [here, there].map(({ client }) => new SharingCache(client));
    const [one, two] = caches;
    if (one === undefined || two === undefined) throw new Error('no caches');
    await listening(server, 2);
    const vary = { vary: ['accept'] };
    await one.fill(placeOf('/a'), answerOf('a', vary));
    expect(await two.recall(placeOf('/a'))).to.not.equal(undefined);
    two.cache.invalidate(placeOf('/a').uri);
    await until(() => one.find(placeOf('/a')) === undefined, 'it is invalidated');
    await one.fill(placeOf('/b'), answerOf('b', vary));
    expect(await two.cache.purgeShared({ path: '/b' })).to.equal(1);
    await until(() => one.find(placeOf('/b')) === undefined, 'it is purged');
    expect([...one.skipped, ...two.skipped]).to.deep.equal([]);
    for (const { cache } of caches) cache.close();
  });
});
