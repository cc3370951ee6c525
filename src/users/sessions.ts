/**
 * Sessions and their refresh tokens.
 *
 * Statements that run at once must not wait for each other: all of them lock the row of the user first, if at all, then
 * those of sessions, several in the order of their ids, and then those of tokens. What is deleted with a user or with a
 * session goes in this order by itself.
 */
import type { Queries } from '../database/database.ts';

/** One login of a user, and the family of all refresh tokens that came from it. */
export interface UserSession {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  /** The address that logged in. */
  readonly client: string;
  readonly userAgent: string;
}

/** Whom an access token is to be signed for. */
export interface SessionGrant {
  readonly sessionId: string;
  readonly userId: string;
  /** Empty = none. */
  readonly role: string;
  readonly roleVersion: number;
}

interface GrantRow {
  readonly session_id: string;
  readonly user_id: string;
  readonly role: string;
  readonly role_version: number;
}

/**
 * How many live sessions a user can have: as many as are shown. Whoever knows a password could otherwise fill the database
 * by logging in.
 */
export const MAX_SESSIONS = 100;

function grantOf({ session_id, user_id, role, role_version }: GrantRow): SessionGrant {
  return { sessionId: session_id, userId: user_id, role, roleVersion: role_version };
}

/** base64url of a hash, as `bytea`. */
function bytes(hash: string): Buffer {
  return Buffer.from(hash, 'base64url');
}

/**
 * Begins a session, with its first refresh token. The user must still be enabled and have the password that was compared:
 * bcrypt takes a while, and a password that was changed meanwhile must not let anybody in. The row lock makes it come
 * before or after such a change, and what ends all sessions comes after it, too.
 *
 * Of more than {@link MAX_SESSIONS} those used longest ago end. Of several that begin at once none sees the others: there
 * are so many more until the next one begins. Those that end expire as well, so that they are soon deleted: no token of
 * theirs that comes again could end anything.
 *
 * @returns undefined when the user has changed; `ended` are the sessions that had to go
 */
export async function createSession(
  queries: Queries,
  session: {
    readonly userId: string;
    readonly passwordHash: string;
    readonly tokenHash: string;
    readonly client: string;
    readonly userAgent: string;
    readonly now: number;
    readonly expiresAt: number;
  },
): Promise<(SessionGrant & { readonly ended: readonly string[] }) | undefined> {
  const [row] = await queries.query<GrantRow & { readonly ended: readonly string[] }>(
    `WITH account AS (
       SELECT id, role, role_version FROM users WHERE id = $1 AND password_hash = $2 AND NOT disabled FOR SHARE
     ), session AS (
       INSERT INTO sessions (user_id, created_at, last_used_at, expires_at, client, user_agent)
       SELECT id, $3::timestamptz, $3::timestamptz, $4::timestamptz, $5, $6 FROM account
       RETURNING id
     ), token AS (
       INSERT INTO refresh_tokens (hash, session_id, created_at, expires_at)
       SELECT $7::bytea, id, $3::timestamptz, $4::timestamptz FROM session
     ), surplus AS MATERIALIZED (
       SELECT id FROM sessions
       WHERE user_id = (SELECT id FROM account) AND revoked_at IS NULL AND expires_at > $3::timestamptz
       ORDER BY last_used_at DESC, id OFFSET $8::int
     ), locked AS MATERIALIZED (
       SELECT s.id FROM sessions s JOIN surplus USING (id) WHERE s.revoked_at IS NULL ORDER BY s.id FOR UPDATE OF s
     ), ended AS (
       UPDATE sessions SET revoked_at = $3::timestamptz, expires_at = $3::timestamptz
       WHERE id IN (SELECT id FROM locked)
       RETURNING id
     )
     SELECT session.id AS session_id, account.id AS user_id, role, role_version,
       ARRAY(SELECT id::text FROM ended) AS ended
     FROM session, account`,
    [
      session.userId,
      session.passwordHash,
      new Date(session.now),
      new Date(session.expiresAt),
      session.client,
      session.userAgent,
      bytes(session.tokenHash),
      // The new one is not seen.
      MAX_SESSIONS - 1,
    ],
  );
  return row === undefined ? undefined : { ...grantOf(row), ended: row.ended };
}

/**
 * Uses a refresh token up and stores its successor, in one statement. The session's row is locked first: of two that come
 * at once the second waits for it, sees that the token is used, and gets nothing; when the session was revoked meanwhile,
 * nothing is given either.
 *
 * @param rotation `sessionId`, when given, must be the token's
 * @returns undefined when the token is not, or no longer, good for anything: see {@link knownToken}
 */
export async function rotate(
  queries: Queries,
  rotation: {
    readonly hash: string;
    readonly successor: string;
    readonly sessionId: string | undefined;
    readonly now: number;
    readonly expiresAt: number;
  },
): Promise<SessionGrant | undefined> {
  const [row] = await queries.query<GrantRow>(
    `WITH family AS MATERIALIZED (
       SELECT s.id, s.user_id FROM sessions s
       WHERE s.id = (SELECT session_id FROM refresh_tokens WHERE hash = $1::bytea)
         AND s.revoked_at IS NULL AND s.expires_at > $3::timestamptz
         AND ($5::uuid IS NULL OR s.id = $5::uuid)
       FOR NO KEY UPDATE
     ), used AS (
       UPDATE refresh_tokens t SET used_at = $3::timestamptz
       FROM family JOIN users u ON u.id = family.user_id
       WHERE t.hash = $1::bytea AND t.used_at IS NULL AND t.expires_at > $3::timestamptz
         AND t.session_id = family.id AND NOT u.disabled
       RETURNING t.session_id, u.id AS user_id, u.role, u.role_version
     ), extended AS (
       UPDATE sessions SET last_used_at = $3::timestamptz, expires_at = $4::timestamptz
       WHERE id = (SELECT session_id FROM used)
       RETURNING id
     ), successor AS (
       INSERT INTO refresh_tokens (hash, session_id, created_at, expires_at)
       SELECT $2::bytea, session_id, $3::timestamptz, $4::timestamptz FROM used
     )
     SELECT used.* FROM used JOIN extended ON extended.id = used.session_id`,
    [
      bytes(rotation.hash),
      bytes(rotation.successor),
      new Date(rotation.now),
      new Date(rotation.expiresAt),
      rotation.sessionId ?? null,
    ],
  );
  return row === undefined ? undefined : grantOf(row);
}

/** What is known of a refresh token. */
export interface KnownToken {
  readonly sessionId: string;
  readonly userId: string;
  readonly used: boolean;
  /** Whether it has not expired, and its session goes on. */
  readonly live: boolean;
}

/** What a refresh token is, without a use of it. */
export async function knownToken(queries: Queries, hash: string, now: number): Promise<KnownToken | undefined> {
  const [row] = await queries.query<{ session_id: string; user_id: string; used: boolean; live: boolean }>(
    `SELECT t.session_id, s.user_id, t.used_at IS NOT NULL AS used,
       t.expires_at > $2 AND s.expires_at > $2 AND s.revoked_at IS NULL AND NOT u.disabled AS live
     FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
     WHERE t.hash = $1`,
    [bytes(hash), new Date(now)],
  );
  return row === undefined
    ? undefined
    : { sessionId: row.session_id, userId: row.user_id, used: row.used, live: row.live };
}

/**
 * Ends a session.
 *
 * @param userId when given, the session must be this user's
 * @returns whether it was there and had not ended
 */
export async function revokeSession(
  queries: Queries,
  sessionId: string,
  userId: string | undefined,
  now: number,
): Promise<boolean> {
  const rows = await queries.execute(
    `UPDATE sessions SET revoked_at = $3
     WHERE id = $1 AND ($2::uuid IS NULL OR user_id = $2::uuid) AND revoked_at IS NULL AND expires_at > $3`,
    [sessionId, userId ?? null, new Date(now)],
  );
  return rows === 1;
}

/**
 * Ends all sessions of a user.
 *
 * @param except one that goes on
 * @returns those that have ended
 */
export async function revokeSessionsOf(
  queries: Queries,
  userId: string,
  now: number,
  except?: string,
): Promise<readonly string[]> {
  const rows = await queries.query<{ id: string }>(
    `WITH locked AS MATERIALIZED (
       SELECT id FROM sessions
       WHERE user_id = $1 AND revoked_at IS NULL AND ($3::uuid IS NULL OR id <> $3::uuid)
       ORDER BY id FOR UPDATE
     )
     UPDATE sessions s SET revoked_at = $2 FROM locked WHERE s.id = locked.id
     RETURNING s.id`,
    [userId, new Date(now), except ?? null],
  );
  return rows.map(({ id }) => id);
}

/** The sessions of a user that could be refreshed, the one used last first. */
export async function sessionsOf(
  queries: Queries,
  userId: string,
  now: number,
  limit: number,
): Promise<readonly UserSession[]> {
  const rows = await queries.query<{
    id: string;
    created_at: Date;
    last_used_at: Date;
    expires_at: Date;
    client: string;
    user_agent: string;
  }>(
    `SELECT id, created_at, last_used_at, expires_at, client, user_agent FROM sessions
     WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
     ORDER BY last_used_at DESC, id
     LIMIT $3`,
    [userId, new Date(now), limit],
  );
  return rows.map((row) => ({
    id: row.id,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    client: row.client,
    userAgent: row.user_agent,
  }));
}

/** What is known of a session that has not ended. */
export interface LiveSession {
  readonly userId: string;
  readonly roleVersion: number;
}

/** Those of the given sessions that have not ended, and whose users are not disabled. */
export async function liveSessions(
  queries: Queries,
  sessionIds: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, LiveSession>> {
  const rows = await queries.query<{ id: string; user_id: string; role_version: number }>(
    `SELECT s.id, s.user_id, u.role_version FROM sessions s JOIN users u ON u.id = s.user_id
     WHERE s.id = ANY($1::uuid[]) AND s.revoked_at IS NULL AND s.expires_at > $2 AND NOT u.disabled`,
    [sessionIds, new Date(now)],
  );
  return new Map(rows.map(({ id, user_id, role_version }) => [id, { userId: user_id, roleVersion: role_version }]));
}

/** The user and the password hash behind a session that has not ended. */
export async function callerOf(
  queries: Queries,
  sessionId: string,
  now: number,
): Promise<
  | {
      readonly id: string;
      readonly email: string;
      readonly role: string;
      readonly hash: string;
      readonly createdAt: Date;
    }
  | undefined
> {
  const [row] = await queries.query<{ id: string; email: string; role: string; hash: string; created_at: Date }>(
    `SELECT u.id, u.email, u.role, u.password_hash AS hash, u.created_at
     FROM sessions s JOIN users u ON u.id = s.user_id
     WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND NOT u.disabled`,
    [sessionId, new Date(now)],
  );
  return row === undefined
    ? undefined
    : { id: row.id, email: row.email, role: row.role, hash: row.hash, createdAt: row.created_at };
}
