import { once } from 'node:events';
import { Client, Pool, type ClientConfig, type PoolClient, type QueryResult, type QueryResultRow } from 'pg';
import type { Database, PoolOptions, PoolState, Queries, Session } from './database.ts';
import { connectFailure, DatabaseUnavailable, failureOf, type ConnectionFate } from './failures.ts';

/** How much longer than the server the gateway waits: the server's own word is better than a cut connection. */
const GRACE = 500;
/** How long statements that run may go on when the pool is closed. */
const CLOSE_GRACE = 2_000;

/** Where a server listens: a URL, or a folder with its socket. */
export type Address = { readonly url: string } | { readonly socketFolder: string };

/** `database.url` is none. */
export class InvalidDatabaseUrl extends Error {
  override readonly name = 'InvalidDatabaseUrl';

  constructor() {
    // Neither the URL nor the parser's error, which quotes it: there may be a password inside.
    super(
      'database.url is not a PostgreSQL URL: it must look like postgres://user:password@host:5432/name, with / @ : % of a password written as %2F %40 %3A %25',
    );
  }
}

/** PostgreSQL over a pool of connections. Nothing is connected before the first statement. */
export class PooledDatabase implements Database {
  readonly ready = Promise.resolve();
  readonly where: string;
  readonly embedded = false;
  readonly #pool: Pool;
  readonly #options: PoolOptions;
  /** Every connection that is open or about to be, in the pool or not. */
  readonly #clients = new Set<Client>();
  /** Those that have reported a fault: `pg` refuses further statements on them in words only. */
  readonly #broken = new WeakSet<object>();
  #closing: Promise<void> | undefined;

  /**
   * @param where how messages name it; host, port and name of the database unless given
   * @throws InvalidDatabaseUrl
   */
  constructor(address: Address, options: PoolOptions, where?: string) {
    const config = configOf(address, options);
    this.where = where ?? describe(config);
    this.#options = options;
    const clients = this.#clients;
    const broken = this.#broken;
    class TrackedClient extends Client {
      constructor(clientConfig?: ClientConfig) {
        super(clientConfig);
        clients.add(this);
        this.once('end', () => clients.delete(this));
        // A connection may break whenever it likes. Whoever uses it hears of it from the statement.
        this.on('error', () => broken.add(this));
      }
    }
    this.#pool = new Pool({ ...config, Client: TrackedClient });
    // The pool has taken the connection out already.
    this.#pool.on('error', () => undefined);
  }

  get pool(): PoolState {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { idle: idleCount, used: totalCount - idleCount, waiting: waitingCount };
  }

  async query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.session((session) => session.query<Row>(text, values));
  }

  async execute(text: string, values: readonly unknown[] = []): Promise<number> {
    return this.session((session) => session.execute(text, values));
  }

  async transaction<Result>(work: (transaction: Queries) => Promise<Result>): Promise<Result> {
    return this.session((session) => session.transaction(work));
  }

  async session<Result>(
    work: (session: Session) => Promise<Result>,
    options?: { readonly statementTimeout: number },
  ): Promise<Result> {
    const client = await this.#connect();
    const isBroken = (): boolean => this.#broken.has(client);
    const connection = new Connection(client, isBroken, this.#options.statementTimeout, this.where);
    try {
      if (options === undefined) return await work(connection);
      await connection.limit(options.statementTimeout);
      const result = await work(connection);
      await connection.limit(this.#options.statementTimeout);
      return result;
    } catch (error) {
      // Its limit is another now, and what else it is in is not known.
      if (options !== undefined) connection.spoilt = true;
      throw error;
    } finally {
      client.release(connection.spoilt);
    }
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const clients = [...this.#clients];
    const ended = Promise.all(clients.map((client) => once(client, 'end')));
    void this.#pool.end();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_GRACE);
    });
    await Promise.race([ended, late]);
    clearTimeout(timer);
    for (const client of this.#clients) client.connection.stream.destroy();
    await ended;
  }

  async #connect(): Promise<PoolClient> {
    if (this.#closing !== undefined) throw new DatabaseUnavailable('closed', `the database at ${this.where} is closed`);
    const full = this.#pool.totalCount >= this.#options.max && this.#pool.idleCount === 0;
    try {
      return await this.#pool.connect();
    } catch (error) {
      // Nobody gave a connection back: that is no fault of the network.
      if (full && this.#pool.totalCount >= this.#options.max) {
        const message = `the database at ${this.where} is busy: all ${this.#options.max} connections of the pool are in use`;
        throw new DatabaseUnavailable('unreachable', message, { cause: error });
      }
      throw connectFailure(error, this.where);
    }
  }
}

/** A connection while it is out of the pool. */
class Connection implements Session {
  /** It must not go back into the pool. */
  spoilt = false;
  readonly #client: PoolClient;
  readonly #isBroken: () => boolean;
  readonly #where: string;
  #timeout: number;

  /** @param isBroken whether the connection has reported a fault */
  constructor(client: PoolClient, isBroken: () => boolean, timeout: number, where: string) {
    this.#client = client;
    this.#isBroken = isBroken;
    this.#timeout = timeout;
    this.#where = where;
  }

  async query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#send<Row>(text, values)).rows;
  }

  async execute(text: string, values: readonly unknown[] = []): Promise<number> {
    return (await this.#send(text, values)).rowCount ?? 0;
  }

  async transaction<Result>(work: (transaction: Queries) => Promise<Result>): Promise<Result> {
    await this.#send('BEGIN', []);
    let result;
    try {
      result = await work(this);
    } catch (error) {
      // The error that ended it is the one to tell; a connection that cannot even roll back is not used again.
      if (!this.spoilt) await this.#send('ROLLBACK', []).catch(() => (this.spoilt = true));
      throw error;
    }
    // Answered with ROLLBACK when a statement failed and `work` made nothing of it.
    const { command } = await this.#send('COMMIT', []);
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement in it has failed');
    return result;
  }

  /** Another limit for the statements that follow. */
  async limit(milliseconds: number): Promise<void> {
    await this.#send("SELECT set_config('statement_timeout', $1, false)", [String(milliseconds)]);
    this.#timeout = milliseconds;
  }

  async #send<Row extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<QueryResult<Row>> {
    const { stream } = this.#client.connection;
    let fate: ConnectionFate = 'open';
    // A server that is stopped, or behind a cable that was pulled, keeps no limit of its own.
    const cut = (): void => {
      fate = 'overdue';
      stream.destroy();
    };
    const timer = this.#timeout === 0 ? undefined : setTimeout(cut, this.#timeout + GRACE);
    try {
      // Without values it is a simple query, which may be several statements.
      return await (values.length === 0 ? this.#client.query<Row>(text) : this.#client.query<Row>(text, [...values]));
    } catch (error) {
      if (fate === 'open' && (this.#isBroken() || stream.destroyed || !stream.writable)) fate = 'lost';
      const failure = failureOf(error, fate, this.#where);
      if (failure instanceof DatabaseUnavailable) {
        // A server that has kept to the limit itself goes on.
        if (fate !== 'open' || failure.reason !== 'timeout') this.spoilt = true;
      }
      throw failure;
    } finally {
      clearTimeout(timer);
    }
  }
}

function configOf(address: Address, options: PoolOptions): ClientConfig & ConstructorParameters<typeof Pool>[0] {
  const bounds = {
    max: options.max,
    min: Math.min(options.min, options.max),
    // In seconds; 0 = for ever.
    maxLifetimeSeconds: options.maxLifetime / 1000,
    idleTimeoutMillis: options.idleTimeout,
    connectionTimeoutMillis: options.connectTimeout,
    statement_timeout: options.statementTimeout,
    application_name: 'gatewayctl',
    keepAlive: true,
  };
  if ('socketFolder' in address) {
    return { ...bounds, host: address.socketFolder, port: 5432, user: 'postgres', database: 'postgres', ssl: false };
  }
  if (!/^postgres(?:ql)?:\/\//.test(address.url)) throw new InvalidDatabaseUrl();
  return { ...bounds, connectionString: address.url };
}

function describe(config: ClientConfig): string {
  try {
    // Connects to nothing: it knows how a URL is read.
    const { host, port, database } = new Client(config);
    // A password with a slash in it, as it stands: the rest of it would be taken for the name, and shown.
    if (database?.includes('@') === true) throw new InvalidDatabaseUrl();
    return host.startsWith('/') ? `${host} (${database})` : `${host}:${port}/${database}`;
  } catch {
    throw new InvalidDatabaseUrl();
  }
}
