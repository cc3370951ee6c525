import { resolve } from 'node:path';
import type { GatewayConfig } from '../config/config.ts';
import type { LoadResult } from '../config/load.ts';
import type { DatabaseHealth } from '../database/checked-database.ts';
import type { Logger } from '../observability/log.ts';
import { compileGateway } from '../gateway/compile.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { loadOffThread } from '../gateway/load.ts';
import { logDiagnostics, Reloader } from '../gateway/reload.ts';
import { LostAccess } from '../gateway/lost-access.ts';
import { createResources, type Resources } from '../gateway/resources.ts';
import { openStores, type Stores } from '../gateway/stores.ts';
import { ConfigWatcher, look } from '../gateway/watch.ts';
import { Logs, type LogDestination } from '../observability/logs.ts';
import { Metrics } from '../observability/metrics.ts';
import { DataPath, NO_ROUTE } from '../server/data-path.ts';
import type { SourceView } from '../upstreams/view.ts';
import { Listeners } from './listeners.ts';
import { upstreamEvents } from './upstream-events.ts';

/** The configuration at the start is faulty: trying again would not help. */
export class ConfigFaults extends Error {
  readonly result: LoadResult;

  constructor(result: LoadResult) {
    super('the configuration is faulty');
    this.result = result;
  }
}

/** A gateway that serves, from its start to its stop. */
export class RunningGateway {
  readonly #logs: Logs;
  readonly #reloader: Reloader;
  readonly #listeners: Listeners;
  readonly #watcher: ConfigWatcher;
  readonly #stores: Stores;
  readonly #lostAccess: LostAccess;
  readonly #state: { draining: boolean };
  readonly #hurry = new AbortController();
  #stopped: Promise<void> | undefined;

  private constructor(parts: {
    logs: Logs;
    reloader: Reloader;
    listeners: Listeners;
    watcher: ConfigWatcher;
    stores: Stores;
    lostAccess: LostAccess;
    state: { draining: boolean };
  }) {
    this.#logs = parts.logs;
    this.#reloader = parts.reloader;
    this.#listeners = parts.listeners;
    this.#watcher = parts.watcher;
    this.#stores = parts.stores;
    this.#lostAccess = parts.lostAccess;
    this.#state = parts.state;
  }

  /**
   * Puts a gateway together and starts it: the one place where the parts meet.
   *
   * @param file the path of the configuration
   * @param destination where logs go
   * @param onBroken told, after the start, that the embedded database is of no use: it takes a while to find out
   * @throws ConfigFaults, UnusableDatabase, KeyRingFault, or the system's error when an address cannot be bound
   */
  static async start(
    file: string,
    destination: LogDestination,
    onBroken: (error: unknown) => void = () => undefined,
  ): Promise<RunningGateway> {
    const since = Date.now();
    const before = await look({ files: [resolve(file)], globs: [], folder: '.' });
    const source = { file, env: { ...process.env } };
    const first = await loadOffThread(source);
    const { config } = first;
    if (config === undefined) throw new ConfigFaults(first);
    const logs = new Logs(destination);
    const { logger } = logs;
    logs.apply(config.logs);
    logDiagnostics(first.diagnostics, logger);

    const state = { draining: false };
    const metrics = new Metrics({
      inFlight: () => reloader.gateways.reduce((sum, gateway) => sum + gateway.inFlight, 0),
      connections: async () => listeners.connections(),
      upstreams: () => dataPath.gateway.upstreams.map((upstream) => upstream.view()),
      redisUp: () => stores.redis?.isUp,
      databaseUp: () => (usesDatabase(dataPath.gateway.config) ? users.health === 'ready' : undefined),
    });
    const stores = openStores(config.redis, {
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
    const { users, registry } = stores;
    const resources = createResources(
      {
        failed: (error) => logger.error({ err: error }, 'request failed'),
        keysUnavailable: (issuer, fault) => logger.warn({ issuer, fault }, 'the keys of an issuer cannot be fetched'),
        signingKeysFault: (fault) => logger.error({ fault }, 'the signing keys changed and cannot be used'),
        counts: metrics,
        events: upstreamEvents(logger, metrics),
        countedAlone: () => metrics.traffic.countedAlone(),
      },
      stores,
    );
    const gateway = await compileOrClose(config, resources, metrics);
    const unmatched = metrics.route(NO_ROUTE);
    const dataPath = new DataPath(gateway, { logger, unmatched, accessLog: (entry) => logs.access(entry) });
    const listeners = await openListeners(config, gateway, resources, {
      clients: { dataPath, logger, deadlines: resources.deadlines },
      admin: {
        metrics,
        logger,
        notReady: () => (state.draining ? 'draining' : undefined),
        config: () => dataPath.gateway.config.admin,
        database: () => users.health,
        administration: () => dataPath.gateway.administration,
        upstreams: () => dataPath.gateway.upstreams.map((upstream) => upstream.view()),
        sourceOf: (name) => sourceOf(dataPath.gateway.config, name),
        registry,
      },
    });
    const watcher = new ConfigWatcher(() => void reloader.reload(), before);
    const reloader = new Reloader(gateway, {
      resources,
      metrics,
      logger,
      load: async (signal) => loadOffThread(source, signal),
      bind: async (next) => listeners.bind(next),
      swap: (next) => {
        dataPath.swap(next);
        logs.apply(next.config.logs);
      },
      watch: async (list, began) => watcher.watch(list, began),
    });
    await watcher.watch(first.watch, since);
    metrics.reloaded(config.hash);
    const lostAccess = new LostAccess({
      gateways: () => reloader.gateways,
      live: () => users.live,
      onError: (error) => logger.error({ err: error }, 'looking for lost access failed'),
    });
    users.check('embedded').catch(onBroken);
    const running = new RunningGateway({ logs, reloader, listeners, watcher, stores, lostAccess, state });
    logger.info({ listen: running.address, admin: running.adminAddress, routes: config.routes.length }, 'serving');
    return running;
  }

  /** Where clients are taken: `127.0.0.1:8080`. */
  get address(): string {
    return this.#listeners.address;
  }

  get adminAddress(): string {
    return this.#listeners.adminAddress;
  }

  /** Reads the configuration again, changed or not. */
  async reload(): Promise<void> {
    await this.#reloader.reload();
  }

  /** Writes what is left of the logs, synchronously. */
  flushLogs(): void {
    this.#logs.flush();
  }

  /**
   * Stops: announces it to load balancers while still accepting, then takes nothing new and lets requests in flight
   * end, then cuts off what is left.
   *
   * @param options `announce: false` when no load balancer has to notice first
   * @returns whether everything in flight could end
   */
  async stop(options: { announce: boolean } = { announce: true }): Promise<boolean> {
    this.#stopped ??= this.#stop(options.announce);
    await this.#stopped;
    return !this.#hurry.signal.aborted;
  }

  /** Ends a stop that is under way at once. */
  hurry(): void {
    this.#hurry.abort();
  }

  async #stop(announce: boolean): Promise<void> {
    const { timeouts } = this.#reloader.current.config.server;
    this.#watcher.close();
    // 1. readyz says no, and load balancers get the time to notice it.
    this.#state.draining = true;
    const drainDelay = announce ? timeouts.drainDelay : 0;
    this.#logs.logger.info({ drainDelay, drain: timeouts.drain }, 'stopping');
    // A reload that came to its end later would open listeners that nobody closes.
    const settled = this.#reloader.stop();
    await this.#wait(drainDelay);
    await settled;
    // 2. Nothing new; answers carry Connection: close.
    const drained = this.#listeners.drain();
    for (const gateway of this.#reloader.gateways) gateway.sayFarewell();
    await this.#wait(timeouts.drain, drained);
    // 3. What has not ended by now is cut off.
    for (const gateway of this.#reloader.gateways) gateway.cut('all');
    this.#listeners.destroy();
    await drained;
    this.#lostAccess.stop();
    await this.#reloader.close();
    await this.#listeners.closeAdmin();
    await this.#stores.close();
    this.#logs.logger.info('stopped');
    this.#logs.flush();
  }

  /** Waits for so many milliseconds, or until something has come about or somebody is in a hurry. */
  async #wait(milliseconds: number, until?: Promise<void>): Promise<void> {
    const { signal } = this.#hurry;
    if (signal.aborted || milliseconds === 0) return;
    let over: () => void = () => undefined;
    const timeIsUp = new Promise<void>((done) => (over = done));
    const timer = setTimeout(over, milliseconds);
    signal.addEventListener('abort', over);
    await (until === undefined ? timeIsUp : Promise.race([timeIsUp, until]));
    signal.removeEventListener('abort', over);
    // A timer that is left would keep the process from ending.
    clearTimeout(timer);
  }
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
  options: Listeners['options'],
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

/** Where the endpoints of an upstream come from; undefined when there is no such upstream. */
function sourceOf({ upstreams }: GatewayConfig, name: string): SourceView['kind'] | undefined {
  const upstream = upstreams.find((each) => each.name === name);
  return upstream && (upstream.discover?.kind ?? 'targets');
}

/** The database of a process stays open when a reload leaves nothing that needs it. */
function usesDatabase({ identity, apiKeys }: Pick<GatewayConfig, 'identity' | 'apiKeys'>): boolean {
  return identity !== undefined || apiKeys !== undefined;
}

function logDatabaseHealth(logger: Logger, health: DatabaseHealth, why: string): void {
  if (health === 'ready') logger.info('the database can be asked');
  else logger[health === 'unusable' ? 'error' : 'warn']({ health, why }, 'the database cannot be asked');
}
