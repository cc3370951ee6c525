import { Connection, type ConnectionOwner, type ConnectionSettings } from './connection.ts';
import { deadlineAfter, type Deadlines, type Waiting } from '../../deadlines.ts';
import { UNLISTED } from '../../roster.ts';
import { READ_SIZE } from './read-buffer.ts';
import type { Attempt } from '../attempt.ts';

/** For the small reads of all connections of the process: one is handled before the next one begins. */
const SMALL_READS = Buffer.allocUnsafeSlow(READ_SIZE);

/** The part of the connections that may wait for clients at a time: the rest is for requests that are here. */
const FOR_UPLOADS = 3 / 4;
/** A connection whose answer no client has read for so long is not counted any more; in milliseconds. */
const STANDSTILL = 250;

/**
 * The connections to one endpoint: kept, reused, and never more than allowed. Slow clients cannot take all of them: those
 * that send their bodies slowly get a part, and what waits for clients that do not read their answers is not counted, as
 * the endpoint has done its work for them.
 */
export class ConnectionPool implements ConnectionOwner, Waiting {
  place = UNLISTED;
  /** When those that wait look for connections that stand still. */
  deadline = Infinity;
  readonly #settings: ConnectionSettings;
  readonly #limit: number;
  readonly #deadlines: Deadlines;
  readonly #all = new Set<Connection>();
  /** The last one used is the first to be used again: the others get to close when they are too many. */
  readonly #idle: Connection[] = [];
  /** What waits for a connection, in order. */
  readonly #waiting = new Set<Attempt>();
  /** The same, for attempts whose bodies are on their way. */
  readonly #uploads = new Set<Attempt>();
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

  /** How many of them wait for something to do. */
  get idle(): number {
    return this.#idle.length;
  }

  /** How many attempts wait for a connection. */
  get waiting(): number {
    return this.#waiting.size + this.#uploads.size;
  }

  /** Sends an attempt on a connection that is idle, on a new one, or when one becomes free. */
  send(attempt: Attempt): void {
    const isUpload = attempt.isUploading;
    if ((isUpload && !this.#hasRoomForUpload()) || !this.#begin(attempt)) {
      attempt.waitIn(isUpload ? this.#uploads : this.#waiting);
      this.#lookAgain();
    }
  }

  overdue(): void {
    for (const queue of [this.#waiting, this.#uploads]) {
      for (const next of queue) {
        if ((next.isUploading && !this.#hasRoomForUpload()) || !this.#begin(next)) break;
        queue.delete(next);
      }
    }
    if (this.#waiting.size + this.#uploads.size > 0) this.#lookAgain();
    else this.#deadlines.delete(this);
  }

  #lookAgain(): void {
    this.deadline = deadlineAfter(STANDSTILL);
    this.#deadlines.add(this);
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

  onUploaded(): void {
    for (const next of this.#uploads) {
      if (this.#hasRoomForUpload() && this.#begin(next)) this.#uploads.delete(next);
      return;
    }
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

  /** @returns false when there is no connection for it */
  #begin(attempt: Attempt): boolean {
    const idle = this.#idle.pop();
    if (idle !== undefined) idle.start(attempt);
    else if (this.#hasRoom()) this.#open(attempt);
    else return false;
    return true;
  }

  #hasRoom(): boolean {
    if (this.#all.size < this.#limit) return true;
    let counted = 0;
    for (const connection of this.#all) if (!connection.hasStoodStill(STANDSTILL)) counted += 1;
    return counted < this.#limit;
  }

  /** The attempt that has waited longest: those that nobody wants any more have left. Uploads first, as they have a limit. */
  #next(): Attempt | undefined {
    const queue = this.#uploads.size > 0 && this.#hasRoomForUpload() ? this.#uploads : this.#waiting;
    for (const next of queue) {
      queue.delete(next);
      return next;
    }
    return undefined;
  }

  /** Counted anew each time, which only uploads pay for. One may always go: a limit may be 1. */
  #hasRoomForUpload(): boolean {
    let uploads = 0;
    for (const connection of this.#all) if (connection.isUploading) uploads += 1;
    return uploads === 0 || uploads + 1 <= this.#limit * FOR_UPLOADS;
  }
}
