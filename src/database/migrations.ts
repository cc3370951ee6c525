import type { Database, Queries, Session } from './database.ts';
import { DatabaseUnavailable } from './failures.ts';
import { readMigrations, type Migration } from './migration-files.ts';

/** The key of the advisory lock that migrators wait for; any number will do as long as it stays the same: "gwmg" in ASCII. */
export const MIGRATION_LOCK = 0x67_77_6d_67;
/** How long a migrator waits for another one, and how long a single statement of a migration may run. */
const LIMIT = 30 * 60_000;
/** Where it stands what was applied. */
export const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS gatewayctl_migrations (
  name       text        PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

export interface MigrationStatus {
  readonly name: string;
  /** `unknown`: applied by a newer version of the gateway. */
  readonly state: 'applied' | 'pending' | 'unknown';
  readonly appliedAt: Date | undefined;
}

/** A migration that was or would be carried out, with its text. */
export interface Step {
  readonly name: string;
  readonly sql: string;
}

/** How the schema of a database relates to this version of the gateway. */
export type SchemaState =
  | { readonly kind: 'current' }
  | { readonly kind: 'older'; readonly pending: readonly string[] }
  | { readonly kind: 'newer'; readonly unknown: readonly string[] };

/** What is wrong with a schema, and what to type. Empty when nothing is. */
export function schemaFault(state: SchemaState, where: string): string {
  switch (state.kind) {
    case 'current':
      return '';
    case 'older':
      return `the schema of the database at ${where} is older than this version: ${state.pending.join(', ')} is pending; type gatewayctl migrate up, with the same -c`;
    case 'newer':
      return `the schema of the database at ${where} is newer than this version, with ${state.unknown.join(', ')}: install that version, or take them back with it (gatewayctl migrate down)`;
  }
}

export interface MigrateOptions {
  /** Up: the last one to apply. Down: the last one to take back, or `all`. Default: all up, one down. */
  readonly to?: string;
  /** Nothing is carried out; the steps are what would be. */
  readonly dryRun?: boolean;
  readonly onProgress?: (text: string) => void;
  /** In place of the migrations of this version. */
  readonly folder?: string;
}

/** No migration has that name, or it is not one to apply or to take back. */
export class UnknownMigration extends Error {
  override readonly name = 'UnknownMigration';
  /** Those that there are. */
  readonly candidates: readonly string[];

  constructor(wanted: string, candidates: readonly string[]) {
    super(`there is no migration ${JSON.stringify(wanted)} to carry out`);
    this.candidates = candidates;
  }
}

/** A migration's SQL failed. It was rolled back whole; those before it stand. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';
  readonly migration: string;

  constructor(migration: string, cause: unknown) {
    super(`the migration ${migration} failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.migration = migration;
  }
}

/** The database has migrations that this version does not know: it must not touch the schema. */
export class SchemaNewer extends Error {
  override readonly name = 'SchemaNewer';
  readonly unknown: readonly string[];

  constructor(unknown: readonly string[]) {
    super(`a newer version of gatewayctl has applied ${unknown.join(', ')}, which this one does not know`);
    this.unknown = unknown;
  }
}

/**
 * Applies what is pending, each migration in a transaction together with its row. Of two that run at once one waits and
 * then finds nothing to do.
 *
 * @returns what was applied, or would be
 * @throws UnknownMigration
 * @throws MigrationFailed
 * @throws SchemaNewer
 * @throws DatabaseUnavailable
 */
export async function migrateUp(database: Database, options: MigrateOptions = {}): Promise<readonly Step[]> {
  const migrations = await readMigrations(options.folder);
  return inTurn(database, options, async (session) => {
    const applied = await appliedNames(session);
    refuseNewer(migrations, applied);
    const pending = migrations.filter(({ name }) => !applied.has(name));
    const steps = upTo(pending, options.to, migrations, applied).map(({ name, up }) => ({ name, sql: up }));
    if (options.dryRun === true) return steps;
    return carryOut(session, migrations, steps, 'up', options);
  });
}

/**
 * Takes migrations back, the latest first: one, or down to and including `to`, or all.
 *
 * @returns what was taken back, or would be
 * @throws UnknownMigration
 * @throws MigrationFailed
 * @throws SchemaNewer
 * @throws DatabaseUnavailable
 */
export async function migrateDown(database: Database, options: MigrateOptions = {}): Promise<readonly Step[]> {
  const migrations = await readMigrations(options.folder);
  return inTurn(database, options, async (session) => {
    const applied = await appliedNames(session);
    refuseNewer(migrations, applied);
    const latestFirst = migrations.filter(({ name }) => applied.has(name)).toReversed();
    const chosen =
      options.to === undefined
        ? latestFirst.slice(0, 1)
        : upTo(latestFirst, options.to === 'all' ? latestFirst.at(-1)?.name : options.to, [], new Map());
    const steps = chosen.map(({ name, down }) => ({ name, sql: down }));
    if (options.dryRun === true) return steps;
    return carryOut(session, migrations, steps, 'down', options);
  });
}

/** What was applied and what was not, in order. Changes nothing. */
export async function migrationStatus(database: Database, folder?: string): Promise<readonly MigrationStatus[]> {
  const migrations = await readMigrations(folder);
  const applied = await appliedNames(database);
  const known = migrations.map(({ name }): MigrationStatus => {
    const appliedAt = applied.get(name);
    return { name, state: appliedAt === undefined ? 'pending' : 'applied', appliedAt };
  });
  const unknown = unknownNames(migrations, applied).map((name): MigrationStatus => {
    return { name, state: 'unknown', appliedAt: applied.get(name) };
  });
  return [...known, ...unknown];
}

/** Whether this version of the gateway can work with a database's schema. */
export async function schemaState(database: Database, folder?: string): Promise<SchemaState> {
  const status = await migrationStatus(database, folder);
  const named = (state: MigrationStatus['state']): string[] =>
    status.filter((migration) => migration.state === state).map(({ name }) => name);
  const unknown = named('unknown');
  if (unknown.length > 0) return { kind: 'newer', unknown };
  const pending = named('pending');
  return pending.length > 0 ? { kind: 'older', pending } : { kind: 'current' };
}

/**
 * What a gateway does before it uses a database: it waits until the database is ready and looks at the schema. The
 * embedded database migrates itself; on a server that is a person's decision.
 *
 * @returns `older` never comes from the embedded database
 * @throws EmbeddedFailure
 * @throws MigrationFailed
 * @throws DatabaseUnavailable
 */
export async function prepareSchema(
  database: Database,
  options: Pick<MigrateOptions, 'onProgress' | 'folder'> = {},
): Promise<SchemaState> {
  await database.ready;
  const state = await schemaState(database, options.folder);
  if (state.kind !== 'older' || !database.embedded) return state;
  await migrateUp(database, options);
  return schemaState(database, options.folder);
}

/**
 * Runs `work` while no other migrator does.
 *
 * A dry run waits for nobody and creates no table. The embedded database has one session for all, in which the lock
 * excludes nobody: there {@link carryOut} alone keeps two apart, since a transaction there excludes everything else.
 */
async function inTurn<Result>(
  database: Database,
  options: MigrateOptions,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  return database.session(
    async (session) => {
      if (options.dryRun === true) return work(session);
      const [tried] = await session.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
        MIGRATION_LOCK,
      ]);
      if (tried?.locked !== true) {
        options.onProgress?.('another migration is running: waiting for it');
        await session.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      }
      await session.query(MIGRATIONS_TABLE);
      const result = await work(session);
      // After a failure the connection is closed, and the lock goes with it.
      await session.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      return result;
    },
    { statementTimeout: LIMIT },
  );
}

/** Carries steps out, by umzug: it is loaded only when there is something to do. */
async function carryOut(
  session: Session,
  migrations: readonly Migration[],
  steps: readonly Step[],
  direction: 'up' | 'down',
  { onProgress }: MigrateOptions,
): Promise<readonly Step[]> {
  if (steps.length === 0) return [];
  const { Umzug, MigrationError } = await import('umzug');
  const done: Step[] = [];
  const step = async (name: string, sql: string): Promise<void> => {
    const changed = await session.transaction(async (transaction) => {
      // The row first: when another migrator was faster, there is nothing to do, and the rows' locks make it wait.
      const rows = await transaction.execute(
        direction === 'up'
          ? 'INSERT INTO gatewayctl_migrations (name) VALUES ($1) ON CONFLICT DO NOTHING'
          : 'DELETE FROM gatewayctl_migrations WHERE name = $1',
        [name],
      );
      if (rows === 1) await transaction.execute(sql);
      return rows === 1;
    });
    if (!changed) return;
    done.push({ name, sql });
    onProgress?.(`${direction === 'up' ? 'applied' : 'took back'} ${name}`);
  };
  const umzug = new Umzug({
    migrations: migrations.map(({ name, up, down }) => ({
      name,
      up: async () => step(name, up),
      down: async () => step(name, down),
    })),
    storage: {
      executed: async () => [...(await appliedNames(session)).keys()],
      // The row is written in the transaction of the migration itself.
      logMigration: async () => undefined,
      unlogMigration: async () => undefined,
    },
    logger: undefined,
  });
  const names = steps.map(({ name }) => name);
  try {
    await (direction === 'up'
      ? umzug.up({ migrations: names, rerun: 'SKIP' })
      : umzug.down({ migrations: names, rerun: 'SKIP' }));
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    if (error.cause instanceof DatabaseUnavailable) throw error.cause;
    throw new MigrationFailed(error.migration.name, error.cause);
  }
  return done;
}

/** The names of what was applied, with the time; empty when there is no table. */
async function appliedNames(queries: Queries): Promise<ReadonlyMap<string, Date>> {
  const [found] = await queries.query<{ present: boolean }>(
    "SELECT to_regclass('gatewayctl_migrations') IS NOT NULL AS present",
  );
  if (found?.present !== true) return new Map();
  const rows = await queries.query<{ name: string; applied_at: Date }>(
    'SELECT name, applied_at FROM gatewayctl_migrations ORDER BY name',
  );
  return new Map(rows.map(({ name, applied_at }) => [name, applied_at]));
}

function unknownNames(migrations: readonly Migration[], applied: ReadonlyMap<string, Date>): string[] {
  const known = new Set(migrations.map(({ name }) => name));
  return [...applied.keys()].filter((name) => !known.has(name));
}

function refuseNewer(migrations: readonly Migration[], applied: ReadonlyMap<string, Date>): void {
  const unknown = unknownNames(migrations, applied);
  if (unknown.length > 0) throw new SchemaNewer(unknown);
}

/** The first of `candidates`, up to and including `to`; none when `to` was reached before. */
function upTo(
  candidates: readonly Migration[],
  to: string | undefined,
  all: readonly Migration[],
  applied: ReadonlyMap<string, Date>,
): readonly Migration[] {
  if (to === undefined) return candidates;
  const index = candidates.findIndex(({ name }) => name === to);
  if (index >= 0) return candidates.slice(0, index + 1);
  if (applied.has(to) && all.some(({ name }) => name === to)) return [];
  throw new UnknownMigration(
    to,
    candidates.map(({ name }) => name),
  );
}
