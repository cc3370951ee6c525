import { makeApiKey } from '../auth/api-keys.ts';
import type { PasswordFault } from '../auth/password-policy.ts';
import type { Passwords } from '../auth/passwords.ts';
import type { Database, Queries } from '../database/database.ts';
import { allApiKeys, insertApiKey, revokeApiKey, type ApiKeyRecord } from './api-key-store.ts';
import type { OnChange } from './changes.ts';
import { normalEmail } from './email.ts';
import { forgetFailures } from './lockouts.ts';
import {
  deleteUser,
  findLockedUser,
  findUser,
  insertUser,
  pageOfUsers,
  updateDisabled,
  updateHash,
  updateRole,
  type CountedUser,
} from './repository.ts';
import { revokeSession, revokeSessionsOf, sessionsOf, type UserSession } from './sessions.ts';
import { isUuid } from './uuid.ts';

export type { ApiKeyRecord } from './api-key-store.ts';

export interface UserRecord {
  readonly id: string;
  readonly email: string;
  /** Empty = none. */
  readonly role: string;
  readonly disabled: boolean;
  readonly createdAt: Date;
  /** How many have not ended. */
  readonly sessions: number;
}

export type AdministrationFault =
  | 'invalid-email'
  | 'email-taken'
  | 'unknown-user'
  | 'unknown-role'
  | 'unknown-key'
  /** The user has no such session, or it has ended. */
  | 'unknown-session'
  | `password-${PasswordFault}`
  /** The user is not as it was expected to be. */
  | 'changed-meanwhile'
  /** Too many passwords are being hashed: later it will work. */
  | 'busy';

/** What was not done, and why. */
export type Failed = { fault: AdministrationFault };

/** What administrators do with users and API keys. All of it throws `DatabaseUnavailable`. */
export interface Administration {
  addUser(email: string, password: string, role: string): Promise<UserRecord | Failed>;
  /**
   * A page of users, the oldest first.
   *
   * @throws RangeError when `after` is not the `next` of a page: see `isCursor`
   */
  listUsers(options: {
    search?: string;
    role?: string;
    limit: number;
    after?: string;
  }): Promise<{ users: readonly UserRecord[]; next: string | undefined }>;
  findUser(emailOrId: string): Promise<UserRecord | undefined>;
  /** The next refresh gives tokens with the new role; those with the old one are no longer good. */
  setRole(emailOrId: string, role: string): Promise<UserRecord | Failed>;
  /** Ends all sessions, and failed logins are forgotten. */
  setPassword(emailOrId: string, password: string): Promise<UserRecord | Failed>;
  /** Ends all sessions; when the user is let in again, failed logins are forgotten. */
  setDisabled(emailOrId: string, disabled: boolean): Promise<UserRecord | Failed>;
  /**
   * What `setRole` and `setDisabled` do, both or one of them: all of it happens, or nothing.
   *
   * @param expects whether the user is as whoever changes it has seen it; nobody changes it in between
   */
  changeUser(
    emailOrId: string,
    change: { readonly role?: string; readonly disabled?: boolean },
    expects?: (user: UserRecord) => boolean,
  ): Promise<UserRecord | Failed>;
  /** @param expects as with `changeUser` */
  removeUser(emailOrId: string, expects?: (user: UserRecord) => boolean): Promise<Failed | undefined>;
  /** The thousand that were used last, of those that have not ended. */
  sessionsOf(emailOrId: string): Promise<readonly UserSession[] | Failed>;
  /**
   * Ends sessions of a user.
   *
   * @param sessionId when given, this one alone
   */
  endSessions(emailOrId: string, sessionId?: string): Promise<Failed | undefined>;
  /** @returns the key too, which is shown this once */
  addKey(
    name: string,
    role: string,
    expiresAt: Date | undefined,
  ): Promise<{ key: string; record: ApiKeyRecord } | Failed>;
  /** All keys, the oldest first; those that were revoked included. */
  listKeys(): Promise<readonly ApiKeyRecord[]>;
  revokeKey(id: string): Promise<ApiKeyRecord | Failed>;
}

export interface AdministrationParts {
  readonly database: Database;
  /** The names of the configuration. */
  readonly roles: ReadonlySet<string>;
  readonly passwords: Pick<Passwords, 'hash'>;
  /** See `compilePasswordPolicy`. */
  readonly policy: (password: string) => PasswordFault | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where there is a gateway in the same process: it need not wait to see what changed. */
  readonly onChange?: OnChange;
}

const MAX_SESSIONS_SHOWN = 1000;

const UNKNOWN_USER: Failed = { fault: 'unknown-user' };
const CHANGED_MEANWHILE: Failed = { fault: 'changed-meanwhile' };

/** Puts the administration together; nothing is asked of the database yet. */
export function administration({
  database,
  roles,
  passwords,
  policy,
  now,
  onChange = () => undefined,
}: AdministrationParts): Administration {
  const find = async (emailOrId: string): Promise<CountedUser | undefined> => {
    const key = keyOf(emailOrId);
    return key === undefined ? undefined : findUser(database, key, now());
  };
  const hashOf = async (password: string): Promise<{ readonly hash: string } | Failed> => {
    const fault = policy(password);
    if (fault !== undefined) return { fault: `password-${fault}` };
    const hashed = await passwords.hash(password);
    return hashed === 'busy' ? { fault: 'busy' } : hashed;
  };
  /** Does what may find nobody any more, and gives what is there afterwards. */
  const change = async (
    emailOrId: string,
    work: (user: CountedUser) => Promise<boolean | Failed>,
  ): Promise<UserRecord | Failed> => {
    const user = await find(emailOrId);
    const done = user !== undefined && (await work(user));
    if (user === undefined || done === false) return UNKNOWN_USER;
    if (done !== true) return done;
    onChange({ kind: 'user', userId: user.id });
    return (await findUser(database, user, now())) ?? UNKNOWN_USER;
  };
  /** Does what needs a transaction, when the user is as expected. */
  const carryOut = async (
    id: string,
    expects: (user: UserRecord) => boolean,
    work: (transaction: Queries) => Promise<boolean>,
  ): Promise<boolean | Failed> =>
    database.transaction(async (transaction) => {
      const user = await findLockedUser(transaction, id, now());
      if (user === undefined) return false;
      return expects(user) ? work(transaction) : CHANGED_MEANWHILE;
    });
  /** The sessions are ended by a statement of its own: it sees those, too, that began while the first one waited. */
  const endingSessions =
    (id: string, update: (queries: Queries) => Promise<boolean>) =>
    async (transaction: Queries): Promise<boolean> => {
      if (!(await update(transaction))) return false;
      await revokeSessionsOf(transaction, id, now());
      return true;
    };
  const changeUser: Administration['changeUser'] = async (emailOrId, { role, disabled }, expects = () => true) => {
    if (role !== undefined && !roles.has(role)) return { fault: 'unknown-role' };
    return change(emailOrId, async ({ id, email }) => {
      const update = async (queries: Queries): Promise<boolean> =>
        (role === undefined || (await updateRole(queries, id, role, now()))) &&
        (disabled === undefined || (await updateDisabled(queries, id, disabled, now())));
      const changed = await carryOut(id, expects, disabled === undefined ? update : endingSessions(id, update));
      if (changed === true && disabled === false) await forgetFailures(database, email);
      return changed;
    });
  };
  return {
    async addUser(text, password, role) {
      const address = normalEmail(text);
      if ('fault' in address) return { fault: 'invalid-email' };
      if (!roles.has(role)) return { fault: 'unknown-role' };
      const hashed = await hashOf(password);
      if ('fault' in hashed) return hashed;
      const user = await insertUser(database, { email: address.email, hash: hashed.hash, role, now: now() });
      return user === 'email-taken' ? { fault: user } : { ...user, sessions: 0 };
    },
    async listUsers({ search, role, limit, after }) {
      return pageOfUsers(database, { search, role, limit, after }, now());
    },
    findUser: find,
    setRole: async (emailOrId, role) => changeUser(emailOrId, { role }),
    async setPassword(emailOrId, password) {
      const hashed = await hashOf(password);
      if ('fault' in hashed) return hashed;
      return change(emailOrId, async ({ id, email }) => {
        const update = async (queries: Queries): Promise<boolean> => updateHash(queries, id, hashed.hash, now());
        const changed = await database.transaction(endingSessions(id, update));
        if (changed) await forgetFailures(database, email);
        return changed;
      });
    },
    setDisabled: async (emailOrId, disabled) => changeUser(emailOrId, { disabled }),
    changeUser,
    async removeUser(emailOrId, expects = () => true) {
      const user = await find(emailOrId);
      if (user === undefined) return UNKNOWN_USER;
      const removed = await carryOut(user.id, expects, async (transaction) => deleteUser(transaction, user.id));
      if (removed === false) return UNKNOWN_USER;
      if (removed !== true) return removed;
      onChange({ kind: 'user', userId: user.id });
      return undefined;
    },
    async sessionsOf(emailOrId) {
      const user = await find(emailOrId);
      return user === undefined ? UNKNOWN_USER : sessionsOf(database, user.id, now(), MAX_SESSIONS_SHOWN);
    },
    async endSessions(emailOrId, sessionId) {
      const user = await find(emailOrId);
      if (user === undefined) return UNKNOWN_USER;
      if (sessionId === undefined) {
        const ended = await revokeSessionsOf(database, user.id, now());
        for (const id of ended) onChange({ kind: 'session', sessionId: id });
        return undefined;
      }
      const id = sessionId.toLowerCase();
      if (!isUuid(id) || !(await revokeSession(database, id, user.id, now()))) return { fault: 'unknown-session' };
      onChange({ kind: 'session', sessionId: id });
      return undefined;
    },
    async addKey(name, role, expiresAt) {
      if (!roles.has(role)) return { fault: 'unknown-role' };
      const { id, hash, text } = makeApiKey();
      return { key: text, record: await insertApiKey(database, { id, hash, name, role, expiresAt, now: now() }) };
    },
    listKeys: async () => allApiKeys(database),
    async revokeKey(id) {
      const record = await revokeApiKey(database, id, now());
      if (record === undefined) return { fault: 'unknown-key' };
      onChange({ kind: 'key', keyId: id });
      return record;
    },
  };
}

/** An address has an @, and a UUID has none. */
function keyOf(emailOrId: string): { readonly email: string } | { readonly id: string } | undefined {
  const id = emailOrId.trim().toLowerCase();
  if (isUuid(id)) return { id };
  const address = normalEmail(emailOrId);
  return 'fault' in address ? undefined : address;
}
