import { ALL_SERVICES, SHARED_SERVICES } from '../services.ts';
import { caddy, caddyTls } from './caddy.ts';
import type { Contender } from './contender.ts';
import { catchAllWith, oneRoutePerService, twoEndpoints, twoEndpointsLookedAfter } from './gateway-yaml.ts';
import { gatewayctl } from './gatewayctl.ts';
import { gatewayctlWithRedis } from './gatewayctl-redis.ts';
import { gatewayctlWithTls } from './gatewayctl-tls.ts';
import { gatewayctlWithUsers } from './gatewayctl-users.ts';
import { gatewayctlWithWorkers } from './gatewayctl-workers.ts';
import { haproxy } from './haproxy.ts';
import { nginx, nginxTls } from './nginx.ts';
import { nginxCache } from './nginx-cache.ts';
import { nodePeer } from './node-peer.ts';
import { LIMIT, RULES } from './rules.ts';

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
  nodePeer('node-http'),
  nodePeer('node-http-304'),
  nodePeer('koa-proxies', 'koa-proxies'),
  nodePeer('fastify-http-proxy', '@fastify/http-proxy'),
  nodePeer('fast-gateway', 'fast-gateway'),
  nginx,
  nginxCache,
  haproxy,
  caddy,
  nginxTls,
  caddyTls,
  gatewayctl('gatewayctl-10-routes', { routes: oneRoutePerService(SHARED_SERVICES) }),
  ...twice(gatewayctl('gatewayctl-10000-routes', { routes: oneRoutePerService(ALL_SERVICES) })),
];
