import { createHash } from 'node:crypto';
import type { Place } from './place.ts';

const HASH_LENGTH = 32;
/** Of the keys of all entries, and of no generation. */
export const ENTRY_PATTERN = `cache:{${'?'.repeat(HASH_LENGTH)}}:${'?'.repeat(HASH_LENGTH)}`;

/** The same hash tag for all that belongs to a URI: in a cluster it is in one place. */
export function generationKey(uri: string): string {
  return `cache:{${hashOf(uri)}}:g`;
}

export function entryKey({ uri }: Place, key: string): string {
  return `cache:{${hashOf(uri)}}:${hashOf(key)}`;
}

/** Keys hold what clients send, of any length, and what must not be read by everybody. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
}
