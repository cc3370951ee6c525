/** The clock and the timers, for tests to take their place. */
export interface Timers {
  /** In milliseconds; never goes back. */
  now(): number;
  /** Calls once after some milliseconds. @returns what calls it off */
  after(milliseconds: number, run: () => void): () => void;
}

export const SYSTEM_TIMERS: Timers = {
  now: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};
