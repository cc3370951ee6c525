/** Uses of one thing that overlap in time. */
interface Group {
  readonly outcomes: Promise<boolean>[];
  running: number;
}

/**
 * Tells two uses of one thing at the same time from one use after the other. A client that refreshes in two tabs at once
 * has made no theft: one of them loses, and that is all.
 */
export class Overlaps {
  readonly #groups = new Map<string, Group>();

  /**
   * @param use gives undefined when it has failed
   * @returns `beaten` when it has failed and another that overlapped with it has not
   */
  async run<Result>(key: string, use: () => Promise<Result | undefined>): Promise<Result | undefined | 'beaten'> {
    const group = this.#groups.get(key) ?? { outcomes: [], running: 0 };
    this.#groups.set(key, group);
    group.running += 1;
    const used = use();
    group.outcomes.push(
      used.then(
        (result) => result !== undefined,
        () => false,
      ),
    );
    try {
      const result = await used;
      if (result !== undefined) return result;
      // The one that has won may hear of it later than those that have lost.
      return (await Promise.all(group.outcomes)).includes(true) ? 'beaten' : undefined;
    } finally {
      group.running -= 1;
      if (group.running === 0) this.#groups.delete(key);
    }
  }
}
