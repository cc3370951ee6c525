/**
 * Every problem that the gateway answers with, in one closed list: RFC 9457 `type` is `urn:gatewayctl:problem:` and the
 * code. Clients and dashboards match on the code; the title is for people and says nothing about what is inside.
 */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid HTTP' },
  'invalid-target': { status: 400, title: 'The request target is not acceptable' },
  'invalid-host': { status: 400, title: 'The Host header is missing or not acceptable' },
  'invalid-body': { status: 400, title: 'The request body is not acceptable' },
  'invalid-query': { status: 400, title: 'The query of the request is not acceptable' },
  'validation-failed': { status: 400, title: 'The request is not what this route takes' },
  unauthorized: { status: 401, title: 'Credentials are missing or not valid' },
  'invalid-credentials': { status: 401, title: 'The e-mail address or the password is wrong' },
  'invalid-refresh-token': { status: 401, title: 'The refresh token is not, or no longer, valid' },
  forbidden: { status: 403, title: 'The caller may not do this' },
  'address-refused': { status: 403, title: 'Requests from this address are not taken here' },
  'upgrade-refused': { status: 403, title: 'This route does not take protocol upgrades' },
  'csrf-refused': { status: 403, title: 'The X-CSRF-Token header is missing or not that of this session' },
  'registration-closed': { status: 403, title: 'Nobody can register here' },
  'admin-token-required': { status: 403, title: 'The gateway has no admin token, which this needs' },
  'route-not-found': { status: 404, title: 'No route matches this request' },
  'session-not-found': { status: 404, title: 'There is no such session' },
  'user-not-found': { status: 404, title: 'There is no such user' },
  'no-such-route': { status: 404, title: 'There is no route of this name' },
  'upstream-not-found': { status: 404, title: 'There is no such upstream' },
  'instance-not-found': { status: 404, title: 'There is no such instance' },
  'identity-not-configured': { status: 404, title: 'The gateway has no users of its own' },
  'method-not-allowed': { status: 405, title: 'No route matches this method' },
  'request-timeout': { status: 408, title: 'The request did not arrive in time' },
  'email-taken': { status: 409, title: 'The e-mail address is registered already' },
  'registry-not-configured': { status: 409, title: 'The endpoints of the upstream do not come from the registry' },
  'precondition-failed': { status: 412, title: 'What there is now is not what the request is for' },
  'body-too-large': { status: 413, title: 'The request body is too large' },
  'uri-too-long': { status: 414, title: 'The request target is too long' },
  'unsupported-media-type': { status: 415, title: 'The request body is of a type that is not supported' },
  'expectation-failed': { status: 417, title: 'The expectation cannot be met' },
  'misdirected-request': { status: 421, title: 'This host is not served here' },
  'reload-refused': { status: 422, title: 'The configuration has errors: the former one goes on' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'too-many-attempts': { status: 429, title: 'Too many failed logins' },
  'headers-too-large': { status: 431, title: 'The request header fields are too large' },
  'internal-error': { status: 500, title: 'The gateway failed' },
  'method-not-implemented': { status: 501, title: 'This method is not implemented' },
  'upstream-unreachable': { status: 502, title: 'The upstream cannot be reached' },
  'upstream-reset': { status: 502, title: 'The upstream closed the connection before it answered' },
  'upstream-invalid-response': { status: 502, title: 'The upstream sent an answer that is not valid HTTP' },
  'circuit-open': { status: 503, title: 'The upstream has failed too often, and is left alone for a while' },
  'no-endpoint': { status: 503, title: 'The upstream has no endpoint' },
  'upstream-busy': { status: 503, title: 'The upstream has as many requests as it may have' },
  'too-many-websockets': { status: 503, title: 'The route has no room for another WebSocket' },
  'issuer-unavailable': { status: 503, title: 'The keys of the token’s issuer cannot be had now' },
  'database-unavailable': { status: 503, title: 'The database cannot be asked now' },
  'registry-unavailable': { status: 503, title: 'The registry cannot be asked now' },
  'cache-unavailable': { status: 503, title: 'Not all of the cache can be reached now' },
  'reload-failed': { status: 503, title: 'The configuration could not take over: the former one goes on' },
  busy: { status: 503, title: 'The gateway has too much to do' },
  'not-cached': { status: 504, title: 'Nothing is stored for this request, which asks for no more' },
  'upstream-timeout': { status: 504, title: 'The upstream did not answer in time' },
  'http-version-not-supported': { status: 505, title: 'This HTTP version is not supported' },
  'registry-full': { status: 507, title: 'The upstream has as many instances as it may have' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** The media type of every error body: RFC 9457 section 3. */
export const PROBLEM_TYPE = 'application/problem+json';

/** A fault in a request, at its JSON pointer (RFC 6901). */
export interface FieldFault {
  /** The part of the request that the pointer leads into; absent = the body. */
  readonly in?: 'body' | 'query' | 'path' | 'header';
  readonly pointer: string;
  /** For programs; stable. */
  readonly code: string;
  /** For people. */
  readonly detail: string;
}

/** What is special about one occurrence of a problem; must hold nothing internal. */
export interface ProblemDetails {
  readonly detail?: string | undefined;
  readonly errors?: readonly FieldFault[] | undefined;
  /** What was found in a configuration, secrets masked. */
  readonly diagnostics?: readonly object[] | undefined;
}

/**
 * The body of an error answer: RFC 9457 problem details.
 *
 * @param code which problem
 * @param requestId by which the answer is found in the log
 */
export function problemBody(
  code: ProblemCode,
  requestId: string,
  { detail, errors, diagnostics }: ProblemDetails = {},
): string {
  const { status, title } = PROBLEMS[code];
  // Members that are undefined are left out.
  return JSON.stringify({
    type: `urn:gatewayctl:problem:${code}`,
    title,
    status,
    detail,
    code,
    requestId,
    errors,
    diagnostics,
  });
}
