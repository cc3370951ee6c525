import type { DatabaseConfig } from '../config/people-config.ts';
import { CheckedDatabase, type CheckedDatabaseOptions, type DatabaseHealth } from '../database/checked-database.ts';
import type { Database, PoolState } from '../database/database.ts';
import { DatabaseUnavailable } from '../database/failures.ts';
import { schemaFault } from '../database/migrations.ts';
import { openDatabase } from '../database/open.ts';
import { cleanUp } from '../users/cleanup.ts';
import { live, type Live } from '../users/live.ts';

/** The database, and what is remembered of the sessions and keys in it. */
export interface Users {
  readonly database: Database;
  readonly live: Live;
}

/** The database can be asked, and is of no use: to start with it would help nobody. */
export class UnusableDatabase extends Error {
  override readonly name = 'UnusableDatabase';
}

/** How often what has expired is deleted; in milliseconds. */
const CLEAN_UP_PERIOD = 3_600_000;

export interface UserStoreOptions extends CheckedDatabaseOptions {
  /** Deleting what has expired failed for another reason than that the database is away. */
  readonly onError?: (error: unknown) => void;
}

interface Open {
  readonly config: DatabaseConfig;
  readonly users: Users;
  readonly database: CheckedDatabase;
  readonly timer: NodeJS.Timeout;
}

/**
 * Users, sessions and API keys as long as the process runs. The database is opened when the first configuration needs
 * it, and stays the one that it is: another one takes a restart.
 */
export class UserStore {
  readonly #options: UserStoreOptions;
  #open: Open | undefined;

  constructor(options: UserStoreOptions = {}) {
    this.#options = options;
  }

  /** The database that is open. @returns undefined while no configuration needs one, as the others */
  get config(): DatabaseConfig | undefined {
    return this.#open?.config;
  }

  get health(): DatabaseHealth | undefined {
    return this.#open?.database.health;
  }

  get pool(): PoolState | undefined {
    return this.#open?.database.pool;
  }

  get live(): Live | undefined {
    return this.#open?.users.live;
  }

  /** @throws InvalidDatabaseUrl */
  open(config: DatabaseConfig): Users {
    if (this.#open === undefined) {
      const database = new CheckedDatabase(openDatabase(config, this.#options.onProgress), this.#options);
      // So that it is ready before it is needed. Who waits for it hears of a failure; nobody has to.
      database.check().catch(() => undefined);
      const timer = setInterval(() => void this.#cleanUp(database), CLEAN_UP_PERIOD).unref();
      this.#open = { config, users: { database, live: live({ database, now: Date.now }) }, database, timer };
    }
    return this.#open.users;
  }

  /**
   * The first look at the database, if there is one. That one is not there yet or cannot be reached is no fault: it may
   * come, and what does not need it is served meanwhile.
   *
   * @param which the embedded database takes a while to start, and is looked at apart from others
   * @throws UnusableDatabase for a schema of another version
   * @throws EmbeddedFailure when the embedded database will never run
   */
  async check(which: 'embedded' | 'server'): Promise<void> {
    const database = this.#open?.database;
    if (database === undefined || database.embedded !== (which === 'embedded')) return;
    try {
      const fault = schemaFault(await database.check(), database.where);
      if (fault !== '') throw new UnusableDatabase(fault);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#open?.timer);
    await this.#open?.database.close();
  }

  async #cleanUp(database: Database): Promise<void> {
    try {
      await cleanUp(database, Date.now());
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) this.#options.onError?.(error);
    }
  }
}
