import type { Field } from './json-fields.ts';
import type { UserProblem } from './problems.ts';

/** How tokens travel: in JSON and Authorization, or in cookies. */
export type Transport = 'header' | 'cookie';

export type OperationName =
  | 'register'
  | 'login'
  | 'refresh'
  | 'logout'
  | 'changePassword'
  | 'getMe'
  | 'listSessions'
  | 'endSession'
  | 'getOpenApi';

/** One of the identity's operations: what the handlers obey and what the OpenAPI document says. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the identity's own path; `{id}` is one segment. */
  readonly path: string;
  /** For people. */
  readonly summary: string;
  /** What lets the caller in: an access token, a refresh token in a cookie, the first one that is there, or nothing. */
  readonly credentials: 'access' | 'refresh-cookie' | 'access-or-refresh-cookie' | 'none';
  /** Whether it counts for the rate limit. */
  readonly limited: boolean;
  /** The members of its JSON body; undefined = it takes none. */
  readonly body?: readonly Field[];
  readonly success: { readonly status: number; readonly schema?: SchemaName; readonly description: string };
  readonly problems: readonly UserProblem[];
}

export type SchemaName = 'User' | 'Tokens' | 'Me' | 'Sessions' | 'OpenApi';

const EMAIL: Field = {
  name: 'email',
  type: 'string',
  required: true,
  description: 'An e-mail address; upper and lower case are the same.',
  format: 'email',
};

function password(name: string, description: string): Field {
  return { name, type: 'string', required: true, description, format: 'password' };
}

/** The refresh token is a member of the body, or a cookie that must come with X-CSRF-Token. */
function refresh(transport: Transport): Operation {
  const common = {
    method: 'POST',
    path: '/refresh',
    summary: 'New tokens for a session',
    limited: true,
    success: { status: 200, schema: 'Tokens', description: 'The next tokens; the refresh token is used up' },
  } as const;
  if (transport === 'cookie')
    return { ...common, credentials: 'refresh-cookie', problems: ['invalid-refresh-token', 'csrf-refused'] };
  const token: Field = {
    name: 'refresh_token',
    type: 'string',
    required: true,
    description: 'As it was given at the login or the last refresh. It is good for one time.',
  };
  return { ...common, credentials: 'none', body: [token], problems: ['invalid-refresh-token'] };
}

/** With cookies it needs no access token: whoever comes back after a while could not log out. */
function logout(transport: Transport): Operation {
  const common = {
    method: 'POST',
    path: '/logout',
    limited: false,
    body: [{ name: 'all', type: 'boolean', required: false, description: 'Whether every session ends.' }],
    success: { status: 204, description: 'Ended' },
  } as const;
  const summary = 'End this session, or all of the user';
  if (transport === 'header') return { ...common, summary, credentials: 'access', problems: [] };
  return {
    ...common,
    summary: `${summary}; when the access token has expired, by the refresh token`,
    credentials: 'access-or-refresh-cookie',
    problems: ['csrf-refused'],
  };
}

/** All operations, by their `operationId`. */
export function operations(transport: Transport): Readonly<Record<OperationName, Operation>> {
  const csrf: readonly UserProblem[] = transport === 'cookie' ? ['csrf-refused'] : [];
  return {
    register: {
      method: 'POST',
      path: '/register',
      summary: 'Register a user',
      credentials: 'none',
      limited: true,
      body: [EMAIL, password('password', 'At most 72 bytes in UTF-8.')],
      success: { status: 201, schema: 'User', description: 'The user; log in next' },
      problems: ['registration-closed', 'email-taken', 'busy'],
    },
    login: {
      method: 'POST',
      path: '/login',
      summary: 'Begin a session',
      credentials: 'none',
      limited: true,
      body: [EMAIL, password('password', 'The password of the user.')],
      success: { status: 200, schema: 'Tokens', description: 'The tokens of a new session' },
      problems: ['invalid-credentials', 'too-many-attempts', 'busy'],
    },
    refresh: refresh(transport),
    logout: logout(transport),
    changePassword: {
      method: 'POST',
      path: '/password',
      summary: 'Change the password; all other sessions end',
      credentials: 'access',
      limited: true,
      body: [
        password('current_password', 'The password of now.'),
        password('new_password', 'At most 72 bytes in UTF-8.'),
      ],
      success: { status: 204, description: 'Changed' },
      problems: ['too-many-attempts', 'busy', ...csrf],
    },
    getMe: {
      method: 'GET',
      path: '/me',
      summary: 'The caller',
      credentials: 'access',
      limited: false,
      success: { status: 200, schema: 'Me', description: 'The caller, and the session of the token' },
      problems: [],
    },
    listSessions: {
      method: 'GET',
      path: '/sessions',
      summary: 'The sessions of the caller, at most 100, the one used last first',
      credentials: 'access',
      limited: false,
      success: { status: 200, schema: 'Sessions', description: 'Those that have not ended' },
      problems: [],
    },
    endSession: {
      method: 'DELETE',
      path: '/sessions/{id}',
      summary: 'End one session of the caller',
      credentials: 'access',
      limited: false,
      success: { status: 204, description: 'Ended' },
      problems: ['session-not-found', ...csrf],
    },
    getOpenApi: {
      method: 'GET',
      path: '/openapi.json',
      summary: 'This document',
      credentials: 'none',
      limited: false,
      success: { status: 200, schema: 'OpenApi', description: 'An OpenAPI 3.1 document' },
      problems: [],
    },
  };
}

/** Whether an access token lets the caller in. */
export function takesAccess({ credentials }: Operation): boolean {
  return credentials === 'access' || credentials === 'access-or-refresh-cookie';
}

/** Every problem of an operation, those that follow from what it takes included. */
export function problemsOf(operation: Operation): readonly UserProblem[] {
  const usesDatabase = operation.path !== '/openapi.json';
  return [
    ...(operation.body === undefined
      ? []
      : (['invalid-body', 'body-too-large', 'unsupported-media-type'] satisfies UserProblem[])),
    ...(takesAccess(operation) ? (['unauthorized'] satisfies UserProblem[]) : []),
    ...operation.problems,
    ...(operation.limited ? (['too-many-requests'] satisfies UserProblem[]) : []),
    ...(usesDatabase ? (['database-unavailable'] satisfies UserProblem[]) : []),
  ];
}
