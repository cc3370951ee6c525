import { createHash } from 'node:crypto';
import { relative, resolve } from 'node:path';
import type {
  GatewayDocument,
  HeaderEditsDocument,
  QueryEditsDocument,
  RouteDocument,
  UpstreamDocument,
} from './document.types.ts';
import type {
  AdminConfig,
  GatewayConfig,
  HeaderEditsConfig,
  LogsConfig,
  QueryEditsConfig,
  RewriteConfig,
  RouteAction,
  RouteConfig,
  ServerConfig,
  UpstreamConfig,
  UpstreamTlsConfig,
} from './config.ts';
import { parseListen } from './listen.ts';
import { lineOf, pathOf, unlessOff, withDefaults, type Located, type Place, type WrittenConfig } from './located.ts';
import { DEFAULT_BUCKETS } from './metrics-config.ts';
import { canonicalPrefix } from '../routing/pattern.ts';
import {
  resolveAccess,
  resolveApiKeys,
  resolveCors,
  resolveDatabase,
  resolveIdentity,
  resolveIssuers,
  resolveRoles,
} from './resolve-people.ts';
import { resolveCache, resolveRouteCache } from './resolve-cache.ts';
import { resolveDiscover } from './resolve-discover.ts';
import { resolveRedis } from './resolve-redis.ts';
import { given, resolveFallback, resolveResilience } from './resolve-resilience.ts';
import { resolveBodyEdits, resolveValidation } from './resolve-validation.ts';
import { resolveIp, resolveLimits, resolveMirror, resolveSplit } from './resolve-traffic.ts';
import { resolveTracing } from './resolve-tracing.ts';
import { resolveTls } from './resolve-tls.ts';
import type { ServerTlsConfig } from './tls-config.ts';
import { parseSize, parseTimer } from './units.ts';

/**
 * Fills the defaults in and turns durations into milliseconds and sizes into bytes.
 *
 * @param written without errors
 * @param readFile the text of a file that a part of the configuration names: a certificate, a key, a JWK Set, a JSON Schema
 */
export function resolveConfig(written: WrittenConfig, readFile: (part: Place, file: string) => string): GatewayConfig {
  const { value } = written.main;
  const upstreams = written.upstreams.map((upstream) => resolveUpstream(upstream, written.main, readFile));
  const folder = pathOf(written.main, '.');
  const portableUpstreams = upstreams.map((upstream) => withRelativeFile(upstream, folder));
  const fingerprints = new Map(portableUpstreams.map((upstream) => [upstream.name, fingerprint(upstream)]));
  const people = {
    identity: resolveIdentity(written),
    issuers: resolveIssuers(written, readFile),
    apiKeys: resolveApiKeys(written),
    roles: resolveRoles(written),
  };
  const { identity: service, ...others } = people;
  const { issuer, audience, keys, secret } = service?.tokens ?? {};
  const whoMayCall = fingerprint({ ...others, builtIn: [issuer, audience, keys, secret] });
  const config = {
    server: resolveServer(value, resolveTls(written.main, readFile)),
    admin: resolveAdmin(value),
    logs: resolveLogs(value),
    tracing: resolveTracing(value),
    metrics: { buckets: value.metrics?.buckets ?? DEFAULT_BUCKETS },
    responseHeaders: resolveEdits(value.response?.headers),
    database: resolveDatabase(written),
    redis: resolveRedis(value),
    cache: resolveCache(value),
    ...people,
    upstreams,
    routes: written.routes.map((route) => resolveRoute(route, written.main, readFile, fingerprints, whoMayCall)),
  };
  const portable = {
    database: withRelativePaths(config.database, folder),
    identity: withRelativePaths(config.identity, folder),
    upstreams: portableUpstreams,
    routes: config.routes.map((route) => ({ ...route, source: relative(folder, resolve(route.source)) })),
  };
  return { hash: fingerprint({ ...config, ...portable }), ...config };
}

/** Folders from where the file is: a hash of them is the same on every machine that has the file. */
function withRelativePaths(value: unknown, folder: string): string | undefined {
  return JSON.stringify(value, (key, member: unknown) =>
    (key === 'dataDir' || key === 'keys') && typeof member === 'string' ? relative(folder, member) : member,
  );
}

/** The same for the file in which an upstream's endpoints are found. */
function withRelativeFile(upstream: UpstreamConfig, folder: string): UpstreamConfig {
  const { discover } = upstream;
  if (discover?.kind !== 'file') return upstream;
  return { ...upstream, discover: { ...discover, file: relative(folder, discover.file) } };
}

function fingerprint(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

function resolveServer({ server = {} }: GatewayDocument, tls: ServerTlsConfig | undefined): ServerConfig {
  const { limits = {}, timeouts = {}, paths = {} } = server;
  return {
    listen: parseListen(server.listen ?? '127.0.0.1:8080'),
    tls,
    fastLane: server.fastLane ?? true,
    workers: server.workers ?? 1,
    trustedProxies: server.trustedProxies ?? [],
    limits: {
      connections: limits.connections ?? 10_000,
      headerBytes: parseSize(limits.headerBytes ?? '16KiB'),
      uriBytes: parseSize(limits.uriBytes ?? '8KiB'),
      bodyBytes: parseSize(limits.bodyBytes ?? '10MiB'),
    },
    timeouts: {
      headers: parseTimer(timeouts.headers ?? '10s'),
      request: parseTimer(timeouts.request ?? '5m'),
      keepAlive: parseTimer(timeouts.keepAlive ?? '72s'),
      drainDelay: parseTimer(timeouts.drainDelay ?? '5s'),
      drain: parseTimer(timeouts.drain ?? '20s'),
    },
    paths: {
      encodedSlash: paths.encodedSlash ?? 'reject',
      dotSegments: paths.dotSegments ?? 'reject',
      duplicateSlash: paths.duplicateSlash ?? 'merge',
      trailingSlash: paths.trailingSlash ?? 'strict',
    },
  };
}

export function resolveAdmin({ admin = {} }: Pick<GatewayDocument, 'admin'>): AdminConfig {
  const { listen = '127.0.0.1:9901', token = '', registryToken = '' } = admin;
  return { listen: parseListen(listen), token, registryToken };
}

function resolveLogs({ logs = {} }: GatewayDocument): LogsConfig {
  return { level: logs.level ?? 'info', format: logs.format, access: logs.access ?? true };
}

function resolveEdits(edits: HeaderEditsDocument | undefined): HeaderEditsConfig {
  return {
    set: Object.entries(edits?.set ?? {}),
    add: Object.entries(edits?.add ?? {}),
    remove: edits?.remove ?? [],
  };
}

function resolveUpstream(
  upstream: Located<UpstreamDocument> & { readonly name: string },
  main: Located<GatewayDocument>,
  readFile: (part: Place, file: string) => string,
): UpstreamConfig {
  const value: UpstreamDocument = { ...main.value.defaults?.upstream, ...upstream.value };
  const tls = unlessOff(value.tls) ?? {};
  const pem = (file: string | undefined): string | undefined =>
    // Paths are relative to the file that they stand in, and the defaults stand in the main one.
    file === undefined ? undefined : readFile(upstream.value.tls === undefined ? main : upstream, file);
  const resolvedTls: UpstreamTlsConfig = {
    ca: pem(tls.ca),
    cert: pem(tls.cert),
    key: pem(tls.key),
    serverName: tls.serverName,
    verify: tls.verify ?? true,
  };
  const targets = (value.targets ?? []).map((target) =>
    typeof target === 'string' ? { url: target, weight: 1 } : target,
  );
  return {
    name: upstream.name,
    targets: targets.map(({ url, weight = 1 }) => ({ origin: new URL(url).origin, weight })),
    discover: resolveDiscover(upstream),
    connectTimeout: parseTimer(value.connectTimeout ?? '1s'),
    responseTimeout: parseTimer(value.responseTimeout ?? '30s'),
    idleTimeout: parseTimer(value.idleTimeout ?? '60s'),
    connections: unlessOff(value.connections) ?? 128,
    host: unlessOff(value.host) ?? 'upstream',
    tls: resolvedTls,
    resilience: resolveResilience(value),
  };
}

function resolveRoute(
  route: Located<RouteDocument>,
  main: Located<GatewayDocument>,
  readFile: (part: Place, file: string) => string,
  upstreams: ReadonlyMap<string, string>,
  people: string,
): RouteConfig {
  const value = withDefaults(route.value, main.value.defaults?.route);
  const { host, methods, headers, path } = value.match;
  const websocket = unlessOff(value.websocket);
  const bodyBytes = unlessOff(value.bodyBytes);
  const config = {
    match: {
      path,
      hosts: (host === undefined ? [] : [host].flat()).map((name) => name.toLowerCase()),
      methods: methods ?? [],
      headers: Object.entries(headers ?? {}).map(([name, text]) => [name.toLowerCase(), text] as const),
    },
    access: resolveAccess(value.access),
    action: resolveAction(value),
    rewrite: resolveRewrite(value),
    timeout: parseTimer(value.timeout ?? '30s'),
    bodyBytes: bodyBytes === undefined ? undefined : parseSize(bodyBytes),
    requestHeaders: resolveEdits(unlessOff(value.request)?.headers),
    responseHeaders: resolveEdits(unlessOff(value.response)?.headers),
    fallback: resolveFallback(value.fallback),
    ip: given(value.ip, resolveIp),
    cors: given(value.cors, resolveCors),
    limits: given(value.rateLimit, (limits) => resolveLimits(limits, value.name)) ?? [],
    mirror: given(value.mirror, resolveMirror),
    cache: given(value.cache, resolveRouteCache),
    requestQuery: resolveQueryEdits(unlessOff(value.request)?.query),
    validation: resolveValidation(route, main, readFile),
    requestBody: resolveBodyEdits(unlessOff(value.request)?.body),
    responseBody: resolveBodyEdits(unlessOff(value.response)?.body),
    websocket:
      websocket === undefined
        ? undefined
        : {
            idleTimeout: parseTimer(websocket.idleTimeout ?? '5m'),
            maxConnections: websocket.maxConnections ?? 10_000,
          },
  };
  return {
    name: value.name,
    source: lineOf(route),
    // Who may call changes with the roles and the issuers, too: a stream must not outlive the right to it.
    fingerprint: fingerprint([
      config,
      upstreamsOf(config).map((name) => upstreams.get(name)),
      config.access.kind === 'public' ? '' : people,
    ]),
    ...config,
  };
}

/** The upstreams that a route may send to. */
function upstreamsOf({ action, fallback, mirror }: Pick<RouteConfig, 'action' | 'fallback' | 'mirror'>): string[] {
  const own = action.kind === 'upstream' ? [action.upstream] : [];
  const arms = action.kind === 'split' ? action.to.map(({ upstream }) => upstream) : [];
  const others = [fallback?.kind === 'upstream' ? fallback.upstream : undefined, mirror?.upstream];
  return [...own, ...arms, ...others.filter((name) => name !== undefined)];
}

/** @returns undefined when there is nothing to edit */
function resolveQueryEdits(edits: QueryEditsDocument | undefined): QueryEditsConfig | undefined {
  const { set = {}, remove = [] } = edits ?? {};
  const pairs = Object.entries(set);
  return pairs.length + remove.length === 0 ? undefined : { set: pairs, remove };
}

function resolveAction(route: RouteDocument): RouteAction {
  const { respond, split, upstream = '' } = route;
  if (split !== undefined) return { kind: 'split', ...resolveSplit(split) };
  if (respond === undefined) return { kind: 'upstream', upstream };
  const { status, headers = {}, body = '' } = respond;
  return { kind: 'respond', status, headers: Object.entries(headers), body };
}

function resolveRewrite(route: RouteDocument): RewriteConfig | undefined {
  const { path, stripPrefix, addPrefix } = unlessOff(route.rewrite) ?? {};
  if (path !== undefined) return { kind: 'path', path };
  if (stripPrefix !== undefined) return { kind: 'stripPrefix', prefix: canonicalPrefix(stripPrefix) };
  return addPrefix === undefined ? undefined : { kind: 'addPrefix', prefix: canonicalPrefix(addPrefix) };
}
