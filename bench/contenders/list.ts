import { ALL_SERVICES, SHARED_SERVICES } from '../services.ts';
import { caddy } from './caddy.ts';
import type { Contender } from './contender.ts';
import {
  catchAll,
  gatewayctl,
  gatewayctlWithUsers,
  oneRoutePerService,
  twoEndpoints,
  twoEndpointsLookedAfter,
} from './gatewayctl.ts';
import { haproxy } from './haproxy.ts';
import { nginx } from './nginx.ts';
import { nodePeer } from './node-peer.ts';

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
