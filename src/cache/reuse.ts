import type { Freshness } from './answer.ts';
import { LARGEST_DELTA } from './directive-list.ts';
import type { RequestRules } from './directives.ts';

/** `stale`: the request allows it with max-stale. */
export type Reuse = 'fresh' | 'stale' | 'stale-while-revalidate' | 'validate';

/**
 * Whether a stored answer may be used (RFC 9111 section 4).
 *
 * @param rules `no-store` and `only-if-cached` are the caller's
 * @param now in milliseconds since 1970
 */
export function reuse(freshness: Freshness, rules: RequestRules | undefined, now: number): Reuse {
  if (freshness.validateAlways) return 'validate';
  // A clock that was set back makes nothing younger than new.
  const age = Math.max(0, now - freshness.bornAt);
  if (rules !== undefined && isTooOld(age, freshness.lifetime, rules)) return 'validate';
  const staleness = age - freshness.lifetime;
  if (staleness < 0) return 'fresh';
  return freshness.validateStale ? 'validate' : reuseStale(staleness, freshness.staleWhileRevalidate, rules);
}

/** RFC 9111 sections 5.2.1.1, 5.2.1.3 and 5.2.1.4. */
function isTooOld(age: number, lifetime: number, rules: RequestRules): boolean {
  if (rules.noCache) return true;
  // What is in the store is never new: max-age=0 asks for validation, even within the same millisecond.
  if (rules.maxAge !== undefined && (age > rules.maxAge || rules.maxAge === 0)) return true;
  return rules.minFresh !== undefined && lifetime - age < rules.minFresh;
}

function reuseStale(staleness: number, staleWhileRevalidate: number, rules: RequestRules | undefined): Reuse {
  const isInWindow = staleness < staleWhileRevalidate;
  if (rules === undefined) return isInWindow ? 'stale-while-revalidate' : 'validate';
  if (rules.maxStale !== undefined) {
    if (staleness > rules.maxStale) return 'validate';
    return isInWindow ? 'stale-while-revalidate' : 'stale';
  }
  // Whoever sends max-age or min-fresh, and no max-stale, does not want a stale answer (RFC 9111 section 5.2.1.1).
  const isStrict = rules.maxAge !== undefined || rules.minFresh !== undefined;
  return isInWindow && !isStrict ? 'stale-while-revalidate' : 'validate';
}

/**
 * Whether a stored answer may stand in for a failure: RFC 5861 section 4, as the answer, its route or the request says.
 * A request with no-cache wants the origin or nothing, unless it says stale-if-error, too.
 */
export function mayStandIn(freshness: Freshness, rules: RequestRules | undefined, now: number): boolean {
  if (freshness.validateAlways || freshness.validateStale) return false;
  const asked = rules?.staleIfError;
  if (rules?.noCache === true && asked === undefined) return false;
  const window = Math.max(freshness.staleIfError, asked ?? 0);
  return window > 0 && now - freshness.bornAt - freshness.lifetime < window;
}

/** @returns the value of Age (RFC 9111 section 5.1), in whole seconds: never negative, at most 2^31 */
export function ageOf(freshness: Freshness, now: number): number {
  return Math.min(LARGEST_DELTA, Math.max(0, Math.floor((now - freshness.bornAt) / 1000)));
}
