import type { StoredAnswer } from './answer.ts';
import type { Place } from './place.ts';
import type { PurgeSelector } from './purge.ts';
import type { FieldOf } from './vary.ts';

/** What the shared store knows of a place. */
export interface Recalled {
  /** Changes with each invalidation of the URI. */
  readonly generation: string;
  /** By which fields its variants differ. */
  readonly names: readonly string[];
  readonly answer: StoredAnswer | undefined;
}

/** What a process is told by others. */
export interface SharedEvents {
  invalidated(uri: string): void;
  purged(selector: PurgeSelector): void;
  /** It may not have been told of something. */
  missed(): void;
  /** There was no answer, and why. */
  skipped(reason: string): void;
}

/** What all gateways have in common. */
export interface SharedCache {
  listen(events: SharedEvents): void;
  /** @returns undefined when it cannot be asked; never rejects */
  recall(place: Place, fieldOf: FieldOf): Promise<Recalled | undefined>;
  /** Only when nothing was invalidated since the place was recalled. */
  store(place: Place, recalled: Recalled, names: readonly string[], answer: StoredAnswer, fieldOf: FieldOf): void;
  invalidate(uri: string): void;
  /** @returns how many answers went; undefined when not all of it could be done */
  purge(selector: PurgeSelector): Promise<number | undefined>;
  close(): void;
}
