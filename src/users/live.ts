import { apiKeyIdentity, isSameHash, parseApiKey } from '../auth/api-keys.ts';
import { isBuiltIn, type Identity } from '../auth/identity.ts';
import type { Queries } from '../database/database.ts';
import { storedApiKeys, type StoredApiKey } from './api-key-store.ts';
import type { Change } from './changes.ts';
import { Known, type Answer } from './known.ts';
import { liveSessions, type LiveSession } from './sessions.ts';
import { isUuid } from './uuid.ts';

export interface LiveOptions {
  readonly database: Queries;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How late a change that another process made takes effect; default 5 s. In milliseconds, as the next. */
  readonly ttl?: number;
  /** How long the last answer holds while the database is down; default 60 s. */
  readonly staleFor?: number;
  /** How many sessions, and how many keys, are remembered; default 100,000. */
  readonly size?: number;
  /** Milliseconds that never go back; for tests. */
  readonly clock?: () => number;
}

/**
 * `ended`: the session was ended or has expired, the user is disabled or gone, or has another role since the token was
 * signed. `unknown`: the database is down, and nothing is remembered that is new enough.
 */
export type Liveness = 'live' | 'ended' | 'unknown';

/** Whether what was verified still holds: to be asked for each request. */
export interface Live {
  /** Foreign tokens are always live: nobody here can end them. @returns a promise only when the database has to be asked */
  check(identity: Identity): Liveness | Promise<Liveness>;
  /**
   * Who calls with an API key.
   *
   * @param text as the client sent it
   * @returns undefined for what is no key, or was revoked or has expired
   */
  key(text: string): Identity | undefined | 'unknown' | Promise<Identity | undefined | 'unknown'>;
  /** To be told of what changed in this process: it takes effect at once. */
  changed(change: Change): void;
}

const DEFAULT_TTL = 5_000;
const DEFAULT_STALE = 60_000;
const DEFAULT_SIZE = 100_000;

/**
 * What is known of sessions and keys, in memory. A change in this process is seen by the next request, one in another
 * process after `ttl` at the latest.
 */
export function live(options: LiveOptions): Live {
  const { database, now, ttl = DEFAULT_TTL, staleFor = DEFAULT_STALE, size = DEFAULT_SIZE } = options;
  const shared = { ttl, staleFor, size, clock: options.clock ?? (() => performance.now()) };
  const sessions = new Known<LiveSession>({
    ...shared,
    remembersNone: true,
    ask: async (ids) => liveSessions(database, ids, now()),
  });
  // Whoever likes can make up ids of keys; those of sessions come in tokens that were signed here.
  const keys = new Known<StoredApiKey>({
    ...shared,
    remembersNone: false,
    ask: async (ids) => storedApiKeys(database, ids),
  });

  const holds = (stored: StoredApiKey | undefined): stored is StoredApiKey =>
    stored !== undefined && now() < stored.expiresAt;

  return {
    check(identity) {
      if (!isBuiltIn(identity)) return 'live';
      const { sessionId, roleVersion, subject } = identity;
      if (identity.credential === 'key') {
        const judge = (answer: Answer<StoredApiKey>): Liveness =>
          answer === 'unknown' ? answer : holds(answer.value) ? 'live' : 'ended';
        const answer = keys.get(subject.slice(subject.indexOf(':') + 1));
        return answer instanceof Promise ? answer.then(judge) : judge(answer);
      }
      if (sessionId === undefined || !isUuid(sessionId)) return 'ended';
      const judge = (answer: Answer<LiveSession>): Liveness => {
        if (answer === 'unknown') return answer;
        const { value } = answer;
        return value !== undefined && value.userId === subject && value.roleVersion === roleVersion ? 'live' : 'ended';
      };
      // A token that is newer than what is remembered was signed after a change that is not known here yet.
      const answer = sessions.get(sessionId, (known) => known === undefined || known.roleVersion >= roleVersion);
      return answer instanceof Promise ? answer.then(judge) : judge(answer);
    },
    key(text) {
      const parsed = parseApiKey(text);
      if (parsed === undefined) return undefined;
      const judge = (answer: Answer<StoredApiKey>): Identity | undefined | 'unknown' => {
        if (answer === 'unknown') return answer;
        const { value } = answer;
        return holds(value) && isSameHash(value.hash, parsed.hash) ? apiKeyIdentity(value) : undefined;
      };
      const answer = keys.get(parsed.id);
      return answer instanceof Promise ? answer.then(judge) : judge(answer);
    },
    changed(change) {
      switch (change.kind) {
        case 'session':
          sessions.set(change.sessionId, undefined);
          break;
        case 'user':
          sessions.forget((_id, session) => session?.userId === change.userId);
          break;
        case 'key':
          keys.set(change.keyId, undefined);
          break;
      }
    },
  };
}
