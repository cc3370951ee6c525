import { isDeepStrictEqual } from 'node:util';
import type { GatewayConfig } from '../config/config.ts';
import type { Diagnostic } from '../config/diagnostic.ts';
import type { LoadResult, WatchList } from '../config/load.ts';
import type { Logger } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Prepared } from './generations.ts';
import type { UserStore } from './user-store.ts';

export interface ReloaderOptions {
  readonly metrics: Pick<Metrics, 'reloaded' | 'reloadFailed' | 'restartRequired'>;
  readonly logger: Logger;
  /** Its database is the one that stays. */
  readonly users: Pick<UserStore, 'config'>;
  /** Reads and checks the configuration, until the signal says that nobody wants it any more. */
  load(signal: AbortSignal): Promise<LoadResult>;
  /** Makes everything that serves ready for a configuration. Whatever fails, there or later, changes nothing. */
  prepare(config: GatewayConfig): Promise<Prepared>;
  /** Watches these files from now on. @param since when their reading began; in milliseconds of the epoch */
  watch(list: WatchList, since: number): Promise<void>;
}

/**
 * Reads the configuration again and lets it take over, whoever serves it: this process alone, or its workers. Any
 * failure before that leaves the former one serving.
 */
export class Reloader {
  readonly #options: ReloaderOptions;
  readonly #stopping = new AbortController();
  /** What the process began with. */
  readonly #started: GatewayConfig;
  #current: GatewayConfig;
  #running: Promise<void> | undefined;
  #again = false;

  /** @param current what serves now */
  constructor(current: GatewayConfig, options: ReloaderOptions) {
    this.#started = current;
    this.#current = current;
    this.#options = options;
  }

  /** Reloads no more; a reload under way is given up if it has not swapped yet. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
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
      } else if (config.hash === this.#current.hash) {
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
    const { metrics, logger } = this.#options;
    const prepared = await this.#options.prepare(config);
    if (this.#stopping.signal.aborted) await prepared.abort();
    this.#stopping.signal.throwIfAborted();
    await prepared.commit();
    this.#current = config;
    metrics.reloaded(config.hash);
    this.#sayWhatIsKept(config);
    logger.info({ hash: config.hash, routes: config.routes.length }, 'configuration reloaded');
  }

  /** Some settings are what a process is made of: a reload does not change them. */
  #sayWhatIsKept(config: GatewayConfig): void {
    const { metrics, logger, users } = this.#options;
    const kept: string[] = [];
    for (const setting of ['fastLane', 'workers'] as const)
      if (config.server[setting] !== this.#started.server[setting]) kept.push(`server.${setting}`);
    const open = users.config;
    if (open !== undefined && !isDeepStrictEqual(config.database, open)) kept.push('database');
    if (!isDeepStrictEqual(config.redis, this.#started.redis)) kept.push('redis');
    // Other buckets would begin at zero, and those of several workers could not be added up while they change.
    if (!isDeepStrictEqual(config.metrics, this.#started.metrics)) kept.push('metrics');
    metrics.restartRequired(kept.length > 0);
    if (kept.length > 0) logger.warn({ settings: kept }, 'a changed setting takes effect after a restart only');
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
