import type { StoredAnswer } from './answer.ts';
import { Fill, type Writing } from './fill.ts';
import { MemoryStore } from './memory-store.ts';
import { Roster } from '../roster.ts';
import type { Place } from './place.ts';
import { isSelected, type PurgeSelector } from './purge.ts';
import type { SharedCache } from './shared-cache.ts';
import { UnsharedKeys } from './unshared-keys.ts';
import type { FieldOf } from './vary.ts';

export type { Writing } from './fill.ts';
export type { Place } from './place.ts';
export type { PurgeSelector } from './purge.ts';

export interface CacheEvents {
  /** An answer had to make room for others. */
  evicted(): void;
  /** The shared store gave no answer. */
  skipped(reason: string): void;
}

export interface CacheOptions {
  /** Of this process, in bytes; 0 = nothing is held. */
  readonly memory: number;
  /** What gateways have in common; closed with the cache. */
  readonly shared: SharedCache | undefined;
  readonly events: CacheEvents;
}

/** Stored answers: in the memory of this process and, when there is one, in a store that gateways share. */
export class Cache {
  readonly #memory: MemoryStore;
  readonly #shared: SharedCache | undefined;
  readonly #unshared = new UnsharedKeys();
  /** The fills under way. */
  readonly #fills = new Roster<Fill>();

  constructor({ memory, shared, events }: CacheOptions) {
    this.#memory = new MemoryStore(memory, () => events.evicted());
    this.#shared = shared;
    shared?.listen({
      invalidated: (uri) => this.#forget(uri),
      purged: (selector) => void this.purgeMemory(selector),
      missed: () => void this.purgeMemory({ all: true }),
      skipped: (reason) => events.skipped(reason),
    });
  }

  /** Whether there is a store that gateways share. */
  get isShared(): boolean {
    return this.#shared !== undefined;
  }

  /** Of answers in memory, with what holds them. */
  get bytes(): number {
    return this.#memory.bytes;
  }

  /** How many answers are in memory. */
  get entries(): number {
    return this.#memory.entries;
  }

  /** Memory only, synchronous: one look without Vary, two with. */
  find(base: string, fieldOf: FieldOf): StoredAnswer | undefined {
    return this.#memory.find(base, fieldOf);
  }

  /** The fields by which answers of a place are known to differ; empty when none are known of. */
  varyOf(base: string): readonly string[] {
    return this.#memory.differingOf(base).names;
  }

  /** Whether answers for a key were found, a moment ago, to be for one request alone: nobody should wait for the same. */
  isUnshared(key: string): boolean {
    return this.#unshared.has(key);
  }

  /** See {@link isUnshared}. */
  markUnshared(key: string): void {
    this.#unshared.add(key);
  }

  /**
   * Call it before anything is asked that is to be stored, and end what it gives.
   *
   * @param doomed told when what is fetched may be older than a purge or an invalidation
   */
  begin(place: Place, doomed: () => void = () => undefined): Writing {
    const fill = new Fill({
      place,
      memory: this.#memory,
      shared: this.#shared,
      doomed,
      ended: (done) => this.#fills.delete(done),
    });
    this.#fills.add(fill);
    return fill;
  }

  /** Lets go of all answers of a URI, in memory and in the shared store, and of those that are under way. */
  invalidate(uri: string): void {
    this.#forget(uri);
    this.#shared?.invalidate(uri);
  }

  /** In this process's memory. @returns how many answers went */
  purgeMemory(selector: PurgeSelector): number {
    for (const fill of this.#fills) if (isSelected(selector, { ...fill.at, tags: undefined })) fill.doom();
    return this.#memory.purge(selector);
  }

  /**
   * In the shared store, and in the memory of all gateways.
   *
   * @returns how many answers went from the shared store; undefined = there is none
   */
  async purgeShared(selector: PurgeSelector): Promise<number | undefined | 'unavailable'> {
    if (this.#shared === undefined) return undefined;
    this.purgeMemory(selector);
    return (await this.#shared.purge(selector)) ?? 'unavailable';
  }

  close(): void {
    this.#shared?.close();
  }

  #forget(uri: string): void {
    for (const fill of this.#fills) if (fill.at.uri === uri) fill.doom();
    this.#memory.invalidate(uri);
  }
}
