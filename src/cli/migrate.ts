import { migrateDown, migrateUp, migrationStatus, SchemaNewer, type Step } from '../database/migrations.ts';
import type { Database } from '../database/database.ts';
import { openDatabase, type DatabaseOptions } from '../database/open.ts';
import { databaseExit } from './database-exit.ts';
import { ExitError } from './exit.ts';
import { print, printJson, tell, type OutputFormat } from './table.ts';

/** What `migrate` does. */
export type MigrateAction = 'up' | 'down' | 'status';

export interface MigrateFlags {
  readonly format: OutputFormat;
  /** Not for `status`. */
  readonly dryRun: boolean;
  /** Not for `status`. */
  readonly to: string | undefined;
}

/**
 * Brings the schema of a database to this version, takes it back, or tells how it stands. What is being done goes to
 * standard error, what came out of it to standard output.
 *
 * @param options the configuration's `database`
 * @param folder in place of the migrations of this version
 * @throws ExitError 1 when it failed, 2 for a wrong name or URL, 3 when `status` finds some pending
 */
export async function migrate(
  action: MigrateAction,
  options: DatabaseOptions,
  flags: MigrateFlags,
  folder?: string,
): Promise<void> {
  try {
    const database = openDatabase(options, tell);
    try {
      await database.ready;
      await (action === 'status' ? status(database, flags, folder) : change(action, database, flags, folder));
    } finally {
      await database.close();
    }
  } catch (error) {
    throw databaseExit(error);
  }
}

async function change(
  action: 'up' | 'down',
  database: Database,
  { dryRun, to, format }: MigrateFlags,
  folder: string | undefined,
): Promise<void> {
  const steps = await (action === 'up' ? migrateUp : migrateDown)(database, {
    dryRun,
    onProgress: tell,
    ...(to === undefined ? {} : { to }),
    ...(folder === undefined ? {} : { folder }),
  });
  if (format === 'json') {
    const shown = dryRun ? steps : steps.map(({ name }) => ({ name }));
    printJson({ database: database.where, action, dryRun, migrations: shown });
    return;
  }
  if (dryRun) print(steps.map((step) => script(action, step)).join('\n'));
  if (steps.length === 0) tell(action === 'up' ? 'nothing to do: the schema is current' : 'nothing to take back');
}

async function status(database: Database, { format }: MigrateFlags, folder: string | undefined): Promise<void> {
  const migrations = await migrationStatus(database, folder);
  if (format === 'json') {
    printJson({ database: database.where, migrations });
  } else {
    for (const { name, state, appliedAt } of migrations) {
      print(`${state.padEnd(8)} ${name}${appliedAt === undefined ? '' : `  ${appliedAt.toISOString()}`}\n`);
    }
  }
  const unknown = migrations.filter(({ state }) => state === 'unknown').map(({ name }) => name);
  if (unknown.length > 0) throw new SchemaNewer(unknown);
  const pending = migrations.filter(({ state }) => state === 'pending').length;
  if (pending > 0) throw new ExitError(3, `${pending} pending: gatewayctl migrate up`);
}

/** The SQL as it could be given to psql. */
function script(action: 'up' | 'down', { name, sql }: Step): string {
  const row =
    action === 'up'
      ? `INSERT INTO gatewayctl_migrations (name) VALUES ('${name}');`
      : `DELETE FROM gatewayctl_migrations WHERE name = '${name}';`;
  return `-- ${name} ${action}\nBEGIN;\n${row}\n${sql.trimEnd()}\nCOMMIT;\n`;
}
