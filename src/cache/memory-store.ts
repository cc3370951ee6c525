import { LRUCache } from 'lru-cache';
import { sizeOf, type StoredAnswer } from './answer.ts';
import { detachedAnswer, detachedPlace } from './detached.ts';
import { Grouped } from './grouped.ts';
import type { Place } from './place.ts';
import { isSelected, type PurgeSelector } from './purge.ts';
import { ALIKE, areSame, variantStem, type Differing } from './variants.ts';
import { variantOf, type FieldOf } from './vary.ts';

/** In bytes, of what keeps one entry in its place. Node 20 takes 1.6 kB for 5 bytes with five fields, which counts 1.8. */
const ENTRY_OVERHEAD = 1024;

type Held =
  | { readonly kind: 'answer'; readonly place: Place; readonly answer: StoredAnswer }
  /** Stands where the answer would: by which fields the variants differ, and what their keys begin with. */
  | { readonly kind: 'index'; readonly place: Place; readonly differing: Differing; readonly stem: string };

/** Answers in the memory of this process, up to so many bytes: those that nobody has asked for longest go first. */
export class MemoryStore {
  readonly #limit: number;
  readonly #held: LRUCache<string, Held>;
  /** The keys of what is held for a URI. */
  readonly #keys: Grouped<string>;
  #entries = 0;
  /** How many series of variants were begun. */
  #series = 0;

  /**
   * @param limit in bytes; 0 = nothing is held
   * @param evicted told of each answer that had to make room for others
   * @param keys where it keeps what belongs to a URI
   */
  constructor(limit: number, evicted: () => void, keys = new Grouped<string>()) {
    this.#limit = limit;
    this.#keys = keys;
    this.#held = new LRUCache({
      // To the library 0 is no limit; nothing is as small as one byte.
      maxSize: Math.max(1, limit),
      sizeCalculation: occupied,
      dispose: (held, key, reason) => {
        this.#keys.remove(held.place.uri, key);
        if (held.kind === 'index') return;
        this.#entries -= 1;
        if (reason === 'evict') evicted();
      },
    });
  }

  /** What is held, as {@link sizeOf} counts it and with what holds it. */
  get bytes(): number {
    return this.#held.calculatedSize;
  }

  /** How many answers, each variant by itself. */
  get entries(): number {
    return this.#entries;
  }

  find(base: string, fieldOf: FieldOf): StoredAnswer | undefined {
    let held = this.#held.get(base);
    if (held?.kind === 'index') held = this.#held.get(held.stem + variantOf(held.differing.names, fieldOf));
    return held?.kind === 'answer' ? held.answer : undefined;
  }

  /** The fields by which variants of a place differ. */
  differingOf(base: string): Differing {
    const held = this.#held.peek(base);
    return held?.kind === 'index' ? held.differing : ALIKE;
  }

  /**
   * Holds an answer in place of the one before. One that does not fit at all is not held.
   *
   * @param differing by which fields the variants of the place differ: those of the answer's Vary, and perhaps more
   */
  put(at: Place, differing: Differing, answer: StoredAnswer, fieldOf: FieldOf): void {
    const place = detachedPlace(at);
    const own = detachedAnswer(answer);
    const { names } = differing;
    if (names.length === 0) {
      this.#set(place.base, { kind: 'answer', place, answer: own });
      return;
    }
    const stem = this.#stemOf(place, differing);
    this.#set(stem + variantOf(names, fieldOf), { kind: 'answer', place, answer: own });
  }

  /** Drops the answer that a request would find. */
  remove(base: string, fieldOf: FieldOf): void {
    const held = this.#held.peek(base);
    this.#held.delete(held?.kind === 'index' ? held.stem + variantOf(held.differing.names, fieldOf) : base);
  }

  /** @returns how many answers went */
  invalidate(uri: string): number {
    const before = this.#entries;
    for (const key of this.#keys.of(uri)) this.#held.delete(key);
    return before - this.#entries;
  }

  /** Looks at everything. @returns how many answers went */
  purge(selector: PurgeSelector): number {
    const before = this.#entries;
    const selected: string[] = [];
    for (const [key, held] of this.#held.entries()) {
      const tags = held.kind === 'answer' ? held.answer.tags : [];
      if (isSelected(selector, { ...held.place, tags })) selected.push(key);
    }
    for (const key of selected) this.#held.delete(key);
    return before - this.#entries;
  }

  clear(): void {
    this.#held.clear();
  }

  /** Of variants at a place, where it says by what they differ. */
  #stemOf(place: Place, differing: Differing): string {
    const { names, unnamed } = differing;
    const known = this.#held.get(place.base);
    const isKnown = known?.kind === 'index' && areSame(known.differing.names, names);
    if (isKnown && known.differing.unnamed.every((count, index) => count === unnamed[index])) return known.stem;
    const stem = isKnown ? known.stem : variantStem(place.base, names, (this.#series += 1));
    this.#set(place.base, { kind: 'index', place, differing: { names: [...names], unnamed: [...unnamed] }, stem });
    return stem;
  }

  #set(key: string, held: Held): void {
    this.#held.delete(key);
    if (occupied(held, key) > this.#limit) return;
    this.#held.set(key, held);
    this.#keys.add(held.place.uri, key);
    if (held.kind === 'answer') this.#entries += 1;
  }
}

function occupied(held: Held, key: string): number {
  const { base, uri, path } = held.place;
  const texts = key.length + base.length + uri.length + path.length;
  return ENTRY_OVERHEAD + texts + (held.kind === 'answer' ? sizeOf(held.answer) : held.stem.length);
}
