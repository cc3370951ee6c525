import { watch as watchFolder, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expandGlobs, type WatchList } from '../config/load.ts';

/** How often files are looked at when the system reports nothing; in milliseconds. */
const POLL_INTERVAL = 1500;
/** A change counts once nothing has changed for this long: editors and copies write in several steps. In milliseconds. */
const SETTLE = 100;

/**
 * Watches everything that a configuration depends on. The system's notifications are quick and miss things: a renamed
 * file now and then, and always the swap of a link to a parent folder, which is how Kubernetes updates a ConfigMap. So
 * the files are looked at regularly as well.
 */
export class ConfigWatcher {
  readonly #changed: () => void;
  #list: WatchList = { files: [], globs: [], folder: '.' };
  #folders: FSWatcher[] = [];
  /** What each file was like when its content was last asked for. */
  #seen: Looks;
  #timer: NodeJS.Timeout | undefined;
  /** Ends a pause between two looks. */
  #wake: (() => void) | undefined;
  #state: 'waiting' | 'due' | 'looking' = 'waiting';
  #closed = false;

  /**
   * @param changed called once for each change, after it has settled
   * @param seen what files were like before they were read for the first time
   */
  constructor(changed: () => void, seen: Looks = new Map()) {
    this.#changed = changed;
    this.#seen = seen;
  }

  /**
   * Watches these files from now on. For a file that was watched before, a change is measured against how it was found
   * last: one that happened while the configuration was being read is still to come. So it is for a file that is new to
   * the list and was changed since the reading began.
   *
   * @param since when the reading of these files began; in milliseconds of the epoch
   */
  async watch(list: WatchList, since: number): Promise<void> {
    const looks = await look(list, since);
    if (this.#closed) return;
    this.#list = list;
    this.#seen = new Map([...looks].map(([file, now]) => [file, this.#seen.get(file) ?? now]));
    for (const folder of this.#folders) folder.close();
    const names = new Set([
      ...list.files.map((file) => dirname(file)),
      ...(list.globs.length > 0 ? [list.folder] : []),
    ]);
    this.#folders = [...names].flatMap((name) => this.#watchFolder(name));
    this.#schedule([...this.#seen.values()].includes(UNREAD) ? SETTLE : POLL_INTERVAL);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#wake?.();
    for (const folder of this.#folders) folder.close();
  }

  #watchFolder(name: string): FSWatcher[] {
    try {
      const watcher = watchFolder(name, () => this.#schedule(SETTLE));
      // A folder that goes away is noticed by looking.
      watcher.on('error', () => watcher.close());
      return [watcher];
    } catch {
      return [];
    }
  }

  /** A look that is due is not put off: in a folder in which something is written all the time it would never come. */
  #schedule(delay: number): void {
    if (this.#closed || this.#state !== 'waiting') return;
    if (delay === SETTLE) this.#state = 'due';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(), delay);
  }

  async #check(): Promise<void> {
    this.#state = 'looking';
    const changed = await this.#lookUntilSettled();
    this.#state = 'waiting';
    this.#schedule(POLL_INTERVAL);
    if (changed && !this.#closed) this.#changed();
  }

  /** @returns whether something changed; a file that is still being written changes between two looks */
  async #lookUntilSettled(): Promise<boolean> {
    let before: Looks | undefined;
    while (!this.#closed) {
      const list = this.#list;
      const looks = await look(list);
      if (list !== this.#list) before = undefined;
      else if (same(looks, this.#seen)) return false;
      else if (before !== undefined && same(looks, before)) {
        this.#seen = looks;
        return true;
      } else {
        before = looks;
        await this.#pause();
      }
    }
    return false;
  }

  async #pause(): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#timer = setTimeout(resolve, SETTLE);
    });
  }
}

/** What each file was like, by its path. */
export type Looks = ReadonlyMap<string, string>;

/** What a file is like that may have changed after it was read: like nothing that will be seen. */
const UNREAD = 'unread';
/** By how much the clock of a file system may lag behind; in milliseconds. */
const CLOCK_LAG = 20;

/**
 * What the files are like: which file each path leads to, its size, and when it changed.
 *
 * @param since a file that changed after this is unread; in milliseconds of the epoch
 */
export async function look(list: WatchList, since = Infinity): Promise<Looks> {
  const files = [...list.files, ...(list.globs.length > 0 ? expandGlobs(list.globs, list.folder) : [])];
  const looks = await Promise.all(
    files.map(async (file): Promise<[string, string]> => {
      try {
        const { dev, ino, size, mtimeMs, ctimeMs } = await stat(file);
        return [file, ctimeMs > since - CLOCK_LAG ? UNREAD : `${dev} ${ino} ${size} ${mtimeMs} ${ctimeMs}`];
      } catch {
        return [file, 'missing'];
      }
    }),
  );
  return new Map(looks);
}

function same(a: Looks, b: Looks): boolean {
  return a.size === b.size && [...a].every(([file, state]) => b.get(file) === state);
}
