import type { AdminOptions } from '../admin/admin.ts';
import { purgeOutcome } from '../cache/purged.ts';
import type { GatewayConfig } from '../config/config.ts';
import { ConfigState } from '../gateway/config-state.ts';
import { logDiagnostics, Reloader } from '../gateway/reload.ts';
import { ConfigWatcher } from '../gateway/watch.ts';
import { familiesOf } from '../observability/exposition.ts';
import { Logs, type LogDestination } from '../observability/logs.ts';
import { AdminPort } from './admin-port.ts';
import { readConfigFile, type ConfigFile } from './config-file.ts';
import { Hurry } from './hurry.ts';
import { Later } from './later.ts';
import { adminParts, healthOf } from './parts.ts';
import { prepareAll } from './prepare-all.ts';
import { Serving } from './serving.ts';

export { ConfigFaults } from './config-file.ts';

/** A gateway that serves in this process, from its start to its stop. */
export class RunningGateway {
  readonly #logs: Logs;
  readonly #serving: Serving;
  readonly #admin: AdminPort;
  readonly #reloader: Reloader;
  readonly #watcher: ConfigWatcher;
  readonly #state: { draining: boolean };
  readonly #hurry = new Hurry();
  #stopped: Promise<void> | undefined;

  private constructor(parts: {
    logs: Logs;
    serving: Serving;
    admin: AdminPort;
    reloader: Reloader;
    watcher: ConfigWatcher;
    state: { draining: boolean };
  }) {
    this.#logs = parts.logs;
    this.#serving = parts.serving;
    this.#admin = parts.admin;
    this.#reloader = parts.reloader;
    this.#watcher = parts.watcher;
    this.#state = parts.state;
  }

  /**
   * Starts a gateway.
   *
   * @param file the path of the configuration
   * @param destination where logs go
   * @param onBroken told, after the start, that the embedded database is of no use: it takes a while to find out
   * @throws ConfigFaults, UnusableDatabase, KeyRingFault, or the system's error when an address cannot be bound
   */
  static async start(
    file: string,
    destination: LogDestination,
    onBroken?: (error: unknown) => void,
  ): Promise<RunningGateway> {
    return RunningGateway.open(await readConfigFile(file), destination, onBroken);
  }

  /** Starts a gateway on a configuration that has been read, as {@link start} does. */
  static async open(
    file: ConfigFile,
    destination: LogDestination,
    onBroken: (error: unknown) => void = () => undefined,
  ): Promise<RunningGateway> {
    const { config, first } = file;
    const logs = new Logs(destination);
    const { logger } = logs;
    logs.apply(config.logs);
    logDiagnostics(first.diagnostics, logger);
    const state = { draining: false };
    const started = new Later();
    const configuration = new ConfigState(file.file, config, first);
    const serving = await Serving.open(config, logs);
    const { metrics, generations, stores, listeners } = serving;
    const watcher = new ConfigWatcher(() => void reloader.reload(), file.before);
    const reloader = new Reloader(configuration, {
      metrics,
      logger,
      users: stores.users,
      // Who asks the admin listener may be quicker than the rest of the start.
      load: async (signal) => {
        await started.promise;
        return file.read(signal);
      },
      prepare: async (next) => prepareAll(next, generations, [admin]),
      watch: async (list, began) => watcher.watch(list, began),
    });
    const admin = await openAdmin(config, serving, {
      ...adminParts(stores.registry, configuration, metrics),
      metrics: async () => familiesOf(metrics.registry),
      logger,
      notReady: () => (state.draining ? 'draining' : undefined),
      health: () => healthOf(stores),
      reload: async (mayReplace) => reloader.reload(mayReplace),
      administration: () => generations.current.administration,
      upstreams: () => serving.upstreams(),
      purge: async (selector) => {
        const outcome = purgeOutcome([await serving.purge(selector, 'everywhere')]);
        metrics.cached.purged(outcome.purged);
        return outcome;
      },
    });
    await watcher.watch(first.watch, file.since);
    metrics.reloaded(config.hash);
    started.happen();
    stores.users.check('embedded').catch(onBroken);
    const running = new RunningGateway({ logs, serving, admin, reloader, watcher, state });
    const { address, httpsAddress } = listeners;
    logger.info({ listen: address, tls: httpsAddress, admin: admin.address, routes: config.routes.length }, 'serving');
    return running;
  }

  /** Where clients are taken: `127.0.0.1:8080`. */
  get address(): string {
    return this.#serving.listeners.address;
  }

  /** Where clients are taken over TLS; undefined when they are not. */
  get httpsAddress(): string | undefined {
    return this.#serving.listeners.httpsAddress;
  }

  get adminAddress(): string {
    return this.#admin.address;
  }

  /** Reads the configuration again, changed or not. */
  async reload(): Promise<void> {
    await this.#reloader.reload();
  }

  /** Writes what is left of the logs, synchronously. */
  flushLogs(): void {
    this.#logs.flushSync();
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
    return !this.#hurry.isOn;
  }

  /** Ends a stop that is under way at once. */
  hurry(): void {
    this.#hurry.begin();
  }

  async #stop(announce: boolean): Promise<void> {
    const { timeouts } = this.#serving.generations.current.config.server;
    this.#watcher.close();
    // readyz says no, and load balancers get the time to notice it.
    this.#state.draining = true;
    const drainDelay = announce ? timeouts.drainDelay : 0;
    this.#logs.logger.info({ drainDelay, drain: timeouts.drain }, 'stopping');
    // A reload that came to its end later would open listeners that nobody closes.
    const settled = this.#reloader.stop();
    await this.#hurry.wait(drainDelay);
    await settled;
    await this.#serving.drain(this.#hurry);
    await this.#admin.close();
    await this.#serving.close();
    this.#logs.logger.info('stopped');
    this.#logs.flush();
  }
}

/** Opens the admin listener, or ends what serves already. */
async function openAdmin(config: GatewayConfig, serving: Serving, options: AdminOptions): Promise<AdminPort> {
  try {
    return await AdminPort.open(config.admin, options);
  } catch (error) {
    const now = new Hurry();
    now.begin();
    await serving.drain(now);
    await serving.close();
    throw error;
  }
}
