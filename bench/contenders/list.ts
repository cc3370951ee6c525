import { ORDER_SCHEMA } from '../documents.ts';
import { ALL_SERVICES, SHARED_SERVICES } from '../services.ts';
import { caddy, caddyTls } from './caddy.ts';
import type { Contender } from './contender.ts';
import {
  catchAll,
  catchAllWith,
  oneRoutePerService,
  twoEndpoints,
  twoEndpointsLookedAfter,
  twoUpstreams,
  type Sections,
} from './gateway-yaml.ts';
import { gatewayctl } from './gatewayctl.ts';
import { gatewayctlWithRedis } from './gatewayctl-redis.ts';
import { gatewayctlWithTls } from './gatewayctl-tls.ts';
import { gatewayctlWithUsers } from './gatewayctl-users.ts';
import { gatewayctlWithWorkers } from './gatewayctl-workers.ts';
import { haproxy } from './haproxy.ts';
import { nginx, nginxTls } from './nginx.ts';
import { nodePeer } from './node-peer.ts';

const LIMIT = 'rateLimit: { requests: 1000000, per: 1s }';

/** Rules that let every request of the load through. */
const RULES: Readonly<Record<string, Sections>> = {
  ip: { routes: catchAllWith({ rule: 'ip: { allow: [127.0.0.0/8], deny: [10.6.6.6] }' }) },
  limit: { routes: catchAllWith({ rule: LIMIT }) },
  cors: { routes: catchAllWith({ rule: 'cors: { origins: ["https://shop.example.com"], credentials: true }' }) },
  query: { routes: catchAllWith({ rule: 'request: { query: { set: { source: gateway }, remove: [debug] } }' }) },
  split: {
    upstreams: twoUpstreams,
    routes: catchAllWith({
      to: 'split: { sticky: client, to: [{ upstream: origin, weight: 95 }, { upstream: other, weight: 5 }] }',
    }),
  },
  mirror: {
    upstreams: twoUpstreams,
    routes: catchAllWith({ rule: 'mirror: { upstream: other, ratio: 0.05 }' }),
  },
  'mirror-elsewhere': {
    upstreams: twoUpstreams,
    routes: [...catchAll, { name: 'elsewhere', path: '/elsewhere/*rest', rule: 'mirror: { upstream: other }' }],
  },
  headers: {
    routes: catchAllWith({
      rule:
        'request: { headers: { set: { x-caller: "{{client.ip}}", x-request: "{{request.id}}" }, remove: [cookie] } }, ' +
        'response: { headers: { set: { x-answer-to: "{{request.id}}", x-frame-options: DENY }, remove: [server] } }',
    }),
  },
  validate: {
    routes: catchAllWith({
      rule:
        'validate: { query: { type: object, properties: { page: { type: integer, minimum: 1 }, ' +
        'sort: { type: string, enum: [name, date] } }, additionalProperties: false } }',
    }),
  },
  body: { routes: catchAllWith({ rule: `validate: { body: ${ORDER_SCHEMA} }` }) },
  edit: { routes: catchAllWith({ rule: 'response: { body: { remove: [/internal], set: { /edited: true } } }' }) },
};

/** A contender, and itself once more as the control. */
function twice(contender: Contender): readonly Contender[] {
  return [contender, { ...contender, name: `${contender.name}-again`, copyOf: contender.name }];
}

/** Everything that can be measured. Which of them a case measures stands in the case. */
export const CONTENDERS: readonly Contender[] = [
  ...twice(gatewayctl('gatewayctl')),
  gatewayctl('gatewayctl-gets-only'),
  ...twice(gatewayctlWithUsers('gatewayctl-token', 'permission')),
  gatewayctlWithUsers('gatewayctl-token-unread', 'public'),
  ...twice(gatewayctl('gatewayctl-resilient', { upstreams: twoEndpointsLookedAfter })),
  gatewayctl('gatewayctl-two-endpoints', { upstreams: twoEndpoints }),
  ...Object.entries(RULES).flatMap(([name, sections]) => twice(gatewayctl(`gatewayctl-${name}`, sections))),
  ...twice(gatewayctlWithRedis('gatewayctl-limit-redis', { routes: catchAllWith({ rule: LIMIT }) })),
  ...twice(gatewayctlWithWorkers('gatewayctl-2-workers', 2)),
  ...twice(gatewayctlWithTls('gatewayctl-tls')),
  ...twice(gatewayctlWithUsers('gatewayctl-full', 'permission', { rule: LIMIT })),
  nodePeer('undici', 'undici'),
  nodePeer('sockets'),
  nodePeer('koa-proxies', 'koa-proxies'),
  nodePeer('fastify-http-proxy', '@fastify/http-proxy'),
  nodePeer('fast-gateway', 'fast-gateway'),
  nginx,
  haproxy,
  caddy,
  nginxTls,
  caddyTls,
  gatewayctl('gatewayctl-10-routes', { routes: oneRoutePerService(SHARED_SERVICES) }),
  ...twice(gatewayctl('gatewayctl-10000-routes', { routes: oneRoutePerService(ALL_SERVICES) })),
];
