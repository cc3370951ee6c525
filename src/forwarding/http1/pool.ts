import { Connection, type ConnectionOwner, type ConnectionSettings } from './connection.ts';
import type { Deadlines } from '../../deadlines.ts';
import { READ_SIZE } from './read-buffer.ts';
import type { Attempt } from '../attempt.ts';

/** For the small reads of all connections of the process: one is handled before the next one begins. */
const SMALL_READS = Buffer.allocUnsafeSlow(READ_SIZE);

/** The connections to one endpoint: kept, reused, and never more than allowed. */
export class ConnectionPool implements ConnectionOwner {
  readonly #settings: ConnectionSettings;
  readonly #limit: number;
  readonly #deadlines: Deadlines;
  readonly #all = new Set<Connection>();
  /** The last one used is the first to be used again: the others get to close when they are too many. */
  readonly #idle: Connection[] = [];
  /** What waits for a connection, in order. */
  readonly #queue = new Set<Attempt>();
  #closed = false;

  /** @param limit the most connections at a time; further attempts wait */
  constructor(settings: ConnectionSettings, limit: number, deadlines: Deadlines) {
    this.#settings = settings;
    this.#limit = limit;
    this.#deadlines = deadlines;
  }

  /** How many connections are open. */
  get size(): number {
    return this.#all.size;
  }

  /** Sends an attempt on a connection that is idle, on a new one, or when one becomes free. */
  send(attempt: Attempt): void {
    const idle = this.#idle.pop();
    if (idle !== undefined) idle.start(attempt);
    else if (this.#all.size < this.#limit) this.#open(attempt);
    else {
      this.#queue.add(attempt);
      attempt.waitIn(this.#queue);
    }
  }

  /** Closes idle connections now and the others after their answer. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) connection.destroy();
  }

  onIdle(connection: Connection): void {
    const next = this.#next();
    if (next !== undefined) connection.start(next);
    else if (this.#closed) connection.destroy();
    else this.#idle.push(connection);
  }

  onClosed(connection: Connection, retry: Attempt | undefined): void {
    this.#all.delete(connection);
    this.#deadlines.delete(connection);
    const index = this.#idle.lastIndexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
    // A connection that was kept has just died, and its likes may have, too: the retry gets a fresh one.
    const next = retry ?? this.#next();
    if (next !== undefined) this.#open(next);
  }

  #open(attempt: Attempt): void {
    const connection = new Connection(this.#settings, this, attempt, SMALL_READS);
    this.#all.add(connection);
    this.#deadlines.add(connection);
  }

  /** The attempt that has waited longest: those that nobody wants any more have left. */
  #next(): Attempt | undefined {
    for (const next of this.#queue) {
      this.#queue.delete(next);
      return next;
    }
    return undefined;
  }
}
