import { chmodSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryResultRow } from 'pg';
import type { Database, PoolOptions, Queries, Session } from '../database.ts';
import { DatabaseUnavailable } from '../failures.ts';
import { PooledDatabase } from '../pooled-database.ts';
import { createCluster } from './create-cluster.ts';
import { EmbeddedFailure } from './failure.ts';
import { FolderLock, isAlive, type Holder } from './folder-lock.ts';
import { CLUSTER, PACKAGE } from './messages.ts';
import { EmbeddedServer } from './server.ts';

/** Its statements run one after the other: more connections would only wait. */
const MAX_CONNECTIONS = 5;
/** As PostgreSQL names it. */
const SOCKET = '.s.PGSQL.5432';
/** What fits into `sockaddr_un`, a final NUL included; 108 on Linux, 104 elsewhere. */
const MAX_SOCKET_PATH = 103;
/** How long another process may hold the folder without answering: it may be creating the files. */
const HOLDER_LIMIT = 60_000;
const HOLDER_POLL = 50;
/** How long a client may say nothing within a transaction: meanwhile nobody else gets a turn. */
const TRANSACTION_IDLE = 10_000;
/** How long a single statement may run: it cannot be cancelled, so its thread is ended and started again. */
const STALL_LIMIT = 60_000;
/** How soon a thread that has ended by itself is started again. */
const RESTART_DELAY = 500;

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly pool: PoolOptions;
  /** What is being done, for people who wait. */
  readonly onProgress?: (text: string) => void;
  /** Where a package is; throws when it is not installed. */
  readonly findPackage?: (name: string) => string;
  /** How long another process may hold the folder without answering. */
  readonly holderLimit?: number;
  /** How long a client may say nothing within a transaction. */
  readonly transactionIdle?: number;
  /** How long a single statement may run before the thread is ended and started again. */
  readonly stallLimit?: number;
}

/**
 * PostgreSQL inside the program, kept in a folder. The first process that opens the folder runs it; others reach it
 * through its socket there, as clients of PostgreSQL's protocol, and run nothing. So two processes never open the same
 * files, which would lose rows.
 *
 * `LISTEN`, session-level advisory locks and `SET` without `LOCAL` do not work as on a server: see {@link Turns}.
 */
export class EmbeddedDatabase implements Database {
  readonly ready: Promise<void>;
  readonly where: string;
  readonly embedded = true;
  readonly #options: EmbeddedOptions;
  readonly #folder: string;
  readonly #abort = new AbortController();
  #state: State = { kind: 'starting' };
  #pool: PooledDatabase | undefined;
  #server: EmbeddedServer | undefined;
  #lock: FolderLock | undefined;
  #restarting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  /** Begins to open it. */
  constructor(options: EmbeddedOptions) {
    this.#options = options;
    this.#folder = resolve(options.dataDir);
    this.where = options.dataDir;
    this.ready = this.#open();
    // Whoever does not wait for it hears of it from the statements.
    this.ready.catch((cause: unknown) => (this.#state = { kind: 'failed', cause }));
  }

  /** Whether this process runs it, and is no guest of another one. */
  get owned(): boolean {
    return this.#lock !== undefined;
  }

  async query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]> {
    return this.#opened().query<Row>(text, values);
  }

  async execute(text: string, values?: readonly unknown[]): Promise<number> {
    return this.#opened().execute(text, values);
  }

  async transaction<Result>(work: (transaction: Queries) => Promise<Result>): Promise<Result> {
    return this.#opened().transaction(work);
  }

  async session<Result>(
    work: (session: Session) => Promise<Result>,
    options?: { readonly statementTimeout: number },
  ): Promise<Result> {
    return this.#opened().session(work, options);
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #opened(): PooledDatabase {
    if (this.#pool !== undefined) return this.#pool;
    if (this.#state.kind === 'failed') {
      const { cause } = this.#state;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new DatabaseUnavailable('starting', why, { cause });
    }
    throw new DatabaseUnavailable('starting', `the embedded database in ${this.where} is still starting`);
  }

  async #open(): Promise<void> {
    this.#findPackage();
    const socket = this.#socket();
    this.#makeFolder();
    await this.#takeFolder(socket);
    try {
      if (this.#lock !== undefined) await this.#run(this.#lock, socket);
      this.#abort.signal.throwIfAborted();
    } catch (error) {
      this.#lock?.release();
      this.#lock = undefined;
      throw error;
    }
    const pool = { ...this.#options.pool, max: Math.min(this.#options.pool.max, MAX_CONNECTIONS) };
    this.#pool = new PooledDatabase({ socketFolder: this.#folder }, pool, this.where);
  }

  #findPackage(): void {
    const find = this.#options.findPackage ?? createRequire(import.meta.url).resolve;
    try {
      find(PACKAGE);
    } catch (cause) {
      throw new EmbeddedFailure(
        'missing-package',
        `the embedded database needs the optional package ${PACKAGE}, which is not installed: npm install ${PACKAGE}@0.5.14, or set database.url to a PostgreSQL server`,
        { cause },
      );
    }
  }

  #makeFolder(): void {
    this.#inFolder(() => {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      chmodSync(this.#folder, 0o700);
    });
  }

  #inFolder<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new EmbeddedFailure(
        'not-writable',
        `the embedded database cannot be kept in ${this.where}: ${why}; choose another database.dataDir, or set database.url to a PostgreSQL server`,
        { cause },
      );
    }
  }

  #socket(): string {
    const socket = join(this.#folder, SOCKET);
    if (Buffer.byteLength(socket) <= MAX_SOCKET_PATH) return socket;
    throw new EmbeddedFailure(
      'path-too-long',
      `database.dataDir is too long a path for a socket, ${this.#folder}: it may have ${MAX_SOCKET_PATH - SOCKET.length - 1} bytes`,
    );
  }

  /** Takes the folder, or finds that another process serves it. */
  async #takeFolder(socket: string): Promise<void> {
    const file = join(this.#folder, 'lock');
    const limit = this.#options.holderLimit ?? HOLDER_LIMIT;
    const deadline = performance.now() + limit;
    let told = false;
    for (;;) {
      this.#abort.signal.throwIfAborted();
      this.#lock = this.#inFolder(() => FolderLock.take(file));
      if (this.#lock !== undefined) return;
      const holder = FolderLock.holder(file);
      // Asked first: a process in another container has an id that means nothing here.
      if (await accepts(socket)) return;
      if (holder === undefined) continue;
      if (!isAlive(holder)) {
        this.#options.onProgress?.(`taking over ${this.where} from process ${holder.pid}, which is gone`);
        FolderLock.clear(file, holder);
        continue;
      }
      if (performance.now() > deadline) throw this.#held(holder, limit);
      if (!told) this.#options.onProgress?.(`waiting for process ${holder.pid}, which opens or closes ${this.where}`);
      told = true;
      await sleep(HOLDER_POLL, undefined, { signal: this.#abort.signal });
    }
  }

  #held({ pid }: Holder, limit: number): EmbeddedFailure {
    return new EmbeddedFailure(
      'held',
      `process ${pid} holds ${this.where} and has not answered for ${Math.round(limit / 1000)} s: stop it, or choose another database.dataDir`,
    );
  }

  async #run(lock: FolderLock, socket: string): Promise<void> {
    const { signal } = this.#abort;
    await createCluster(this.#folder, { onProgress: (text) => this.#options.onProgress?.(text), signal });
    if (!lock.held) throw new EmbeddedFailure('held', `another process has taken ${this.where} over`);
    const source = {
      cluster: join(this.#folder, CLUSTER),
      socket,
      transactionIdle: this.#options.transactionIdle ?? TRANSACTION_IDLE,
    };
    const server = await EmbeddedServer.start(source, {
      signal,
      stallLimit: this.#options.stallLimit ?? STALL_LIMIT,
    });
    this.#server = server;
    void server.ended.then(() => {
      if (!signal.aborted) this.#restarting = this.#restart(lock, socket);
    });
  }

  /** Runs it again when its thread has ended by itself: no row is lost, as none is when the process is killed. */
  async #restart(lock: FolderLock, socket: string): Promise<void> {
    while (!this.#abort.signal.aborted) {
      this.#options.onProgress?.('the embedded database has stopped by itself: starting it again');
      try {
        await sleep(RESTART_DELAY, undefined, { signal: this.#abort.signal });
        await this.#run(lock, socket);
        return;
      } catch {
        // Statements fail with DatabaseUnavailable meanwhile.
      }
    }
  }

  async #close(): Promise<void> {
    this.#abort.abort(new DatabaseUnavailable('closed', `the database in ${this.where} is closed`));
    await this.ready.catch(() => undefined);
    await this.#restarting;
    await this.#pool?.close();
    await this.#server?.stop();
    this.#lock?.release();
  }
}

type State = { readonly kind: 'starting' } | { readonly kind: 'failed'; readonly cause: unknown };

/** Whether somebody listens there. */
async function accepts(socket: string): Promise<boolean> {
  return new Promise((answer) => {
    const attempt = connect(socket);
    attempt.on('connect', () => {
      attempt.destroy();
      answer(true);
    });
    attempt.on('error', () => answer(false));
  });
}
