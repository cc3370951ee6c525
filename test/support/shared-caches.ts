/** Caches of several gateways that share a Redis. */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { StoredAnswer } from '../../src/cache/answer.ts';
import type { Cache, Place } from '../../src/cache/cache.ts';
import { createCache } from '../../src/gateway/caches.ts';
import { RedisClient } from '../../src/redis/redis-client.ts';
import { redisScript } from '../../src/redis/script.ts';
import { fieldsOf } from './answers.ts';
import { LIMIT, redisConfig, type RedisServer } from './redis.ts';

type Fields = Readonly<Record<string, string>>;

/** So long that a test fails that waits for it. */
const NEVER = '10m';
const NOTHING = redisScript("return redis.call('EXISTS', KEYS[1])");

/** What stays away, or comes about, has to do so within the limit. */
export async function until(isSo: () => unknown, what: string): Promise<void> {
  for (const deadline = performance.now() + LIMIT; performance.now() < deadline; await sleep(5))
    if ((await isSo()) === true) return;
  throw new Error(`not so in time: ${what}`);
}

/** The cache of one gateway. */
export class SharingCache {
  readonly client: RedisClient;
  readonly cache: Cache;
  /** Why Redis gave no answer, each time. */
  readonly skipped: string[] = [];

  /** @param redis its addresses, or what another one in this process is connected with */
  constructor(redis: string | string[] | RedisClient, more: Parameters<typeof redisConfig>[1] = {}) {
    this.client =
      redis instanceof RedisClient ? redis : new RedisClient(redisConfig(redis, { timeout: NEVER, ...more }));
    const events = { evicted: () => undefined, skipped: (reason: string) => void this.skipped.push(reason) };
    this.cache = createCache({ memory: 64 * 1_048_576, redis: true }, this.client, events);
  }

  /**
   * Fills a place; what happens meanwhile happens once the shared store was asked. It is done when Redis has stored it,
   * or was not there to do so.
   */
  async fill(
    place: Place,
    answer: StoredAnswer,
    { fields = {}, meanwhile = () => undefined }: { fields?: Fields; meanwhile?: () => unknown } = {},
  ): Promise<void> {
    const writing = this.cache.begin(place);
    await writing.recall(fieldsOf(fields));
    await meanwhile();
    writing.store(answer, fieldsOf(fields));
    writing.end();
    await this.#done(place);
  }

  /** From the shared store. */
  async recall(place: Place, fields: Fields = {}): Promise<StoredAnswer | undefined> {
    const writing = this.cache.begin(place);
    const answer = await writing.recall(fieldsOf(fields));
    writing.end();
    return answer;
  }

  /** From memory. */
  find(place: Place, fields: Fields = {}): StoredAnswer | undefined {
    return this.cache.find(place.base, fieldsOf(fields));
  }

  async close(): Promise<void> {
    this.cache.close();
    await this.client.close();
  }

  /** Waits until Redis has done what it was told about a place: all of it goes over one connection. */
  async #done(place: Place): Promise<void> {
    const key = keysOf(place, '').generation;
    // A script that Redis does not know yet is sent a second time.
    for (let turn = 0; turn < 2; turn += 1) {
      await this.client.run(NOTHING, [key], []);
      await nextTurn();
    }
  }
}

/** Waits until so many listen for what goes. */
export async function listening(server: RedisServer, count: number, prefix = 'gw:'): Promise<void> {
  const numbers = (answer: unknown): unknown => (Array.isArray(answer) ? answer[1] : undefined);
  await server.until(['PUBSUB', 'NUMSUB', `${prefix}cache:purge`], (answer) => numbers(answer) === count);
}

/** The keys of a place without Vary. */
export function keysOf({ uri, base }: Place, prefix = 'gw:'): { readonly generation: string; readonly entry: string } {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
  return { generation: `${prefix}cache:{${hash(uri)}}:g`, entry: `${prefix}cache:{${hash(uri)}}:${hash(base)}` };
}
