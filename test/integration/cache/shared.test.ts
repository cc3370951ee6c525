import { expect } from 'chai';
import { fieldLines } from '../../../src/http1/field-lines.ts';
import type { Place, PurgeSelector } from '../../../src/cache/cache.ts';
import { answerOf, placeOf } from '../../support/answers.ts';
import { RedisServer } from '../../support/redis.ts';
import { RedisCluster } from '../../support/redis-topologies.ts';
import { Health, Relay } from '../../support/redis-watch.ts';
import { keysOf, listening, SharingCache, until } from '../../support/shared-caches.ts';

/** Waited for in vain by tests, and long enough for a machine with much to do. */
const SOON = '200ms';
const CHANNEL = 'gw:cache:purge';

describe('a cache that gateways share over Redis', function () {
  // It may have to be fetched.
  this.timeout(120_000);
  let server: RedisServer;
  const caches: SharingCache[] = [];

  before(async () => {
    server = await RedisServer.start();
  });

  after(async () => {
    await server.end();
  });

  afterEach(async () => {
    await Promise.all(caches.splice(0).map((cache) => cache.close()));
    await server.call('FLUSHALL');
  });

  function join(url = server.url, more: ConstructorParameters<typeof SharingCache>[1] = {}): SharingCache {
    const cache = new SharingCache(url, more);
    caches.push(cache);
    return cache;
  }

  /** Two gateways that hear each other. */
  async function two(): Promise<[here: SharingCache, there: SharingCache]> {
    const both: [SharingCache, SharingCache] = [join(), join()];
    await listening(server, 2);
    return both;
  }

  /** Lets both know what was stored in one. */
  async function spread([here, there]: [SharingCache, SharingCache], place: Place): Promise<void> {
    expect(await there.recall(place)).to.not.equal(undefined);
    expect(here.find(place)).to.not.equal(undefined);
    expect(there.find(place)).to.not.equal(undefined);
  }

  it('finds in one what the other has stored, byte by byte', async () => {
    const [here, there] = await two();
    const answer = answerOf(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), {
      status: 404,
      tags: ['ä', '"'],
      headers: ['Date', 'Mon, 02 Nov 2026 10:00:00 GMT', 'X-Name', '\u00ff\t"', 'content-length', '256'],
      isExplicit: false,
    });
    await here.fill(placeOf('/a'), answer);
    expect(there.find(placeOf('/a'))).to.equal(undefined);
    expect(await there.recall(placeOf('/a'))).to.deep.equal(answer);
    // In memory its fields stand ready as they are sent.
    expect(there.find(placeOf('/a'))).to.deep.equal({ ...answer, lines: fieldLines(answer.headers) });
    expect(await there.recall(placeOf('/b'))).to.equal(undefined);
    expect([...here.skipped, ...there.skipped]).to.deep.equal([]);
  });

  it('keeps no secret of a request in the names of its keys, and nothing for longer than it is good for', async () => {
    const [here] = await two();
    await here.fill(placeOf('/a?token=secret'), answerOf('body'));
    const { generation, entry } = keysOf(placeOf('/a?token=secret'));
    expect(await server.call('EXISTS', generation, entry)).to.equal(2);
    expect(await server.call('DBSIZE')).to.equal(2);
    for (const key of [generation, entry]) expect(await server.call('PTTL', key)).to.be.within(1, 3_600_000);
  });

  it('finds variants by the fields that they differ in', async () => {
    const [here, there] = await two();
    const [de, en] = [{ 'accept-language': 'de' }, { 'accept-language': 'en' }];
    const vary = ['accept-language'];
    await here.fill(placeOf('/a'), answerOf('hallo', { vary }), { fields: de });
    await there.fill(placeOf('/a'), answerOf('hello', { vary }), { fields: en });
    expect((await there.recall(placeOf('/a'), de))?.body.toString()).to.equal('hallo');
    expect((await here.recall(placeOf('/a'), en))?.body.toString()).to.equal('hello');
    expect(here.find(placeOf('/a'), en)?.body.toString()).to.equal('hello');
    expect(await here.recall(placeOf('/a'))).to.equal(undefined);
    // Another gateway has learnt of a field that this one knows nothing of.
    await there.fill(placeOf('/a'), answerOf('both', { vary: ['accept'] }), { fields: { ...en, accept: 'x' } });
    await here.fill(placeOf('/a'), answerOf('third', { vary }), { fields: { ...de, accept: 'y' } });
    expect((await there.recall(placeOf('/a'), { ...de, accept: 'y' }))?.body.toString()).to.equal('third');
    expect(await there.recall(placeOf('/a'), { ...de, accept: 'x' })).to.equal(undefined);
  });

  it('takes nothing older than what it has', async () => {
    const [here, there] = await two();
    const freshness = { ...answerOf('').freshness, bornAt: Date.now() - 1000 };
    await there.fill(placeOf('/a'), answerOf('old', { freshness }));
    const writing = here.cache.begin(placeOf('/a'));
    writing.store(answerOf('new'), () => undefined);
    expect(await writing.recall(() => undefined)).to.equal(undefined);
    writing.end();
    expect(here.find(placeOf('/a'))?.body.toString()).to.equal('new');
  });

  it('forgets everywhere what is invalidated in one, and nothing else', async () => {
    const [here, there] = await two();
    for (const target of ['/a', '/a?x', '/ab']) {
      await here.fill(placeOf(target), answerOf(target));
      await spread([here, there], placeOf(target));
    }
    there.cache.invalidate(placeOf('/a').uri);
    expect(there.find(placeOf('/a?x'))).to.equal(undefined);
    await until(() => here.find(placeOf('/a?x')) === undefined, 'it is gone');
    for (const cache of [here, there]) {
      expect(cache.find(placeOf('/a'))).to.equal(undefined);
      expect(await cache.recall(placeOf('/a'))).to.equal(undefined);
      expect(await cache.recall(placeOf('/a?x'))).to.equal(undefined);
      expect(cache.find(placeOf('/ab'))).to.not.equal(undefined);
      expect(await cache.recall(placeOf('/ab'))).to.not.equal(undefined);
    }
    // What is fetched after it is as good as any.
    await here.fill(placeOf('/a'), answerOf('new'));
    expect((await there.recall(placeOf('/a')))?.body.toString()).to.equal('new');
  });

  it('never asks for what was invalidated right before', async () => {
    const [here, there] = await two();
    await here.fill(placeOf('/a'), answerOf('old'));
    await spread([here, there], placeOf('/a'));
    await server.call('SCRIPT', 'FLUSH');
    here.cache.invalidate(placeOf('/a').uri);
    expect(await here.recall(placeOf('/a'))).to.equal(undefined);
  });

  const odd = String.raw`/*[a-z]\"{}`;
  const all = ['/a', '/a?q', '/ab', '/b', odd];
  const purges: readonly [selector: PurgeSelector, gone: readonly string[]][] = [
    [{ route: 'orders' }, all],
    [{ route: 'order*' }, []],
    [{ path: '/a' }, ['/a', '/a?q']],
    [{ prefix: '/a' }, ['/a', '/a?q', '/ab']],
    [{ tag: 'tag /b' }, ['/b']],
    [{ tag: 'tag *' }, []],
    [{ tag: `tag ${odd}` }, [odd]],
    [{ tag: 'tag ?a' }, []],
    [{ path: odd }, [odd]],
    [{ path: '/*' }, []],
    [{ prefix: '/[a-z]' }, []],
    [{ path: '/a', tag: 'tag /a?q' }, ['/a?q']],
    [{ all: true }, all],
    [{}, []],
  ];
  for (const [selector, gone] of purges)
    it(`purges ${gone.length} of ${all.length} everywhere by ${JSON.stringify(selector)}`, async () => {
      const [here, there] = await two();
      for (const target of all) {
        await here.fill(placeOf(target), answerOf(target, { tags: ['x', `tag ${target}`] }));
        await spread([here, there], placeOf(target));
      }
      expect(await there.cache.purgeShared(selector)).to.equal(gone.length);
      const kept = all.filter((target) => !gone.includes(target));
      await until(() => here.cache.entries === kept.length, 'it is gone');
      for (const cache of [here, there]) {
        expect(all.filter((target) => cache.find(placeOf(target)) !== undefined)).to.deep.equal(kept);
        for (const target of all)
          expect((await cache.recall(placeOf(target)))?.body.toString()).to.equal(
            kept.includes(target) ? target : undefined,
          );
      }
      expect(await there.cache.purgeShared(selector)).to.equal(0);
    });

  it('counts variants when it purges, and not what leads to them', async () => {
    const here = join();
    for (const n of ['1', '2']) await here.fill(placeOf('/a'), answerOf(n, { vary: ['n'] }), { fields: { n } });
    expect(await here.cache.purgeShared({ route: 'orders' })).to.equal(2);
    expect(await server.call('DBSIZE')).to.equal(1);
  });

  it('purges thousands, and what belongs to others stays', async () => {
    const here = join(server.url, { keyPrefix: '[g]*:' });
    const other = join(server.url, { keyPrefix: 'g*:' });
    await other.fill(placeOf('/a'), answerOf('other'));
    await server.call('SET', `[g]*:cache:{${'x'.repeat(32)}}:${'x'.repeat(32)}`, 'no hash');
    const targets = Array.from({ length: 2100 }, (_, index) => `/a?${index}`);
    await Promise.all(targets.map(async (target) => here.fill(placeOf(target), answerOf('x'))));
    expect(await here.cache.purgeShared({ path: '/a' })).to.equal(2100);
    expect(await here.cache.purgeShared({ all: true })).to.equal(0);
    expect((await other.recall(placeOf('/a')))?.body.toString()).to.equal('other');
    expect([...here.skipped, ...other.skipped]).to.deep.equal([]);
  });

  describe('while something is under way', () => {
    it('does not recall what is purged meanwhile', async () => {
      const [here, there] = await two();
      await there.fill(placeOf('/a'), answerOf('old'));
      const writing = here.cache.begin(placeOf('/a'));
      const recalled = writing.recall(() => undefined);
      here.cache.purgeMemory({ tag: 'any' });
      expect(await recalled).to.equal(undefined);
      writing.store(answerOf('old'), () => undefined);
      writing.end();
      expect(here.find(placeOf('/a'))).to.equal(undefined);
    });

    for (const [what, purge] of [
      ['purged', async (cache: SharingCache) => cache.cache.purgeShared({ route: 'orders' })],
      ['invalidated', (cache: SharingCache) => cache.cache.invalidate(placeOf('/a').uri)],
    ] as const)
      it(`stores nothing that is ${what} meanwhile by another gateway`, async () => {
        const [here, there] = await two();
        await here.fill(placeOf('/a?marker'), answerOf('marker'));
        await here.fill(placeOf('/a'), answerOf('old'), {
          meanwhile: async () => {
            await purge(there);
            await until(() => here.find(placeOf('/a?marker')) === undefined, 'it has heard of it');
          },
        });
        expect(here.find(placeOf('/a'))).to.equal(undefined);
        expect(await there.recall(placeOf('/a'))).to.equal(undefined);
        await here.fill(placeOf('/a'), answerOf('new'));
        expect((await there.recall(placeOf('/a')))?.body.toString()).to.equal('new');
      });

    for (const [what, begun] of [
      ['a URI of which something is stored', true],
      ['a URI of which nothing is stored', false],
    ] as const)
      it(`shares nothing of ${what} that was invalidated though nobody has heard of it`, async () => {
        const [here, there] = await two();
        if (begun) await here.fill(placeOf('/a?other'), answerOf('other'));
        const { generation, entry } = keysOf(placeOf('/a'));
        const meanwhile = async () => server.call('SET', generation, 'i-by-another');
        await here.fill(placeOf('/a'), answerOf('old'), { meanwhile });
        expect(await there.recall(placeOf('/a'))).to.equal(undefined);
        expect(await server.call('EXISTS', entry)).to.equal(0);
      });

    it('shares two answers of one URI that were fetched at once', async () => {
      const [here, there] = await two();
      await here.fill(placeOf('/a?1'), answerOf('one'), {
        meanwhile: async () => there.fill(placeOf('/a?2'), answerOf('two')),
      });
      expect((await there.recall(placeOf('/a?1')))?.body.toString()).to.equal('one');
      expect((await here.recall(placeOf('/a?2')))?.body.toString()).to.equal('two');
    });

    it('takes away what somebody has stored behind a purge', async () => {
      const [here] = await two();
      const { entry } = keysOf(placeOf('/a'));
      await here.fill(placeOf('/a'), answerOf('old'));
      await server.call('COPY', entry, 'kept');
      expect(await here.cache.purgeShared({ path: '/a' })).to.equal(1);
      await server.call('COPY', 'kept', entry);
      await here.fill(placeOf('/a?new'), answerOf('new'));
      await server.until(['EXISTS', entry], (answer) => answer === 0);
      expect((await here.recall(placeOf('/a?new')))?.body.toString()).to.equal('new');
    });

    it('does not recall what somebody has stored behind a purge', async () => {
      const [here, there] = await two();
      const { entry, generation } = keysOf(placeOf('/a'));
      await there.fill(placeOf('/a'), answerOf('old'));
      await spread([there, here], placeOf('/a'));
      await server.call('COPY', entry, 'kept');
      expect(await there.cache.purgeShared({ path: '/a' })).to.equal(1);
      await until(() => here.find(placeOf('/a')) === undefined, 'it has heard of it');
      await server.call('COPY', 'kept', entry);
      expect(await server.call('EXISTS', entry, generation)).to.equal(2);
      for (const cache of [here, there]) expect(await cache.recall(placeOf('/a'))).to.equal(undefined);
      await here.fill(placeOf('/a'), answerOf('new'));
      expect((await there.recall(placeOf('/a')))?.body.toString()).to.equal('new');
    });
  });

  it('brings nothing back to life when Redis lets go of keys', async () => {
    const [here, there] = await two();
    await here.fill(placeOf('/a'), answerOf('old'));
    await spread([here, there], placeOf('/a'));
    here.cache.invalidate(placeOf('/a').uri);
    await until(() => there.find(placeOf('/a')) === undefined, 'it has heard of it');
    await server.call('DEL', keysOf(placeOf('/a')).generation);
    expect(await there.recall(placeOf('/a'))).to.equal(undefined);
  });

  it('keeps out of Redis what is worth nothing or too large', async () => {
    const here = join();
    const freshness = { ...answerOf('').freshness, lifetime: 0 };
    await here.fill(placeOf('/stale'), answerOf('stale', { freshness }));
    await here.fill(placeOf('/large'), answerOf(Buffer.alloc(8 * 1_048_576 + 1)));
    expect(await here.recall(placeOf('/a'))).to.equal(undefined);
    expect(await server.call('DBSIZE')).to.equal(0);
    expect(here.cache.entries).to.equal(2);
    await here.fill(placeOf('/most'), answerOf(Buffer.alloc(8 * 1_048_576, 'x')));
    expect((await here.recall(placeOf('/most')))?.body.length).to.equal(8 * 1_048_576);
  });

  it('is told by messages that it can read, and minds no others', async () => {
    const [here, there] = await two();
    await here.fill(placeOf('/a'), answerOf('a'));
    for (const message of [
      '',
      '[]',
      '{}',
      '{"from":"x"}',
      '{"from":"x","purge":{}}',
      '{"from":"x","purge":{"all":true}}',
    ])
      await server.call('PUBLISH', CHANNEL, message);
    const unknown = JSON.stringify({ at: Date.now() * 1000, from: 'x', purge: { all: true, but: '/a' } });
    await server.call('PUBLISH', CHANNEL, unknown);
    await here.fill(placeOf('/b'), answerOf('b'));
    there.cache.invalidate(placeOf('/b').uri);
    await until(() => here.find(placeOf('/b')) === undefined, 'it has heard of all');
    expect(here.find(placeOf('/a'))).to.not.equal(undefined);
  });

  describe('that was tampered with', () => {
    const good: Record<string, unknown> = {
      version: 1,
      kind: 'answer',
      route: 'orders',
      path: '/a',
      since: 1,
      status: 200,
      headers: ['content-length', '4'],
      freshness: answerOf('').freshness,
      vary: [],
      tags: [],
      isExplicit: true,
    };
    const recalled = async (meta: string): Promise<string | undefined> => {
      const here = join();
      const { generation, entry } = keysOf(placeOf('/a'));
      await server.call('SET', generation, 'g');
      await server.call('HSET', entry, 'g', 'g', 'm', meta, 'b', 'body');
      const answer = await here.recall(placeOf('/a'));
      expect(here.skipped).to.deep.equal([]);
      return answer?.body.toString();
    };

    it('is read as long as it is right', async () => {
      expect(await recalled(JSON.stringify(good))).to.equal('body');
    });

    for (const [what, meta] of [
      ['nothing', ''],
      ['no object', '[]'],
      ['too little', '{"version":1}'],
      ['that it is of another route', JSON.stringify({ ...good, route: 'users' })],
      ['that it is of another path', JSON.stringify({ ...good, path: '/b' })],
      ['that its body is another', JSON.stringify({ ...good, headers: ['content-length', '5'] })],
      ['that it is one of several variants', JSON.stringify({ ...good, vary: ['cookie'] })],
      ['no order of fields', JSON.stringify({ ...good, kind: 'index', names: ['cookie', 'accept'] })],
    ])
      it(`is not read when it says ${what}`, async () => {
        expect(await recalled(meta ?? '')).to.equal(undefined);
      });

    it('is as good as away when a key is something else', async () => {
      const here = join();
      await server.call('LPUSH', keysOf(placeOf('/a')).generation, 'x');
      await here.fill(placeOf('/a'), answerOf('a'));
      here.cache.invalidate(placeOf('/b').uri);
      expect(here.skipped).to.deep.equal(['refused']);
      expect(here.find(placeOf('/a'))).to.not.equal(undefined);
    });
  });
});

describe('a cache whose Redis is away', function () {
  this.timeout(120_000);
  const servers: RedisServer[] = [];
  const caches: SharingCache[] = [];

  afterEach(async () => {
    await Promise.all(caches.splice(0).map((cache) => cache.close()));
    await Promise.all(servers.splice(0).map((server) => server.end()));
  });

  async function start(more: ConstructorParameters<typeof SharingCache>[1] = {}) {
    const server = await RedisServer.start();
    servers.push(server);
    const here = new SharingCache(server.url, more);
    caches.push(here);
    const health = new Health(here.client);
    await listening(server, 1);
    return { server, here, health };
  }

  it('does without it when it stands still', async () => {
    const { server, here, health } = await start({ timeout: SOON });
    await here.fill(placeOf('/a'), answerOf('a'));
    await health.up();
    server.freeze();
    expect(await here.recall(placeOf('/a'))).to.equal(undefined);
    await here.fill(placeOf('/b'), answerOf('b'));
    expect(here.find(placeOf('/b'))?.body.toString()).to.equal('b');
    expect(await here.cache.purgeShared({ path: '/a' })).to.equal('unavailable');
    expect(here.find(placeOf('/a'))).to.equal(undefined);
    await health.down();
    expect(here.skipped.length).to.equal(3);
    expect(here.skipped.at(0)).to.equal('timeout');
    expect(await here.recall(placeOf('/a'))).to.equal(undefined);
    expect(here.skipped.at(3)).to.equal('away');
    server.thaw();
    await health.up();
    // Nobody knows whether something of it was invalidated meanwhile.
    expect(await server.call('EXISTS', keysOf(placeOf('/b')).entry)).to.equal(0);
  });

  it('knows nothing any more when it may have missed something', async () => {
    const { server, here } = await start();
    await here.fill(placeOf('/a'), answerOf('a'));
    const writing = here.cache.begin(placeOf('/b'));
    await writing.recall(() => undefined);
    await server.kill();
    expect(here.find(placeOf('/a'))).to.not.equal(undefined);
    await server.start();
    await listening(server, 1);
    await until(() => here.find(placeOf('/a')) === undefined, 'it is gone');
    writing.store(answerOf('b'), () => undefined);
    writing.end();
    expect(here.cache.entries).to.equal(0);
  });

  it('keeps what it has when it first hears of the others', async () => {
    const server = await RedisServer.start();
    servers.push(server);
    const here = new SharingCache(server.url);
    caches.push(here);
    const writing = here.cache.begin(placeOf('/a'));
    writing.store(answerOf('a'), () => undefined);
    writing.end();
    await listening(server, 1);
    const marker = JSON.stringify({ from: 'x', uri: placeOf('/b').uri });
    const other = here.cache.begin(placeOf('/b'));
    other.store(answerOf('b'), () => undefined);
    await server.call('PUBLISH', CHANNEL, marker);
    await until(() => here.find(placeOf('/b')) === undefined, 'it has heard of it');
    other.end();
    expect(here.find(placeOf('/a'))).to.not.equal(undefined);
  });

  it('does not recall what it has invalidated meanwhile', async () => {
    const { server, here: there } = await start();
    const relay = await Relay.start(server);
    const here = new SharingCache(relay.url, { timeout: SOON });
    try {
      await listening(server, 2);
      const health = new Health(here.client);
      await here.fill(placeOf('/a'), answerOf('old'));
      await health.up();
      expect(await there.recall(placeOf('/a'))).to.not.equal(undefined);
      // What is sent now is lost.
      relay.cut();
      here.cache.invalidate(placeOf('/a').uri);
      await health.down();
      await health.up();
      expect(await here.recall(placeOf('/a'))).to.equal(undefined);
      await until(() => there.find(placeOf('/a')) === undefined, 'it has heard of it');
      expect(await there.recall(placeOf('/a'))).to.equal(undefined);
    } finally {
      await here.close();
      await relay.end();
    }
  });

  it('tells the others by itself what it has invalidated, once it can', async () => {
    const { server, here: there } = await start();
    const relay = await Relay.start(server);
    const here = new SharingCache(relay.url, { timeout: SOON });
    try {
      await listening(server, 2);
      const health = new Health(here.client);
      await here.fill(placeOf('/a'), answerOf('old'));
      await health.up();
      expect(await there.recall(placeOf('/a'))).to.not.equal(undefined);
      relay.cut();
      here.cache.invalidate(placeOf('/a').uri);
      await until(() => there.find(placeOf('/a')) === undefined, 'it has heard of it');
    } finally {
      await here.close();
      await relay.end();
    }
  });

  it('takes all away when it has invalidated more than it can remember', async () => {
    const { server, here: there } = await start();
    const relay = await Relay.start(server);
    const here = new SharingCache(relay.url, { timeout: SOON });
    try {
      await listening(server, 2);
      const health = new Health(here.client);
      for (const target of ['/a', '/b']) {
        await here.fill(placeOf(target), answerOf('old'));
        expect(await there.recall(placeOf(target))).to.not.equal(undefined);
      }
      await health.up();
      relay.cut();
      here.cache.invalidate(placeOf('/a').uri);
      // Each is as long as a URL may be.
      for (let index = 0; index < 600; index += 1) here.cache.invalidate(`shop /${index}/${'x'.repeat(8192)}`);
      await health.down();
      await health.up();
      for (const target of ['/a', '/b']) expect(await here.recall(placeOf(target))).to.equal(undefined);
      await until(() => there.find(placeOf('/a')) === undefined, 'it has heard of it');
      for (const target of ['/a', '/b'])
        await server.until(['EXISTS', keysOf(placeOf(target)).entry], (count) => count === 0);
      expect(await there.recall(placeOf('/a'))).to.equal(undefined);
      await until(async () => {
        await here.fill(placeOf('/a'), answerOf('new'));
        return (await there.recall(placeOf('/a')))?.body.toString() === 'new';
      }, 'they share answers again');
    } finally {
      await here.close();
      await relay.end();
    }
  });

  it('listens no more once it is closed, and two of one process hear each for itself', async () => {
    const { server, here } = await start();
    const second = new SharingCache(here.client);
    await here.fill(placeOf('/a'), answerOf('a'));
    expect(await second.recall(placeOf('/a'))).to.not.equal(undefined);
    here.cache.invalidate(placeOf('/a').uri);
    await until(() => second.find(placeOf('/a')) === undefined, 'it has heard of it');
    second.cache.close();
    await listening(server, 1);
    here.cache.close();
    await listening(server, 0);
  });
});

describe('a cache that gateways share over a cluster of Redis nodes', function () {
  this.timeout(120_000);
  let cluster: RedisCluster;

  before(async () => {
    cluster = await RedisCluster.start();
  });

  after(async () => {
    await cluster.end();
  });

  it('is stored, invalidated and purged on all of them', async () => {
    const [first = '', second = ''] = cluster.urls;
    const [here, there] = [new SharingCache([first]), new SharingCache([second])];
    try {
      const targets = Array.from({ length: 30 }, (_, index) => `/${index}`);
      const fields = { n: '1' };
      for (const target of targets)
        await here.fill(placeOf(target), answerOf(target, { vary: ['n'], tags: [target] }), { fields });
      for (const node of cluster.nodes) expect(await node.call('DBSIZE')).to.be.greaterThan(0);
      for (const target of targets)
        expect((await there.recall(placeOf(target), fields))?.body.toString()).to.equal(target);
      here.cache.invalidate(placeOf('/0').uri);
      await until(() => there.find(placeOf('/0'), fields) === undefined, 'it has heard of it');
      expect(await here.cache.purgeShared({ tag: '/1' })).to.equal(1);
      await until(() => there.find(placeOf('/1'), fields) === undefined, 'it has heard of it');
      expect(await there.cache.purgeShared({ prefix: '/' })).to.equal(29);
      await until(() => here.cache.entries === 0, 'it has heard of it');
      expect([...here.skipped, ...there.skipped]).to.deep.equal([]);
    } finally {
      await here.close();
      await there.close();
    }
  });
});
