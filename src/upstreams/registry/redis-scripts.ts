import { redisScript, type Reply } from '../../redis/script.ts';
import { isRecord, member } from '../discovery/shape.ts';
import { targetOf } from '../discovery/endpoints.ts';
import type { Instance, Registration } from './registry.ts';

/**
 * How long it is remembered that an instance was removed, at the least; in milliseconds. Longer than an instance usually
 * lives without a heartbeat: by then no gateway holds on to it.
 */
const REMEMBER_REMOVED = 300_000;

/** Where the instances of an upstream are: one hash tag, so that a cluster keeps them on one node. */
export function keysOf(upstream: string): readonly [values: string, expiries: string, removed: string] {
  const key = `registry:{${upstream}}`;
  return [`${key}:instances`, `${key}:expiries`, `${key}:removed`];
}

/** In milliseconds since 1970: the time of Redis, which is one for all gateways. */
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** Keys go with the last thing in them, also when no gateway is left to look. */
const KEEP_UNTIL_LAST = `
local function keep(scores, values)
  local last = redis.call('ZRANGE', scores, -1, -1, 'WITHSCORES')[2]
  if not last then return end
  redis.call('PEXPIREAT', scores, last)
  if values then redis.call('PEXPIREAT', values, last) end
end
`;

/** Registers or renews. Arguments: id, value, ttl, how many there may be, channel, upstream. */
export const PUT = redisScript(`${NOW}${KEEP_UNTIL_LAST}
local values, expiries, removed = KEYS[1], KEYS[2], KEYS[3]
local id, value, ttl, most, channel, upstream = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5], ARGV[6]
local gone = redis.call('ZRANGEBYSCORE', expiries, '-inf', now)
if #gone > 0 then
  redis.call('HDEL', values, unpack(gone))
  redis.call('ZREM', expiries, unpack(gone))
end
local before = redis.call('HGET', values, id)
if not before and redis.call('ZCARD', expiries) >= most then return { 'full', '0' } end
local expiry = string.format('%.0f', now + ttl)
redis.call('HSET', values, id, value)
redis.call('ZADD', expiries, expiry, id)
redis.call('ZREM', removed, id)
keep(expiries, values)
if before ~= value then redis.call('PUBLISH', channel, upstream) end
return { before and 'renewed' or 'created', expiry }
`);

/**
 * Removes, and remembers it: a gateway may still know an instance that Redis has lost. Arguments: id, for how long it is
 * remembered, how many are remembered, channel, upstream.
 */
export const REMOVE = redisScript(`${NOW}${KEEP_UNTIL_LAST}
local values, expiries, removed = KEYS[1], KEYS[2], KEYS[3]
local id, remember, most, channel, upstream = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5]
local expiry = tonumber(redis.call('ZSCORE', expiries, id) or 0)
redis.call('HDEL', values, id)
redis.call('ZREM', expiries, id)
redis.call('ZREMRANGEBYSCORE', removed, '-inf', now)
redis.call('ZADD', removed, string.format('%.0f', math.max(expiry, now + remember)), id)
redis.call('ZREMRANGEBYRANK', removed, 0, -most - 1)
keep(removed)
redis.call('PUBLISH', channel, upstream)
return expiry > now and 1 or 0
`);

/** What there is: the time, then id, value and expiry of each instance, then the ids of those that were removed. */
export const READ = redisScript(`${NOW}
local values, expiries, removed = KEYS[1], KEYS[2], KEYS[3]
local after = string.format('(%.0f', now)
local found = {}
local alive = redis.call('ZRANGEBYSCORE', expiries, after, '+inf', 'WITHSCORES')
for at = 1, #alive, 2 do
  local value = redis.call('HGET', values, alive[at])
  if value then
    found[#found + 1] = alive[at]
    found[#found + 1] = value
    found[#found + 1] = alive[at + 1]
  end
end
return { string.format('%.0f', now), found, redis.call('ZRANGEBYSCORE', removed, after, '+inf') }
`);

/** An instance as Redis has it. */
export interface Stored {
  readonly instance: Instance;
  /** How long it lives without a heartbeat, in milliseconds. */
  readonly ttl: number;
  /** By the time of Redis, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What Redis has of an upstream. */
export interface Reading {
  /** When it was read, by the time of Redis. */
  readonly now: number;
  readonly alive: readonly Stored[];
  /** Ids of those that somebody removed. */
  readonly removed: readonly string[];
}

export function putArguments(upstream: string, instance: Instance, ttl: number, most: number, channel: string) {
  const { id, origin, weight, metadata } = instance;
  return [id, JSON.stringify({ origin, weight, metadata, ttl }), ttl, most, channel, upstream];
}

export function removeArguments(upstream: string, id: string, most: number, channel: string) {
  return [id, REMEMBER_REMOVED, most, channel, upstream];
}

/** @returns undefined when it is no answer to {@link PUT} */
export function readPut(reply: Reply): { readonly outcome: Registration; readonly expiresAt: number } | undefined {
  if (!Array.isArray(reply)) return undefined;
  const [outcome, expiresAt] = textsOf(reply);
  if (outcome !== 'created' && outcome !== 'renewed' && outcome !== 'full') return undefined;
  return { outcome, expiresAt: Number(expiresAt) };
}

/** @returns undefined when it is no answer to {@link READ}. What is stored in another form than this is left out */
export function readReading(reply: Reply): Reading | undefined {
  if (!Array.isArray(reply)) return undefined;
  const [now, found, removed] = [...reply];
  if (typeof now !== 'string' || !Array.isArray(found) || !Array.isArray(removed)) return undefined;
  const alive: Stored[] = [];
  const texts = textsOf(found);
  for (let at = 0; at + 2 < texts.length; at += 3) {
    const stored = readStored(texts[at], texts[at + 1], texts[at + 2]);
    if (stored !== undefined) alive.push(stored);
  }
  return { now: Number(now), alive, removed: textsOf(removed) };
}

function textsOf(replies: readonly Reply[]): string[] {
  return replies.map(String);
}

function readStored(id = '', value = '', expiresAt = ''): Stored | undefined {
  let json: unknown;
  try {
    json = JSON.parse(value);
  } catch {
    return undefined;
  }
  const target = targetOf({ url: member(json, 'origin'), weight: member(json, 'weight') });
  const ttl = member(json, 'ttl');
  if (target === undefined || typeof ttl !== 'number') return undefined;
  const written = member(json, 'metadata');
  const metadata: Record<string, string> = {};
  for (const [name, text] of Object.entries(isRecord(written) ? written : {}))
    if (typeof text === 'string') metadata[name] = text;
  return { instance: { id, ...target, metadata }, ttl, expiresAt: Number(expiresAt) };
}
