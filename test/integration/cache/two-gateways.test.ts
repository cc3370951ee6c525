import { expect } from 'chai';
import { CachedGateway, cachingAll, send } from '../../support/cached.ts';
import { call, type Answered } from '../../support/client.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { RedisServer } from '../../support/redis.ts';
import { until } from '../../support/reload.ts';
import { listening } from '../../support/shared-caches.ts';

const FRESH = ['Cache-Control', 'max-age=60'];
const STALE = ['Cache-Control', 'max-age=60, stale-while-revalidate=600, stale-if-error=600', 'Age', '61'];

describe('two gateways with caches on one Redis', function () {
  // It may have to be fetched.
  this.timeout(120_000);
  let redis: RedisServer;
  let here: CachedGateway;
  /** In front of the same origin. */
  let there: TestGateway;

  before(async () => {
    redis = await RedisServer.start();
    // The time-out is that of a test on a busy machine.
    const yaml = (origin: string): string =>
      `redis: { url: "${redis.url}", timeout: 5s }\ncache: { redis: true }\n${cachingAll()(origin)}`;
    here = await CachedGateway.start(yaml);
    there = await startTestGateway(yaml(here.origin.origin));
    await listening(redis, 2);
  });

  after(async () => {
    await there.stop();
    await here.stop();
    await redis.end();
  });

  beforeEach(() => here.reset());
  afterEach(async () => here.purge({ all: true }));

  /** Asks the other one, by the name of the first: the host is in the key. */
  async function askThere(...headers: readonly string[]): Promise<Answered> {
    return call(there.url + here.path, { headers: ['host', here.gateway.url.slice('http://'.length), ...headers] });
  }

  /** How many answers are in Redis. */
  async function entries(): Promise<number> {
    const keys = await redis.call('KEYS', 'gw:cache:*');
    return Array.isArray(keys) ? keys.filter((key) => !String(key).endsWith(':g')).length : NaN;
  }

  /** Lets one of them store something, and waits until Redis has it. */
  async function stored(): Promise<void> {
    await here.ask();
    await until('it is in Redis', async () => (await entries()) === 1);
  }

  it('the second gives what it finds stale to twenty at once, and asks the origin once in the background', async () => {
    const release = here.holds(2, (asked) => ({ headers: asked === 1 ? STALE : FRESH }));
    await stored();
    const found = await Promise.all(Array.from({ length: 20 }, async () => askThere()));
    expect(new Set(found.map(({ text }) => text))).to.deep.equal(new Set(['answer 1']));
    const refresh = await here.origin.requests.at(1);
    expect((await askThere()).text).to.equal('answer 1');
    expect(here.asked).to.equal(2);
    release();
    await refresh.over();
    expect([(await askThere()).text, here.asked]).to.deep.equal(['answer 2', 2]);
  });

  it('what is taken back by one stands in for no error of the other', async () => {
    here.says({ headers: STALE }, { status: 404, headers: ['Cache-Control', 'no-store'] }, { status: 503 });
    await stored();
    expect((await here.ask('cache-control', 'max-age=1')).status).to.equal(404);
    // Nobody has waited until Redis knows of it.
    await until('the other has no stale answer', async () => (await askThere()).status === 503);
  });

  it('a condition goes on with a request that goes alone, for an answer that is private', async () => {
    here.answers((request) => {
      const isKnown = request.header('if-none-match') === '"mine"';
      const headers = ['Cache-Control', 'private, max-age=60', 'ETag', '"mine"'];
      send(request, { status: isKnown ? 304 : 200, headers, body: 'mine' });
    });
    for (const ask of [async (...fields: string[]) => here.ask(...fields), askThere]) {
      // That it is not for others is known from here on.
      expect((await ask()).status).to.equal(200);
      const answer = await ask('if-none-match', '"mine"');
      expect([answer.status, here.last.header('if-none-match')]).to.deep.equal([304, '"mine"']);
      const other = await ask('if-none-match', '"other"');
      expect([other.status, other.text, here.last.header('if-none-match')]).to.deep.equal([200, 'mine', '"other"']);
    }
  });
});
