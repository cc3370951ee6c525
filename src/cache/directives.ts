/** Cache-Control of a request (RFC 9111 section 5.2.1). Durations in milliseconds. */
export interface RequestRules {
  readonly noStore: boolean;
  readonly noCache: boolean;
  readonly onlyIfCached: boolean;
  readonly maxAge: number | undefined;
  readonly minFresh: number | undefined;
  /** Infinity = `max-stale` without a value. */
  readonly maxStale: number | undefined;
  /** RFC 5861 section 4. */
  readonly staleIfError: number | undefined;
}

/**
 * @param pragma `no-cache` counts when there is no Cache-Control (RFC 9111 section 5.4)
 * @returns undefined when the request says nothing, as nearly all do
 */
export function requestRules(_cacheControl: string | undefined, _pragma: string | undefined): RequestRules | undefined {
  throw new Error('not there yet');
}
