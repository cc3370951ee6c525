import type { Deadlines } from '../deadlines.ts';
import type { Exchange } from '../exchange.ts';
import type { CacheResult } from '../observability/cache-counts.ts';
import type { Cache, Place } from './cache.ts';
import type { Forwarded } from './cache-status.ts';
import type { JudgedRequest, StorageRules } from './judge.ts';

/** What the flights of a route have in common. */
export interface FlightOptions {
  readonly cache: Cache;
  readonly storing: StorageRules;
  /** Larger answers are not stored; in bytes. */
  readonly maxBytes: number;
  readonly deadlines: Deadlines;
  /** Told of each request what became of it. */
  readonly count: (exchange: Exchange, result: CacheResult) => void;
}

/** What a flight is for. */
export interface Errand {
  readonly place: Place;
  /** As it goes upstream. */
  readonly query: string;
  readonly request: JudgedRequest;
  /** Why it goes, for Cache-Status. */
  readonly why: Forwarded;
  /** Answers the fork. */
  readonly next: (exchange: Exchange) => void | Promise<void>;
  /** Nobody is to wait for it, now or later. */
  readonly isAlone: boolean;
  /** It takes nobody in any more. */
  readonly closed: () => void;
  /** The next ones would do better not to wait for one another. */
  readonly unshare: () => void;
}
