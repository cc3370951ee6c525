/** What a balancer looks at. `weight` and `share` may change between two picks. */
export interface Candidate {
  /** Stable identity: the origin. */
  readonly id: string;
  /** Relative to the others, at least 0; 0 takes no request. */
  readonly weight: number;
  /** Requests under way. */
  readonly inFlight: number;
  /** How much of its weight it gets yet, 0 < share <= 1: below 1 while it starts slowly. */
  readonly share: number;
}

/** Chooses where the next request goes. It never chooses a candidate of weight 0, not even when there is no other. */
export interface Balancer<C extends Candidate> {
  /**
   * @param candidates those that may be asked now; the very same array as long as nothing has changed
   * @param key what the request is hashed by; ignored by all but `hash`
   * @returns undefined when there is none
   */
  pick(candidates: readonly C[], key: string): C | undefined;
}
