import { isDeepStrictEqual } from 'node:util';
import type { GatewayConfig } from '../config/config.ts';
import type { Diagnostic } from '../config/diagnostic.ts';
import { KnownSecrets } from '../config/known-secrets.ts';
import type { WatchList } from '../config/load.ts';
import { maskKnown, MIN_KNOWN } from '../config/mask.ts';
import type { ShownDiagnostic } from '../config/render/shown.ts';
import type { Logger } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { ConfigState, NotReloaded, ReloadOutcome } from './config-state.ts';
import type { Prepared } from './generations.ts';
import type { Loaded } from './load.ts';
import type { UserStore } from './user-store.ts';

export interface ReloaderOptions {
  readonly metrics: Pick<Metrics, 'reloaded' | 'reloadFailed' | 'restartRequired'>;
  readonly logger: Logger;
  /** Its database is the one that stays. */
  readonly users: Pick<UserStore, 'config'>;
  /** Reads and checks the configuration, until the signal says that nobody wants it any more. */
  load(signal: AbortSignal): Promise<Loaded>;
  /** Makes everything that serves ready for a configuration. Whatever fails, there or later, changes nothing. */
  prepare(config: GatewayConfig): Promise<Prepared>;
  /** Watches these files from now on. @param since when their reading began; in milliseconds of the epoch */
  watch(list: WatchList, since: number): Promise<void>;
}

/** Somebody who waits for a reload that reads the files after they have asked. */
interface Caller {
  readonly mayReplace: () => boolean;
  readonly settle: (outcome: ReloadOutcome | NotReloaded) => void;
}

/**
 * Reads the configuration again and lets it take over, whoever serves it: this process alone, or its workers. Any
 * failure before that leaves the former one serving.
 */
export class Reloader {
  readonly #options: ReloaderOptions;
  readonly #state: ConfigState;
  readonly #stopping = new AbortController();
  /** What the process began with. */
  readonly #started: GatewayConfig;
  #waiting: Caller[] = [];
  #isRunning = false;
  #running: Promise<void> | undefined;

  /** @param state what serves now; told of every attempt to replace it */
  constructor(state: ConfigState, options: ReloaderOptions) {
    this.#started = state.config;
    this.#state = state;
    this.#options = options;
  }

  /** Reloads no more; a reload under way is given up if it has not swapped yet. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /**
   * Reloads once. Calls during a reload make one more follow, which is for all of them, so that the newest file always
   * wins.
   *
   * @param mayReplace whether what serves is to be replaced; asked just before the files are read
   * @returns what came of a reading that began after the call
   */
  async reload(mayReplace: () => boolean = () => true): Promise<ReloadOutcome | NotReloaded> {
    const outcome = new Promise<ReloadOutcome | NotReloaded>((settle) => this.#waiting.push({ mayReplace, settle }));
    if (!this.#isRunning) this.#running = this.#reloadForAll();
    return outcome;
  }

  async #reloadForAll(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      const callers = this.#waiting;
      this.#waiting = [];
      const wanting = callers.filter(({ mayReplace, settle }) => {
        const may = mayReplace();
        if (!may) settle('not-to-be-replaced');
        return may;
      });
      if (wanting.length === 0) continue;
      const outcome = this.#stopping.signal.aborted ? 'stopping' : await this.#reloadOnce();
      for (const { settle } of wanting) settle(outcome);
    }
    // In the same turn as the last look at who waits: a call in between would be lost.
    this.#isRunning = false;
  }

  async #reloadOnce(): Promise<ReloadOutcome | 'stopping'> {
    const { logger, metrics } = this.#options;
    const { signal } = this.#stopping;
    let shown: readonly ShownDiagnostic[] = [];
    let secrets: readonly string[] = [];
    try {
      const since = Date.now();
      const loaded = await this.#options.load(signal);
      const { config, diagnostics, watch } = loaded;
      ({ shown, secrets } = loaded);
      // A faulty file is watched as well: what it takes to mend it may be in a file that it names.
      await this.#options.watch(watch, since);
      logDiagnostics(diagnostics, logger);
      if (config === undefined) {
        metrics.reloadFailed();
        const faults = diagnostics.filter(({ severity }) => severity === 'error').length;
        logger.error({ faults }, 'configuration refused: the former one goes on');
        return this.#state.ended({ kind: 'refused', message: refusalText(faults), diagnostics: shown });
      }
      if (config.hash === this.#state.config.hash) {
        metrics.reloaded(config.hash);
        this.#state.reread(loaded);
        logger.info({ hash: config.hash }, 'configuration unchanged');
        return this.#state.ended({ kind: 'unchanged', message: undefined, diagnostics: shown });
      }
      await this.#replace(config, loaded);
      return this.#state.ended({ kind: 'reloaded', message: undefined, diagnostics: shown });
    } catch (error) {
      if (signal.aborted) return 'stopping';
      metrics.reloadFailed();
      logger.error({ err: error }, 'reload failed: the former configuration goes on');
      return this.#state.ended({ kind: 'failed', message: this.#failureText(error, secrets), diagnostics: shown });
    }
  }

  async #replace(config: GatewayConfig, loaded: Loaded): Promise<void> {
    const { metrics, logger } = this.#options;
    const prepared = await this.#options.prepare(config);
    if (this.#stopping.signal.aborted) await prepared.abort();
    this.#stopping.signal.throwIfAborted();
    await prepared.commit();
    const kept = this.#kept(config);
    this.#state.replace(config, loaded, kept);
    metrics.reloaded(config.hash);
    metrics.restartRequired(kept.length > 0);
    if (kept.length > 0) logger.warn({ settings: kept }, 'a changed setting takes effect after a restart only');
    logger.info({ hash: config.hash, routes: config.routes.length }, 'configuration reloaded');
  }

  /**
   * What a system says of an address is for people; a secret that stands in it is not.
   *
   * @param secrets those of the configuration that could not take over
   */
  #failureText(error: unknown, secrets: readonly string[]): string {
    const text = error instanceof Error ? error.message : String(error);
    const masked = maskKnown(this.#state.masked(text), new KnownSecrets(secrets, MIN_KNOWN));
    return `${masked}: the former configuration goes on`;
  }

  /** Some settings are what a process is made of: a reload does not change them. */
  #kept(config: GatewayConfig): string[] {
    const kept: string[] = [];
    for (const setting of ['fastLane', 'workers'] as const)
      if (config.server[setting] !== this.#started.server[setting]) kept.push(`server.${setting}`);
    const open = this.#options.users.config;
    if (open !== undefined && !isDeepStrictEqual(config.database, open)) kept.push('database');
    if (!isDeepStrictEqual(config.redis, this.#started.redis)) kept.push('redis');
    // Other buckets would begin at zero, and those of several workers could not be added up while they change.
    if (!isDeepStrictEqual(config.metrics, this.#started.metrics)) kept.push('metrics');
    return kept;
  }
}

function refusalText(faults: number): string {
  return `the files have ${faults === 1 ? 'an error' : `${faults} errors`}: the former configuration goes on`;
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
