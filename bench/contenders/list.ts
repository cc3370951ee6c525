import { ALL_SERVICES, SHARED_SERVICES } from '../services.ts';
import { caddy } from './caddy.ts';
import type { Contender } from './contender.ts';
import {
  catchAll,
  catchAllWith,
  gatewayctl,
  gatewayctlWithUsers,
  oneRoutePerService,
  twoEndpoints,
  twoEndpointsLookedAfter,
} from './gatewayctl.ts';
import { haproxy } from './haproxy.ts';
import { nginx } from './nginx.ts';
import { nodePeer } from './node-peer.ts';

/** Rules that let every request of the load through. */
const RULES = {
  ip: 'ip: { allow: [127.0.0.0/8], deny: [10.6.6.6] }',
  limit: 'rateLimit: { requests: 1000000, per: 1s }',
  cors: 'cors: { origins: ["https://shop.example.com"], credentials: true }',
  query: 'request: { query: { set: { source: gateway }, remove: [debug] } }',
} as const;

/** A contender, and itself once more as the control. */
function twice(contender: Contender): readonly Contender[] {
  return [contender, { ...contender, name: `${contender.name}-again`, copyOf: contender.name }];
}

/** Everything that can be measured. Which of them a case measures stands in the case. */
export const CONTENDERS: readonly Contender[] = [
  gatewayctl('gatewayctl', catchAll),
  { ...gatewayctl('gatewayctl-again', catchAll), copyOf: 'gatewayctl' },
  gatewayctl('gatewayctl-gets-only', catchAll),
  gatewayctlWithUsers('gatewayctl-token', 'permission'),
  { ...gatewayctlWithUsers('gatewayctl-token-again', 'permission'), copyOf: 'gatewayctl-token' },
  gatewayctlWithUsers('gatewayctl-token-unread', 'public'),
  gatewayctl('gatewayctl-resilient', catchAll, twoEndpointsLookedAfter),
  { ...gatewayctl('gatewayctl-resilient-again', catchAll, twoEndpointsLookedAfter), copyOf: 'gatewayctl-resilient' },
  gatewayctl('gatewayctl-two-endpoints', catchAll, twoEndpoints),
  ...Object.entries(RULES).flatMap(([name, rule]) => twice(gatewayctl(`gatewayctl-${name}`, catchAllWith(rule)))),
  ...twice(gatewayctlWithUsers('gatewayctl-full', 'permission', catchAllWith(RULES.limit))),
  nodePeer('undici', 'undici'),
  nodePeer('sockets'),
  nodePeer('koa-proxies', 'koa-proxies'),
  nodePeer('fastify-http-proxy', '@fastify/http-proxy'),
  nodePeer('fast-gateway', 'fast-gateway'),
  nginx,
  haproxy,
  caddy,
  gatewayctl('gatewayctl-10-routes', oneRoutePerService(SHARED_SERVICES)),
  gatewayctl('gatewayctl-10000-routes', oneRoutePerService(ALL_SERVICES)),
  {
    ...gatewayctl('gatewayctl-10000-routes-again', oneRoutePerService(ALL_SERVICES)),
    copyOf: 'gatewayctl-10000-routes',
  },
];
