import { Cache, type CacheEvents } from '../cache/cache.ts';
import { SharedCache } from '../cache/shared-cache.ts';
import { SHARED_SCRIPTS } from '../cache/shared-scripts.ts';
import type { NoAnswer, SharedReply, SharedStore } from '../cache/shared-store.ts';
import type { RedisClient } from '../redis/redis-client.ts';
import { redisScript, type BytesReply } from '../redis/script.ts';
import { Unavailable } from '../redis/unavailable.ts';
import { REASONS } from './limiters.ts';

/** Where gateways tell each other what went. */
const CHANNEL = 'cache:purge';

const SCRIPTS = {
  'look-up': redisScript(SHARED_SCRIPTS['look-up']),
  store: redisScript(SHARED_SCRIPTS.store),
  invalidate: redisScript(SHARED_SCRIPTS.invalidate),
  announce: redisScript(SHARED_SCRIPTS.announce),
};

export interface CacheSettings {
  /** Of this process, in bytes. */
  readonly memory: number;
  /** Whether answers are shared over Redis, too. */
  readonly redis: boolean;
}

/**
 * @param redis stays open when the cache is closed; undefined = there is none
 * @param events told of what made room for others, and of each time that there is a Redis and it gave no answer
 */
export function createCache(settings: CacheSettings, redis: RedisClient | undefined, events: CacheEvents): Cache {
  const shared = settings.redis && redis !== undefined ? new SharedCache(storeIn(redis)) : undefined;
  return new Cache({ memory: settings.memory, shared, events });
}

function storeIn(redis: RedisClient): SharedStore {
  return {
    channel: redis.key(CHANNEL),
    async run(script, keys, args, since) {
      const reply = await redis.runBytes(SCRIPTS[script], keys, args, since);
      if (reply instanceof Unavailable) return noAnswer(reply);
      return Array.isArray(reply) && reply.every(isFlat) ? reply : { reason: 'refused' };
    },
    async sweep(pattern, field, isSelected) {
      const failure = await redis.sweep({ pattern, field, isSelected });
      return failure === undefined ? undefined : noAnswer(failure);
    },
    subscribe: (onMessage, onListening) => redis.subscribe(CHANNEL, onMessage, onListening),
  };
}

function noAnswer({ reason }: Unavailable): NoAnswer {
  return { reason: REASONS[reason] };
}

function isFlat(reply: BytesReply): reply is SharedReply {
  return reply === null || typeof reply === 'number' || Buffer.isBuffer(reply);
}
