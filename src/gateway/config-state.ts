import type { GatewayConfig } from '../config/config.ts';
import { KnownSecrets } from '../config/known-secrets.ts';
import { maskKnown, maskPasswords, MIN_KNOWN } from '../config/mask.ts';
import type { ShownDiagnostic } from '../config/render/shown.ts';
import type { Loaded } from './load.ts';
import { shownRoute, type ShownRoute } from './shown-route.ts';

/** What a configuration was read from, and what of it must not be shown. */
type Reading = Pick<Loaded, 'sources' | 'secrets' | 'written'>;

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

/** Why there was no reload. */
export type NotReloaded = 'not-to-be-replaced' | 'stopping';

/** The configuration that serves, what it was read from, and what came of the last attempt to replace it. */
export class ConfigState {
  /** As it was named at the start. */
  readonly file: string;
  #config: GatewayConfig;
  #loadedAt: number;
  #files: ReadonlyMap<string, string>;
  #secrets: readonly string[];
  #written: ReadonlyMap<string, string>;
  /** Made when they are asked for, once for each reading. */
  #known: KnownSecrets | undefined;
  #routes: readonly ShownRoute[] | undefined;
  #restartRequired: readonly string[] = [];
  #lastReload: ReloadOutcome;

  /**
   * @param config what serves from the start
   * @param first what it was read from
   */
  constructor(file: string, config: GatewayConfig, first: Reading & Pick<Loaded, 'shown'>) {
    const at = Date.now();
    this.file = file;
    this.#config = config;
    this.#loadedAt = at;
    this.#files = first.sources;
    this.#secrets = first.secrets;
    this.#written = first.written;
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

  /** The routes that serve, in the order of the configuration. What holds a secret is shown as it is written, or masked. */
  get routes(): readonly ShownRoute[] {
    this.#routes ??= this.#config.routes.map((route) =>
      shownRoute(route, (text) => this.#written.get(text) ?? this.masked(text)),
    );
    return this.#routes;
  }

  /** The settings that were changed and take effect after a restart only. */
  get restartRequired(): readonly string[] {
    return this.#restartRequired;
  }

  get lastReload(): ReloadOutcome {
    return this.#lastReload;
  }

  /** Another configuration serves from now on. @param restartRequired which of its settings do not count yet */
  replace(config: GatewayConfig, reading: Reading, restartRequired: readonly string[]): void {
    this.#config = config;
    this.#loadedAt = Date.now();
    this.#restartRequired = restartRequired;
    this.reread(reading);
  }

  /** The same configuration serves on, with files that may say it in other words. */
  reread({ sources, secrets, written }: Reading): void {
    this.#files = sources;
    this.#secrets = secrets;
    this.#written = written;
    this.#known = undefined;
    this.#routes = undefined;
  }

  /** A text that is made of what the configuration says, without the secrets that came to stand in it. */
  masked(text: string): string {
    this.#known ??= new KnownSecrets(this.#secrets, MIN_KNOWN);
    return maskPasswords(maskKnown(text, this.#known));
  }

  /** What came of an attempt to replace it. Nothing of it holds a secret of the configuration that serves. */
  ended(outcome: Pick<ReloadOutcome, 'kind' | 'message' | 'diagnostics'>): ReloadOutcome {
    // A text that is no YAML does not tell which of its values are secrets: those that serve are known.
    const diagnostics = outcome.diagnostics.map((shown) => ({
      ...shown,
      message: this.masked(shown.message),
      hint: shown.hint === null ? null : this.masked(shown.hint),
      frame: this.masked(shown.frame),
    }));
    this.#lastReload = { ...outcome, diagnostics, at: Date.now(), hash: this.#config.hash };
    return this.#lastReload;
  }
}
