import { PROBLEM_TYPE, PROBLEMS, problemBody, type ProblemCode, type ProblemDetails } from '../errors.ts';

/** Every problem that the identity API answers with. */
export const USER_PROBLEMS = [
  'invalid-body',
  'unauthorized',
  'invalid-credentials',
  'invalid-refresh-token',
  'csrf-refused',
  'registration-closed',
  'route-not-found',
  'session-not-found',
  'method-not-allowed',
  'email-taken',
  'body-too-large',
  'unsupported-media-type',
  'too-many-requests',
  'too-many-attempts',
  'database-unavailable',
  'busy',
] as const satisfies readonly ProblemCode[];

export type UserProblem = (typeof USER_PROBLEMS)[number];

/** A header field. */
export type Header = readonly [name: string, value: string];

export interface IdentityAnswer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: string;
  /** Present when it is one. */
  readonly problem?: UserProblem;
}

/** A problem as RFC 9457 has it. */
export function problemAnswer(
  code: UserProblem,
  requestId: string,
  { headers = [], ...details }: ProblemDetails & { readonly headers?: readonly Header[] } = {},
): IdentityAnswer {
  return {
    status: PROBLEMS[code].status,
    headers: [['content-type', PROBLEM_TYPE], ['cache-control', 'no-store'], ...headers],
    problem: code,
    body: problemBody(code, requestId, details),
  };
}
