import { DatabaseError, type QueryResultRow } from 'pg';
import type { Database, PoolState, Queries, Session } from './database.ts';
import { DatabaseUnavailable, type UnavailableReason } from './failures.ts';
import { prepareSchema, schemaFault, type SchemaState } from './migrations.ts';

/**
 * How a database fares, by the last that was heard of it. `schema`: it answers, and its schema is of another version.
 * `unusable`: an embedded one that cannot be started, or a schema that cannot be brought up to this version.
 */
export type DatabaseHealth = 'ready' | 'schema' | 'unusable' | UnavailableReason;

export interface CheckedDatabaseOptions {
  /** What is being done, for people who wait. */
  readonly onProgress?: (text: string) => void;
  /** Told when the health changes. @param message why it cannot be asked; empty when it can */
  readonly onHealth?: (health: DatabaseHealth, message: string) => void;
  /** Milliseconds that never go back; for tests. */
  readonly clock?: () => number;
}

/** SQLSTATE of what a schema of another version has not: a table, a column (PostgreSQL's Appendix A). */
const SCHEMA_STATES = new Set(['42P01', '42703']);

/** How soon after a failed look at the schema the next one is made; in milliseconds. */
const PAUSE = 1000;

/**
 * A database that is asked nothing before its schema was found to be of this version. It may be away when the gateway
 * starts, and come back with whatever schema: the look is made with the first statement, and again until it succeeds.
 */
export class CheckedDatabase implements Database {
  readonly #inner: Database;
  readonly #options: CheckedDatabaseOptions;
  readonly #clock: () => number;
  #current = false;
  #look: Promise<SchemaState> | undefined;
  /** The last look that failed. */
  #failure: { readonly error: DatabaseUnavailable; readonly at: number } | undefined;
  #health: DatabaseHealth = 'starting';

  constructor(inner: Database, options: CheckedDatabaseOptions = {}) {
    this.#inner = inner;
    this.#options = options;
    this.#clock = options.clock ?? ((): number => performance.now());
  }

  get ready(): Promise<void> {
    return this.#inner.ready;
  }

  get where(): string {
    return this.#inner.where;
  }

  get embedded(): boolean {
    return this.#inner.embedded;
  }

  get pool(): PoolState {
    return this.#inner.pool;
  }

  get health(): DatabaseHealth {
    return this.#health;
  }

  /**
   * Looks at the schema; the embedded database migrates itself.
   *
   * @returns how it stands
   * @throws DatabaseUnavailable
   * @throws EmbeddedFailure when the embedded database will never run
   * @throws MigrationFailed
   */
  async check(): Promise<SchemaState> {
    this.#look ??= this.#checkOnce().finally(() => (this.#look = undefined));
    return this.#look;
  }

  async query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]> {
    return this.#ask(async () => this.#inner.query<Row>(text, values));
  }

  async execute(text: string, values?: readonly unknown[]): Promise<number> {
    return this.#ask(async () => this.#inner.execute(text, values));
  }

  async transaction<Result>(work: (transaction: Queries) => Promise<Result>): Promise<Result> {
    return this.#ask(async () => this.#inner.transaction(work));
  }

  async session<Result>(
    work: (session: Session) => Promise<Result>,
    options?: { readonly statementTimeout: number },
  ): Promise<Result> {
    return this.#ask(async () => this.#inner.session(work, options));
  }

  async close(): Promise<void> {
    await this.#inner.close();
  }

  async #ask<Result>(statement: () => Promise<Result>): Promise<Result> {
    if (!this.#current) await this.#require();
    try {
      const result = await statement();
      this.#tell('ready', '');
      return result;
    } catch (error) {
      if (error instanceof DatabaseUnavailable) this.#tell(error.reason, error.message);
      if (!(error instanceof DatabaseError) || !SCHEMA_STATES.has(error.code ?? '')) throw error;
      // Somebody has taken migrations back meanwhile: the next statement looks at the schema anew.
      this.#current = false;
      const why = `the schema of the database at ${this.where} has changed: ${error.message}`;
      const failure = new DatabaseUnavailable('refused', why, { cause: error });
      this.#fail('schema', failure);
      throw failure;
    }
  }

  async #require(): Promise<void> {
    const failure = this.#failure;
    if (failure !== undefined && this.#clock() - failure.at < PAUSE) throw failure.error;
    const look = this.check();
    if (this.#inner.embedded) {
      // To start one takes seconds: nobody waits for that with a request.
      look.catch(() => undefined);
      throw new DatabaseUnavailable('starting', `the database in ${this.where} is starting`);
    }
    await look;
    if (!this.#current) throw this.#failure?.error ?? new DatabaseUnavailable('starting', 'the schema is not ready');
  }

  async #checkOnce(): Promise<SchemaState> {
    try {
      const state = await prepareSchema(this.#inner, this.#progress());
      this.#current = state.kind === 'current';
      if (this.#current) this.#tell('ready', '');
      else this.#fail('schema', new DatabaseUnavailable('refused', schemaFault(state, this.where)));
      return state;
    } catch (error) {
      if (error instanceof DatabaseUnavailable) this.#fail(error.reason, error);
      else {
        const why = error instanceof Error ? error.message : String(error);
        this.#fail('unusable', new DatabaseUnavailable('refused', why, { cause: error }));
      }
      throw error;
    }
  }

  #progress(): { onProgress?: (text: string) => void } {
    const { onProgress } = this.#options;
    return onProgress === undefined ? {} : { onProgress };
  }

  #fail(health: DatabaseHealth, error: DatabaseUnavailable): void {
    this.#failure = { error, at: this.#clock() };
    this.#tell(health, error.message);
  }

  #tell(health: DatabaseHealth, message: string): void {
    // That the gateway itself has closed it is no news.
    if (health === this.#health || health === 'closed') return;
    this.#health = health;
    this.#options.onHealth?.(health, message);
  }
}
