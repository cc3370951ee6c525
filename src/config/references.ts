import { canonicalLiteral, namesIn, parsePattern } from '../routing/pattern.ts';
import type { RewriteDocument, RouteDefaultsDocument, RouteDocument } from './document.types.ts';
import { redisAdvice } from './redis-advice.ts';
import { parseRedisUrl } from './resolve-redis.ts';
import {
  defaultsOf,
  inside,
  lineOf,
  Reporter,
  unlessOff,
  withDefaults,
  type Located,
  type WrittenConfig,
} from './located.ts';
import { checkCaches } from './caching.ts';
import { checkListeners } from './listeners.ts';
import { suggest } from './suggest.ts';
import { checkEdits, checkHeaderValues, checkParameter, checkRequestBody, checkResponseBody } from './edits.ts';
import { checkFallback, checkUpstreams } from './upstreams.ts';
import { checkBlocks, checkTraffic } from './traffic.ts';
import { checkTracing } from './tracing.ts';
import { findConflicts } from './conflicts.ts';
import type { Diagnostic } from './diagnostic.ts';

/**
 * Finds what a schema cannot: names that nothing defines, things defined twice, keys that exclude each other, paths and
 * templates that do not parse, routes that tie, routes that ask for a login that nobody can have.
 */
export function checkReferences(written: WrittenConfig): Diagnostic[] {
  const reporter = new Reporter();
  checkListeners(written, reporter);
  checkProxies(written, reporter);
  checkRedis(written, reporter);
  checkBuckets(written, reporter);
  checkUpstreams(written, reporter);
  checkRoutes(written, reporter);
  findConflicts(written, reporter);
  checkShared(written, reporter);
  checkTraffic(written, reporter);
  checkCaches(written, reporter);
  checkTracing(written, reporter);
  return reporter.found;
}

/** What has the form of a Redis URL can still be none: `redis://host:0`. It is not shown: it may hold a password. */
function checkRedis({ main }: WrittenConfig, reporter: Reporter): void {
  const { url = '' } = main.value.redis ?? {};
  if (url === '' || parseRedisUrl(url) !== undefined) return;
  const [place, message] = [inside(main, 'redis', 'url'), 'redis.url is not a Redis URL'];
  reporter.error('invalid-value', place, message, redisAdvice(url));
}

/** An observation is counted in the first bucket that it fits into: bounds that do not rise would hide the others. */
function checkBuckets({ main }: WrittenConfig, reporter: Reporter): void {
  const buckets = main.value.metrics?.buckets ?? [];
  for (const [index, bound] of buckets.entries()) {
    const before = buckets[index - 1];
    if (before === undefined || bound > before) continue;
    const message = `found ${bound} after ${before}, expected bounds that rise`;
    const hint = 'write each bound once, the smallest first';
    reporter.error('invalid-value', inside(main, 'metrics', 'buckets', index), message, hint);
  }
}

function checkProxies({ main }: WrittenConfig, reporter: Reporter): void {
  const proxies = main.value.server?.trustedProxies ?? [];
  checkBlocks(proxies, (index) => inside(main, 'server', 'trustedProxies', index), reporter);
}

function checkRoutes(written: WrittenConfig, reporter: Reporter): void {
  const { main } = written;
  const upstreams = namesOf(written);
  const firsts = new Map<string, Located<unknown>>();
  for (const route of written.routes) {
    const { name } = route.value;
    const first = firsts.get(name);
    if (first !== undefined) {
      const message = `the route "${name}" is defined twice: first in ${lineOf(first)}`;
      reporter.error('duplicate-name', inside(route, 'name'), message, 'rename one of them');
    }
    firsts.set(name, first ?? route);
    checkAction(route, reporter);
    // An upstream that is not here may stand in a part that cannot be read.
    if (written.complete.upstreams) checkUpstreamNames(route, upstreams, reporter);
    checkPaths(route, main, reporter);
    checkRouteEdits(route, reporter);
    checkFallback(route, written, reporter);
    const access = withDefaults(route.value, main.value.defaults?.route).access ?? 'authenticated';
    if (access !== 'public' && !written.canLogIn) {
      reporter.error(
        'access-without-identity',
        route.value.access === undefined ? { ...route, at: 'value' } : inside(route, 'access'),
        `the route "${name}" needs a login, but the file has no identity, issuers or apiKeys that could give one`,
        'add access: public to serve it to everybody',
      );
    }
  }
}

function checkAction(route: Located<RouteDocument>, reporter: Reporter): void {
  const actions = (['upstream', 'split', 'respond'] as const).filter((key) => route.value[key] !== undefined);
  const [, second] = actions;
  if (actions.length === 0) {
    const message = `the route "${route.value.name}" goes nowhere: expected upstream, split or respond`;
    reporter.error('missing-key', route, message, 'add upstream: and the name of an upstream');
  } else if (second !== undefined) {
    const message = `the route "${route.value.name}" has ${actions.join(' and ')}, and only one of them can answer`;
    reporter.error('invalid-value', { ...inside(route, second), at: 'key' }, message, 'remove one of them');
  }
}

/** The names of all upstreams, those included that are not as they should be. */
function namesOf({ upstreams, brokenUpstreams }: WrittenConfig): string[] {
  return [...upstreams.map(({ name }) => name), ...brokenUpstreams];
}

function checkUpstreamNames(
  route: Located<Pick<RouteDocument, 'upstream' | 'split' | 'mirror' | 'fallback'>>,
  known: readonly string[],
  reporter: Reporter,
): void {
  const { upstream, split, mirror, fallback } = route.value;
  const check = (name: string | undefined, ...path: (string | number)[]): void => {
    if (name === undefined || known.includes(name)) return;
    const near = suggest(name, known);
    const list =
      known.length === 0
        ? 'there is none'
        : `there ${known.length === 1 ? 'is' : 'are'} ${known.slice(0, 10).join(', ')}`;
    const hint = near === undefined ? `define it under upstreams: (${list})` : `did you mean "${near}"?`;
    reporter.error('unknown-reference', inside(route, ...path), `there is no upstream "${name}"`, hint);
  };
  check(upstream, 'upstream');
  for (const [index, arm] of (split?.to ?? []).entries()) check(arm.upstream, 'split', 'to', index, 'upstream');
  check(unlessOff(mirror)?.upstream, 'mirror', 'upstream');
  check(unlessOff(fallback)?.upstream, 'fallback', 'upstream');
}

function checkPaths(route: Located<RouteDocument>, main: WrittenConfig['main'], reporter: Reporter): void {
  const { match } = route.value;
  const pattern = parsePattern(match.path);
  if ('fault' in pattern) {
    const hint = 'for example /orders, /orders/:id or /files/*rest';
    reporter.error('invalid-value', inside(route, 'match', 'path'), `found "${match.path}": ${pattern.fault}`, hint);
  }
  const own = unlessOff(route.value.rewrite);
  if (own !== undefined) checkRewrite(own, inside(route, 'rewrite'), reporter);
  const rewrite = unlessOff(withDefaults(route.value, main.value.defaults?.route).rewrite);
  const target = parsePattern(rewrite?.path ?? '/');
  if ('fault' in pattern || 'fault' in target) return;
  const names = namesIn(pattern.segments);
  for (const name of namesIn(target.segments)) {
    if (names.includes(name)) continue;
    const near = suggest(name, names);
    const message = `the path ${match.path} has no parameter "${name}", which ${rewrite?.path ?? ''} takes`;
    const hint = near === undefined ? undefined : `did you mean "${near}"?`;
    reporter.error('unknown-reference', own === undefined ? route : inside(route, 'rewrite', 'path'), message, hint);
  }
}

function checkRewrite(rewrite: RewriteDocument, place: ReturnType<typeof inside>, reporter: Reporter): void {
  if (rewrite.path !== undefined) {
    const target = parsePattern(rewrite.path);
    if ('fault' in target) {
      reporter.error('invalid-value', inside(place, 'path'), `found "${rewrite.path}": ${target.fault}`);
    }
  }
  for (const key of ['stripPrefix', 'addPrefix'] as const) {
    const prefix = rewrite[key];
    if (prefix === undefined) continue;
    const canonical = canonicalLiteral(prefix);
    if (typeof canonical !== 'string' || canonical.endsWith('/')) {
      const fault = typeof canonical === 'string' ? 'it ends with a slash' : canonical.fault;
      reporter.error('invalid-value', inside(place, key), `found "${prefix}": ${fault}`, 'for example /api');
    }
  }
}

function checkRouteEdits(route: Located<RouteDocument>, reporter: Reporter): void {
  const pattern = parsePattern(route.value.match.path);
  checkValues(route, reporter, 'segments' in pattern ? namesIn(pattern.segments) : undefined);
  const answer = route.value.respond?.headers ?? {};
  checkHeaderValues(answer, inside(route, 'respond', 'headers'), reporter, 'literal');
}

/** @param params the names that the path binds; undefined when it is not one route's */
function checkValues(rules: Located<RouteDefaultsDocument>, reporter: Reporter, params?: readonly string[]): void {
  const request = unlessOff(rules.value.request);
  if (request?.headers !== undefined)
    checkEdits(request.headers, inside(rules, 'request', 'headers'), reporter, params);
  const response = unlessOff(rules.value.response);
  if (response?.headers !== undefined)
    checkEdits(response.headers, inside(rules, 'response', 'headers'), reporter, params);
  for (const [name, value] of Object.entries(request?.query?.set ?? {}))
    checkParameter(value, name, inside(rules, 'request', 'query', 'set', name), reporter, params);
  checkRequestBody(request?.body, inside(rules, 'request', 'body'), reporter, params);
  checkResponseBody(response?.body, inside(rules, 'response', 'body'), reporter);
  const instead = unlessOff(rules.value.fallback)?.headers ?? {};
  checkHeaderValues(instead, inside(rules, 'fallback', 'headers'), reporter, 'literal');
}

/** What is not one route's: the edits of every answer, and the defaults. */
function checkShared(written: WrittenConfig, reporter: Reporter): void {
  const { main } = written;
  const response = main.value.response?.headers;
  if (response !== undefined) checkEdits(response, inside(main, 'response', 'headers'), reporter);
  const defaults = defaultsOf(written);
  const rewrite = unlessOff(defaults.value.rewrite);
  if (rewrite !== undefined) checkRewrite(rewrite, inside(defaults, 'rewrite'), reporter);
  checkValues(defaults, reporter);
  if (written.complete.upstreams) checkUpstreamNames(defaults, namesOf(written), reporter);
}
