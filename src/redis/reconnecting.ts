import type { Connection } from './connection.ts';
import { disconnect } from './connection.ts';
import { causeOf, CLOSED } from './unavailable.ts';

/** How long a connection may take to be ready: after that it is given up. In milliseconds. */
const READY_WITHIN = 5000;
/** How long to wait before the next attempt, in milliseconds: the first, doubled with each further one up to the most. */
const FIRST_DELAY = 50;
const MOST_DELAY = 2000;

/** What becomes of connections. None of it may throw. */
export interface Lives<Kind extends Connection> {
  /** A new one, not yet opened. */
  open(attempt: number): Kind;
  onReady(connection: Kind): void;
  /** There is none any more, and the next is tried by itself. */
  onEnd(cause: string): void;
}

/** A connection that is replaced by a new one when it is lost: addresses are looked up and sentinels asked anew. */
export class Reconnecting<Kind extends Connection> {
  readonly #lives: Lives<Kind>;
  #current: { readonly connection: Kind; readyAt: number | undefined } | undefined;
  /** Those that are being closed. */
  readonly #closing = new Set<Promise<void>>();
  #attempts = 0;
  /** How many in a row came to nothing. */
  #failures = 0;
  /** Until the next attempt, or for the current one. */
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(lives: Lives<Kind>) {
    this.#lives = lives;
  }

  /** The connection, when it is ready. */
  get ready(): Kind | undefined {
    return this.#current?.readyAt === undefined ? undefined : this.#current.connection;
  }

  /** Begins to connect, unless it has already. */
  start(): void {
    if (!this.#isClosed && this.#attempts === 0) this.#open();
  }

  /** Gives the connection up: a new one is tried. */
  drop(cause: string): void {
    const { connection } = this.#current ?? {};
    if (connection === undefined) return;
    this.#end(cause);
    this.#close(connection);
  }

  /** Done when all sockets are closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const { connection } = this.#current ?? {};
    this.#current = undefined;
    if (connection !== undefined) this.#close(connection);
    await Promise.all(this.#closing);
  }

  #open(): void {
    const connection = this.#lives.open(this.#attempts++);
    const current: { readonly connection: Kind; readyAt: number | undefined } = { connection, readyAt: undefined };
    this.#current = current;
    let cause = CLOSED;
    const note = (error: unknown): void => {
      const told = causeOf(error);
      if (told !== CLOSED) cause = told;
    };
    connection.on('error', note);
    connection.on('sentinelError', () => (cause = 'no sentinel names a server'));
    connection.on('connect', () => (cause = CLOSED));
    connection.once('ready', () => {
      if (this.#current !== current) return;
      clearTimeout(this.#timer);
      current.readyAt = performance.now();
      this.#lives.onReady(connection);
    });
    connection.once('end', () => {
      if (this.#current === current) this.#end(cause);
    });
    this.#timer = setTimeout(() => this.drop('not ready in time'), READY_WITHIN);
    // What comes of it is told by the events.
    connection.connect().catch(note);
  }

  #end(cause: string): void {
    const { readyAt } = this.#current ?? {};
    this.#current = undefined;
    clearTimeout(this.#timer);
    // One that was lost right after it was ready counts as a failure: whatever ends it may end the next one, too.
    if (readyAt !== undefined && performance.now() - readyAt > MOST_DELAY) this.#failures = 0;
    const delay = Math.min(MOST_DELAY, FIRST_DELAY * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    // Half of it is chance: gateways that lost Redis together do not come back to it together.
    this.#timer = setTimeout(() => this.#open(), delay / 2 + Math.random() * (delay / 2));
    this.#lives.onEnd(cause);
  }

  #close(connection: Kind): void {
    const closing = disconnect(connection).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
