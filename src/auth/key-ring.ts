import type { KeyObject } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Algorithm } from './algorithms.ts';
import type { JwkSet } from './jwk-set.ts';
import { createKey, readKeys, type KeyFile } from './key-folder.ts';
import type { Candidates, KeySource } from './key-source.ts';
import { storedSigningKeys, type SigningKey, type SigningKeys, type StoredKey } from './signing-keys.ts';

/** A folder of signing keys that is followed. */
export interface KeyRingOptions {
  /** Absolute. */
  readonly folder: string;
  /** That tokens are signed with. */
  readonly algorithm: 'RS256' | 'ES256';
  /** Whether a key is made at the start when there is none for the algorithm. */
  readonly makesFirstKey: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Told, for people, why the folder can no longer be used; the last good keys stay. Told again when something else is
   * wrong with it, and when something is wrong after it had been mended.
   */
  readonly onFault?: (message: string) => void;
  /** Between two looks at the folder, in milliseconds; default 10 s. */
  readonly period?: number;
}

/** The keys of a folder as they are now: what is read of them may be different at each time. */
export interface KeyRing extends SigningKeys {
  /**
   * Done when there are keys to sign with. It fails with a {@link KeyRingFault} when there are none, or when the ring
   * was closed before; then the folder is not followed. Until it is done `signing` throws, nothing is published, and
   * the source's keys are unavailable.
   */
  readonly ready: Promise<void>;
  /** Follows the folder no longer. The keys stay as they are, for those who still need them. */
  close(): void;
}

/** There is no key to sign with. The message is for people: what is wrong, and what to do about it. */
export class KeyRingFault extends Error {
  override readonly name = 'KeyRingFault';
}

/** In milliseconds. It is also for how long instances may differ in what they accept after a rotation. */
const PERIOD = 10_000;
/** How often a folder is read that changes meanwhile: a rotation removes files within milliseconds. */
const MAX_READS = 3;

/**
 * The signing keys of a folder for as long as a gateway serves: they are read now, and again whenever the folder has
 * changed. So a rotation on any machine that shares the folder needs neither a restart nor a reload.
 *
 * A folder in which something is wrong later on is not used: the last good keys stay until it is mended.
 */
export function keyRing(options: KeyRingOptions): KeyRing {
  return new FolderRing(options);
}

class FolderRing implements KeyRing {
  readonly ready: Promise<void>;
  readonly #source = new ChangingKeys();
  readonly #options: KeyRingOptions;
  #keys: SigningKeys | undefined;
  /** What the folder was like when the keys in use were read; undefined while it has to be read in any case. */
  #seen: string | undefined;
  /** What was told last and is still so. */
  #fault: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: KeyRingOptions) {
    this.#options = options;
    this.ready = this.#begin();
    // Nobody need wait for a ring that is closed at once; whoever waits is told all the same.
    this.ready.catch(() => undefined);
  }

  signing(now: number): SigningKey {
    if (this.#keys === undefined) throw new KeyRingFault(`the keys in ${this.#options.folder} are not read yet`);
    return this.#keys.signing(now);
  }

  get algorithms(): readonly Algorithm[] {
    return this.#keys?.algorithms ?? [this.#options.algorithm];
  }

  get source(): KeySource {
    return this.#source;
  }

  get jwks(): JwkSet {
    return this.#keys?.jwks ?? { keys: [] };
  }

  get privateKeys(): readonly KeyObject[] {
    return this.#keys?.privateKeys ?? [];
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #begin(): Promise<void> {
    const { folder, algorithm, makesFirstKey, now } = this.#options;
    let reading = await read(folder, algorithm);
    if ('fault' in reading && reading.isEmpty && makesFirstKey && !this.#closed) {
      await written(createKey(folder, algorithm, now()), folder);
      // Another process may have made one at the same moment: what is in the folder counts, and not what was made.
      reading = await read(folder, algorithm);
    }
    if (this.#closed) throw new KeyRingFault(`the keys in ${folder} are not followed any more`);
    if ('fault' in reading) {
      this.close();
      throw new KeyRingFault(reading.isEmpty ? `${reading.fault}: type gatewayctl keys create` : reading.fault);
    }
    this.#take(reading);
    this.#schedule();
  }

  /** The next look is due a while after the last one has ended: there are never two at once. */
  #schedule(): void {
    this.#timer = setTimeout(() => void this.#follow(), this.#options.period ?? PERIOD);
  }

  async #follow(): Promise<void> {
    const { folder, algorithm, onFault } = this.#options;
    const isUnchanged = this.#seen !== undefined && (await look(folder)) === this.#seen;
    const reading = isUnchanged ? undefined : await read(folder, algorithm);
    if (this.#closed) return;
    this.#schedule();
    if (reading === undefined) return;
    if (!('fault' in reading)) return this.#take(reading);
    // What is wrong may not be in the folder, such as too many open files: it is not seen there when that is over.
    this.#seen = undefined;
    if (reading.fault === this.#fault) return;
    this.#fault = reading.fault;
    onFault?.(reading.fault);
  }

  #take({ keys, seen }: Good): void {
    this.#keys = storedSigningKeys(keys, this.#options.algorithm);
    this.#source.replace(keys, this.#keys.source);
    this.#seen = seen;
    this.#fault = undefined;
  }
}

/** One source for all the keys that a folder has in the course of time. */
class ChangingKeys implements KeySource {
  generation = 0;
  #keys: readonly StoredKey[] = [];
  #source: KeySource | undefined;

  find(kid: string | undefined, algorithm: Algorithm): Candidates | Promise<Candidates> {
    return this.#source === undefined ? 'unavailable' : this.#source.find(kid, algorithm);
  }

  /** @param source of these keys, which are the only ones from now on */
  replace(keys: readonly StoredKey[], source: KeySource): void {
    const gone = this.#keys.some((old) => !keys.some((key) => isSame(key, old)));
    this.#keys = keys;
    this.#source = source;
    if (gone) this.generation += 1;
  }
}

/** When a key signs does not matter for what it has signed. */
function isSame(one: StoredKey, other: StoredKey): boolean {
  return one.kid === other.kid && one.publicKey.equals(other.publicKey);
}

/** Keys to sign with among them. */
interface Good {
  readonly keys: readonly KeyFile[];
  /** What the folder was like before they were read: what has changed since then is seen at the next look. */
  readonly seen: string;
}

interface Bad {
  /** All that is wrong, for people. */
  readonly fault: string;
  /** There is no key for the algorithm, and nothing else is wrong. */
  readonly isEmpty: boolean;
}

/** Reads a folder, and once more when something is wrong in it that may be due to a change in the meantime. */
async function read(folder: string, algorithm: 'RS256' | 'ES256'): Promise<Good | Bad> {
  for (let reads = 1; ; reads += 1) {
    const seen = await look(folder);
    const keys = await readKeys(folder);
    const isGood = !('faults' in keys) && keys.some((key) => key.algorithm === algorithm);
    if (isGood) return { keys, seen };
    if (reads < MAX_READS && (await look(folder)) !== seen) continue;
    if (!('faults' in keys)) return { fault: `there is no key for ${algorithm} in ${folder}`, isEmpty: true };
    const fault = keys.faults.map(({ message }) => message).join('; ');
    return { fault, isEmpty: keys.faults.every(({ code }) => code === 'missing') };
  }
}

/**
 * What a folder and the files of its keys are like, as a text to compare: much cheaper than to read them. A change of a
 * file's rights shows as well, and so does a link in its place that leads to another file.
 */
async function look(folder: string): Promise<string> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.pem')).toSorted();
    return (await Promise.all(names.map(async (name) => `${name} ${await lookAt(join(folder, name))}`))).join('\n');
  } catch {
    return 'unreadable';
  }
}

async function lookAt(path: string): Promise<string> {
  try {
    const { ino, size, mode, mtimeMs, ctimeMs } = await stat(path);
    return `${ino} ${size} ${mode} ${mtimeMs} ${ctimeMs}`;
  } catch {
    return 'unreadable';
  }
}

async function written(writing: Promise<unknown>, folder: string): Promise<void> {
  try {
    await writing;
  } catch (error) {
    // A system's error, such as EACCES, has a code; a bug has none.
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new KeyRingFault(
      `the folder ${folder} cannot be written: ${error.message}; mend its rights, or change identity.tokens.keys`,
      { cause: error },
    );
  }
}
