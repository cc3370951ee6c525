import type { Queries } from '../database/database.ts';
import { UniqueViolation } from '../database/failures.ts';
import { searchForms } from './email.ts';
import { isUuid } from './uuid.ts';

/** A user, without what only the database needs to know. */
export interface User {
  readonly id: string;
  readonly email: string;
  /** Empty = none. */
  readonly role: string;
  readonly disabled: boolean;
  readonly createdAt: Date;
}

/** A user and how many sessions of it could be refreshed. */
export interface CountedUser extends User {
  readonly sessions: number;
}

/** What a login is compared with. */
export interface Credentials {
  readonly id: string;
  /** Of the password. */
  readonly hash: string;
}

interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly disabled: boolean;
  readonly created_at: Date;
}

const COLUMNS = 'u.id, u.email, u.role, u.disabled, u.created_at';
/** To be asked with the time as $1. */
const COUNTED = `${COLUMNS}, (
  SELECT count(*)::int FROM sessions s WHERE s.user_id = u.id AND s.revoked_at IS NULL AND s.expires_at > $1
) AS sessions`;

function userOf({ id, email, role, disabled, created_at }: UserRow): User {
  return { id, email, role, disabled, createdAt: created_at };
}

function countedOf(row: UserRow & { readonly sessions: number }): CountedUser {
  return { ...userOf(row), sessions: row.sessions };
}

/** @param email see `normalEmail` */
export async function insertUser(
  queries: Queries,
  user: { readonly email: string; readonly hash: string; readonly role: string; readonly now: number },
): Promise<User | 'email-taken'> {
  try {
    const rows = await queries.query<UserRow>(
      `INSERT INTO users AS u (email, password_hash, role, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $4) RETURNING ${COLUMNS}`,
      [user.email, user.hash, user.role, new Date(user.now)],
    );
    return userOf(only(rows));
  } catch (error) {
    if (error instanceof UniqueViolation && error.constraint === 'users_email_key') return 'email-taken';
    throw error;
  }
}

export async function credentialsByEmail(queries: Queries, email: string): Promise<Credentials | undefined> {
  const [row] = await queries.query<{ id: string; hash: string }>(
    'SELECT id, password_hash AS hash FROM users WHERE email = $1',
    [email],
  );
  return row;
}

/** @param key the column, and what it is equal to */
export async function findUser(
  queries: Queries,
  key: { readonly email: string } | { readonly id: string },
  now: number,
): Promise<CountedUser | undefined> {
  const [column, value] = 'email' in key ? ['email', key.email] : ['id', key.id];
  const [row] = await queries.query<UserRow & { sessions: number }>(
    `SELECT ${COUNTED} FROM users u WHERE u.${column} = $2`,
    [new Date(now), value],
  );
  return row === undefined ? undefined : countedOf(row);
}

/** @returns false when there is no such user, or somebody else has changed the hash first */
export async function replaceHash(
  queries: Queries,
  id: string,
  { from, to }: { readonly from: string; readonly to: string },
  now: number,
): Promise<boolean> {
  const rows = await queries.execute(
    'UPDATE users SET password_hash = $3, updated_at = $4 WHERE id = $1 AND password_hash = $2',
    [id, from, to, new Date(now)],
  );
  return rows === 1;
}

/** @returns false when there is no such user */
export async function updateHash(queries: Queries, id: string, hash: string, now: number): Promise<boolean> {
  const rows = await queries.execute('UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1', [
    id,
    hash,
    new Date(now),
  ]);
  return rows === 1;
}

/** Tokens with the old role are no longer good. */
export async function updateRole(queries: Queries, id: string, role: string, now: number): Promise<boolean> {
  const rows = await queries.execute(
    'UPDATE users SET role = $2, role_version = role_version + 1, updated_at = $3 WHERE id = $1',
    [id, role, new Date(now)],
  );
  return rows === 1;
}

/** Tokens from before are no longer good, even when the user is enabled again. */
export async function updateDisabled(queries: Queries, id: string, disabled: boolean, now: number): Promise<boolean> {
  const rows = await queries.execute(
    'UPDATE users SET disabled = $2, role_version = role_version + 1, updated_at = $3 WHERE id = $1',
    [id, disabled, new Date(now)],
  );
  return rows === 1;
}

/** Nobody else changes a user that has been read so, until the transaction is over. */
export async function findLockedUser(transaction: Queries, id: string, now: number): Promise<CountedUser | undefined> {
  await transaction.execute('SELECT id FROM users WHERE id = $1 FOR UPDATE', [id]);
  return findUser(transaction, { id }, now);
}

/**
 * Its sessions go with it. They are locked first, in the order that `sessions.ts` has: what goes with a user is deleted
 * in whatever order. None begins meanwhile, since the user is locked as well.
 *
 * @param transaction in which the user is locked already: see {@link findLockedUser}
 */
export async function deleteUser(transaction: Queries, id: string): Promise<boolean> {
  await transaction.execute('SELECT id FROM sessions WHERE user_id = $1 ORDER BY id FOR UPDATE', [id]);
  return (await transaction.execute('DELETE FROM users WHERE id = $1', [id])) === 1;
}

export interface UserFilter {
  /** Part of the address, in any case; labels of its domain as people write them, or as DNS has them. */
  readonly search: string | undefined;
  readonly role: string | undefined;
  readonly limit: number;
  /** See {@link cursorOf}. */
  readonly after: string | undefined;
}

/**
 * A page of users, the oldest first. A page begins behind the last one of the page before, wherever that one stands by
 * now: nobody is left out or listed twice because others come or go.
 */
export async function pageOfUsers(
  queries: Queries,
  { search, role, limit, after }: UserFilter,
  now: number,
): Promise<{ readonly users: readonly CountedUser[]; readonly next: string | undefined }> {
  const from = after === undefined ? undefined : placeIn(after);
  if (after !== undefined && from === undefined) throw new RangeError('not the next of a page');
  const [asItIs, asInDns] = search === undefined ? [null, null] : searchForms(search);
  const rows = await queries.query<UserRow & { sessions: number; place: string }>(
    `SELECT ${COUNTED}, to_char(u.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place
     FROM users u
     WHERE ($2::text IS NULL OR position($2 IN u.email) > 0 OR position($7::text IN u.email) > 0)
       AND ($3::text IS NULL OR u.role = $3)
       AND ($4::timestamptz IS NULL OR (u.created_at, u.id) > ($4::timestamptz, $5::uuid))
     ORDER BY u.created_at, u.id
     LIMIT $6`,
    [
      new Date(now),
      asItIs,
      role ?? null,
      from?.time ?? null,
      from?.id ?? null,
      // One more tells whether there is another page.
      limit + 1,
      asInDns,
    ],
  );
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { users: shown.map(countedOf), next: last === undefined ? undefined : cursorOf(last.place, last.id) };
}

/** Whether a text can be the `next` of a page. */
export function isCursor(text: string): boolean {
  return placeIn(text) !== undefined;
}

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) ([\da-f-]{36})$/;

function cursorOf(time: string, id: string): string {
  return Buffer.from(`${time} ${id}`).toString('base64url');
}

/** With all digits of the time that PostgreSQL has: a Date would lose the last three. */
function placeIn(cursor: string): { readonly time: string; readonly id: string } | undefined {
  const [, time, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (time === undefined || id === undefined || !isUuid(id) || !isTime(time)) return undefined;
  // What is no base64url is skipped by the decoder.
  return cursorOf(time, id) === cursor ? { time, id } : undefined;
}

/** Whether there is such a day and such an hour: PostgreSQL fails on others, and on the year 0, where Date goes on counting. */
function isTime(time: string): boolean {
  const date = new Date(time);
  if (Number.isNaN(date.getTime()) || time.startsWith('0000')) return false;
  return date.toISOString().slice(0, -1) === time.slice(0, -4);
}

function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('a statement that gives one row gave none');
  return row;
}
