import { PROBLEM_TYPE } from '../errors.ts';

/** Every problem that the identity API answers with; codes as in `errors.ts`. */
export const USER_PROBLEMS = {
  'invalid-body': { status: 400, title: 'The request body is not acceptable' },
  unauthorized: { status: 401, title: 'Credentials are missing or not valid' },
  'invalid-credentials': { status: 401, title: 'The e-mail address or the password is wrong' },
  'invalid-refresh-token': { status: 401, title: 'The refresh token is not, or no longer, valid' },
  'csrf-refused': { status: 403, title: 'The X-CSRF-Token header is missing or not that of this session' },
  'registration-closed': { status: 403, title: 'Nobody can register here' },
  'route-not-found': { status: 404, title: 'No route matches this request' },
  'session-not-found': { status: 404, title: 'There is no such session' },
  'method-not-allowed': { status: 405, title: 'No route matches this method' },
  'email-taken': { status: 409, title: 'The e-mail address is registered already' },
  'body-too-large': { status: 413, title: 'The request body is too large' },
  'unsupported-media-type': { status: 415, title: 'The request body is of a type that is not supported' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'too-many-attempts': { status: 429, title: 'Too many failed logins' },
  'database-unavailable': { status: 503, title: 'The database cannot be asked now' },
  busy: { status: 503, title: 'The gateway has too much to do' },
} as const satisfies Record<string, { status: number; title: string }>;

export type UserProblem = keyof typeof USER_PROBLEMS;

/** A fault in the body, at its JSON pointer (RFC 6901). */
export interface FieldFault {
  readonly pointer: string;
  /** For programs; stable. */
  readonly code: string;
  /** For people. */
  readonly detail: string;
}

/** A header field. */
export type Header = readonly [name: string, value: string];

export interface IdentityAnswer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: string;
}

/** A problem as RFC 9457 has it, in the form of `problemBody`; `errors` are the faults of fields. */
export function problemAnswer(
  code: UserProblem,
  requestId: string,
  more: {
    readonly detail?: string;
    readonly errors?: readonly FieldFault[];
    readonly headers?: readonly Header[];
  } = {},
): IdentityAnswer {
  const { status, title } = USER_PROBLEMS[code];
  const body = JSON.stringify({
    type: `urn:gatewayctl:problem:${code}`,
    title,
    status,
    ...(more.detail === undefined ? {} : { detail: more.detail }),
    code,
    requestId,
    ...(more.errors === undefined ? {} : { errors: more.errors }),
  });
  return {
    status,
    headers: [['content-type', PROBLEM_TYPE], ['cache-control', 'no-store'], ...(more.headers ?? [])],
    body,
  };
}
