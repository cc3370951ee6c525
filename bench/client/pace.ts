/** When requests are sent. All times are milliseconds since the load began. */
export interface Pace {
  /** The most requests at a time. */
  readonly atOnce: number;
  /** How many requests the load consists of; infinity where that depends on the answers. */
  readonly total: number;
  /** Whether requests become due by time alone, so that the clock has to be watched. */
  readonly timed: boolean;
  /** When the next request was due, after so many have been sent; nothing when none is due now. */
  due(sent: number, now: number): number | undefined;
}

/**
 * A fixed rate, whatever the answers do (open loop): a request that finds every connection busy waits, and is as old as it
 * would be had it been sent in time.
 */
export function atRate(perSecond: number, seconds: number, connections: number): Pace {
  return {
    atOnce: connections,
    total: perSecond * seconds,
    timed: true,
    due(sent, now) {
      const due = (sent * 1000) / perSecond;
      return due <= now ? due : undefined;
    },
  };
}

/** Always so many requests at a time: an answer makes room for the next request (closed loop). */
export function inFlight(atOnce: number, seconds: number): Pace {
  return {
    atOnce,
    total: Infinity,
    timed: false,
    due: (_sent, now) => (now < seconds * 1000 ? now : undefined),
  };
}
