import { isDeepStrictEqual } from 'node:util';
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
  /** Reads and checks the configuration, until the signal says that nobody wants it any more. */
  load(signal: AbortSignal): Promise<LoadResult>;
  /**
   * Binds what the new configuration listens on, before anything is swapped.
   *
   * @returns makes the new listeners take over, and those that they replace drain
   * @throws when an address cannot be bound: then nothing changes
   */
  bind(config: GatewayConfig): Promise<() => void>;
  /** Makes a gateway the one that requests take. */
  swap(gateway: Gateway): void;
  /** Watches these files from now on. @param since when their reading began; in milliseconds of the epoch */
  watch(list: WatchList, since: number): Promise<void>;
}

/**
 * Replaces the gateway when its configuration changes: builds the new one whole, swaps once, retires the old one. Any
 * failure before the swap leaves the old gateway serving.
 */
export class Reloader {
  readonly #options: ReloaderOptions;
  /** Gateways that were replaced and still have exchanges open. */
  readonly #retiring = new Set<Gateway>();
  /** One for each swap that may yet cut streams off. */
  readonly #cuts = new Set<NodeJS.Timeout>();
  readonly #stopping = new AbortController();
  /** What the process began with. */
  readonly #started: GatewayConfig;
  #current: Gateway;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(current: Gateway, options: ReloaderOptions) {
    this.#started = current.config;
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

  /** Reloads no more; a reload under way is given up if it has not swapped yet. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Releases what is held. To be called after `stop`, when nothing is in flight any more. */
  async close(): Promise<void> {
    for (const cut of this.#cuts) clearTimeout(cut);
    await this.#current.retire();
  }

  /** Reloads once; a call during a reload makes one more follow, so that the newest file always wins. */
  async reload(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#again = true;
    this.#running ??= this.#reloadUntilCurrent();
    await this.#running;
  }

  async #reloadUntilCurrent(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.#reloadOnce();
    }
    // In the same turn as the last look at `again`: a call in between would be lost.
    this.#running = undefined;
  }

  async #reloadOnce(): Promise<void> {
    const { logger, metrics } = this.#options;
    const { signal } = this.#stopping;
    try {
      const since = Date.now();
      const { config, diagnostics, watch } = await this.#options.load(signal);
      // A faulty file is watched as well: what it takes to mend it may be in a file that it names.
      await this.#options.watch(watch, since);
      logDiagnostics(diagnostics, logger);
      if (config === undefined) {
        metrics.reloadFailed();
        const faults = diagnostics.filter(({ severity }) => severity === 'error').length;
        logger.error({ faults }, 'configuration refused: the former one goes on');
      } else if (config.hash === this.#current.config.hash) {
        metrics.reloaded(config.hash);
        logger.info({ hash: config.hash }, 'configuration unchanged');
      } else await this.#replace(config);
    } catch (error) {
      if (signal.aborted) return;
      metrics.reloadFailed();
      logger.error({ err: error }, 'reload failed: the former configuration goes on');
    }
  }

  async #replace(config: GatewayConfig): Promise<void> {
    const { resources, metrics, logger } = this.#options;
    const gateway = await compileGateway(config, resources, metrics);
    let takeOver: () => void;
    try {
      this.#stopping.signal.throwIfAborted();
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
    this.#sayWhatIsKept(config);
    logger.info({ hash: config.hash, routes: config.routes.length }, 'configuration reloaded');
    this.#retire(old);
  }

  /** Some settings are what a process is made of: a reload does not change them. */
  #sayWhatIsKept(config: GatewayConfig): void {
    const { metrics, logger } = this.#options;
    const kept: string[] = [];
    if (config.server.fastLane !== this.#started.server.fastLane) kept.push('server.fastLane');
    const open = this.#options.resources.stores.users.config;
    if (open !== undefined && !isDeepStrictEqual(config.database, open)) kept.push('database');
    if (!isDeepStrictEqual(config.redis, this.#started.redis)) kept.push('redis');
    metrics.restartRequired(kept.length > 0);
    if (kept.length > 0) logger.warn({ settings: kept }, 'a changed setting takes effect after a restart only');
  }

  /** Lets go of a gateway, now or when its last exchange is done. */
  #retire(old: Gateway): void {
    this.#retiring.add(old);
    void old.retire().then(() => this.#retiring.delete(old));
    const newer = this.#current;
    const older = [...this.#retiring].filter(({ inFlight }) => inFlight > 0);
    if (older.length === 0) return;
    // Streams on routes that changed get time to end; those on others go on, however many reloads there are. Each swap
    // has a timer of its own: one that every swap put off would never run out while reloads come fast.
    const cut = setTimeout(() => {
      this.#cuts.delete(cut);
      // A change that was taken back since is none.
      for (const gateway of older) gateway.cut({ changedIn: [newer, this.#current] });
    }, newer.config.server.timeouts.drain);
    this.#cuts.add(cut);
  }
}

/** How many findings are logged: each one costs time, and whoever has more of them asks `validate`. */
const LOGGED = 100;

/** One line for each finding, at the level that it has, errors first. */
export function logDiagnostics(diagnostics: readonly Diagnostic[], logger: Logger): void {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
  const shown = [...errors.slice(0, LOGGED), ...warnings.slice(0, Math.max(0, LOGGED - errors.length))];
  for (const { code, severity, message, file, path, line, column, hint } of shown) {
    const place = { code, at: `${file}:${line}:${column}`, path, hint };
    if (severity === 'error') logger.error(place, message);
    else logger.warn(place, message);
  }
  const rest = diagnostics.length - shown.length;
  if (rest > 0) logger.warn({ findings: rest }, 'further findings are not logged: gatewayctl validate shows them all');
}
