import { RateCounter } from '../limits/gcra.ts';
import type { Limiter } from '../limits/limiter.ts';
import { GCRA, SharedLimiter, type Alone } from '../limits/shared-limiter.ts';
import type { RedisClient } from '../redis/redis-client.ts';
import { redisScript } from '../redis/script.ts';
import { Unavailable, type UnavailableReason } from '../redis/unavailable.ts';

/** One counter for all that share a scope. Times in milliseconds. */
export interface LimiterSettings {
  readonly scope: string;
  readonly requests: number;
  readonly per: number;
  readonly burst: number;
}

const SCRIPT = redisScript(GCRA);

/** What limits and metrics call it when Redis gave no answer. */
export const REASONS: Readonly<Record<UnavailableReason, Alone['reason']>> = {
  connecting: 'away',
  down: 'away',
  timeout: 'timeout',
  lost: 'away',
  refused: 'refused',
  closed: 'away',
};

/**
 * @param redis what gateways share; undefined = this one counts alone
 * @param alone told of each request that was counted alone though there is a Redis, and why
 */
export function createLimiter(
  settings: LimiterSettings,
  redis: RedisClient | undefined,
  alone: (why: Alone) => void,
): Limiter {
  const { scope, requests, per, burst } = settings;
  const counter = new RateCounter({ requests, per, burst });
  if (redis === undefined) return counter;
  // A request that comes before there is a connection would be counted alone.
  redis.begin();
  return new SharedLimiter({
    requests,
    per,
    burst,
    // Another rate counts in other parts: it begins anew.
    prefix: `limit:${scope}:${requests}-${per}-${burst}:`,
    run: async (key, args) => {
      const reply = await redis.run(SCRIPT, [key], args);
      if (reply instanceof Unavailable) return { reason: REASONS[reply.reason], code: reply.code };
      return Array.isArray(reply) ? reply.map(Number) : [];
    },
    instead: counter,
    alone,
  });
}
