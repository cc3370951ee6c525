import { createHash } from 'node:crypto';

/** In characters. */
const LONGEST = 64;

/**
 * What stands for a key in memory and in Redis. A client may send headers of any length: longer ones stand as a digest,
 * which has no space in it, so that it is never another key.
 *
 * @param key begins with its kind and a space
 */
export function boundedKey(key: string): string {
  return key.length <= LONGEST ? key : createHash('sha256').update(key).digest('base64url');
}
