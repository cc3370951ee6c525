import { SHARED_SERVICES } from './services.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** One kind of traffic, and who is compared on it. */
export interface Case {
  readonly name: string;
  /** One sentence for `--help` and the report. */
  readonly summary: string;
  readonly method: 'GET' | 'POST';
  /** Asked in turn. */
  readonly paths: readonly string[];
  readonly requestBytes: number;
  readonly answerBytes: number;
  readonly connections: number;
  /**
   * What a request is counted by. `answers`: whole answers. `bytes`: received bytes ÷ size of an answer, for answers so
   * large that those cut off by the end of a slice would distort the figure.
   */
  readonly countedBy: 'answers' | 'bytes';
  readonly contenders: readonly string[];
  /** Every printed ratio is this contender's CPU time per request ÷ another's. */
  readonly reference: string;
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
  requestBytes: 0,
  answerBytes: KIB,
  connections: 64,
  countedBy: 'answers',
  contenders: PROXIES,
  reference: 'gatewayctl',
};

/** All cases. A new one is a new entry; its path has to be one that the origin serves (origin.ts). */
export const CASES: readonly Case[] = [
  plainGet,
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
    requestBytes: 16 * KIB,
  },
  {
    ...plainGet,
    name: 'routes-10k',
    summary: 'get-1k over ten routes, in a table of 10,000 routes against a table of those ten',
    paths: SHARED_SERVICES.map((service) => `/service-${service}/1k`),
    contenders: ['gatewayctl-10000-routes', 'gatewayctl-10000-routes-again', 'gatewayctl-10-routes'],
    reference: 'gatewayctl-10000-routes',
  },
];
