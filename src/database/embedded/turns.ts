import { chmodSync, renameSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { DemandReader, fatalMessage, queryMessage } from './wire.ts';

/** The one session that PostgreSQL has here. */
export interface SharedSession {
  /** Executes messages of the protocol, up to a ReadyForQuery, and passes on what is answered. */
  execute(messages: Uint8Array, answer: (bytes: Uint8Array) => void): Promise<void>;
  isInTransaction(): boolean;
}

/** How many clients there may be: a pool of 5 in each of a few processes. */
const MAX_CLIENTS = 50;

/**
 * Lets many clients of PostgreSQL's protocol use one session: they take turns. A turn lasts from the first message up
 * to the answer of the last one, and until the end of the transaction when one was begun; so no client sees another's
 * statements or an uncommitted row. A client that leaves within a transaction is rolled back, and so is one that says
 * nothing within it for too long.
 *
 * The session itself is shared: what `SET` without `LOCAL`, named prepared statements, `LISTEN` and session-level
 * advisory locks do is common to all clients, and `statement_timeout` does nothing.
 *
 * pglite-socket 0.2.17 does the same with single messages in place of turns: with parameters of 300 kB, 30 of 60
 * statements of two clients were answered with the other one's rows, without an error. So it is not used.
 */
export class Turns {
  readonly #session: SharedSession;
  readonly #transactionIdle: number;
  readonly #server: Server;
  readonly #clients = new Set<TurnClient>();
  /** Who has something to execute, in the order of arrival. */
  readonly #waiting = new Set<TurnClient>();
  /** Who has begun a transaction. */
  #holder: TurnClient | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #path: string | undefined;

  /** @param transactionIdle how long a client may say nothing within a transaction; in milliseconds */
  constructor(session: SharedSession, transactionIdle: number) {
    this.#session = session;
    this.#transactionIdle = transactionIdle;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /**
   * Listens on a socket that only its owner can open. A file that a dead process left there is replaced.
   *
   * @param draft a path in a folder that only its owner can open: until its mode is set, the umask alone protects it
   */
  async listen(path: string, draft: string): Promise<void> {
    rmSync(draft, { force: true });
    this.#server.listen(draft);
    await once(this.#server, 'listening');
    chmodSync(draft, 0o600);
    renameSync(draft, path);
    this.#path = path;
  }

  /** Lets the statement that runs end, and then nobody in any more. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    if (this.#path !== undefined) rmSync(this.#path, { force: true });
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const client of this.#clients) client.reject('57P01', 'the embedded database is shutting down');
    await this.#running;
    await closed;
  }

  #accept(socket: Socket): void {
    const client = new TurnClient(socket, {
      ready: () => {
        this.#waiting.add(client);
        this.#run();
      },
      gone: () => {
        this.#clients.delete(client);
        this.#waiting.delete(client);
        this.#run();
      },
    });
    this.#clients.add(client);
    if (this.#clients.size > MAX_CLIENTS) client.reject('53300', 'the embedded database has too many clients');
  }

  #run(): void {
    this.#running ??= Promise.resolve()
      .then(() => this.#serve())
      .finally(() => (this.#running = undefined));
  }

  async #serve(): Promise<void> {
    for (;;) {
      if (this.#holder?.isGone === true) {
        this.#holder = undefined;
        clearTimeout(this.#idleTimer);
        if (this.#session.isInTransaction()) await this.#session.execute(queryMessage('ROLLBACK'), () => undefined);
      }
      const client = this.#holder ?? first(this.#waiting);
      const messages = client?.take();
      if (client === undefined) return;
      if (messages === undefined) {
        this.#waiting.delete(client);
        if (client === this.#holder) return;
        continue;
      }
      clearTimeout(this.#idleTimer);
      try {
        await this.#session.execute(messages, (bytes) => client.answer(bytes));
      } catch {
        // Not a statement's error, which is an answer: it did not understand what was sent.
        client.reject('08P01', 'the embedded database did not understand the message');
      }
      this.#holder = this.#session.isInTransaction() ? client : undefined;
      // To the end of the queue.
      this.#waiting.delete(client);
      if (!client.isGone) this.#waiting.add(client);
      if (this.#holder !== undefined) this.#limitIdleness(client);
    }
  }

  #limitIdleness(client: TurnClient): void {
    this.#idleTimer = setTimeout(
      () => client.reject('25P03', 'the transaction was idle for too long'),
      this.#transactionIdle,
    );
  }
}

function first<Item>(items: Iterable<Item>): Item | undefined {
  for (const item of items) return item;
  return undefined;
}

/** One client. */
class TurnClient {
  isGone = false;
  readonly #socket: Socket;
  readonly #reader = new DemandReader();
  readonly #batches: Uint8Array[] = [];
  readonly #gone: () => void;

  /** @param events `ready`: there is something to execute; `gone`: there will be nothing any more */
  constructor(socket: Socket, events: { readonly ready: () => void; readonly gone: () => void }) {
    this.#socket = socket;
    this.#gone = events.gone;
    socket.on('error', () => undefined);
    socket.on('close', () => this.#leave());
    socket.on('data', (chunk: Buffer) => {
      if (this.isGone) return;
      this.#reader.push(chunk);
      for (let demand = this.#reader.next(); demand !== undefined; demand = this.#reader.next()) {
        if (demand.kind === 'end') {
          socket.end();
          return this.#leave();
        }
        if (demand.kind === 'refuse-encryption') socket.write('N');
        else this.#batches.push(demand.bytes);
      }
      if (this.#batches.length > 0) events.ready();
    });
  }

  /** The next messages to execute. */
  take(): Uint8Array | undefined {
    return this.#batches.shift();
  }

  answer(bytes: Uint8Array): void {
    // A copy: they lie in the memory of PostgreSQL.
    if (this.#socket.writable) this.#socket.write(Uint8Array.from(bytes));
  }

  /** Ends the session with an error. */
  reject(sqlstate: string, text: string): void {
    if (this.isGone) return;
    this.#socket.end(fatalMessage(sqlstate, text));
    // It reads nothing more, and may be one that never closes.
    this.#socket.destroySoon();
    this.#leave();
  }

  #leave(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.#batches.length = 0;
    this.#gone();
  }
}
