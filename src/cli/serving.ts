import { randomBytes } from 'node:crypto';
import type { PurgeSelector } from '../cache/purge.ts';
import { purge, type Purged, type PurgeScope } from '../cache/purged.ts';
import type { GatewayConfig } from '../config/config.ts';
import type { MetricsConfig } from '../config/metrics-config.ts';
import { compileGateway } from '../gateway/compile.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { Generations } from '../gateway/generations.ts';
import { LostAccess } from '../gateway/lost-access.ts';
import type { Resources } from '../gateway/resources.ts';
import type { Stores } from '../gateway/stores.ts';
import type { CacheReading } from '../observability/cache-counts.ts';
import type { Logs } from '../observability/logs.ts';
import { Metrics } from '../observability/metrics.ts';
import { Tracing } from '../observability/tracing/tracing.ts';
import { DataPath, NO_ROUTE } from '../server/data-path.ts';
import { certificateExpiries } from '../server/tls/certificate-expiry.ts';
import type { Instance } from '../upstreams/registry/registry.ts';
import type { UpstreamView } from '../upstreams/view.ts';
import type { Hurry } from './hurry.ts';
import { Listeners } from './listeners.ts';
import { readManifest } from './manifest.ts';
import { createLoggedResources, openLoggedStores, openLoggedTracing, usesDatabase } from './parts.ts';

/** How long the start may take for Redis, when limits are counted there; in milliseconds. It goes on without it, too. */
const REDIS_WITHIN = 1000;

/** An instance that is known from elsewhere, for so many more milliseconds. */
interface Known {
  readonly upstream: string;
  readonly instance: Instance;
  readonly ttl: number;
}

interface ServingOptions {
  readonly known?: readonly Known[];
  readonly ticketSecret?: string;
  readonly measured?: MetricsConfig;
}

/** What keys of TLS session tickets are derived from. */
export function newTicketSecret(): string {
  return randomBytes(32).toString('base64');
}

/** Everything that serves requests in a process: the one place where the parts meet. */
export class Serving {
  readonly metrics: Metrics;
  readonly stores: Stores;
  readonly generations: Generations;
  readonly listeners: Listeners;
  readonly #lostAccess: LostAccess;
  readonly #tracing: Tracing;
  readonly #dataPath: DataPath;
  readonly #caches: Resources['caches'];

  private constructor(parts: {
    metrics: Metrics;
    stores: Stores;
    generations: Generations;
    listeners: Listeners;
    lostAccess: LostAccess;
    tracing: Tracing;
    dataPath: DataPath;
    caches: Resources['caches'];
  }) {
    this.metrics = parts.metrics;
    this.stores = parts.stores;
    this.generations = parts.generations;
    this.listeners = parts.listeners;
    this.#lostAccess = parts.lostAccess;
    this.#tracing = parts.tracing;
    this.#dataPath = parts.dataPath;
    this.#caches = parts.caches;
  }

  /**
   * Opens the listeners of a configuration, and serves it.
   *
   * @param options `known` are instances that have registered before; `ticketSecret` is that of the processes that serve
   *   the same clients, if there are others; `measured` is how durations are, when not as the configuration says
   * @throws UnusableDatabase, KeyRingFault, or the system's error when an address cannot be bound
   */
  static async open(
    config: GatewayConfig,
    logs: Logs,
    { known = [], ticketSecret = newTicketSecret(), measured = config.metrics }: ServingOptions = {},
  ): Promise<Serving> {
    const { logger } = logs;
    const metrics: Metrics = new Metrics(
      {
        version: readManifest().version,
        connectionsLimit: () => listeners.connectionsLimit,
        droppedLogLines: () => logs.droppedLines,
        inFlight: () => generations.all.reduce((sum, gateway) => sum + gateway.requests, 0),
        inFlightByRoute: () => openByRoute(generations.all),
        connections: async () => listeners.connections(),
        heldBodyBytes: () => dataPath.heldBodyBytes,
        upstreams: () => viewsOf(dataPath),
        cache: () => heldIn(resources),
        redisUp: () => stores.redis?.isUp,
        databasePool: () => stores.users.pool,
        databaseUp: () => (usesDatabase(dataPath.gateway.config) ? stores.users.health === 'ready' : undefined),
      },
      measured,
    );
    const stores = openLoggedStores(config, logger);
    for (const { upstream, instance, ttl } of known) await stores.registry.put(upstream, instance, ttl);
    const resources: Resources = createLoggedResources(stores, logger, metrics);
    const gateway = await compileOrClose(config, resources, metrics);
    const tracing = openLoggedTracing(logger, metrics);
    tracing.apply(config.tracing);
    await stores.redis?.known(REDIS_WITHIN);
    const unmatched = metrics.route(NO_ROUTE);
    const dataPath = new DataPath(gateway, {
      logger,
      unmatched,
      internalError: () => metrics.instance.failed(),
      accessLog: (entry) => logs.access(entry),
      tracing,
      httpsPort: () => listeners.httpsPort,
    });
    const listeners = await openListeners(config, gateway, resources, {
      dataPath,
      logger,
      ticketSecret,
      deadlines: resources.deadlines,
      handshake: (result) => metrics.handshake(result),
      connectionRefused: () => metrics.instance.connectionRefused(),
    });
    metrics.instance.certificates(certificateExpiries(config.server.tls));
    const generations = new Generations(gateway, {
      resources,
      metrics,
      bind: async (next) => listeners.bind(next),
      swap: (next) => {
        dataPath.swap(next);
        metrics.instance.certificates(certificateExpiries(next.config.server.tls));
        logs.apply(next.config.logs);
        tracing.apply(next.config.tracing);
      },
    });
    const lostAccess = new LostAccess({
      gateways: () => generations.all,
      live: () => stores.users.live,
      onError: (error) => logger.error({ err: error }, 'looking for lost access failed'),
    });
    const { caches } = resources;
    return new Serving({ metrics, stores, generations, listeners, lostAccess, tracing, dataPath, caches });
  }

  /** The upstreams of the configuration that serves. */
  upstreams(): readonly UpstreamView[] {
    return viewsOf(this.#dataPath);
  }

  /** Lets stored answers go, of whatever configuration. */
  async purge(selector: PurgeSelector, scope: PurgeScope): Promise<Purged> {
    return purge(this.#caches.open, selector, scope);
  }

  /** Takes nothing new and lets requests in flight end, then cuts off what is left. */
  async drain(hurry: Hurry): Promise<void> {
    // 1. Nothing new; answers carry Connection: close.
    const drained = this.listeners.drain();
    for (const gateway of this.generations.all) gateway.sayFarewell();
    await hurry.wait(this.generations.current.config.server.timeouts.drain, drained);
    // 2. What has not ended by now is cut off.
    for (const gateway of this.generations.all) gateway.cut('all');
    this.listeners.destroy();
    await drained;
  }

  /** Gives everything back, once it has drained. */
  async close(): Promise<void> {
    this.#lostAccess.stop();
    await this.generations.close();
    await this.#tracing.close();
    await this.stores.close();
  }
}

function viewsOf({ gateway }: DataPath): readonly UpstreamView[] {
  return gateway.upstreams.map((upstream) => upstream.view());
}

/** How many clients each route answers, those of configurations that have been replaced included. */
function openByRoute(gateways: readonly Gateway[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { open } of gateways) {
    for (const { route, hasClient } of open) {
      const name = route?.name ?? NO_ROUTE;
      if (hasClient) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

/** What is stored in memory; undefined while no route stores anything. */
function heldIn({ caches: { open } }: Resources): CacheReading | undefined {
  if (open.length === 0) return undefined;
  return {
    bytes: open.reduce((sum, { bytes }) => sum + bytes, 0),
    entries: open.reduce((sum, { entries }) => sum + entries, 0),
  };
}

/** Compiles the first configuration, or closes what was opened for it. */
async function compileOrClose(config: GatewayConfig, resources: Resources, metrics: Metrics): Promise<Gateway> {
  try {
    return await compileGateway(config, resources, metrics);
  } catch (error) {
    await resources.stores.close();
    throw error;
  }
}

/** Opens the listeners, or gives back what the gateway holds. A database of another version is found before. */
async function openListeners(
  config: GatewayConfig,
  gateway: Gateway,
  { stores }: Resources,
  options: Parameters<typeof Listeners.open>[1],
): Promise<Listeners> {
  try {
    await stores.users.check('server');
    return await Listeners.open(config, options);
  } catch (error) {
    await gateway.retire();
    await stores.close();
    throw error;
  }
}
