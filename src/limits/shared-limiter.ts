import type { RateDecision } from './gcra.ts';
import type { Limiter } from './limiter.ts';

/**
 * The generic cell rate algorithm for all gateways that share a Redis, by its clock; the same as in {@link RateCounter}.
 *
 * KEYS[1]: of the counter. ARGV: requests, per in milliseconds, burst. The theoretical arrival time is kept as whole
 * milliseconds and a rest, in parts of which a millisecond has `requests`: as a distance from now it is a whole number
 * that a double holds exactly, so that nothing is ever rounded. It is never further away than a burst takes, unless the
 * clock was set back, or another server with another clock took over: nobody has to wait for that.
 *
 * Answers whether it is allowed (1 or 0), how long until one will be, and how far away the arrival time is, both in parts.
 */
export const GCRA = `
local requests, per, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now, rest = time[1] * 1000 + math.floor(time[2] / 1000), math.floor(time[2] % 1000 * requests / 1000)
local ahead = 0
local known = redis.call('GET', KEYS[1])
if known then
  local ms, parts = string.match(known, '^(%d+) (%d+)$')
  ahead = math.max(0, math.min(burst * per, (ms - now) * requests + parts - rest))
end
local early = ahead - (burst - 1) * per
if early > 0 then return { 0, early, ahead } end
ahead = ahead + per
local at = rest + ahead
redis.call('SET', KEYS[1], string.format('%.0f %.0f', now + math.floor(at / requests), at % requests),
  'PX', math.ceil(at / requests) + 1)
return { 1, 0, ahead }
`;

/** Why this gateway counted by itself alone. */
export interface Alone {
  /**
   * - `timeout`: there was no answer in time
   * - `away`: there was nobody to ask, or the connection broke
   * - `refused`: the answer was an error, or none of {@link GCRA}
   */
  readonly reason: 'timeout' | 'away' | 'refused';
  /** Of the error that was answered, if there was one. */
  readonly code?: string | undefined;
}

export interface SharedLimiterOptions {
  readonly requests: number;
  /** In milliseconds. */
  readonly per: number;
  readonly burst: number;
  /** What its keys begin with. */
  readonly prefix: string;
  /** Runs {@link GCRA}. @returns what it answered, or why it did not */
  readonly run: (key: string, args: readonly number[]) => Promise<readonly number[] | Alone>;
  /** Counts when there was none. */
  readonly instead: Limiter;
  /** Told of each request that was counted by itself alone. */
  readonly alone: (why: Alone) => void;
}

/** A limit that all gateways share. Without an answer in time, or with an error for one, it goes on with what this gateway knows alone. */
export class SharedLimiter implements Limiter {
  readonly #options: SharedLimiterOptions;
  readonly #args: readonly number[];

  constructor(options: SharedLimiterOptions) {
    this.#options = options;
    this.#args = [options.requests, options.per, options.burst];
  }

  async take(key: string): Promise<RateDecision> {
    const { prefix, run, instead, alone } = this.#options;
    const answer = await run(prefix + key, this.#args);
    const [allowed, early, ahead] = 'reason' in answer ? [] : answer;
    if (allowed !== undefined && early !== undefined && ahead !== undefined)
      return this.#decision(allowed === 1, early, ahead);
    alone('reason' in answer ? answer : { reason: 'refused' });
    return instead.take(key);
  }

  #decision(allowed: boolean, early: number, ahead: number): RateDecision {
    const { requests, per, burst } = this.#options;
    const seconds = (parts: number): number => Math.ceil(parts / (requests * 1000));
    const remaining = Math.max(0, Math.floor((burst * per - ahead) / per));
    return { allowed, retryAfter: seconds(early), remaining: allowed ? remaining : 0, reset: seconds(ahead) };
  }
}
