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
  #seen = new Map<string, string>();
  #poll: NodeJS.Timeout | undefined;
  #settle: (() => void) | undefined;
  #closed = false;
  #looking = false;

  /** @param changed called once for each change, after it has settled */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /**
   * Watches these files from now on. For a file that was watched before, a change is measured against how it was found
   * last: one that happened while the configuration was being read is still to come.
   */
  async watch(list: WatchList): Promise<void> {
    const looks = await look(list);
    if (this.#closed) return;
    this.#list = list;
    this.#seen = new Map([...looks].map(([file, now]) => [file, this.#seen.get(file) ?? now]));
    for (const folder of this.#folders) folder.close();
    const names = new Set([
      ...list.files.map((file) => dirname(file)),
      ...(list.globs.length > 0 ? [list.folder] : []),
    ]);
    this.#folders = [...names].flatMap((name) => this.#watchFolder(name));
    this.#schedule(POLL_INTERVAL);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#poll);
    this.#settle?.();
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

  #schedule(delay: number): void {
    if (this.#closed || this.#looking) return;
    clearTimeout(this.#poll);
    this.#poll = setTimeout(() => void this.#check(), delay);
  }

  async #check(): Promise<void> {
    this.#looking = true;
    let looks = await look(this.#list);
    const changed = !same(looks, this.#seen);
    if (changed) {
      // A file that is still being written changes between two looks.
      for (let settled = false; !settled && !this.#closed;) {
        const before = looks;
        await new Promise<void>((resolve) => {
          this.#settle = resolve;
          this.#poll = setTimeout(resolve, SETTLE);
        });
        looks = await look(this.#list);
        settled = same(before, looks);
      }
      this.#seen = looks;
    }
    this.#looking = false;
    this.#schedule(POLL_INTERVAL);
    if (changed && !this.#closed) this.#changed();
  }
}

/** What the files are like: which file each path leads to, its size, and when it changed. */
async function look(list: WatchList): Promise<Map<string, string>> {
  const files = [...list.files, ...(list.globs.length > 0 ? expandGlobs(list.globs, list.folder) : [])];
  const looks = await Promise.all(
    files.map(async (file): Promise<[string, string]> => {
      try {
        const { dev, ino, size, mtimeMs, ctimeMs } = await stat(file);
        return [file, `${dev} ${ino} ${size} ${mtimeMs} ${ctimeMs}`];
      } catch {
        return [file, 'missing'];
      }
    }),
  );
  return new Map(looks);
}

function same(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([file, state]) => b.get(file) === state);
}
