import { expect } from 'chai';
import * as fc from 'fast-check';
import { createLimiter } from '../../../src/gateway/limiters.ts';
import { RateCounter, type RateDecision } from '../../../src/limits/gcra.ts';
import { boundedKey } from '../../../src/limits/bounded-key.ts';
import { GCRA, SharedLimiter, type Alone } from '../../../src/limits/shared-limiter.ts';
import { RedisClient } from '../../../src/redis/redis-client.ts';
import { redisScript } from '../../../src/redis/script.ts';
import { Unavailable } from '../../../src/redis/unavailable.ts';
import { redisConfig, RedisServer } from '../../support/redis.ts';
import { Health } from '../../support/redis-watch.ts';

/** The script by a clock of the test, in seconds and microseconds as Redis gives it. What ends keys is Redis' own clock. */
const TIMED = redisScript(
  GCRA.replace("redis.call('TIME')", '{ ARGV[4], ARGV[5] }').replace(/,\s*'PX', math\.ceil\(at \/ requests\) \+ 1/, ''),
);
const RATE = { requests: 3, per: 3_600_000, burst: 5 };
/** A Monday in 2033, in microseconds. */
const START = 2_000_000_000_000_000;

describe('a limit in Redis', () => {
  let server: RedisServer;
  let client: RedisClient;
  let keys = 0;

  before(async () => {
    expect(TIMED.text).to.not.match(/TIME|PX/);
    server = await RedisServer.start();
    client = new RedisClient(redisConfig(server.url, { timeout: '20s' }));
    const health = new Health(client);
    await client.run(TIMED, ['first'], [1, 1, 1, 1, 1]);
    await health.up();
  });

  after(async () => {
    await client.close();
    await server.end();
  });

  /** A limit by a clock of the test, with a key that nobody has used. */
  function timed(rate: { readonly requests: number; readonly per: number; readonly burst: number }): {
    take: (microseconds: number) => Promise<RateDecision>;
    key: string;
  } {
    const key = `timed:${(keys += 1)}`;
    let now = 0;
    const limiter = new SharedLimiter({
      ...rate,
      prefix: '',
      run: async (name, args) => {
        const reply = await client.run(TIMED, [name], [...args, Math.floor(now / 1e6), now % 1e6]);
        if (reply instanceof Unavailable || !Array.isArray(reply)) throw new Error('Redis gave no answer');
        return reply.map(Number);
      },
      instead: { take: () => expect.fail('nobody counts alone') },
      alone: () => expect.fail('nobody counts alone'),
    });
    return {
      key: `gw:${key}`,
      take: async (microseconds) => {
        now = microseconds;
        return limiter.take(key);
      },
    };
  }

  it('lets the same requests pass as one in memory, whatever the rate and the times, to the last second', async () => {
    const count = fc.integer({ min: 1, max: 5000 });
    const per = fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 86_400_000 }));
    const burst = fc.oneof(fc.integer({ min: 1, max: 5 }), count);
    // In shares of what one request costs: so that some come just in time, and others just too early.
    const waits = fc.array(fc.oneof(fc.double({ min: 0, max: 2.5, noNaN: true }), fc.constantFrom(0, 1)), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(count, per, burst, waits, fc.nat(999_999), async (requests, window, size, pauses, rest) => {
        let now = START + rest;
        const shared = timed({ requests, per: window, burst: size });
        // In the middle of a part, so that it is the same one after it was rounded.
        const clock = (): number => {
          const whole = (Math.floor(now / 1000) - Math.floor(START / 1000)) * requests;
          return (whole + Math.floor(((now % 1000) * requests) / 1000) + 0.5) / requests;
        };
        const local = new RateCounter({ requests, per: window, burst: size, clock });
        for (const pause of pauses) {
          now += Math.round((pause * window * 1000) / requests);
          const decision = await shared.take(now);
          expect(decision).to.deep.equal(local.take('a'));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('lets exactly one pass in each interval, to the microsecond', async () => {
    const { take } = timed({ requests: 4, per: 1000, burst: 1 });
    expect((await take(START)).allowed).to.equal(true);
    for (let time = 1; time <= 5; time += 1) {
      expect((await take(START + time * 250_000 - 1)).allowed).to.equal(false);
      expect((await take(START + time * 250_000)).allowed).to.equal(true);
    }
  });

  it('does not drift where the interval is a fraction', async () => {
    const { take } = timed({ requests: 7, per: 1000, burst: 1 });
    let passed = 0;
    for (let time = 0; time <= 3000; time += 13) if ((await take(START + time * 1000)).allowed) passed += 1;
    // Each waits for the first look after its interval; those that are missed are not made up for with a burst of 1.
    expect(passed).to.be.within(19, 22);
  });

  it('lets nobody wait longer than a whole burst takes when the clock was set back', async () => {
    const { take } = timed({ requests: 60, per: 60_000, burst: 2 });
    await take(START);
    await take(START);
    const later = START - 86_400_000_000;
    expect(await take(later)).to.deep.equal({ allowed: false, retryAfter: 1, remaining: 0, reset: 2 });
    expect((await take(later + 1_000_000)).allowed).to.equal(false);
    expect((await take(START + 1_000_000)).allowed).to.equal(true);
  });

  it('ends by itself when the whole burst may pass again', async () => {
    const limiter = createLimiter({ scope: 'ends', ...RATE }, client, () => expect.fail('Redis is there'));
    await limiter.take('a');
    const left = Number(await server.call('PTTL', 'gw:limit:ends:3-3600000-5:a'));
    expect(left).to.be.within(1_000_000, 1_200_002);
  });

  it('takes nothing for a denied request', async () => {
    const { take, key } = timed({ requests: 1, per: 1000, burst: 1 });
    await take(START);
    const before = await server.call('GET', key);
    for (let time = 0; time < 5; time += 1) await take(START + 1);
    expect(await server.call('GET', key)).to.equal(before);
  });

  it('lets exactly the burst pass of two hundred at once over four connections', async () => {
    const clients = Array.from({ length: 4 }, () => new RedisClient(redisConfig(server.url, { timeout: '20s' })));
    try {
      const limiters = clients.map((one) =>
        createLimiter({ scope: 'at-once', ...RATE, burst: 37 }, one, () => expect.fail('Redis is there')),
      );
      const decisions = await Promise.all(
        Array.from({ length: 200 }, async (_none, index) => limiters[index % 4]?.take('a')),
      );
      expect(decisions.filter((decision) => decision?.allowed === true)).to.have.length(37);
      const left = decisions.flatMap((decision) => (decision?.allowed === true ? [decision.remaining] : []));
      expect(left.toSorted((one, other) => one - other)).to.deep.equal(Array.from({ length: 37 }, (_none, at) => at));
    } finally {
      await Promise.all(clients.map(async (one) => one.close()));
    }
  });

  it('counts each key, each scope and each rate by itself', async () => {
    const take = async (scope: string, key: string, burst = 1): Promise<boolean> =>
      (await createLimiter({ scope, ...RATE, burst }, client, () => expect.fail('Redis is there')).take(key)).allowed;
    expect(await take('one', 'a')).to.equal(true);
    expect(await take('one', 'a')).to.equal(false);
    expect(await take('one', 'b')).to.equal(true);
    expect(await take('two', 'a')).to.equal(true);
    expect(await take('one', 'a', 2)).to.equal(true);
  });
});

describe('a limit that has no answer from Redis', () => {
  it('goes on in memory, and says so of each request', async () => {
    const alone: Alone[] = [];
    const limiter = new SharedLimiter({
      ...RATE,
      prefix: 'limit:',
      run: async () => ({ reason: 'away' }),
      instead: new RateCounter({ ...RATE, clock: () => 0 }),
      alone: (why) => void alone.push(why),
    });
    const decisions: boolean[] = [];
    for (let time = 0; time < 7; time += 1) decisions.push((await limiter.take('a')).allowed);
    expect(decisions).to.deep.equal([true, true, true, true, true, false, false]);
    expect(alone).to.deep.equal(Array.from({ length: 7 }, () => ({ reason: 'away' })));
  });

  it('does so, too, when the answer is none of its script', async () => {
    const alone: Alone[] = [];
    const limiter = new SharedLimiter({
      ...RATE,
      prefix: 'limit:',
      run: async () => [1],
      instead: new RateCounter({ ...RATE, clock: () => 0 }),
      alone: (why) => void alone.push(why),
    });
    expect((await limiter.take('a')).remaining).to.equal(4);
    expect(alone).to.deep.equal([{ reason: 'refused' }]);
  });
});

describe('the key of a counter', () => {
  it('is as it was when it is short, and of one length when it is not', () => {
    expect(boundedKey('header abc')).to.equal('header abc');
    const long = boundedKey(`header ${'a'.repeat(10_000)}`);
    expect(long).to.match(/^[\w-]{43}$/);
    expect(boundedKey(`header ${'a'.repeat(10_001)}`)).not.to.equal(long);
  });
});
