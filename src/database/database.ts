import type { QueryResultRow } from 'pg';

/** The bounds of a pool of connections; times in milliseconds, 0 = no limit. */
export interface PoolOptions {
  readonly max: number;
  /** So many idle ones are kept however long they are idle. */
  readonly min: number;
  readonly maxLifetime: number;
  readonly idleTimeout: number;
  /** How long to wait for a connection, whether a new one or one that others use. */
  readonly connectTimeout: number;
  /** How long a statement may run, on the server and, should that not answer any more, here. */
  readonly statementTimeout: number;
}

/** What can be asked, on whatever connection. */
export interface Queries {
  /**
   * The rows that a statement gives. `Row` is what the statement's columns say: nothing checks it at run time, so it
   * stands beside the statement. `bigint` and `numeric` come as strings, `timestamptz` as `Date`, `bytea` as `Buffer`.
   *
   * @throws UniqueViolation
   * @throws DatabaseUnavailable
   */
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;

  /**
   * How many rows a statement has changed.
   *
   * @throws UniqueViolation
   * @throws DatabaseUnavailable
   */
  execute(text: string, values?: readonly unknown[]): Promise<number>;
}

/** One connection, used by one caller at a time. */
export interface Session extends Queries {
  /** As {@link Database.transaction}. */
  transaction<Result>(work: (transaction: Queries) => Promise<Result>): Promise<Result>;
}

/** How many connections of a pool do nothing or are used, and how many statements wait for one. */
export interface PoolState {
  readonly idle: number;
  readonly used: number;
  readonly waiting: number;
}

/** PostgreSQL, wherever it runs. A connection that is lost is replaced with the next statement that needs one. */
export interface Database extends Queries {
  /**
   * Done when the database can be asked for the first time: at once for a server elsewhere, and when it runs for an
   * embedded one. Fails when it never will. Before, statements fail with `DatabaseUnavailable`.
   */
  readonly ready: Promise<void>;

  /** The database as messages name it: host, port and name, or a folder; never a password. */
  readonly where: string;

  /** Whether its schema is the gateway's own business: the embedded database migrates itself. */
  readonly embedded: boolean;

  readonly pool: PoolState;

  /**
   * Does what `work` does in one transaction: all of it, or nothing when it throws. On the embedded database nothing
   * else runs meanwhile: `work` waits for nothing but its statements.
   *
   * @throws DatabaseUnavailable with `lost` or `timeout` for the commit, too: whether it took effect is not known then
   */
  transaction<Result>(work: (transaction: Queries) => Promise<Result>): Promise<Result>;

  /**
   * One connection for all that `work` does.
   *
   * @param options `statementTimeout` in place of the pool's
   */
  session<Result>(
    work: (session: Session) => Promise<Result>,
    options?: { readonly statementTimeout: number },
  ): Promise<Result>;

  /** Closes every connection: what runs gets a moment to end. Never fails and never hangs. */
  close(): Promise<void>;
}
