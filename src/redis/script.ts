import { createHash } from 'node:crypto';

/** A Lua script, which Redis runs as a whole or not at all. */
export interface RedisScript {
  readonly text: string;
  /** What Redis remembers it by: its SHA-1, hexadecimal. */
  readonly sha: string;
}

export function redisScript(text: string): RedisScript {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** What a script answers. */
export type Reply = string | number | null | readonly Reply[];

/** @throws TypeError for what no reply to a script can be */
export function replyOf(value: unknown): Reply {
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value;
  if (Array.isArray(value)) return value.map(replyOf);
  throw new TypeError(`not a reply of Redis: ${typeof value}`);
}

/** What a script answers, its texts as the bytes that they are. */
export type BytesReply = Buffer | number | null | readonly BytesReply[];

/** @throws TypeError for what no reply to a script can be */
export function bytesReplyOf(value: unknown): BytesReply {
  if (Buffer.isBuffer(value) || typeof value === 'number' || value === null) return value;
  if (Array.isArray(value)) return value.map(bytesReplyOf);
  throw new TypeError(`not a reply of Redis: ${typeof value}`);
}
