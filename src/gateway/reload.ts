import type { GatewayConfig } from '../config/config.ts';
import type { Diagnostic } from '../config/diagnostic.ts';
import type { LoadResult, WatchList } from '../config/load.ts';
import type { Logger } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import { compileGateway } from './compile.ts';
import type { Gateway } from './gateway.ts';
import type { Resources } from './resources.ts';

export interface ReloaderOptions {
  readonly resources: Resources;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Reads and checks the configuration. */
  load(): Promise<LoadResult>;
  /**
   * Binds what the new configuration listens on, before anything is swapped.
   *
   * @returns makes the new listeners take over, and those that they replace drain
   * @throws when an address cannot be bound: then nothing changes
   */
  bind(config: GatewayConfig): Promise<() => void>;
  /** Makes a gateway the one that requests take. */
  swap(gateway: Gateway): void;
  /** Watches these files from now on. */
  watch(list: WatchList): Promise<void>;
}

/**
 * Replaces the gateway when its configuration changes: builds the new one whole, swaps once, retires the old one. Any
 * failure before the swap leaves the old gateway serving.
 */
export class Reloader {
  readonly #options: ReloaderOptions;
  /** Gateways that were replaced and still have exchanges open. */
  readonly #retiring = new Set<Gateway>();
  #current: Gateway;
  #cutting: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(current: Gateway, options: ReloaderOptions) {
    this.#current = current;
    this.#options = options;
  }

  /** The gateway that requests take, and those that are still finishing theirs. */
  get gateways(): readonly Gateway[] {
    return [this.#current, ...this.#retiring];
  }

  /** The gateway that requests take. */
  get current(): Gateway {
    return this.#current;
  }

  /** Waits for a reload under way, and releases what is held. To be called when nothing is in flight any more. */
  async close(): Promise<void> {
    this.#again = false;
    await this.#running;
    clearTimeout(this.#cutting);
    await this.#current.retire();
  }

  /** Reloads once; a call during a reload makes one more follow, so that the newest file always wins. */
  async reload(): Promise<void> {
    if (this.#running !== undefined) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#reloadUntilCurrent().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #reloadUntilCurrent(): Promise<void> {
    do {
      this.#again = false;
      await this.#reloadOnce();
    } while (this.#again);
  }

  async #reloadOnce(): Promise<void> {
    const { logger, metrics } = this.#options;
    try {
      const { config, diagnostics, watch } = await this.#options.load();
      // A faulty file is watched as well: what it takes to mend it may be in a file that it names.
      await this.#options.watch(watch);
      logDiagnostics(diagnostics, logger);
      if (config === undefined) {
        metrics.reloadFailed();
        logger.error({ faults: diagnostics.length }, 'configuration refused: the former one goes on');
      } else if (config.hash === this.#current.config.hash) {
        metrics.reloaded(config.hash);
        logger.info({ hash: config.hash }, 'configuration unchanged');
      } else await this.#replace(config);
    } catch (error) {
      metrics.reloadFailed();
      logger.error({ err: error }, 'reload failed: the former configuration goes on');
    }
  }

  async #replace(config: GatewayConfig): Promise<void> {
    const { resources, metrics, logger } = this.#options;
    const gateway = await compileGateway(config, resources, metrics);
    let takeOver: () => void;
    try {
      takeOver = await this.#options.bind(config);
    } catch (error) {
      await gateway.retire();
      throw error;
    }
    const old = this.#current;
    this.#current = gateway;
    this.#options.swap(gateway);
    takeOver();
    metrics.reloaded(config.hash);
    logger.info({ hash: config.hash, routes: config.routes.length }, 'configuration reloaded');
    this.#retire(old);
  }

  /** Lets go of a gateway, now or when its last exchange is done. */
  #retire(old: Gateway): void {
    this.#retiring.add(old);
    void old.retire().then(() => this.#retiring.delete(old));
    // Streams on routes that changed get time to end; those on others go on, however many reloads there are.
    clearTimeout(this.#cutting);
    this.#cutting = setTimeout(() => {
      for (const gateway of this.#retiring) gateway.cut({ changedIn: this.#current });
    }, this.#current.config.server.timeouts.drain);
  }
}

/** One line for each finding, at the level that it has. */
export function logDiagnostics(diagnostics: readonly Diagnostic[], logger: Logger): void {
  for (const { code, severity, message, file, path, line, column, hint } of diagnostics) {
    const place = { code, at: `${file}:${line}:${column}`, path, hint };
    if (severity === 'error') logger.error(place, message);
    else logger.warn(place, message);
  }
}
