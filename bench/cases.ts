import { ORDER, STORED_TAG } from './documents.ts';
import { SHARED_SERVICES } from './services.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * What sends the requests. `wrk`: each connection sends its next request when it has the answer to the last. `in-flight`:
 * so many requests at a time, over the connections in turn. `rate`: so many requests per second, whatever the answers do.
 */
export type Load =
  | { readonly by: 'wrk' }
  | { readonly by: 'in-flight'; readonly atOnce: number }
  | { readonly by: 'rate'; readonly perSecond: number };

/** What contenders are compared by. `memory`: of a client connection that is idle, measured once in each start. */
export type Figure = 'cpu' | 'p50' | 'p99' | 'memory';

/** One kind of traffic, and who is compared on it. */
export interface Case {
  readonly name: string;
  /** One sentence for `--help` and the report. */
  readonly summary: string;
  readonly method: 'GET' | 'POST';
  /** Asked in turn. */
  readonly paths: readonly string[];
  /** What each request carries. */
  readonly body?: { readonly type: string; readonly text: string };
  /** Further header fields of each request, as `Name: value`. For wrk alone. */
  readonly headers?: readonly string[];
  /** Whether each request has a query of its own. For wrk alone, and one path. */
  readonly distinct?: boolean;
  /** The least that an answer takes, without its head. */
  readonly answerBytes: number;
  /** The most that an answer takes, head and all, where one that has content would be wrong. */
  readonly mostBytes?: number;
  readonly connections: number;
  readonly load: Load;
  /** Contenders for which the last of the paths is asked for by a small chunked POST; the others get GETs alone. */
  readonly chunkedPostFor: readonly string[];
  /**
   * What a request is counted by. `answers`: whole answers. `bytes`: received bytes ÷ size of an answer, for answers so
   * large that those cut off by the end of a slice would distort the figure.
   */
  readonly countedBy: 'answers' | 'bytes';
  /** How many of the requests of a slice the origin must get; it is not looked at where this is left out. */
  readonly atOrigin?: 'none' | 'all';
  readonly contenders: readonly string[];
  /** Every printed ratio is a figure of this contender ÷ the same of another. */
  readonly reference: string;
  readonly figures: readonly Figure[];
}

/** Every proxy there is to compare, and gatewayctl a second time as the A/A control. */
const PROXIES: readonly string[] = [
  'gatewayctl',
  'gatewayctl-again',
  'undici',
  'sockets',
  'koa-proxies',
  'fastify-http-proxy',
  'fast-gateway',
  'nginx',
  'haproxy',
  'caddy',
];

const plainGet: Case = {
  name: 'get-1k',
  summary: 'GET, 1 KiB answer',
  method: 'GET',
  paths: ['/1k'],
  answerBytes: KIB,
  connections: 64,
  load: { by: 'wrk' },
  chunkedPostFor: [],
  countedBy: 'answers',
  contenders: PROXIES,
  reference: 'gatewayctl',
  figures: ['cpu'],
};

/** Many connections, of which 64 at a time wait for an answer. */
const manyConnections: Case = {
  ...plainGet,
  load: { by: 'in-flight', atOnce: 64 },
  contenders: ['gatewayctl', 'gatewayctl-again', 'nginx', 'haproxy', 'caddy'],
  figures: ['cpu', 'memory'],
};

/** What a rule costs: requests that it lets through, against the same without it. */
function ruleCase(rule: string, summary: string, traffic: Partial<Case> = {}): Case {
  return {
    ...plainGet,
    ...traffic,
    name: `rule-${rule}`,
    summary: `${summary}, against none of it`,
    contenders: [`gatewayctl-${rule}`, `gatewayctl-${rule}-again`, 'gatewayctl'],
    reference: `gatewayctl-${rule}`,
  };
}

/** Answers that are stored: the origin must not see one request once everybody is warm. */
const cacheHit: Case = {
  ...plainGet,
  name: 'cache-hit',
  summary: 'GET, 1 KiB answer that is stored, against a server that has nothing else, and a cache of nginx',
  paths: ['/stored/1k.json'],
  atOrigin: 'none',
  contenders: ['gatewayctl-cache', 'gatewayctl-cache-again', 'node-http', 'nginx-cache'],
  reference: 'gatewayctl-cache',
};

/** All cases. A new one is a new entry; its path has to be one that the origin serves (origin.ts). */
export const CASES: readonly Case[] = [
  plainGet,
  {
    ...plainGet,
    name: 'get-token',
    summary: 'get-1k with an access token and a permission, against a token that nobody reads, and against none',
    contenders: ['gatewayctl-token', 'gatewayctl-token-again', 'gatewayctl-token-unread', 'gatewayctl', 'caddy'],
    reference: 'gatewayctl-token',
  },
  {
    ...plainGet,
    name: 'get-resilient',
    summary: 'get-1k with health, outlier, breaker, retry, hedge, bulkhead and slow start, against none of them',
    contenders: ['gatewayctl-resilient', 'gatewayctl-resilient-again', 'gatewayctl-two-endpoints'],
    reference: 'gatewayctl-resilient',
  },
  ruleCase('ip', 'get-1k with addresses that may and may not'),
  ruleCase('limit', 'get-1k with a limit by client, counted in memory'),
  ruleCase('cors', 'get-1k with origins that may read the answer'),
  ruleCase('query', 'get-1k with a change of the query'),
  ruleCase('split', 'get-1k split between two upstreams, each client staying at its own'),
  ruleCase('mirror', 'get-1k of which one in twenty is copied to another upstream'),
  ruleCase('mirror-elsewhere', 'get-1k beside a route whose requests are all copied, of which there are none'),
  ruleCase('headers', 'get-1k with templates that set headers of requests and answers'),
  ruleCase('validate', 'get-1k with a query that is judged by a schema', { paths: ['/1k?page=7&sort=name'] }),
  ruleCase('body', 'POST of 1 KiB of JSON that is judged by a schema', {
    method: 'POST',
    paths: ['/post'],
    body: { type: 'application/json', text: ORDER },
  }),
  ruleCase('edit', 'GET, 1 KiB of JSON that is edited by JSON pointers', { paths: ['/1k.json'] }),
  {
    ...plainGet,
    name: 'rule-limit-redis',
    summary: 'get-1k with a limit by client, counted in Redis, against one counted in memory and none',
    contenders: ['gatewayctl-limit-redis', 'gatewayctl-limit-redis-again', 'gatewayctl-limit', 'gatewayctl'],
    reference: 'gatewayctl-limit-redis',
  },
  cacheHit,
  {
    ...cacheHit,
    name: 'cache-hit-64k',
    summary: 'cache-hit with an answer of 64 KiB',
    paths: ['/stored/64k.json'],
    answerBytes: 64 * KIB,
  },
  {
    ...cacheHit,
    name: 'cache-304',
    summary: 'cache-hit by clients that have the answer already: 304',
    headers: [`If-None-Match: ${STORED_TAG}`],
    answerBytes: 0,
    mostBytes: KIB / 2,
    contenders: ['gatewayctl-cache', 'gatewayctl-cache-again', 'node-http-304', 'nginx-cache'],
  },
  {
    ...plainGet,
    name: 'cache-miss',
    summary: 'GET, 1 KiB answer that takes the place of another one in a full cache, against no cache',
    paths: ['/stored/1k.json'],
    distinct: true,
    atOrigin: 'all',
    contenders: ['gatewayctl-cache-full', 'gatewayctl-cache-full-again', 'gatewayctl'],
    reference: 'gatewayctl-cache-full',
  },
  { ...ruleCase('cache-elsewhere', 'get-1k beside a route that has a cache'), name: 'cache-unconfigured' },
  {
    ...plainGet,
    name: 'workers',
    summary: 'get-1k with two workers against one process',
    connections: 256,
    contenders: ['gatewayctl-2-workers', 'gatewayctl-2-workers-again', 'gatewayctl'],
    reference: 'gatewayctl-2-workers',
  },
  {
    ...plainGet,
    name: 'full-stack',
    summary: 'get-1k with an access token, a permission and a limit by client, against proxies without any of it',
    contenders: ['gatewayctl-full', 'gatewayctl-full-again', 'gatewayctl', 'sockets', 'koa-proxies', 'caddy'],
    reference: 'gatewayctl-full',
  },
  { ...plainGet, name: 'get-64k', summary: 'GET, 64 KiB answer', paths: ['/64k'], answerBytes: 64 * KIB },
  {
    ...plainGet,
    name: 'get-10m',
    summary: 'GET, 10 MiB answer',
    paths: ['/10m'],
    answerBytes: 10 * MIB,
    connections: 8,
    countedBy: 'bytes',
  },
  {
    ...plainGet,
    name: 'post-16k',
    summary: 'POST, 16 KiB request body, 1 KiB answer after the whole body has arrived',
    method: 'POST',
    paths: ['/post'],
    body: { type: 'application/octet-stream', text: 'x'.repeat(16 * KIB) },
  },
  {
    ...plainGet,
    name: 'routes-10k',
    summary: 'get-1k over ten routes, in a table of 10,000 routes against a table of those ten',
    paths: SHARED_SERVICES.map((service) => `/service-${service}/1k`),
    contenders: ['gatewayctl-10000-routes', 'gatewayctl-10000-routes-again', 'gatewayctl-10-routes'],
    reference: 'gatewayctl-10000-routes',
  },
  {
    ...plainGet,
    name: 'post-mix',
    summary: 'GET with 5 % chunked POSTs among them against GETs alone, 1 KiB answers',
    // The last of twenty is the POST. As many for those without, so that the load generator does the same for both.
    paths: Array.from({ length: 20 }, () => '/post'),
    contenders: ['gatewayctl', 'gatewayctl-again', 'gatewayctl-gets-only'],
    chunkedPostFor: ['gatewayctl', 'gatewayctl-again'],
  },
  {
    ...manyConnections,
    name: 'connections-1k',
    summary: 'GET, 1 KiB answer, 64 requests at a time over connections in turn',
    connections: 1000,
  },
  {
    ...manyConnections,
    name: 'connections-5k',
    summary: 'GET, 1 KiB answer, 64 requests at a time over connections in turn',
    connections: 5000,
  },
  {
    ...manyConnections,
    name: 'connections-5k-tls',
    summary: 'connections-5k over TLS',
    connections: 5000,
    contenders: ['gatewayctl-tls', 'gatewayctl-tls-again', 'nginx-tls', 'caddy-tls'],
    reference: 'gatewayctl-tls',
  },
  {
    ...manyConnections,
    name: 'latency',
    summary: 'GET, 1 KiB answer, 1,500 requests per second whatever the answers do',
    connections: plainGet.connections,
    load: { by: 'rate', perSecond: 1500 },
    figures: ['p50', 'p99'],
  },
];
