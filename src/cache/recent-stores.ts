import { isSelected, type Purgeable, type PurgeSelector } from './purge.ts';

/** How long a gateway may take to hear of a purge. In milliseconds. */
const DURATION = 5000;
const MAX_STORES = 10_000;

interface RecentStore extends Purgeable {
  readonly key: string;
  /** By the clock of this process. */
  readonly at: number;
}

/**
 * What this process has stored a short while ago. One that hears of a purge late may have stored something behind it, where
 * the purge has already been.
 */
export class RecentStores {
  readonly #clock: () => number;
  #stores: RecentStore[] = [];

  /** @param clock in milliseconds, never set back */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  add(key: string, { route, path, tags }: Purgeable): void {
    if (this.#stores.length >= 2 * MAX_STORES) this.#prune();
    this.#stores.push({ key, route, path, tags, at: this.#clock() });
  }

  /** @returns the keys of those that are selected, each once */
  take(selector: PurgeSelector): readonly string[] {
    this.#prune();
    const keys = new Set<string>();
    this.#stores = this.#stores.filter((store) => {
      if (!isSelected(selector, store)) return true;
      keys.add(store.key);
      return false;
    });
    return [...keys];
  }

  #prune(): void {
    const since = this.#clock() - DURATION;
    this.#stores = this.#stores.slice(-MAX_STORES).filter(({ at }) => at >= since);
  }
}
