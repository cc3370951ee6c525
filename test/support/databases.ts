/** Both databases, for tests that hold for either. */
import { openDatabase, type DatabaseOptions } from '../../src/database/open.ts';
import type { Database } from '../../src/database/database.ts';
import { createdDataDir, POOL } from './embedded.ts';
import { postgresDatabase } from './postgres.ts';

/** What a test needs of one of them: a new, empty database each time. */
export interface DatabaseKind {
  readonly name: string;
  options(): Promise<DatabaseOptions>;
}

export const DATABASES: readonly DatabaseKind[] = [
  { name: 'PostgreSQL', options: async () => ({ url: await postgresDatabase(), dataDir: '', pool: POOL }) },
  { name: 'the embedded database', options: async () => ({ url: '', dataDir: await createdDataDir(), pool: POOL }) },
];

/** A new, empty database that can be asked. */
export async function newDatabase(kind: DatabaseKind): Promise<Database> {
  const database = openDatabase(await kind.options());
  await database.ready;
  return database;
}

/** What something fails with; fails when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
