import type { Router } from '@koa/router';
import type { AdminConfig } from '../config/config.ts';
import { DatabaseUnavailable } from '../database/failures.ts';
import type { Logger } from '../observability/log.ts';
import type { Administration, Failed, UserRecord } from '../users/administration.ts';
import { readFields, type FieldValues } from '../users/json-fields.ts';
import { isCursor } from '../users/repository.ts';
import { shownSession, shownUser } from '../users/shown.ts';
import {
  addOperation,
  bodyOf,
  bodyProblem,
  callerOf,
  readTarget,
  type CallContext,
  type Caller,
  type Problem,
  type ProblemAnswer,
  type QueryParameter,
  type Result,
} from './call.ts';
import { answerTagged, conditionsOf, ETAG, holds, NO_CONDITIONS, tagOf, type Conditions } from './conditions.ts';
import type { Area } from './openapi.ts';
import { usersArea, type AdminOperation } from './users-openapi.ts';

export interface UsersOptions {
  /** Told of every change of a user. */
  readonly logger: Pick<Logger, 'info'>;
  /** Undefined when the gateway has no users of its own. */
  administration(): Administration | undefined;
  /** The configuration that serves. */
  config(): Pick<AdminConfig, 'token'>;
  readonly problem: ProblemAnswer;
}

/** A request that is what its operation takes. */
interface Call {
  /** What `{id}` and `{session}` stand for; empty when they are not in the path. */
  readonly id: string;
  readonly session: string;
  readonly query: ReadonlyMap<string, string>;
  readonly values: FieldValues;
  readonly caller: Caller;
  /** What it says of the state that it is for. */
  readonly conditions: Conditions;
  /** Whether a user is as the conditions want it. */
  readonly expects: (user: UserRecord) => boolean;
}

/**
 * Does what changes a user, and writes down that it was done. What is refused is not written down; what fails is, since
 * nobody knows whether it took effect.
 *
 * @param change for people: what is different afterwards
 */
type Recorded = <Outcome extends object | undefined>(
  user: UserRecord,
  change: object,
  work: () => Promise<Outcome>,
) => Promise<Outcome>;

interface UserOperation extends AdminOperation {
  handle(users: Administration, call: Call, recorded: Recorded): Promise<Result>;
}

/** In seconds: a database that comes back does so within seconds. */
const DATABASE_RETRY = 5;
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;

const UNKNOWN_USER: Failed = { fault: 'unknown-user' };

// No text in PostgreSQL can hold a NUL.
const isText = (text: string): boolean => !text.includes('\0');

const LIST_QUERY: readonly QueryParameter[] = [
  {
    name: 'search',
    description: 'A part of the e-mail address; upper and lower case are the same.',
    expected: 'a text without NUL',
    schema: { type: 'string' },
    accepts: isText,
  },
  {
    name: 'role',
    description: 'The name of a role; empty = those who have none.',
    expected: 'the name of a role',
    schema: { type: 'string' },
    accepts: isText,
  },
  {
    name: 'limit',
    description: 'The most users of a page.',
    expected: `a whole number from 1 to ${MAX_LIMIT}`,
    schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
    accepts: (text) => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= MAX_LIMIT,
  },
  {
    name: 'after',
    description: '`next` of the page before.',
    expected: 'next of the page before',
    schema: { type: 'string' },
    accepts: isCursor,
  },
];

/** By their `operationId`. */
const OPERATIONS: Readonly<Record<string, UserOperation>> = {
  listUsers: {
    method: 'GET',
    path: '/users',
    summary: 'A page of users, the oldest first',
    query: LIST_QUERY,
    success: { status: 200, schema: 'Users', description: 'A page' },
    async handle(users, { query }) {
      const [search, role, after] = [query.get('search'), query.get('role'), query.get('after')];
      const page = await users.listUsers({
        limit: Number(query.get('limit') ?? DEFAULT_LIMIT),
        ...(search === undefined ? {} : { search }),
        ...(role === undefined ? {} : { role }),
        ...(after === undefined ? {} : { after }),
      });
      return { json: { users: page.users.map(shownRecord), next: page.next ?? null } };
    },
  },
  getUser: {
    method: 'GET',
    path: '/users/{id}',
    summary: 'A user',
    conditions: 'none-match',
    success: { status: 200, schema: 'User', description: 'The user', headers: ETAG },
    async handle(users, { id, conditions }) {
      const user = await users.findUser(id);
      return user === undefined ? refused(UNKNOWN_USER) : answerTagged(conditions, shownRecord(user));
    },
  },
  changeUser: {
    method: 'PATCH',
    path: '/users/{id}',
    summary: 'Give a user another role, lock one out, or let one in again',
    conditions: 'match',
    body: [
      { name: 'role', type: 'string', required: false, description: 'The name of a role of the configuration.' },
      {
        name: 'disabled',
        type: 'boolean',
        required: false,
        description: 'Either way all sessions end; with false, failed logins are forgotten.',
      },
    ],
    success: { status: 200, schema: 'User', description: 'The user as it is now', headers: ETAG },
    async handle(users, { id, values, expects }, recorded) {
      const user = await users.findUser(id);
      if (user === undefined) return refused(UNKNOWN_USER);
      const role = values.has('role') ? { role: values.text('role') } : {};
      const disabled = values.has('disabled') ? { disabled: values.flag('disabled') } : {};
      const next = { ...role, ...disabled };
      const change = {
        ...(next.role === undefined ? {} : { role: { from: user.role, to: next.role } }),
        ...(next.disabled === undefined ? {} : { disabled: { from: user.disabled, to: next.disabled } }),
      };
      return changed(await recorded(user, change, async () => users.changeUser(user.id, next, expects)));
    },
  },
  removeUser: {
    method: 'DELETE',
    path: '/users/{id}',
    summary: 'Remove a user for good',
    conditions: 'match',
    success: { status: 204, description: 'Removed' },
    async handle(users, { id, expects }, recorded) {
      const user = await users.findUser(id);
      if (user === undefined) return refused(UNKNOWN_USER);
      return done(await recorded(user, { removed: true }, async () => users.removeUser(user.id, expects)));
    },
  },
  listSessions: {
    method: 'GET',
    path: '/users/{id}/sessions',
    summary: 'The sessions of a user, at most 1000, the one used last first',
    success: { status: 200, schema: 'Sessions', description: 'Those that have not ended' },
    async handle(users, { id }) {
      const found = await users.sessionsOf(id);
      return 'fault' in found ? refused(found) : { json: { sessions: found.map(shownSession) } };
    },
  },
  endSessions: {
    method: 'DELETE',
    path: '/users/{id}/sessions',
    summary: 'End all sessions of a user',
    success: { status: 204, description: 'Ended' },
    async handle(users, { id }, recorded) {
      const user = await users.findUser(id);
      if (user === undefined) return refused(UNKNOWN_USER);
      return done(await recorded(user, { ended: 'all sessions' }, async () => users.endSessions(user.id)));
    },
  },
  endSession: {
    method: 'DELETE',
    path: '/users/{id}/sessions/{session}',
    summary: 'End one session of a user',
    success: { status: 204, description: 'Ended' },
    async handle(users, { id, session }, recorded) {
      const user = await users.findUser(id);
      if (user === undefined) return refused(UNKNOWN_USER);
      return done(await recorded(user, { ended: session }, async () => users.endSessions(user.id, session)));
    },
  },
};

/**
 * Adds what administrators do with users over HTTP. Whoever calls it has shown the admin token already, when there is
 * one; without one nobody gets at users.
 *
 * @returns what the OpenAPI document says of it
 */
export function usersRoutes(router: Router, options: UsersOptions): Area {
  for (const operation of Object.values(OPERATIONS)) {
    const answer = async (context: CallContext): Promise<Result> => {
      // Whoever reached the port could otherwise become an administrator.
      if (options.config().token === '') return { problem: 'admin-token-required' };
      const users = options.administration();
      if (users === undefined) return { problem: 'identity-not-configured' };
      const call = await callOf(context, operation);
      return 'problem' in call ? call : operation.handle(users, call, recordedBy(options.logger, call));
    };
    addOperation(router, operation, async (context) => unlessUnavailable(async () => answer(context)), options.problem);
  }
  return usersArea(OPERATIONS);
}

async function unlessUnavailable(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    return { problem: 'database-unavailable', headers: [['retry-after', String(DATABASE_RETRY)]] };
  }
}

/** The user is told by id alone: an address says who somebody is, and logs go to places that need not know that. */
function recordedBy(logger: UsersOptions['logger'], { caller }: Call): Recorded {
  return async (user, change, work) => {
    const tell = (outcome: { readonly outcome?: 'unknown' }): void =>
      logger.info({ user: user.id, change, ...outcome, ...caller }, 'user changed by an administrator');
    try {
      const result = await work();
      if (result === undefined || !('fault' in result)) tell({});
      return result;
    } catch (error) {
      tell({ outcome: 'unknown' });
      throw error;
    }
  };
}

/** Reads a request, all of it before anything is done. */
async function callOf(context: CallContext, operation: AdminOperation): Promise<Call | Problem> {
  const caller = callerOf(context);
  const query = readTarget(context, operation.query ?? []);
  if ('problem' in query) return query;
  const conditions = operation.conditions === undefined ? NO_CONDITIONS : conditionsOf(context);
  if ('problem' in conditions) return conditions;
  const fields = operation.body ?? [];
  const body = operation.body === undefined ? Buffer.alloc(0) : await bodyOf(context.req);
  if (body === undefined) return { problem: 'invalid-request' };
  const read = readFields(body, context.get('content-type'), fields);
  if ('errors' in read) return { problem: 'invalid-body', errors: read.errors };
  if ('fault' in read) return bodyProblem(read.fault);
  const { values } = read;
  if (fields.length > 0 && !fields.some(({ name }) => values.has(name))) {
    const detail = `must have ${fields.map(({ name }) => name).join(' or ')}`;
    return { problem: 'invalid-body', errors: [{ pointer: '', code: 'required', detail }] };
  }
  const expects = (user: UserRecord): boolean => holds(conditions, [tagOf(shownRecord(user))]);
  const { id = '', session = '' } = context.params;
  return { id, session, query, values, caller, conditions, expects };
}

function shownRecord(user: UserRecord): object {
  return { ...shownUser(user), disabled: user.disabled, sessions: user.sessions };
}

function changed(user: UserRecord | Failed): Result {
  if ('fault' in user) return refused(user);
  const json = shownRecord(user);
  return { json, headers: [['etag', tagOf(json)]] };
}

function done(failed: Failed | undefined): Result {
  return failed === undefined ? undefined : refused(failed);
}

function refused({ fault }: Failed): Result {
  if (fault === 'unknown-user') return { problem: 'user-not-found' };
  if (fault === 'changed-meanwhile')
    return { problem: 'precondition-failed', detail: 'the user has been changed since' };
  if (fault === 'unknown-session') return { problem: 'session-not-found' };
  if (fault === 'unknown-role') {
    const detail = 'is no role of the configuration';
    return { problem: 'invalid-body', errors: [{ pointer: '/role', code: fault, detail }] };
  }
  throw new Error(`what is done with users here was refused with ${fault}`);
}
