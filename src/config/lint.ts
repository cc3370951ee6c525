import { blockAround } from '../address-ranges.ts';
import { parsePattern } from '../routing/pattern.ts';
import type { RetryDocument, RouteDocument, UpstreamDefaultsDocument, UpstreamDocument } from './document.types.ts';
import type { Diagnostic } from './diagnostic.ts';
import { defaultsOf, inside, Reporter, unlessOff, withDefaults, type Located, type WrittenConfig } from './located.ts';
import { warnOfCaches } from './lint-caches.ts';
import { isLoopback } from './listen.ts';
import { hasRedis } from './resolve-redis.ts';
import { headerTexts, textsIn, usesClaims, type WrittenText } from './templates.ts';
import { formatDuration, parseDuration } from './units.ts';

const MUTATING = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** Finds what is valid and probably not meant. */
export function lint(written: WrittenConfig): Diagnostic[] {
  const reporter = new Reporter();
  // A route that is left out as faulty may be the one that uses it.
  if (written.complete.routes) warnOfUnusedUpstreams(written, reporter);
  warnOfUnverifiedTls(written, reporter);
  warnOfUnreachableRoutes(written, reporter);
  warnOfLongRetries(written, reporter);
  warnOfPublicMutations(written, reporter);
  warnOfUnknownCallers(written, reporter);
  warnOfMirrorsToItself(written, reporter);
  warnOfPlainHttp(written, reporter);
  warnOfSeparateCounts(written, reporter);
  warnOfWideBlocks(written, reporter);
  warnOfCaches(written, reporter);
  return reporter.found;
}

function warnOfUnusedUpstreams({ routes, upstreams }: WrittenConfig, reporter: Reporter): void {
  const used = new Set<string | undefined>();
  for (const { value } of routes) {
    used.add(value.upstream).add(unlessOff(value.mirror)?.upstream).add(unlessOff(value.fallback)?.upstream);
    for (const arm of value.split?.to ?? []) used.add(arm.upstream);
  }
  for (const upstream of upstreams) {
    if (used.has(upstream.name)) continue;
    const message = `no route uses the upstream "${upstream.name}"`;
    reporter.warning('unused-upstream', { ...upstream, at: 'key' }, message, 'remove it, or route something to it');
  }
}

function warnOfUnverifiedTls({ main, upstreams }: WrittenConfig, reporter: Reporter): void {
  const tls = [
    ...upstreams.map((upstream) => ({ place: inside(upstream, 'tls', 'verify'), tls: upstream.value.tls })),
    { place: inside(main, 'defaults', 'upstream', 'tls', 'verify'), tls: main.value.defaults?.upstream?.tls },
  ];
  for (const { place, tls: settings } of tls) {
    if (unlessOff(settings)?.verify !== false) continue;
    const message = 'the certificate of the upstream is not verified: anybody on the way can answer in its place';
    reporter.warning('tls-verification-off', place, message, 'give tls.ca the certificate that signs it instead');
  }
}

function warnOfUnreachableRoutes({ main, routes }: WrittenConfig, reporter: Reporter): void {
  const rejectsSlash = main.value.server?.paths?.encodedSlash !== 'keep';
  const identityHeaders = new Set(routes.flatMap(({ value }) => claimHeaders(value)));
  for (const route of routes) {
    const { match, name } = route.value;
    const pattern = parsePattern(match.path);
    const segments = 'segments' in pattern ? pattern.segments : [];
    if (rejectsSlash && segments.some((segment) => segment.kind === 'static' && segment.text.includes('%2F'))) {
      reporter.warning(
        'unreachable-route',
        inside(route, 'match', 'path'),
        `the route "${name}" can never match: a path with an escaped slash is refused before`,
        'set server.paths.encodedSlash: keep',
      );
    }
    for (const header of Object.keys(match.headers ?? {})) {
      if (!identityHeaders.has(header.toLowerCase())) continue;
      reporter.warning(
        'unreachable-route',
        { ...inside(route, 'match', 'headers', header), at: 'key' },
        `the route "${name}" can never match: "${header}" identifies callers to upstreams, and is removed from every request`,
        'match on another header',
      );
    }
  }
}

function claimHeaders(route: RouteDocument): string[] {
  const edits = unlessOff(route.request)?.headers;
  const values = Object.entries({ ...edits?.set, ...edits?.add });
  return values.flatMap(([name, value]) => (usesClaims(value) ? [name.toLowerCase()] : []));
}

function warnOfLongRetries({ main, routes, upstreams }: WrittenConfig, reporter: Reporter): void {
  const defaults = main.value.defaults;
  for (const route of routes) {
    const { name, timeout = '30s', upstream } = withDefaults(route.value, defaults?.route);
    const target = upstreams.find((candidate) => candidate.name === upstream);
    if (target === undefined || timeout === 'off') continue;
    const settings: UpstreamDefaultsDocument = { ...defaults?.upstream, ...target.value };
    const retry = unlessOff(settings.retry);
    if (retry === undefined) continue;
    const worst = worstCase(settings, retry);
    const limit = parseDuration(timeout);
    if (worst.total <= limit) continue;
    reporter.warning(
      'retries-exceed-timeout',
      target.value.retry === undefined ? { ...route } : { ...inside(target, 'retry'), at: 'key' },
      `the retries of "${target.name}" can take ${worst.sum} = ${formatDuration(worst.total)}, and the route "${name}" ends after ${timeout}`,
      `lower retry.attempts or responseTimeout, or raise the route's timeout`,
    );
  }
}

/** The longest that all attempts and the waits between them can take. */
function worstCase(
  upstream: Pick<UpstreamDocument, 'connectTimeout' | 'responseTimeout'>,
  retry: RetryDocument,
): { total: number; sum: string } {
  const connect = parseDuration(upstream.connectTimeout ?? '1s');
  const response = parseDuration(upstream.responseTimeout ?? '30s');
  const base = parseDuration(retry.backoff?.base ?? '25ms');
  const max = parseDuration(retry.backoff?.max ?? '1s');
  let waits = 0;
  let wait = Math.min(max, base);
  let left = retry.attempts - 1;
  // Once the wait no longer grows, the rest of them is a product: attempts may be a very large number.
  for (; left > 0 && wait < max && wait > 0; left -= 1) {
    waits += wait;
    wait = Math.min(max, wait * 2);
  }
  waits += left * wait;
  const attempts = `${retry.attempts} attempts × (${formatDuration(connect)} connect + ${formatDuration(response)} answer)`;
  return {
    total: retry.attempts * (connect + response) + waits,
    sum: `${attempts} + ${formatDuration(waits)} between them`,
  };
}

function warnOfPublicMutations({ main, routes }: WrittenConfig, reporter: Reporter): void {
  const access = (route: Located<RouteDocument>): unknown =>
    withDefaults(route.value, main.value.defaults?.route).access ?? 'authenticated';
  const closed = new Map<string, Located<RouteDocument>>();
  for (const route of routes) if (access(route) !== 'public') closed.set(parentOf(route), route);
  for (const route of routes) {
    const { match, name } = route.value;
    const methods = match.methods ?? MUTATING;
    const mutating = methods.filter((method) => MUTATING.includes(method));
    const parent = parentOf(route);
    const sibling = closed.get(parent);
    if (access(route) !== 'public' || mutating.length === 0 || sibling === undefined || parent === '') continue;
    reporter.warning(
      'public-mutation',
      route.value.access === undefined ? route : inside(route, 'access'),
      `the route "${name}" lets anybody ${mutating.join(', ')} under ${parent}, where "${sibling.value.name}" needs a login`,
      'remove access: public, or limit match.methods to GET',
    );
  }
}

/** What defaults say is for all routes, those included that know who calls: only what a public route says itself counts. */
function warnOfUnknownCallers({ main, routes }: WrittenConfig, reporter: Reporter): void {
  for (const route of routes) {
    if (withDefaults(route.value, main.value.defaults?.route).access !== 'public') continue;
    const { name, rateLimit } = route.value;
    for (const { what, place } of claimValues(route)) {
      const message = `the route "${name}" is public and never knows who calls, so that "${what}" never gets a value`;
      reporter.warning('claims-on-public-route', place, message, 'make it access: optional, or remove the value');
    }
    for (const [index, { by = 'client' }] of [unlessOff(rateLimit) ?? []].flat().entries()) {
      if (!by.startsWith('claim:')) continue;
      const place = inside(route, 'rateLimit', ...(Array.isArray(rateLimit) ? [index] : []), 'by');
      const message = `the route "${name}" is public and never knows who calls, so that every request counts as its client`;
      reporter.warning('claims-on-public-route', place, message, 'make it access: optional, or count by: client');
    }
  }
}

/** What a route fills from claims. */
function claimValues(route: Located<RouteDocument>): WrittenText[] {
  const request = unlessOff(route.value.request);
  const all = [
    ...headerTexts(request?.headers, inside(route, 'request', 'headers')),
    ...textsIn(request?.query?.set, inside(route, 'request', 'query', 'set')),
    ...textsIn(request?.body?.set, inside(route, 'request', 'body', 'set')),
    ...headerTexts(unlessOff(route.value.response)?.headers, inside(route, 'response', 'headers')),
  ];
  return all.filter(({ text }) => usesClaims(text));
}

/** Each request arrives twice there, a POST included. */
function warnOfMirrorsToItself({ main, routes }: WrittenConfig, reporter: Reporter): void {
  for (const route of routes) {
    const { name, upstream, split, mirror } = withDefaults(route.value, main.value.defaults?.route);
    const copy = unlessOff(mirror)?.upstream;
    const arms = split?.to.filter(({ weight }) => weight > 0).map((arm) => arm.upstream) ?? [];
    if (copy === undefined || ![upstream, ...arms].includes(copy)) continue;
    reporter.warning(
      'mirror-to-itself',
      route.value.mirror === undefined ? route : inside(route, 'mirror', 'upstream'),
      `the route "${name}" sends requests and copies of them to the upstream "${copy}": what they change is changed twice`,
      'mirror to another upstream, or remove the mirror',
    );
  }
}

function warnOfPlainHttp({ main, canLogIn }: WrittenConfig, reporter: Reporter): void {
  const { listen, tls, trustedProxies = [] } = main.value.server ?? {};
  if (!canLogIn || listen === undefined || isLoopback(listen) || trustedProxies.length > 0) return;
  // With it nobody is answered over plain HTTP but with the address to use instead.
  if (tls !== undefined && tls.redirectHttp !== false) return;
  reporter.warning(
    'plain-http-credentials',
    inside(main, 'server', 'listen'),
    `whoever can read the traffic to ${listen} has the credentials in it`,
    tls === undefined
      ? 'add server.tls, name the proxy that ends TLS in server.trustedProxies, or listen on 127.0.0.1'
      : 'remove redirectHttp: false under server.tls, or listen on 127.0.0.1',
  );
}

function warnOfSeparateCounts({ main, routes }: WrittenConfig, reporter: Reporter): void {
  const { server, identity, defaults } = main.value;
  const workers = server?.workers ?? 1;
  const counts = [identity, ...routes.map(({ value }) => unlessOff(withDefaults(value, defaults?.route).rateLimit))];
  if (workers === 1 || hasRedis(main.value) || counts.every((each) => each === undefined)) return;
  reporter.warning(
    'workers-without-redis',
    inside(main, 'server', 'workers'),
    'each worker counts rate limits alone: together they let through up to as many times as much as there are workers',
    'add redis.url, so that they count together, or leave workers at 1',
  );
}

/** `10.0.0.1/8` lets sixteen million addresses in, and may have been meant for one. */
function warnOfWideBlocks(written: WrittenConfig, reporter: Reporter): void {
  const { main, routes } = written;
  const lists = [defaultsOf(written), ...routes].flatMap((rules) =>
    (['allow', 'deny'] as const).map((key) => ({
      place: inside(rules, 'ip', key),
      blocks: unlessOff(rules.value.ip)?.[key],
    })),
  );
  lists.push({ place: inside(main, 'server', 'trustedProxies'), blocks: main.value.server?.trustedProxies });
  for (const { place, blocks = [] } of lists) {
    for (const [index, text] of blocks.entries()) {
      const block = blockAround(text);
      if (block === undefined) continue;
      const [address = ''] = text.split('/', 1);
      const one = `${address}/${address.includes(':') ? 128 : 32}`;
      const hint = `write ${block} for the block, or ${one} for the one address`;
      reporter.warning('address-within-block', inside(place, index), `${text} is all of ${block}`, hint);
    }
  }
}

/** The path without its last segment and what is variable: siblings share it. Empty at the top. */
function parentOf(route: Located<RouteDocument>): string {
  const segments = route.value.match.path.split('/').slice(1);
  const fixed = segments.findIndex((segment) => segment.startsWith(':') || segment.startsWith('*'));
  const end = fixed === -1 ? segments.length - (segments.length > 1 ? 1 : 0) : fixed;
  return segments
    .slice(0, end)
    .map((segment) => `/${segment}`)
    .join('');
}
