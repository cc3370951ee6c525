/**
 * What runs in the Redis that gateways share. Keys: `cache:{uri}:g` is the generation of a URI, which each invalidation
 * changes; `cache:{uri}:entry` is an entry, with the generation that it was written in. An entry of another generation,
 * or of a URI that has none, counts for nothing: Redis may let go of any key at any time, and no answer comes back to life.
 */

/**
 * KEYS: generation, entry. Answers the time in microseconds, the generation (empty = none), and when there is an entry of
 * that generation what is said of it and its body.
 */
const LOOK_UP = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local generation = redis.call('GET', KEYS[1])
if not generation then return { now, '' } end
local entry = redis.call('HMGET', KEYS[2], 'g', 'm', 'b')
if entry[1] ~= generation then return { now, generation } end
return { now, generation, entry[2], entry[3] }
`;

/**
 * KEYS: generation, entry, and for a variant the entry that says by what variants differ. ARGV: the generation that was
 * seen before the answer was asked for, one to begin with, milliseconds to keep it, then what is said of the entry and its
 * body, then what is said of the other. Answers whether it was stored: not when the URI was invalidated since. Where none
 * was seen, one that another store has begun with will do.
 */
const STORE = `
local seen, ttl = ARGV[1], tonumber(ARGV[3])
local generation = redis.call('GET', KEYS[1])
if not generation then
  if seen ~= '' then return { 0 } end
  generation = ARGV[2]
  redis.call('SET', KEYS[1], generation, 'PX', ttl)
elseif generation ~= seen and not (seen == '' and string.sub(generation, 1, 1) == 's') then
  return { 0 }
elseif redis.call('PTTL', KEYS[1]) < ttl then
  redis.call('PEXPIRE', KEYS[1], ttl)
end
redis.call('HSET', KEYS[2], 'g', generation, 'm', ARGV[4], 'b', ARGV[5])
redis.call('PEXPIRE', KEYS[2], ttl)
if KEYS[3] then
  redis.call('HSET', KEYS[3], 'g', generation, 'm', ARGV[6], 'b', '')
  if redis.call('PTTL', KEYS[3]) < ttl then redis.call('PEXPIRE', KEYS[3], ttl) end
end
return { 1 }
`;

/** KEYS: generation. ARGV: the next one, milliseconds to keep it, channel, message. */
const INVALIDATE = `
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return { 1 }
`;

/** ARGV: channel, message without its time: an object in JSON with something in it. Answers the time in microseconds. */
const ANNOUNCE = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
redis.call('PUBLISH', ARGV[1], string.format('{"at":%.0f,', now) .. string.sub(ARGV[2], 2))
return { now }
`;

export type SharedScript = 'look-up' | 'store' | 'invalidate' | 'announce';

/** All of them, by their names. */
export const SHARED_SCRIPTS: Readonly<Record<SharedScript, string>> = {
  'look-up': LOOK_UP,
  store: STORE,
  invalidate: INVALIDATE,
  announce: ANNOUNCE,
};
