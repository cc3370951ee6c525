import type { HeaderList } from '../exchange.ts';
import { trimmed, valuesOf } from '../fields.ts';
import { parseDate } from './dates.ts';
import { LARGEST_DELTA } from './directive-list.ts';
import type { ResponseDirectives } from './response-directives.ts';

/** RFC 9110 section 15.1. */
const HEURISTICALLY_CACHEABLE = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501]);

export interface Lifetime {
  /** freshness_lifetime, in milliseconds. */
  readonly duration: number;
  /** The origin gave it, and not the route. */
  readonly isExplicit: boolean;
}

/**
 * How long an answer is fresh for a shared cache (RFC 9111 section 4.2.1): s-maxage, max-age, Expires, then the ttl of
 * the route in place of a heuristic (section 4.2.2). What is given and cannot be read makes it stale.
 *
 * @param date the answer's Date
 * @returns undefined when nothing says it: the answer may not be stored (section 3)
 */
export function lifetimeOf(
  status: number,
  headers: HeaderList,
  directives: ResponseDirectives,
  date: number,
  ttl: number | undefined,
): Lifetime | undefined {
  const { sMaxAge, maxAge, isPublic } = directives;
  const said = sMaxAge ?? maxAge ?? (directives.isTargeted ? undefined : untilExpires(headers, date));
  if (said !== undefined) return { duration: said, isExplicit: true };
  // `no-cache` alone says how it may be used: never without validation.
  if (directives.noCache) return { duration: 0, isExplicit: true };
  if (ttl !== undefined && (isPublic || HEURISTICALLY_CACHEABLE.has(status)))
    return { duration: ttl, isExplicit: false };
  return isPublic ? { duration: 0, isExplicit: true } : undefined;
}

/** RFC 9111 section 5.3: what is no date is in the past, above all `0`. So are two dates that differ. */
function untilExpires(headers: HeaderList, date: number): number | undefined {
  const [first, ...others] = valuesOf(headers, 'expires');
  if (first === undefined) return undefined;
  const expires = others.every((other) => other === first) ? parseDate(first, date) : undefined;
  return expires === undefined ? 0 : Math.min(Math.max(0, expires - date), LARGEST_DELTA * 1000);
}

/**
 * The instant at which the answer was made, as far as can be told when it comes (RFC 9111 section 4.2.3).
 *
 * @param date the answer's Date
 * @returns now - corrected_initial_age, in milliseconds since 1970
 */
export function bornAt(headers: HeaderList, date: number, requestedAt: number, receivedAt: number): number {
  // Date has whole seconds: to the millisecond, every answer would seem to have been under way for half a second.
  const apparentAge = Math.max(0, Math.floor(receivedAt / 1000) * 1000 - date);
  const correctedAge = ageValueOf(headers) + Math.max(0, receivedAt - requestedAt);
  return receivedAt - Math.max(apparentAge, correctedAge);
}

/** RFC 9111 section 5.1: of a list the first member counts, and what is no number of seconds does not. */
function ageValueOf(headers: HeaderList): number {
  const [first = ''] = valuesOf(headers, 'age');
  const age = trimmed(first.split(',', 1)[0] ?? '');
  return /^\d+$/.test(age) ? Math.min(Number(age), LARGEST_DELTA) * 1000 : 0;
}
