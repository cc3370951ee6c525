import { UNLISTED, type Listed } from '../roster.ts';
import type { StoredAnswer } from './answer.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Place } from './place.ts';
import type { Recalled, SharedCache } from './shared-cache.ts';
import { differingWith, united } from './variants.ts';
import type { FieldOf } from './vary.ts';

/** One fill of one place: what was purged or invalidated since it began is not stored. */
export interface Writing {
  /** Asks the shared store; never rejects; what it finds is put into memory unless purged meanwhile, or older than what is there. */
  recall(fieldOf: FieldOf): Promise<StoredAnswer | undefined>;
  /** In memory and in the shared store. */
  store(answer: StoredAnswer, fieldOf: FieldOf): void;
  /** Lets go of what is stored for the same request: the origin has taken it back. */
  remove(fieldOf: FieldOf): void;
  /** Always called. */
  end(): void;
}

export interface FillOptions {
  readonly place: Place;
  readonly memory: MemoryStore;
  readonly shared: SharedCache | undefined;
  /** What is fetched may be older than a purge: told once, and before the end. */
  readonly doomed: () => void;
  /** Nobody needs to doom it any more. */
  readonly ended: (fill: Fill) => void;
}

export class Fill implements Writing, Listed {
  place = UNLISTED;
  readonly #options: FillOptions;
  #recalled: Recalled | undefined;
  #isDoomed = false;

  constructor(options: FillOptions) {
    this.#options = options;
  }

  get at(): Place {
    return this.#options.place;
  }

  /** What it gets may be older than a purge: none of it is kept. */
  doom(): void {
    if (this.#isDoomed) return;
    this.#isDoomed = true;
    this.#options.doomed();
  }

  async recall(fieldOf: FieldOf): Promise<StoredAnswer | undefined> {
    const { place, memory, shared } = this.#options;
    const recalled = await shared?.recall(place, fieldOf);
    if (recalled === undefined || this.#isDoomed) return undefined;
    this.#recalled = recalled;
    const { answer } = recalled;
    const known = memory.find(place.base, fieldOf);
    // What was stored here may not have got there.
    if (answer !== undefined && known !== undefined && known.freshness.bornAt > answer.freshness.bornAt)
      return undefined;
    if (answer !== undefined)
      memory.put(place, united(recalled.differing, memory.differingOf(place.base)), answer, fieldOf);
    return answer;
  }

  store(answer: StoredAnswer, fieldOf: FieldOf): void {
    if (this.#isDoomed) return;
    const { place, memory, shared } = this.#options;
    const known = memory.differingOf(place.base);
    const recalled = this.#recalled;
    // The shared store has seen more answers than this process.
    const differing = differingWith(recalled === undefined ? known : united(recalled.differing, known), answer.vary);
    memory.put(place, differing, answer, fieldOf);
    // Without an answer before, nobody knows what was invalidated since.
    if (recalled !== undefined) shared?.store(place, recalled, differing, answer, fieldOf);
  }

  remove(fieldOf: FieldOf): void {
    const { place, memory, shared } = this.#options;
    memory.remove(place.base, fieldOf);
    // Under which keys it stands there, and with whom it is in memory, nobody knows here.
    shared?.invalidate(place.uri);
  }

  end(): void {
    this.#isDoomed = true;
    this.#options.ended(this);
  }
}
