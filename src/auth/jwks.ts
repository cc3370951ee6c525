import type { KeyObject } from 'node:crypto';
import type { Algorithm } from './algorithms.ts';
import { fetchJwkSet, type FetchFault } from './jwks-fetch.ts';
import { parseJwkSet } from './jwk-set.ts';
import { compileKeys, staticKeys, type Candidates, type KeySource, type VerificationKey } from './key-source.ts';

/** A key set that is fetched from its issuer. Times are in milliseconds. */
export interface RemoteJwksOptions {
  /** See `jwksUrl`. */
  readonly url: URL;
  /** The issuer's allow-list. */
  readonly algorithms: readonly Algorithm[];
  /** Milliseconds, on a clock that never goes back. */
  readonly now: () => number;
  /** For a whole fetch; default 5 s. */
  readonly timeout?: number;
  /** Keys older than this are fetched anew while they are still used; default 10 min. */
  readonly maxAge?: number;
  /** No two fetches begin closer together than this; default 30 s. */
  readonly cooldown?: number;
  /** Is told of each fetch that failed. */
  readonly onFault?: (fault: JwksFault) => void;
}

/** Why a fetch brought no keys. `no-keys`: a key set in which none can be used. */
export type JwksFault = FetchFault | 'malformed' | 'no-keys';

/**
 * The keys of a file: its text is read with the configuration, and a changed file is a reload.
 *
 * @returns undefined when the text is no JWK Set
 */
export function fileJwks(text: string, algorithms: readonly Algorithm[]): KeySource | undefined {
  const keys = parseJwkSet(text, algorithms);
  return keys === undefined ? undefined : staticKeys(keys);
}

/**
 * The keys at a URL: fetched when the first token needs one, and again when a token names a key that is not known or
 * when they are old. There is at most one fetch at a time and one a cooldown, whatever tokens come; while fetches fail
 * the last good keys stay.
 */
export function remoteJwks(options: RemoteJwksOptions): KeySource {
  return new RemoteJwks(options);
}

class RemoteJwks implements KeySource {
  generation = 0;
  readonly #options: RemoteJwksOptions;
  #keys: readonly VerificationKey[] | undefined;
  #find: (kid: string | undefined, algorithm: Algorithm) => readonly KeyObject[] = () => [];
  #fetchedAt = -Infinity;
  #triedAt = -Infinity;
  #fetching: Promise<void> | undefined;

  constructor(options: RemoteJwksOptions) {
    this.#options = options;
  }

  find(kid: string | undefined, algorithm: Algorithm): Candidates | Promise<Candidates> {
    const found = this.#find(kid, algorithm);
    if (found.length > 0) {
      // Nobody waits for keys that are merely old.
      if (this.#options.now() - this.#fetchedAt >= (this.#options.maxAge ?? 600_000)) void this.#refresh();
      return found;
    }
    const fetching = this.#refresh();
    return fetching === undefined ? this.#look(kid, algorithm) : fetching.then(() => this.#look(kid, algorithm));
  }

  #look(kid: string | undefined, algorithm: Algorithm): Candidates {
    return this.#keys === undefined ? 'unavailable' : this.#find(kid, algorithm);
  }

  /** @returns the fetch under way or a new one, which never rejects; undefined during the cooldown */
  #refresh(): Promise<void> | undefined {
    if (this.#fetching !== undefined) return this.#fetching;
    const now = this.#options.now();
    if (now - this.#triedAt < (this.#options.cooldown ?? 30_000)) return undefined;
    this.#triedAt = now;
    this.#fetching = this.#fetch().finally(() => void (this.#fetching = undefined));
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    const { url, timeout = 5000, algorithms, onFault } = this.#options;
    const fetched = await fetchJwkSet(url, timeout);
    if (typeof fetched === 'string') return onFault?.(fetched);
    const keys = parseJwkSet(fetched.text, algorithms);
    if (keys === undefined) return onFault?.('malformed');
    if (keys.length === 0) return onFault?.('no-keys');
    const gone = this.#keys?.some((old) => !keys.some((key) => isSame(key, old))) === true;
    this.#keys = keys;
    this.#find = compileKeys(keys);
    this.#fetchedAt = this.#options.now();
    if (gone) this.generation += 1;
  }
}

function isSame(one: VerificationKey, other: VerificationKey): boolean {
  return one.kid === other.kid && one.key.equals(other.key);
}
