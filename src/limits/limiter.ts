import type { RateDecision } from './gcra.ts';

/** Counts requests by key. It answers at once when it knows by itself, and later when it has to ask. */
export interface Limiter {
  /** Asks for one request of a key. A denied one consumes nothing. Never rejects. */
  take(key: string): RateDecision | Promise<RateDecision>;
}
