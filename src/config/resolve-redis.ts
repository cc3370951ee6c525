import type { GatewayDocument } from './document.types.ts';
import { REDIS_FORMS } from './redis-advice.ts';
import type { RedisAddressConfig, RedisConfig, RedisNodeConfig } from './redis-config.ts';
import { parseTimer } from './units.ts';

/** What Redis itself calls the master in the sentinel.conf that it comes with. */
const DEFAULT_MASTER = 'mymaster';
const PORT = 6379;
const SENTINEL_PORT = 26379;

/** `redis.url` is none. */
export class InvalidRedisUrl extends Error {
  override readonly name = 'InvalidRedisUrl';

  constructor() {
    // Not the URL itself: there may be a password inside.
    super(
      `redis.url is not a Redis URL: it must look like ${REDIS_FORMS}, with / @ : % of a password written as %2F %40 %3A %25`,
    );
  }
}

/**
 * The Redis of the process.
 *
 * @returns undefined when there is none, and everything is kept in memory
 * @throws InvalidRedisUrl
 */
export function resolveRedis({ redis = {} }: GatewayDocument): RedisConfig | undefined {
  const { url = '', keyPrefix = 'gw:', timeout = '50ms' } = redis;
  if (url === '') return undefined;
  const address = parseRedisUrl(url);
  if (address === undefined) throw new InvalidRedisUrl();
  return { ...address, keyPrefix, timeout: parseTimer(timeout) };
}

/** Whether there is one to share things in. */
export function hasRedis({ redis: { url = '' } = {} }: GatewayDocument): boolean {
  return url !== '';
}

/**
 * Reads where a Redis is: one URL of a server or of sentinels, or a list of cluster nodes.
 *
 * @returns undefined when it is not written as it should be
 */
export function parseRedisUrl(url: string | readonly string[]): RedisAddressConfig | undefined {
  return typeof url === 'string' ? parseServer(url) : parseCluster(url);
}

interface Parsed {
  readonly scheme: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly hosts: string;
  readonly path: string;
}

// A password may hold an @ as it stands: the last one ends it. A query has no meaning here, so there is none.
const URL_PARTS =
  /^(?<scheme>rediss?(?:\+sentinel)?):\/\/(?:(?<user>[^:/?#]*)(?::(?<password>[^/?#]*))?@)?(?<hosts>[^/?#@]+)(?:\/(?<path>[^?#]*))?$/;

function parseParts(url: string): Parsed | undefined {
  const { scheme = '', user, password, hosts = '', path = '' } = URL_PARTS.exec(url)?.groups ?? {};
  // A user without a password is more likely a password that lacks its colon.
  if (scheme === '' || (user !== undefined && password === undefined)) return undefined;
  try {
    return {
      scheme,
      username: user === undefined || user === '' ? undefined : decodeURIComponent(user),
      password: password === undefined ? undefined : decodeURIComponent(password),
      hosts,
      path: decodeURIComponent(path),
    };
  } catch {
    return undefined;
  }
}

function parseServer(url: string): RedisAddressConfig | undefined {
  const parts = parseParts(url);
  if (parts === undefined) return undefined;
  const { scheme, username, password, hosts, path } = parts;
  const isSentinel = scheme.endsWith('+sentinel');
  const nodes = parseNodes(hosts.split(','), isSentinel ? SENTINEL_PORT : PORT);
  if (nodes === undefined || (!isSentinel && nodes.length > 1)) return undefined;
  const access = { nodes, username, password, tls: scheme.startsWith('rediss') };
  const [, master = '', number = ''] = (isSentinel ? /^([^/]*)\/?(.*)$/ : /^()(.*)$/).exec(path) ?? [];
  const database = parseDatabase(number);
  if (database === undefined) return undefined;
  if (!isSentinel) return { kind: 'single', ...access, database };
  return { kind: 'sentinel', ...access, database, master: master === '' ? DEFAULT_MASTER : master };
}

/** One way in for all nodes: those that the cluster tells of itself are entered in the same way. */
function parseCluster(urls: readonly string[]): RedisAddressConfig | undefined {
  const all = urls.map((url) => parseParts(url.includes('://') ? url : `redis://${url}`));
  const parts = all.filter((part) => part !== undefined);
  const nodes = parseNodes(
    parts.map(({ hosts }) => hosts),
    PORT,
  );
  // host:port says nothing about TLS: it is reached as the others are.
  const schemes = new Set(parts.filter((_part, index) => urls[index]?.includes('://')).map(({ scheme }) => scheme));
  const schemeless = schemes.size === 0 ? 'redis' : [...schemes][0];
  if (parts.length < all.length || nodes === undefined || schemes.size > 1) return undefined;
  if (schemeless?.endsWith('+sentinel') === true || parts.some(({ path }) => path !== '' && path !== '0'))
    return undefined;
  const ways = parts.filter(({ password }) => password !== undefined);
  const [way] = ways;
  if (ways.some(({ username, password }) => username !== way?.username || password !== way?.password)) return undefined;
  return { kind: 'cluster', nodes, username: way?.username, password: way?.password, tls: schemeless === 'rediss' };
}

const NODE = /^(?:\[(?<address>[0-9A-Fa-f:.]+)\]|(?<name>[A-Za-z0-9._-]+))(?::(?<port>\d{1,5}))?$/;

function parseNodes(texts: readonly string[], defaultPort: number): readonly RedisNodeConfig[] | undefined {
  const nodes: RedisNodeConfig[] = [];
  for (const text of texts) {
    const { address, name, port = String(defaultPort) } = NODE.exec(text)?.groups ?? {};
    const host = address ?? name;
    if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
    nodes.push({ host, port: Number(port) });
  }
  return nodes.length === 0 ? undefined : nodes;
}

function parseDatabase(text: string): number | undefined {
  return /^\d{0,4}$/.test(text) ? Number(text) : undefined;
}
