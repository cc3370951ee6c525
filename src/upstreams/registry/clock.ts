/** What time it is, and what happens when it has passed. */
export interface Clock {
  /** In milliseconds since 1970; somebody may set it. */
  wall(): number;
  /** In milliseconds that never go back. */
  steady(): number;
  /**
   * Does something once, not before so many milliseconds have passed.
   *
   * @returns what keeps it from being done
   */
  after(milliseconds: number, work: () => void): () => void;
}

export const SYSTEM_CLOCK: Clock = {
  wall: () => Date.now(),
  steady: () => performance.now(),
  after: (milliseconds, work) => {
    // What is to be taken out keeps no process from ending.
    const timer = setTimeout(work, Math.ceil(milliseconds)).unref();
    return () => clearTimeout(timer);
  },
};
