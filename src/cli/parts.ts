/** What every process of the gateway is made of, whether it serves or looks after those that do. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { GatewayConfig } from '../config/config.ts';
import type { AdminOptions, Health } from '../admin/admin.ts';
import type { DatabaseHealth } from '../database/checked-database.ts';
import type { ConfigState } from '../gateway/config-state.ts';
import { createResources, type Resources } from '../gateway/resources.ts';
import { openStores, type Stores } from '../gateway/stores.ts';
import { numberAttribute, textAttribute } from '../observability/tracing/span.ts';
import { Tracing } from '../observability/tracing/tracing.ts';
import { FirstOfEach } from '../observability/first-of-each.ts';
import type { Logger } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Registry } from '../upstreams/registry/registry.ts';
import type { SourceView } from '../upstreams/view.ts';
import { readManifest } from './manifest.ts';
import { upstreamEvents } from './upstream-events.ts';

/** Opens what a process remembers; it says in the log how that fares. */
export function openLoggedStores({ redis }: GatewayConfig, logger: Logger): Stores {
  return openStores(redis, {
    users: {
      onProgress: (text) => logger.info(text),
      onHealth: (health, why) => logDatabaseHealth(logger, health, why),
      onError: (error) => logger.error({ err: error }, 'deleting what has expired failed'),
    },
    redis: (isUp, why) => {
      if (isUp) logger.info('Redis can be asked');
      else logger.warn({ why }, 'Redis cannot be asked: each gateway goes on with what it knows alone');
    },
  });
}

/** Makes what generations share; it says in the log and in metrics what happens to it. */
export function createLoggedResources(stores: Stores, logger: Logger, metrics: Metrics): Resources {
  const refusals = new FirstOfEach();
  return createResources(
    {
      failed: (error) => {
        metrics.instance.failed();
        logger.error({ err: error }, 'request failed');
      },
      keysUnavailable: (issuer, fault) => logger.warn({ issuer, fault }, 'the keys of an issuer cannot be fetched'),
      signingKeysFault: (fault) => logger.error({ fault }, 'the signing keys changed and cannot be used'),
      counts: metrics.people,
      cache: metrics.cached,
      events: upstreamEvents(logger, metrics),
      countedAlone: ({ reason, code = 'unexpected answer' }) => {
        metrics.traffic.countedAlone(reason);
        // That Redis is away or slow is a line of its own, when it begins and when it ends.
        if (reason !== 'refused' || !refusals.isFirst(code)) return;
        logger.warn({ code }, 'Redis refuses to count for rate limits: each gateway counts alone, in memory');
      },
    },
    stores,
  );
}

/** Makes what traces requests; it says in the log and in metrics how its spans fare. */
export function openLoggedTracing(logger: Logger, { traced }: Metrics): Tracing {
  const failures = new FirstOfEach();
  const attributes =
    textAttribute('service.instance.id', randomUUID()) +
    textAttribute('host.name', hostname()) +
    numberAttribute('process.pid', process.pid);
  return new Tracing(attributes, {
    exported: (spans) => traced.exported(spans),
    dropped: (reason, spans) => traced.dropped(reason, spans),
    failed: (url, why) => {
      if (failures.isFirst(`${url} ${why}`)) logger.warn({ url: withoutSecrets(url), why }, 'spans were not taken');
    },
  });
}

/** What the admin listener asks of the parts of a process and of the configuration that serves. */
export function adminParts(
  registry: Registry,
  configuration: ConfigState,
  { instance }: Metrics,
): Pick<
  AdminOptions,
  'version' | 'startedAt' | 'configuration' | 'registry' | 'config' | 'sourceOf' | 'internalError'
> {
  return {
    version: readManifest().version,
    startedAt: Date.now(),
    configuration,
    registry,
    internalError: () => instance.failed(),
    config: () => configuration.config.admin,
    sourceOf: (name) => sourceOf(configuration.config, name),
  };
}

/** How what a process remembers things in fares, by the last that was heard of it. */
export function healthOf({ users, redis }: Pick<Stores, 'users' | 'redis'>): Health {
  return { database: users.health, redis: redis && (redis.isUp ? 'up' : 'down') };
}

/** Where the endpoints of an upstream come from; undefined when there is no such upstream. */
function sourceOf({ upstreams }: GatewayConfig, name: string): SourceView['kind'] | undefined {
  const upstream = upstreams.find((each) => each.name === name);
  return upstream && (upstream.discover?.kind ?? 'targets');
}

/** The database of a process stays open when a reload leaves nothing that needs it. */
export function usesDatabase({ identity, apiKeys }: Pick<GatewayConfig, 'identity' | 'apiKeys'>): boolean {
  return identity !== undefined || apiKeys !== undefined;
}

/** A query can hold a secret, too. */
function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

function logDatabaseHealth(logger: Logger, health: DatabaseHealth, why: string): void {
  if (health === 'ready') logger.info('the database can be asked');
  else logger[health === 'unusable' ? 'error' : 'warn']({ health, why }, 'the database cannot be asked');
}
