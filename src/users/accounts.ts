import { signAccessToken, type AccessTokenOptions } from '../auth/access-tokens.ts';
import { isBuiltIn, type Identity } from '../auth/identity.ts';
import type { LockoutRules } from '../auth/lockout.ts';
import type { PasswordFault } from '../auth/password-policy.ts';
import type { Passwords } from '../auth/passwords.ts';
import { makeRefreshToken, refreshTokenHash } from '../auth/refresh-tokens.ts';
import type { Database } from '../database/database.ts';
import { DatabaseUnavailable } from '../database/failures.ts';
import type {
  Caller,
  Fault,
  Issued,
  Locked,
  LoginResult,
  Origin,
  PasswordResult,
  RefreshResult,
  RegisterResult,
} from './account-results.ts';
import type { OnChange } from './changes.ts';
import { clientGroup } from './client-group.ts';
import { normalEmail } from './email.ts';
import { beginAttempt, endAttempt, withdrawAttempt, type Attempt } from './lockouts.ts';
import { Overlaps } from './overlap.ts';
import { credentialsByEmail, insertUser, replaceHash, type Credentials } from './repository.ts';
import {
  callerOf,
  createSession,
  knownToken,
  MAX_SESSIONS,
  revokeSession,
  revokeSessionsOf,
  rotate,
  sessionsOf,
  type SessionGrant,
  type UserSession,
} from './sessions.ts';
import { isUuid } from './uuid.ts';

export interface AccountsOptions {
  readonly registration: 'open' | 'closed';
  /** Of those who register; undefined = none. */
  readonly defaultRole: string | undefined;
  readonly lockout: LockoutRules;
  readonly tokens: AccessTokenOptions;
  /** In milliseconds; each refresh begins it anew. */
  readonly refreshTtl: number;
}

export interface AccountsParts {
  readonly database: Database;
  readonly passwords: Passwords;
  /** See `compilePasswordPolicy`. */
  readonly policy: (password: string) => PasswordFault | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** See `Live.changed`. */
  readonly onChange: OnChange;
}

/**
 * What users do with their own accounts. What is expected to happen is a result; `DatabaseUnavailable` is thrown.
 *
 * An identity is one that was verified, of whatever issuer. Only a token of a session that has not ended, by the
 * database's word, is a caller here; a role that was changed since does not matter.
 */
export interface Accounts {
  register(email: string, password: string): Promise<RegisterResult>;
  login(email: string, password: string, origin: Origin): Promise<LoginResult>;
  /** @param sessionId when given, the token must be of this session */
  refresh(refreshToken: string, sessionId?: string): Promise<RefreshResult>;
  /** Ends the caller's session, or all that the caller has. */
  logout(identity: Identity | undefined, all: boolean): Promise<Fault<'unauthorized'> | undefined>;
  /**
   * As `logout`, for whoever has no valid access token any more. A refresh token that was used ends its session and lets
   * nobody in, as in `refresh`.
   *
   * @param sessionId what the token must be of; `foreign-session`: it is of another that goes on, which nothing is done to
   */
  logoutByRefresh(
    refreshToken: string,
    sessionId: string,
    all: boolean,
  ): Promise<Fault<'unauthorized' | 'foreign-session'> | undefined>;
  /** Ends all of the caller's other sessions. */
  changePassword(
    identity: Identity | undefined,
    current: string,
    next: string,
    origin: Origin,
  ): Promise<PasswordResult>;
  me(identity: Identity | undefined): Promise<Caller | undefined>;
  /** The one used last first. */
  sessions(
    identity: Identity | undefined,
  ): Promise<{ readonly sessions: readonly UserSession[]; readonly current: string } | undefined>;
  endSession(
    identity: Identity | undefined,
    sessionId: string,
  ): Promise<Fault<'unauthorized' | 'not-found'> | undefined>;
}

const MAX_USER_AGENT = 256;

const UNAUTHORIZED = { fault: 'unauthorized' } as const;
const INVALID_CREDENTIALS = { fault: 'invalid-credentials' } as const;
const BUSY = { fault: 'busy' } as const;

/** Puts the accounts together; nothing is asked of the database yet. */
export function accounts(options: AccountsOptions, parts: AccountsParts): Accounts {
  const { database, passwords, policy, now, onChange } = parts;
  const { registration, defaultRole, lockout, tokens, refreshTtl } = options;
  const refreshes = new Overlaps();
  /** Attempts that have been let in and are still with the database: bcrypt has not heard of them. */
  let coming = 0;

  const issue = ({ sessionId, userId, role, roleVersion }: SessionGrant, refreshToken: string): Issued => {
    const { token } = signAccessToken(tokens, { subject: userId, sessionId, role, roleVersion }, now());
    const seconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000);
    return {
      sessionId,
      accessToken: token,
      refreshToken,
      expiresIn: seconds(tokens.ttl),
      refreshExpiresIn: seconds(refreshTtl),
    };
  };

  const ended = (sessionIds: readonly string[]): void => {
    for (const sessionId of sessionIds) onChange({ kind: 'session', sessionId });
  };

  /** Two have a token that was used, and nobody knows which of them is the thief (RFC 9700 section 4.14.2). */
  const endReplayed = async (sessionId: string): Promise<void> => {
    if (await revokeSession(database, sessionId, undefined, now())) ended([sessionId]);
  };

  const endSessions = async (userId: string, sessionId: string, all: boolean): Promise<void> => {
    if (!all) await revokeSession(database, sessionId, userId, now());
    ended(all ? await revokeSessionsOf(database, userId, now()) : [sessionId]);
  };

  /** The caller, with the password's hash. */
  const callerIn = async (
    identity: Identity | undefined,
  ): Promise<(Caller & { readonly hash: string }) | undefined> => {
    const sessionId = sessionIn(identity);
    if (sessionId === undefined) return undefined;
    const caller = await callerOf(database, sessionId, now());
    return caller === undefined || caller.id !== identity?.subject ? undefined : { ...caller, sessionId };
  };

  /**
   * Compares a password. The failure is counted first and taken back when it was none: a thousand guesses at once would
   * otherwise all be made before the first one counts. Whoever does not exist costs the same statements and the same
   * work of bcrypt.
   *
   * Nothing is asked or counted while bcrypt has no room: whoever makes up addresses would otherwise write two rows for
   * each as fast as the database takes them, and not as fast as passwords are compared.
   */
  const compare = async (
    attempt: Attempt,
    password: string,
    hashOf: () => Promise<string | undefined>,
  ): Promise<'match' | typeof INVALID_CREDENTIALS | Fault<'busy'> | Locked> => {
    if (!passwords.hasRoom(coming)) return BUSY;
    let hash;
    coming += 1;
    try {
      const seconds = await beginAttempt(database, attempt, lockout, now());
      if (seconds > 0) return { fault: 'locked', retryAfter: seconds };
      hash = await hashOf();
    } finally {
      coming -= 1;
    }
    const verdict = await passwords.verify(password, hash);
    switch (verdict) {
      case 'match':
        return verdict;
      case 'mismatch':
        return INVALID_CREDENTIALS;
      case 'busy':
        // Somebody who registers has taken the place.
        await withdrawAttempt(database, attempt, now());
        return BUSY;
    }
  };

  const hashNew = async (
    password: string,
  ): Promise<{ readonly hash: string } | Fault<`password-${PasswordFault}` | 'busy'>> => {
    const fault = policy(password);
    if (fault !== undefined) return { fault: `password-${fault}` };
    const hashed = await passwords.hash(password);
    return hashed === 'busy' ? { fault: hashed } : hashed;
  };

  /**
   * Begins a session with a password that was right. It may have been hashed anew meanwhile, by another login, or changed:
   * then it is compared once more.
   */
  const beginSession = async (
    email: string,
    user: Credentials,
    password: string,
    { address, userAgent }: Origin,
    again = true,
  ): Promise<Issued | undefined> => {
    const { token, hash } = makeRefreshToken();
    const begun = now();
    const grant = await createSession(database, {
      userId: user.id,
      passwordHash: user.hash,
      tokenHash: hash,
      client: address,
      userAgent: shownUserAgent(userAgent),
      now: begun,
      expiresAt: begun + refreshTtl,
    });
    if (grant !== undefined) {
      ended(grant.ended);
      return issue(grant, token);
    }
    const known = await credentialsByEmail(database, email);
    if (!again || known === undefined || known.hash === user.hash) return undefined;
    const verdict = await passwords.verify(password, known.hash);
    return verdict === 'match' ? beginSession(email, known, password, { address, userAgent }, false) : undefined;
  };

  return {
    async register(text, password) {
      if (registration === 'closed') return { fault: 'registration-closed' };
      const address = normalEmail(text);
      if ('fault' in address) return { fault: 'invalid-email' };
      const hashed = await hashNew(password);
      if ('fault' in hashed) return hashed;
      const { email } = address;
      const user = await insertUser(database, { email, hash: hashed.hash, role: defaultRole ?? '', now: now() });
      return user === 'email-taken' ? { fault: user } : { user };
    },

    async login(text, password, origin) {
      const address = normalEmail(text);
      if ('fault' in address) return { fault: 'invalid-email' };
      const attempt = { email: address.email, client: clientGroup(origin.address) };
      let user: Credentials | undefined;
      const compared = await compare(attempt, password, async () => {
        user = await credentialsByEmail(database, attempt.email);
        return user?.hash;
      });
      if (compared !== 'match') return compared;
      const issued = user === undefined ? undefined : await beginSession(attempt.email, user, password, origin);
      // For a disabled user the failure stays counted: it is the same answer, and it comes after the same work.
      if (user === undefined || issued === undefined) return INVALID_CREDENTIALS;
      const known = user;
      await afterwards(async () => {
        await endAttempt(database, attempt, now());
        await renewHash(known, password);
      });
      return { issued };
    },

    async refresh(refreshToken, sessionId) {
      const hash = refreshTokenHash(refreshToken);
      if (hash === undefined) return { fault: 'invalid-token' };
      const successor = makeRefreshToken();
      const begun = now();
      const grant = await refreshes.run(hash, async () =>
        rotate(database, {
          hash,
          successor: successor.hash,
          sessionId,
          now: begun,
          expiresAt: begun + refreshTtl,
        }),
      );
      if (grant === 'beaten') return { fault: grant };
      if (grant !== undefined) return { issued: issue(grant, successor.token) };
      const known = await knownToken(database, hash, now());
      if (known?.used !== true) return { fault: 'invalid-token' };
      await endReplayed(known.sessionId);
      return { fault: 'replayed' };
    },

    async logout(identity, all) {
      const caller = await callerIn(identity);
      if (caller === undefined) return UNAUTHORIZED;
      await endSessions(caller.id, caller.sessionId, all);
      return undefined;
    },

    async logoutByRefresh(refreshToken, sessionId, all) {
      const hash = refreshTokenHash(refreshToken);
      const known = hash === undefined ? undefined : await knownToken(database, hash, now());
      if (known?.live !== true) return UNAUTHORIZED;
      if (known.sessionId !== sessionId) return { fault: 'foreign-session' };
      if (known.used) {
        await endReplayed(sessionId);
        return UNAUTHORIZED;
      }
      await endSessions(known.userId, sessionId, all);
      return undefined;
    },

    async changePassword(identity, current, next, origin) {
      const caller = await callerIn(identity);
      if (caller === undefined) return UNAUTHORIZED;
      const fault = policy(next);
      if (fault !== undefined) return { fault: `password-${fault}` };
      // A stolen access token must not be a way around the lockout.
      const attempt = { email: caller.email, client: clientGroup(origin.address) };
      const compared = await compare(attempt, current, async () => caller.hash);
      if (compared !== 'match') return compared;
      const hashed = await hashNew(next);
      if ('fault' in hashed) {
        await endAttempt(database, attempt, now());
        return hashed;
      }
      const others = await database.transaction(async (transaction) => {
        const change = { from: caller.hash, to: hashed.hash };
        if (!(await replaceHash(transaction, caller.id, change, now()))) return undefined;
        return revokeSessionsOf(transaction, caller.id, now(), caller.sessionId);
      });
      // Somebody else has changed it meanwhile: the current password is another one now.
      if (others === undefined) return INVALID_CREDENTIALS;
      ended(others);
      await afterwards(async () => endAttempt(database, attempt, now()));
      return undefined;
    },

    async me(identity) {
      const caller = await callerIn(identity);
      if (caller === undefined) return undefined;
      const { id, email, role, createdAt, sessionId } = caller;
      return { id, email, role, createdAt, sessionId };
    },

    async sessions(identity) {
      const caller = await callerIn(identity);
      if (caller === undefined) return undefined;
      const sessions = await sessionsOf(database, caller.id, now(), MAX_SESSIONS);
      return { sessions, current: caller.sessionId };
    },

    async endSession(identity, sessionId) {
      const caller = await callerIn(identity);
      if (caller === undefined) return UNAUTHORIZED;
      if (!isUuid(sessionId) || !(await revokeSession(database, sessionId, caller.id, now())))
        return { fault: 'not-found' };
      ended([sessionId]);
      return undefined;
    },
  };

  /** A hash of a higher cost than the configured one takes longer, which tells who has such a one; a lower one is weaker. */
  async function renewHash({ id, hash }: Credentials, password: string): Promise<void> {
    if (!passwords.outdated(hash)) return;
    const renewed = await passwords.hash(password);
    if (renewed !== 'busy') await replaceHash(database, id, { from: hash, to: renewed.hash }, now());
  }
}

/** What was asked for is done: that the database has gone away since is not the answer to it. */
async function afterwards(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
  }
}

/** Neither a foreign token nor an API key has a session here. */
function sessionIn(identity: Identity | undefined): string | undefined {
  if (identity === undefined || !isBuiltIn(identity) || identity.credential !== 'token') return undefined;
  const { sessionId } = identity;
  return sessionId !== undefined && isUuid(sessionId) ? sessionId : undefined;
}

/** For people to tell their devices apart: as text, without what would confuse a terminal. */
function shownUserAgent(userAgent: string): string {
  return userAgent.replaceAll(/[\0-\x1f\x7f-\x9f\p{Surrogate}]/gu, '').slice(0, MAX_USER_AGENT);
}
