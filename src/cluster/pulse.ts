/** So many requests for a sign of life without an answer are nothing to speak of: a worker may be at work for that long. */
const USUAL = 3;
/** So many, and its event loop stands still, or the process is stopped. */
const MANY = 10;

/** What is asked for a sign of life. */
export interface Asked {
  /** @throws when none has come for a while, or it has ended */
  ping(): Promise<void>;
}

/**
 * Who gives a sign of life. What counts is how often a worker was asked in vain, and not for how long it was silent: when
 * the primary itself was stopped or the machine slept, nobody was asked, and nobody is to blame.
 */
export class Pulse<Worker extends Asked> {
  /** How often each was asked since it answered last. */
  readonly #unanswered = new WeakMap<Worker, number>();

  /**
   * Asks all of them; to be called once a second.
   *
   * @returns those that have just become hopeless
   */
  beat(workers: readonly Worker[]): Worker[] {
    const hopeless = workers.filter((worker) => this.#countOf(worker) === MANY);
    for (const worker of workers) {
      this.#unanswered.set(worker, this.#countOf(worker) + 1);
      worker.ping().then(
        () => this.#unanswered.set(worker, 0),
        () => undefined,
      );
    }
    return hopeless;
  }

  /** Whether it has answered lately, or was not asked often enough to know. */
  feels(worker: Worker): boolean {
    return this.#countOf(worker) <= USUAL;
  }

  #countOf(worker: Worker): number {
    return this.#unanswered.get(worker) ?? 0;
  }
}
