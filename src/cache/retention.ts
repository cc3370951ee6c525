import type { StoredAnswer } from './answer.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const MAX_RETENTION = 30 * DAY;

/**
 * How long an answer is worth keeping, in milliseconds: as long as it may be used, fresh or stale, and longer when it can
 * be validated. Not above 0 when it is worth nothing any more.
 */
export function retentionOf({ headers, freshness }: StoredAnswer, now: number): number {
  const { bornAt, lifetime, staleWhileRevalidate, staleIfError } = freshness;
  const validation = hasValidator(headers) ? Math.min(Math.max(lifetime, MINUTE), DAY) : 0;
  const left = bornAt + lifetime + Math.max(staleWhileRevalidate, staleIfError, validation) - now;
  return Math.min(Math.ceil(left), MAX_RETENTION);
}

/** RFC 9110 section 8.8. */
function hasValidator(headers: StoredAnswer['headers']): boolean {
  return headers.some((text, index) => index % 2 === 0 && /^(?:etag|last-modified)$/i.test(text));
}
