import type { CacheConfig, RouteCacheConfig } from './cache-config.ts';
import type { GatewayDocument, RouteCacheDocument } from './document.types.ts';
import { parseDuration, parseSize } from './units.ts';

export const DEFAULT_MEMORY = '64MiB';
export const DEFAULT_MAX_BYTES = '1MiB';

/** RFC 9111, section 1.2.2: what is longer than 2^31 seconds counts as that. In milliseconds. */
const LONGEST = 2 ** 31 * 1000;

export function resolveCache({ cache = {} }: GatewayDocument): CacheConfig {
  return { memory: parseSize(cache.memory ?? DEFAULT_MEMORY), redis: cache.redis ?? true };
}

export function resolveRouteCache(cache: RouteCacheDocument): RouteCacheConfig {
  const { ttl, staleWhileRevalidate = '0s', staleIfError = '0s', vary = [], query } = cache;
  return {
    ttl: ttl === undefined ? undefined : parseLifetime(ttl),
    staleWhileRevalidate: parseLifetime(staleWhileRevalidate),
    staleIfError: parseLifetime(staleIfError),
    vary: [...new Set(vary.map((name) => name.toLowerCase()))],
    query,
    shareBetweenUsers: cache.shareBetweenUsers ?? false,
    storeSetCookie: cache.storeSetCookie ?? false,
    maxBytes: parseSize(cache.maxBytes ?? DEFAULT_MAX_BYTES),
  };
}

function parseLifetime(text: string): number {
  return Math.min(parseDuration(text), LONGEST);
}
