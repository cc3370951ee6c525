import { createHash } from 'node:crypto';
import type { Cache } from '../cache/cache.ts';
import { keyOf } from '../cache/key.ts';
import type { RouteCacheConfig } from '../config/cache-config.ts';
import type { RouteConfig } from '../config/config.ts';
import type { Deadlines } from '../deadlines.ts';
import type { Exchange } from '../exchange.ts';
import { forwardedField, type RequestHeaderPlan } from '../forwarding/headers.ts';
import type { CacheMetrics } from '../observability/cache-counts.ts';
import { canonicalTarget, type PathRules } from '../routing/canonical.ts';
import { cache } from '../stages/cache.ts';
import { renderTemplate } from '../template.ts';
import { invalidate } from '../stages/invalidate.ts';
import type { Stage } from '../stages/stage.ts';

/** What the caches of all routes have in common. */
export interface CacheSurroundings {
  readonly cache: Cache;
  readonly deadlines: Deadlines;
  /** Headers that identify callers to upstreams, in lower case. */
  readonly identityHeaders: ReadonlySet<string>;
  readonly paths: PathRules;
}

/** What the cache of one way through a route needs of it. */
export interface CachedRoute {
  readonly route: RouteConfig;
  readonly config: RouteCacheConfig;
  /** Which of its upstreams answers. */
  readonly upstream: string;
  readonly headers: RequestHeaderPlan;
  /** The query for the upstream. */
  readonly query: (exchange: Exchange) => string;
  readonly metrics: CacheMetrics;
}

/** @returns the stage that answers from what is stored, and stores what `upstream` answers */
export function cacheStage(
  { route, config, upstream, headers, query, metrics }: CachedRoute,
  { cache: store, deadlines, identityHeaders }: CacheSurroundings,
): Stage {
  const { ttl, staleWhileRevalidate, staleIfError, storeSetCookie, shareBetweenUsers, maxBytes } = config;
  return cache({
    cache: store,
    deadlines,
    route: route.name,
    scope: keyOf([route.name, upstream, settingsOf(route, config)]),
    storing: { ttl, staleWhileRevalidate, staleIfError, storeSetCookie, dropped: identityHeaders },
    vary: config.vary,
    query: config.query && new Set(config.query),
    editedQuery: route.requestQuery && query,
    shareBetweenUsers,
    claimed: claimedOf(headers),
    maxBytes,
    ownCookies: headers.cookies,
    fieldOf: (exchange, name) => forwardedField(exchange, headers, name),
    metrics,
  });
}

/** @returns what an upstream is told of a caller by headers that are filled from claims, as a text; undefined = nothing */
function claimedOf({ added }: RequestHeaderPlan): ((exchange: Exchange) => string) | undefined {
  const templates = added.filter(([, template]) => template.usesClaims).map(([, template]) => template);
  if (templates.length === 0) return undefined;
  return (exchange) =>
    keyOf(
      templates.map((template) => {
        const value = renderTemplate(template, exchange);
        return value === undefined ? '' : `=${value}`;
      }),
    );
}

/** For every route, as long as any has a cache: what one of them changes, another one may have stored. */
export function invalidateStage({ cache: store, paths }: CacheSurroundings): Stage {
  return invalidate({
    cache: store,
    pathOf: (target) => {
      const canonical = canonicalTarget(target, paths);
      return 'path' in canonical ? canonical.path : undefined;
    },
  });
}

/**
 * All settings that make answers what they are: what was stored under others must not be given out. A secret that is
 * taken out of bodies since the last reload would go on to be sent.
 */
function settingsOf(route: RouteConfig, { query, vary, shareBetweenUsers, storeSetCookie }: RouteCacheConfig): string {
  const { rewrite, requestHeaders, requestQuery, requestBody, responseBody } = route;
  const settings = [rewrite, requestHeaders, requestQuery, requestBody, responseBody];
  const text = JSON.stringify([...settings, query, vary, shareBetweenUsers, storeSetCookie]);
  return createHash('sha256').update(text).digest('base64');
}
