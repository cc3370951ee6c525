/** How much runs at once, and how much may wait for its turn. */
export interface BoundedOptions {
  readonly concurrency: number;
  readonly waiting: number;
}

/** Work of which only so much runs at once. */
export interface Bounded {
  /** @returns what the job returns, or at once `busy` when there is no room left to wait */
  run<Result>(job: () => Promise<Result>): Promise<Result | 'busy'>;
  /**
   * Whether one more job would find room now, nothing being done for it yet.
   *
   * @param coming so many others are about to come, and count as if they were there
   */
  hasRoom(coming?: number): boolean;
}

/**
 * Bounds work that costs a thread: the jobs beyond `concurrency` wait in the order in which they came, those beyond
 * `waiting` are refused, so that a flood of logins is answered soon and takes no memory.
 */
export function bounded({ concurrency, waiting }: BoundedOptions): Bounded {
  if (concurrency < 1) throw new RangeError('nothing would ever run');
  const queue: (() => void)[] = [];
  let running = 0;
  return {
    hasRoom: (coming = 0) => running + queue.length + coming < concurrency + waiting,
    async run(job) {
      if (running >= concurrency) {
        if (queue.length >= waiting) return 'busy';
        // Whoever ends hands its place over, so that nobody who comes later gets in between.
        await new Promise<void>((resolve) => queue.push(resolve));
      } else {
        running += 1;
      }
      try {
        return await job();
      } finally {
        const next = queue.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
