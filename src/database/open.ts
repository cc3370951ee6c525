import type { Database, PoolOptions } from './database.ts';
import { EmbeddedDatabase } from './embedded/embedded-database.ts';
import { PooledDatabase } from './pooled-database.ts';

/** Which database, and how it is used. */
export interface DatabaseOptions {
  /** `postgres://…`; empty = the embedded one. */
  readonly url: string;
  /** Where the embedded one is kept; an absolute path. */
  readonly dataDir: string;
  readonly pool: PoolOptions;
}

/**
 * The database of a configuration. It is there at once and may be asked when `ready` is done: routes that need none
 * need not wait. To be closed with `close()`, also when `ready` has failed.
 *
 * @param onProgress what is being done, for people who wait
 * @throws InvalidDatabaseUrl
 */
export function openDatabase(options: DatabaseOptions, onProgress?: (text: string) => void): Database {
  if (options.url !== '') return new PooledDatabase({ url: options.url }, options.pool);
  return new EmbeddedDatabase({
    dataDir: options.dataDir,
    pool: options.pool,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}
