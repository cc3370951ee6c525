import { compilePasswordPolicy } from '../auth/password-policy.ts';
import { passwords } from '../auth/passwords.ts';
import type { ApiKeysConfig, DatabaseConfig, IdentityConfig, RoleConfig } from '../config/people-config.ts';
import type { Database } from '../database/database.ts';
import { prepareSchema, schemaFault } from '../database/migrations.ts';
import { openDatabase } from '../database/open.ts';
import { administration, type Administration } from '../users/administration.ts';
import { databaseExit } from './database-exit.ts';
import { ExitError } from './exit.ts';
import { requireApiKeys, requireIdentity } from './refusal.ts';
import { tell } from './table.ts';

/** The parts of a configuration that commands about people need. */
export interface PeopleConfig {
  readonly database: DatabaseConfig;
  readonly roles: readonly RoleConfig[];
  /** Undefined = the gateway has no users of its own. */
  readonly identity: IdentityConfig | undefined;
}

/** Of a configuration without identity, whose commands never take a password. */
const NO_PASSWORDS = { minLength: 12, bcryptCost: 12, rejectCommon: true };

/** What commands about users and API keys work with, while the database is open. */
export interface People {
  readonly administration: Administration;
  readonly roles: readonly RoleConfig[];
  readonly identity: IdentityConfig | undefined;
}

/**
 * Opens the database, checks that its schema is of this version, does what `work` does, and closes the database
 * whatever comes of it. The embedded one migrates itself; while `serve` has it open, it is asked through `serve`.
 *
 * @throws ExitError 1 when the database cannot be asked or its schema is another, 2 when its URL is none
 */
export async function withPeople<Result>(
  config: PeopleConfig,
  work: (people: People) => Promise<Result>,
): Promise<Result> {
  try {
    const database = openDatabase(config.database, tell);
    try {
      await requireCurrentSchema(database);
      const { roles, identity } = config;
      return await work({ administration: administrationOn(database, config), roles, identity });
    } finally {
      await database.close();
    }
  } catch (error) {
    throw databaseExit(error);
  }
}

/**
 * As {@link withPeople}, for users. Without `identity` there are none: a list of nobody would be taken for an answer,
 * and the embedded database would be created for nothing.
 *
 * @throws ExitError 2 without `identity`
 */
export async function withUsers<Result>(
  config: PeopleConfig,
  work: (people: People) => Promise<Result>,
): Promise<Result> {
  requireIdentity(config.identity);
  return withPeople(config, work);
}

/**
 * As {@link withUsers}, for API keys.
 *
 * @throws ExitError 2 without `apiKeys`
 */
export async function withKeys<Result>(
  config: PeopleConfig & { readonly apiKeys: ApiKeysConfig | undefined },
  work: (people: People) => Promise<Result>,
): Promise<Result> {
  requireApiKeys(config.apiKeys);
  return withPeople(config, work);
}

function administrationOn(database: Database, { roles, identity }: PeopleConfig): Administration {
  const { bcryptCost, ...rules } = identity?.passwords ?? NO_PASSWORDS;
  return administration({
    database,
    roles: new Set(roles.map(({ name }) => name)),
    passwords: passwords({ cost: bcryptCost, concurrency: 1, waiting: 0 }),
    policy: compilePasswordPolicy(rules),
    now: () => Date.now(),
  });
}

async function requireCurrentSchema(database: Database): Promise<void> {
  const fault = schemaFault(await prepareSchema(database, { onProgress: tell }), database.where);
  if (fault !== '') throw new ExitError(1, fault);
}
