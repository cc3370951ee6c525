import {
  migrateDown,
  migrateUp,
  MIGRATIONS_TABLE,
  migrationStatus,
  SchemaNewer,
  type Step,
} from '../database/migrations.ts';
import type { Database } from '../database/database.ts';
import { openDatabase, type DatabaseOptions } from '../database/open.ts';
import { databaseExit } from './database-exit.ts';
import { ExitError } from './exit.ts';
import { confirmed, isTerminal, ownTerminal, type Terminal } from './prompt.ts';
import { print, printJson, tell, type OutputFormat } from './table.ts';

/** What `migrate` does. */
export type MigrateAction = 'up' | 'down' | 'status';

export interface MigrateFlags {
  readonly format: OutputFormat;
  /** Not for `status`. */
  readonly dryRun: boolean;
  /** Not for `status`. */
  readonly to: string | undefined;
  /** For `down`: it does not ask. */
  readonly yes: boolean;
}

/** In place of what a person has: of tests. */
export interface MigrateParts {
  /** In place of the migrations of this version. */
  readonly folder?: string;
  readonly terminal?: Terminal;
}

/**
 * Brings the schema of a database to this version, takes it back, or tells how it stands. What is being done goes to
 * standard error, what came out of it to standard output. `down` loses data, so it asks first.
 *
 * @param options the configuration's `database`
 * @throws ExitError 1 when it failed or nobody has confirmed it, 2 for a wrong name or URL, 3 when `status` finds some
 * pending, 130 for Ctrl-C
 */
export async function migrate(
  action: MigrateAction,
  options: DatabaseOptions,
  flags: MigrateFlags,
  { folder, terminal = ownTerminal() }: MigrateParts = {},
): Promise<void> {
  const asks = action === 'down' && !flags.yes && !flags.dryRun;
  if (asks && !isTerminal(terminal)) {
    throw new ExitError(
      1,
      'migrate down loses data and asks before, and there is no terminal to ask on: look with gatewayctl migrate down --dry-run, then add --yes',
    );
  }
  try {
    const database = openDatabase(options, tell);
    try {
      await database.ready;
      if (action === 'status') await status(database, flags, folder);
      else await change(action, database, asks ? await agreed(database, flags, folder, terminal) : flags, folder);
    } finally {
      await database.close();
    }
  } catch (error) {
    throw databaseExit(error);
  }
}

/**
 * Has the name of the last migration typed that would be taken back, unless there is nothing to take back.
 *
 * @returns the flags for what was agreed to, and nothing else, should somebody else migrate meanwhile
 */
async function agreed(
  database: Database,
  flags: MigrateFlags,
  folder: string | undefined,
  terminal: Terminal,
): Promise<MigrateFlags> {
  const { to } = flags;
  const steps = await migrateDown(database, {
    dryRun: true,
    ...(to === undefined ? {} : { to }),
    ...(folder === undefined ? {} : { folder }),
  });
  const last = steps.at(-1)?.name;
  if (last === undefined) return flags;
  const names = steps.map(({ name }) => name).join(', ');
  tell(`all data that ${names} has brought to the database at ${database.where} will be lost for good`);
  if (!(await confirmed(`Type the name of the migration (${last}) to take it back: `, last, terminal)))
    throw new ExitError(1, `that is not ${last}, and nothing was changed`);
  return { ...flags, to: last };
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
  if (dryRun) print((await scripts(action, steps, database)).join('\n'));
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

/** The SQL of all steps as it could be given to psql, the table of migrations first where there is none yet. */
async function scripts(action: 'up' | 'down', steps: readonly Step[], database: Database): Promise<readonly string[]> {
  const parts = steps.map((step) => script(action, step));
  if (parts.length === 0) return parts;
  const [found] = await database.query<{ present: boolean }>(
    "SELECT to_regclass('gatewayctl_migrations') IS NOT NULL AS present",
  );
  return found?.present === true ? parts : [`${MIGRATIONS_TABLE};\n`, ...parts];
}

function script(action: 'up' | 'down', { name, sql }: Step): string {
  const row =
    action === 'up'
      ? `INSERT INTO gatewayctl_migrations (name) VALUES ('${name}');`
      : `DELETE FROM gatewayctl_migrations WHERE name = '${name}';`;
  return `-- ${name} ${action}\nBEGIN;\n${row}\n${sql.trimEnd()}\nCOMMIT;\n`;
}
