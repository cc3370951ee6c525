import type { GatewayConfig } from '../config/config.ts';
import type { ShownDiagnostic } from '../config/render/shown.ts';
import type { Loaded } from './load.ts';

/** How an attempt to replace the configuration ended; `started` is the first one, which replaced nothing. */
export type ReloadKind = 'started' | 'reloaded' | 'unchanged' | 'refused' | 'failed';

/** What came of the start, or of a reload. */
export interface ReloadOutcome {
  readonly kind: ReloadKind;
  /** When it was over; in milliseconds of the epoch. */
  readonly at: number;
  /** For people: why it was refused or failed. */
  readonly message: string | undefined;
  /** What serves afterwards. */
  readonly hash: string;
  /** Errors first; not all when there are very many. */
  readonly diagnostics: readonly ShownDiagnostic[];
}

/** The configuration that serves, what it was read from, and what came of the last attempt to replace it. */
export class ConfigState {
  /** As it was named at the start. */
  readonly file: string;
  #config: GatewayConfig;
  #loadedAt: number;
  #files: ReadonlyMap<string, string>;
  #restartRequired: readonly string[] = [];
  #lastReload: ReloadOutcome;

  /**
   * @param config what serves from the start
   * @param first what it was read from
   */
  constructor(file: string, config: GatewayConfig, first: Pick<Loaded, 'sources' | 'shown'>) {
    const at = Date.now();
    this.file = file;
    this.#config = config;
    this.#loadedAt = at;
    this.#files = first.sources;
    this.#lastReload = { kind: 'started', at, message: undefined, hash: config.hash, diagnostics: first.shown };
  }

  /** What serves. */
  get config(): GatewayConfig {
    return this.#config;
  }

  /** Since when it serves; in milliseconds of the epoch. */
  get loadedAt(): number {
    return this.#loadedAt;
  }

  /** The text of each file that it was read from, secrets masked. */
  get files(): ReadonlyMap<string, string> {
    return this.#files;
  }

  /** The settings that were changed and take effect after a restart only. */
  get restartRequired(): readonly string[] {
    return this.#restartRequired;
  }

  get lastReload(): ReloadOutcome {
    return this.#lastReload;
  }

  /** Another configuration serves from now on. @param restartRequired which of its settings do not count yet */
  replace(config: GatewayConfig, files: ReadonlyMap<string, string>, restartRequired: readonly string[]): void {
    this.#config = config;
    this.#loadedAt = Date.now();
    this.#files = files;
    this.#restartRequired = restartRequired;
  }

  /** The same configuration serves on, with files that may say it in other words. */
  reread(files: ReadonlyMap<string, string>): void {
    this.#files = files;
  }

  /** What came of an attempt to replace it. */
  ended(outcome: Pick<ReloadOutcome, 'kind' | 'message' | 'diagnostics'>): ReloadOutcome {
    this.#lastReload = { ...outcome, at: Date.now(), hash: this.#config.hash };
    return this.#lastReload;
  }
}
