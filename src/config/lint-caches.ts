import type { GatewayDocument, RouteCacheDocument, RouteDefaultsDocument, RouteDocument } from './document.types.ts';
import {
  defaultsOf,
  inside,
  unlessOff,
  withDefaults,
  type Located,
  type Place,
  type Reporter,
  type WrittenConfig,
} from './located.ts';
import { DEFAULT_MAX_BYTES, DEFAULT_MEMORY } from './resolve-cache.ts';
import { hasRedis } from './resolve-redis.ts';
import { headerTexts, usesClaims } from './templates.ts';
import { parseSize } from './units.ts';

/**
 * A part of what exchanges under way may hold of bodies all together, server/body-memory.ts: half of it for one answer.
 * Larger ones would mostly find no room, and above the whole never.
 */
const LARGEST_COLLECTED = '64MiB';

/** Finds what is valid in the rules for what is kept of answers, and probably not meant. */
export function warnOfCaches(written: WrittenConfig, reporter: Reporter): void {
  const { main, routes, complete } = written;
  const caching = routes.flatMap((route) => cachingRoute(route, main.value.defaults?.route) ?? []);
  // A route that is left out as faulty may be the one that uses it.
  if (caching.length > 0) warnOfStore(main, reporter);
  else if (complete.routes) warnOfUnusedStore(main, reporter);
  warnOfLargeAnswers(written, caching, reporter);
  warnOfCredentialsInVary(written, reporter);
  for (const route of routes) warnOfRoutesWithoutAnswers(route, reporter);
  for (const route of caching) {
    warnOfSharedCookies(route, reporter);
    warnOfSharedClaims(route, reporter);
  }
}

/** A route that keeps answers of upstreams. */
interface CachingRoute {
  readonly route: Located<RouteDocument>;
  /** With the defaults under it. */
  readonly rules: RouteDocument;
  readonly cache: RouteCacheDocument;
}

function cachingRoute(
  route: Located<RouteDocument>,
  defaults: RouteDefaultsDocument | undefined,
): CachingRoute | undefined {
  const rules = withDefaults(route.value, defaults);
  const cache = unlessOff(rules.cache);
  return cache === undefined || rules.respond !== undefined ? undefined : { route, rules, cache };
}

/** Headers with credentials, in lower case: who calls is in the key without them. */
function credentialsOf({ apiKeys }: GatewayDocument): readonly string[] {
  const own = apiKeys === undefined ? [] : [(apiKeys.header ?? 'x-api-key').toLowerCase()];
  return ['authorization', 'cookie', ...own];
}

function warnOfUnusedStore(main: Located<GatewayDocument>, reporter: Reporter): void {
  if (main.value.cache === undefined) return;
  const place: Place = { ...inside(main, 'cache'), at: 'key' };
  reporter.warning('cache-without-effect', place, 'no route keeps answers', 'add cache to a route, or remove it here');
}

function warnOfStore(main: Located<GatewayDocument>, reporter: Reporter): void {
  const { memory = DEFAULT_MEMORY, redis = true } = main.value.cache ?? {};
  if (redis && hasRedis(main.value)) return;
  if (parseSize(memory) === 0) {
    const message = 'no answer is ever kept: there is neither memory nor a Redis for it';
    const hint = redis ? 'raise it, or add redis.url' : 'raise it';
    reporter.warning('cache-without-effect', inside(main, 'cache', 'memory'), message, hint);
  } else if (redis && (main.value.server?.workers ?? 1) !== 1) {
    reporter.warning(
      'workers-without-redis',
      inside(main, 'server', 'workers'),
      'each worker keeps answers alone: what a change makes one of them drop, the others go on giving',
      'add redis.url, so that they share them, set cache.redis: false if that is meant, or leave workers at 1',
    );
  }
}

function warnOfLargeAnswers(written: WrittenConfig, caching: readonly CachingRoute[], reporter: Reporter): void {
  const { main, routes } = written;
  const { memory = DEFAULT_MEMORY } = main.value.cache ?? {};
  const bytes = parseSize(memory);
  const check = (maxBytes: string, place: Place): void => {
    if (parseSize(maxBytes) > parseSize(LARGEST_COLLECTED)) {
      const message = `answers up to ${maxBytes} are to be kept, and all that are under way have 128MiB to be collected in`;
      reporter.warning('cache-without-effect', place, message, `lower maxBytes to ${LARGEST_COLLECTED} or less`);
      return;
    }
    // Without memory it is Redis that keeps them.
    if (bytes === 0 || parseSize(maxBytes) <= bytes) return;
    const message = `answers up to ${maxBytes} are to be kept, and none above cache.memory, ${memory}, ever is in memory`;
    reporter.warning('cache-without-effect', place, message, 'raise cache.memory, or lower maxBytes');
  };
  for (const rules of [defaultsOf(written), ...routes]) {
    const { maxBytes } = unlessOff(rules.value.cache) ?? {};
    if (maxBytes !== undefined) check(maxBytes, inside(rules, 'cache', 'maxBytes'));
  }
  if (caching.some(({ cache }) => cache.maxBytes === undefined))
    check(DEFAULT_MAX_BYTES, inside(main, 'cache', 'memory'));
}

/** Each token would have entries of its own, and with cookies nearly each visit. */
function warnOfCredentialsInVary(written: WrittenConfig, reporter: Reporter): void {
  const credentials = credentialsOf(written.main.value);
  for (const rules of [defaultsOf(written), ...written.routes]) {
    for (const [index, name] of (unlessOff(rules.value.cache)?.vary ?? []).entries()) {
      if (!credentials.includes(name.toLowerCase())) continue;
      const message = `with "${name}" in the key hardly two requests share an answer`;
      const hint = 'remove it: unless shareBetweenUsers is set, who calls is in the key by itself';
      reporter.warning('vary-on-credentials', inside(rules, 'cache', 'vary', index), message, hint);
    }
  }
}

/** What defaults say is for all routes, those included that keep answers: only what a route says itself counts. */
function warnOfRoutesWithoutAnswers(route: Located<RouteDocument>, reporter: Reporter): void {
  const { name, cache, match, respond } = route.value;
  if (unlessOff(cache) === undefined) return;
  const place: Place = { ...inside(route, 'cache'), at: 'key' };
  if (respond !== undefined) {
    const message = `the route "${name}" answers by itself: there is no answer of an upstream to keep`;
    reporter.warning('cache-without-effect', place, message, 'remove it');
  } else if (match.methods !== undefined && !match.methods.includes('GET')) {
    const message = `the route "${name}" takes ${match.methods.join(', ')}, and only answers to GET are kept`;
    reporter.warning('cache-without-effect', place, message, 'remove it, or add GET to match.methods');
  }
}

/** Callers without credentials share answers, whoever they are. */
function warnOfSharedCookies({ route, rules, cache }: CachingRoute, reporter: Reporter): void {
  const isShared = cache.shareBetweenUsers === true || rules.access === 'public' || rules.access === 'optional';
  if (cache.storeSetCookie !== true || !isShared) return;
  const place = route.value.cache === undefined ? route : inside(route, 'cache', 'storeSetCookie');
  const message = `callers of the route "${rules.name}" share answers: a cookie that is set for one is given to others`;
  reporter.warning('cache-across-callers', place, message, 'remove storeSetCookie');
}

/** The key of a shared answer holds such a header only when Vary names it, that of the route or that of the upstream. */
function warnOfSharedClaims({ route, rules, cache }: CachingRoute, reporter: Reporter): void {
  // A public route never knows who calls: it is warned of that.
  if (cache.shareBetweenUsers !== true || rules.access === 'public') return;
  const keyed = new Set(cache.vary?.map((name) => name.toLowerCase()));
  for (const { what, text, place } of headerTexts(
    unlessOff(rules.request)?.headers,
    inside(route, 'request', 'headers'),
  )) {
    if (!usesClaims(text) || keyed.has(what.toLowerCase())) continue;
    reporter.warning(
      'cache-across-callers',
      route.value.request === undefined ? route : place,
      `"${what}" tells the upstream who calls, and callers share answers: one that depends on it goes to others`,
      `remove shareBetweenUsers, or add ${what} to cache.vary`,
    );
  }
}
