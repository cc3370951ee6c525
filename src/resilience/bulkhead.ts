import { deadlineAfter, type Deadlines, type Waiting } from '../deadlines.ts';
import { UNLISTED } from '../roster.ts';

export interface BulkheadOptions {
  /** How many may be inside at once, from 1 on. */
  readonly concurrent: number;
  /** How many may wait for their turn; 0 = nobody. */
  readonly queue: number;
  /** How long one may wait, in milliseconds. */
  readonly queueTimeout: number;
}

/** Somebody who may have to wait. Of two calls exactly one comes, and none before `enter` has returned. */
export interface BulkheadWaiter {
  /** It is inside now, and has to leave. */
  onEntered(): void;
  /** It has waited for too long, and is not in the queue any more. */
  onRefused(reason: 'timeout'): void;
}

/** Inside; in the queue and to be told; or neither, because the queue is full. */
export type BulkheadEntry = 'entered' | 'waiting' | 'refused';

/** Bounds how many requests an upstream has at once. The others wait for their turn, in order and not for ever. */
export class Bulkhead {
  readonly #options: BulkheadOptions;
  readonly #deadlines: Deadlines;
  /** In the order in which they came. */
  readonly #queue = new Map<BulkheadWaiter, Waiting>();
  #inside = 0;
  #isHandingOver = false;

  /** @param deadlines where those who wait are looked after: a timeout is noticed when it looks */
  constructor(options: BulkheadOptions, deadlines: Deadlines) {
    this.#options = options;
    this.#deadlines = deadlines;
  }

  /** How many are inside. */
  get inside(): number {
    return this.#inside;
  }

  /** How many wait. */
  get queued(): number {
    return this.#queue.size;
  }

  /**
   * Who has entered calls {@link leave} once. Who waits is told, unless it calls {@link withdraw} before.
   *
   * @param waiter not one that is in the queue already; it is told nothing when it need not wait
   */
  enter(waiter: BulkheadWaiter): BulkheadEntry {
    const { concurrent, queue, queueTimeout } = this.#options;
    // A place can be free while some wait: in the middle of a hand-over. Nobody overtakes them.
    if (this.#inside < concurrent && this.#queue.size === 0) {
      this.#inside += 1;
      return 'entered';
    }
    if (this.#queue.size >= queue) return 'refused';
    const waiting: Waiting = {
      place: UNLISTED,
      deadline: deadlineAfter(queueTimeout),
      overdue: () => {
        this.#remove(waiter, waiting);
        waiter.onRefused('timeout');
      },
    };
    this.#queue.set(waiter, waiting);
    this.#deadlines.add(waiting);
    return 'waiting';
  }

  /** One that was inside has left; its place goes to the next in line. */
  leave(): void {
    this.#inside -= 1;
    // One that enters may leave in the same turn. A loop and not a recursion: the queue can be longer than the stack.
    if (this.#isHandingOver) return;
    this.#isHandingOver = true;
    try {
      this.#handOver();
    } finally {
      this.#isHandingOver = false;
    }
  }

  /**
   * One that waits does not want to any more.
   *
   * @returns false when it does not wait: it is inside, and has to leave, or was never let in
   */
  withdraw(waiter: BulkheadWaiter): boolean {
    const waiting = this.#queue.get(waiter);
    if (waiting === undefined) return false;
    this.#remove(waiter, waiting);
    return true;
  }

  #handOver(): void {
    for (const [waiter, waiting] of this.#queue) {
      if (this.#inside >= this.#options.concurrent) return;
      this.#remove(waiter, waiting);
      this.#inside += 1;
      waiter.onEntered();
    }
  }

  #remove(waiter: BulkheadWaiter, waiting: Waiting): void {
    this.#queue.delete(waiter);
    this.#deadlines.delete(waiting);
  }
}
