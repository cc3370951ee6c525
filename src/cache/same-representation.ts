import type { HeaderList } from '../exchange.ts';
import { combined, valuesOf } from '../fields.ts';
import type { StoredAnswer } from './answer.ts';
import { isStrong, isWeaklyEqual } from './entity-tags.ts';

/**
 * Whether a 304 is about the stored answer that was to be validated (RFC 9111 section 4.3.4). One without validators
 * is: it answers a request that asked about this one alone.
 */
export function isValidated(stored: HeaderList, received: HeaderList): boolean {
  const [tag] = valuesOf(received, 'etag');
  const [storedTag] = valuesOf(stored, 'etag');
  if (tag !== undefined) {
    // A strong one must be the same; the weak one of a strong one is left by servers that compress.
    if (isStrong(tag)) return tag === storedTag;
    if (storedTag !== undefined) return isWeaklyEqual(tag, storedTag);
  }
  return isSameDate(stored, received);
}

/** Whether a 200 to a HEAD describes the stored answer: by all that it says of it (RFC 9111 section 4.3.5). */
export function isDescribed(stored: StoredAnswer, status: number, headers: HeaderList): boolean {
  if (status !== stored.status) return false;
  const [tag] = valuesOf(headers, 'etag');
  if (tag !== undefined && tag !== valuesOf(stored.headers, 'etag')[0]) return false;
  const length = combined(headers, 'content-length');
  return (length === undefined || Number(length) === stored.body.length) && isSameDate(stored.headers, headers);
}

function isSameDate(stored: HeaderList, received: HeaderList): boolean {
  const [date] = valuesOf(received, 'last-modified');
  return date === undefined || date === valuesOf(stored, 'last-modified')[0];
}
