import { clientNetwork } from '../address-ranges.ts';
import type { RateLimitKeyConfig, RouteLimitConfig } from '../config/traffic-config.ts';
import type { Exchange } from '../exchange.ts';
import type { Metrics } from '../observability/metrics.ts';
import { boundedKey } from '../limits/bounded-key.ts';
import type { LimitOptions } from '../stages/rate-limit.ts';
import { claimAt } from '../claims.ts';
import type { Leases } from './leases.ts';
import type { Resources } from './resources.ts';

/** The limits of a route, in the two places where they are counted. */
export interface CompiledLimits {
  /** Before anybody is asked who calls. */
  readonly early: readonly LimitOptions[];
  /** Once it is known who calls, and that one is let in. */
  readonly late: readonly LimitOptions[];
}

/** @param holding takes the counters, which routes and generations share */
export function compileLimits(
  limits: readonly RouteLimitConfig[],
  route: string,
  resources: Resources,
  metrics: Metrics,
  holding: Leases,
): CompiledLimits {
  const compiled = limits.map(({ name, scope, requests, per, burst, by }) => ({
    by,
    limit: {
      name,
      requests,
      per,
      limiter: holding.add(resources.limiters.acquire({ scope, requests, per, burst })).part,
      keyOf: keyOf(by),
      refused: () => metrics.traffic.rateLimited(route, by.kind),
    },
  }));
  return {
    early: compiled.filter(({ by }) => !isLate(by)).map(({ limit }) => limit),
    late: compiled.filter(({ by }) => isLate(by)).map(({ limit }) => limit),
  };
}

/** Whether it is counted when the caller has been let in: nobody else uses up what a route or a tenant has. */
export function isLate({ kind }: RateLimitKeyConfig): boolean {
  return kind !== 'client';
}

/**
 * What has a counter of its own. Kinds and values are kept apart, so that no header can name the counter of a user. What
 * is missing counts as the client.
 */
function keyOf(by: RateLimitKeyConfig): (exchange: Exchange) => string {
  const client = ({ client: { address } }: Exchange): string => `ip ${clientNetwork(address)}`;
  switch (by.kind) {
    case 'client':
      return client;
    case 'route':
      // Whose counter it is says the scope: routes whose limit has one name share it.
      return () => 'route';
    case 'user':
      return (exchange) => {
        const { identity } = exchange;
        return identity === undefined
          ? client(exchange)
          : boundedKey(`user ${identity.issuer.length} ${identity.issuer} ${identity.subject}`);
      };
    case 'header':
      return (exchange) => {
        const value = exchange.header(by.name);
        return value === undefined ? client(exchange) : boundedKey(`header ${value}`);
      };
    case 'claim': {
      const read = claimAt([by.name]);
      return (exchange) => {
        const { identity } = exchange;
        const value = identity && read(identity.claims);
        // Each issuer writes its own claims, and 1 need not be what "1" is to those who write them.
        return identity !== undefined && (typeof value === 'string' || typeof value === 'number')
          ? boundedKey(`claim ${identity.issuer.length} ${identity.issuer} ${typeof value} ${value}`)
          : client(exchange);
      };
    }
  }
}
