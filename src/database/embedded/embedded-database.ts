import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryResultRow } from 'pg';
import type { Database, PoolOptions, PoolState, Queries, Session } from '../database.ts';
import { DatabaseUnavailable } from '../failures.ts';
import { PooledDatabase } from '../pooled-database.ts';
import { createCluster } from './create-cluster.ts';
import { DataFolder } from './data-folder.ts';
import { EmbeddedFailure } from './failure.ts';
import { FolderLock, isCopied, isHeld, type Holder } from './folder-lock.ts';
import { PACKAGE } from './messages.ts';
import { Pauses } from './pauses.ts';
import { EmbeddedServer } from './server.ts';
import { tell } from './tell.ts';

/** Its statements run one after the other: more connections would only wait. */
const MAX_CONNECTIONS = 5;
/** How long another process may hold the folder without answering: it may be creating the files. */
const HOLDER_LIMIT = 60_000;
const HOLDER_POLL = 50;
/** How long a client may say nothing within a transaction: meanwhile nobody else gets a turn. */
const TRANSACTION_IDLE = 10_000;
/** How long a single statement may run: it cannot be cancelled, so its thread is ended and started again. */
const STALL_LIMIT = 60_000;
/** How soon it is entered again when its thread or the process that ran it has ended, and how late at the most. */
const FIRST_PAUSE = 100;
const LAST_PAUSE = 30_000;

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
 * PostgreSQL inside the program, kept in a folder. The first process that opens the folder runs it; others are its
 * guests: they reach it through its socket there, as clients of PostgreSQL's protocol, and run nothing. So two processes
 * never open the same files, which would lose rows. When the one that runs it ends, a guest runs it from then on.
 *
 * `LISTEN`, session-level advisory locks and `SET` without `LOCAL` do not work as on a server: see {@link Turns}.
 */
export class EmbeddedDatabase implements Database {
  readonly ready: Promise<void>;
  readonly where: string;
  readonly embedded = true;
  readonly #options: EmbeddedOptions;
  readonly #folder: DataFolder;
  readonly #abort = new AbortController();
  readonly #aborted: Promise<string>;
  #failure: { readonly cause: unknown } | undefined;
  #pool: PooledDatabase | undefined;
  #server: EmbeddedServer | undefined;
  #lock: FolderLock | undefined;
  /** The connection that tells a guest when the process that runs it has ended. */
  #host: Host | undefined;
  #keeping: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  /** Begins to open it. */
  constructor(options: EmbeddedOptions) {
    this.#options = options;
    this.#folder = new DataFolder(options.dataDir);
    this.where = options.dataDir;
    this.#aborted = once(this.#abort.signal, 'abort').then(() => 'closed');
    this.ready = this.#open();
    // Whoever does not wait for it hears of it from the statements.
    this.ready.catch((cause: unknown) => (this.#failure = { cause }));
  }

  get pool(): PoolState {
    return this.#pool?.pool ?? { idle: 0, used: 0, waiting: 0 };
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
    if (this.#closing !== undefined) throw this.#closed();
    if (this.#failure === undefined) {
      throw new DatabaseUnavailable('starting', `the embedded database in ${this.where} is still starting`);
    }
    const { cause } = this.#failure;
    throw new DatabaseUnavailable('starting', tell(cause), { cause });
  }

  #closed(): DatabaseUnavailable {
    return new DatabaseUnavailable('closed', `the database in ${this.where} is closed`);
  }

  async #open(): Promise<void> {
    this.#findPackage();
    this.#folder.make();
    let stay: Stay;
    try {
      stay = await this.#enter({ create: true });
      this.#abort.signal.throwIfAborted();
    } catch (error) {
      // What close() has broken off is no fault of the database.
      throw this.#abort.signal.aborted ? this.#closed() : error;
    }
    const pool = { ...this.#options.pool, max: Math.min(this.#options.pool.max, MAX_CONNECTIONS) };
    this.#pool = new PooledDatabase({ socketFolder: this.#folder.path }, pool, this.where);
    this.#keeping = this.#keep(stay);
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

  /**
   * Runs it, or becomes the guest of the process that does.
   *
   * @param options `create`: its files, too, when there are none
   */
  async #enter({ create }: { readonly create: boolean }): Promise<Stay> {
    if (this.#lock?.held !== true) {
      this.#lock = undefined;
      const place = await this.#takeFolder();
      if (!(place instanceof FolderLock)) {
        this.#host = place;
        return { over: place.gone.then(() => 'the process that ran it has ended') };
      }
      this.#lock = place;
    }
    try {
      this.#server = await this.#run(this.#lock, create);
      return { over: this.#server.ended };
    } catch (error) {
      this.#lock.release();
      this.#lock = undefined;
      throw error;
    }
  }

  /** Takes the folder, or finds the process that serves it. */
  async #takeFolder(): Promise<FolderLock | Host> {
    const { lock: file, socket } = this.#folder;
    const { signal } = this.#abort;
    const limit = this.#options.holderLimit ?? HOLDER_LIMIT;
    const deadline = performance.now() + limit;
    const told = new Set<string>();
    const sayOnce = (text: string): void => {
      if (!told.has(text)) this.#say(text);
      told.add(text);
    };
    for (;;) {
      // Asked before the lock: on a disk that is full none can be written, and a process in another container has an id
      // that means nothing here.
      const host = await reach(socket);
      if (signal.aborted) host?.socket.destroy();
      signal.throwIfAborted();
      if (host !== undefined) return host;
      const lock = this.#folder.attempt(() => FolderLock.take(file));
      if (lock !== undefined) return lock;
      const holder = FolderLock.holder(file);
      if (holder === undefined) continue;
      if (!isHeld(file, holder)) {
        sayOnce(
          isCopied(file, holder)
            ? `ignoring the lock of process ${holder.pid}, which came to ${this.where} with a copy of another folder`
            : `taking over ${this.where} from process ${holder.pid}, which is gone`,
        );
        this.#folder.attempt(() => FolderLock.clear(file, holder));
        continue;
      }
      if (performance.now() > deadline) throw this.#held(holder, limit);
      sayOnce(`waiting for process ${holder.pid}, which opens or closes ${this.where}`);
      await sleep(HOLDER_POLL, undefined, { signal });
    }
  }

  #held({ pid }: Holder, limit: number): EmbeddedFailure {
    const instead = this.#folder.hasDatabase ? '' : ', or choose another database.dataDir';
    return new EmbeddedFailure(
      'held',
      `process ${pid} holds ${this.where} and has not answered for ${Math.round(limit / 1000)} s: stop it${instead}`,
    );
  }

  async #run(lock: FolderLock, create: boolean): Promise<EmbeddedServer> {
    const { signal } = this.#abort;
    if (create) {
      await createCluster(this.#folder, { onProgress: (text) => this.#say(text), signal });
    } else if (!this.#folder.hasDatabase) {
      // An empty one in their place would look as if everybody had been deleted.
      throw new EmbeddedFailure('failed', `the files of the embedded database in ${this.where} have gone`);
    }
    if (!lock.held) throw new EmbeddedFailure('held', `another process has taken ${this.where} over`);
    return EmbeddedServer.start(
      {
        cluster: this.#folder.cluster,
        socket: this.#folder.socket,
        transactionIdle: this.#options.transactionIdle ?? TRANSACTION_IDLE,
      },
      { signal, stallLimit: this.#options.stallLimit ?? STALL_LIMIT },
    );
  }

  /**
   * Enters it again, as often as it takes, when its thread has ended by itself or the process whose guest this one was:
   * no row is lost, as none is when a process is killed. Statements fail with DatabaseUnavailable meanwhile.
   */
  async #keep(first: Stay): Promise<void> {
    const { signal } = this.#abort;
    const pauses = new Pauses(FIRST_PAUSE, LAST_PAUSE);
    for (let stay: Stay | undefined = first; stay !== undefined;) {
      const begun = performance.now();
      const why = await Promise.race([stay.over, this.#aborted]);
      if (signal.aborted) return;
      pauses.lasted(performance.now() - begun);
      const guest = !this.owned;
      if (!guest) this.#say(`the embedded database has stopped by itself (${why}): starting it again`);
      stay = await this.#enterAgain(pauses);
      if (guest && this.owned) this.#say(`running the embedded database in ${this.where} from now on: ${why}`);
    }
  }

  /** @returns undefined when it was closed meanwhile */
  async #enterAgain(pauses: Pauses): Promise<Stay | undefined> {
    const { signal } = this.#abort;
    let told = '';
    while (!signal.aborted) {
      try {
        await sleep(pauses.next(), undefined, { signal });
        return await this.#enter({ create: false });
      } catch (error) {
        const why = tell(error);
        if (signal.aborted || why === told) continue;
        told = why;
        this.#say(`the embedded database is still away, and is tried again: ${why}`);
      }
    }
    return undefined;
  }

  #say(text: string): void {
    if (!this.#abort.signal.aborted) this.#options.onProgress?.(text);
  }

  async #close(): Promise<void> {
    this.#abort.abort(this.#closed());
    await this.ready.catch(() => undefined);
    await this.#keeping;
    this.#host?.socket.destroy();
    await this.#pool?.close();
    await this.#server?.stop();
    this.#lock?.release();
  }
}

/** The time in which this process runs it, or is the guest of one that does. */
interface Stay {
  /** Why it is over. */
  readonly over: Promise<string>;
}

/** The process that runs it, for a guest. */
interface Host {
  readonly socket: Socket;
  /** When it listens no more. */
  readonly gone: Promise<void>;
}

/** @returns undefined when nobody listens there */
async function reach(path: string): Promise<Host | undefined> {
  const socket = connect(path);
  // Nothing is asked: all that may come is that it shuts down.
  socket.resume();
  const gone = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  return new Promise((answer) => {
    socket.on('connect', () => answer({ socket, gone }));
    socket.on('error', () => answer(undefined));
  });
}
