/**
 * Every problem that the gateway answers with, in one closed list: RFC 9457 `type` is `urn:gatewayctl:problem:` and the
 * code. Clients and dashboards match on the code; the title is for people and says nothing about what is inside.
 */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid HTTP' },
  'invalid-target': { status: 400, title: 'The request target is not acceptable' },
  'invalid-host': { status: 400, title: 'The Host header is missing or not acceptable' },
  'upgrade-refused': { status: 403, title: 'This route does not take protocol upgrades' },
  forbidden: { status: 403, title: 'The caller may not do this' },
  unauthorized: { status: 401, title: 'Credentials are missing or not valid' },
  'route-not-found': { status: 404, title: 'No route matches this request' },
  'method-not-allowed': { status: 405, title: 'No route matches this method' },
  'request-timeout': { status: 408, title: 'The request did not arrive in time' },
  'body-too-large': { status: 413, title: 'The request body is too large' },
  'uri-too-long': { status: 414, title: 'The request target is too long' },
  'expectation-failed': { status: 417, title: 'The expectation cannot be met' },
  'misdirected-request': { status: 421, title: 'This host is not served here' },
  'headers-too-large': { status: 431, title: 'The request header fields are too large' },
  'internal-error': { status: 500, title: 'The gateway failed' },
  'method-not-implemented': { status: 501, title: 'This method is not implemented' },
  'upstream-unreachable': { status: 502, title: 'The upstream cannot be reached' },
  'upstream-reset': { status: 502, title: 'The upstream closed the connection before it answered' },
  'upstream-invalid-response': { status: 502, title: 'The upstream sent an answer that is not valid HTTP' },
  'too-many-websockets': { status: 503, title: 'The route has no room for another WebSocket' },
  'issuer-unavailable': { status: 503, title: 'The keys of the token’s issuer cannot be had now' },
  'upstream-timeout': { status: 504, title: 'The upstream did not answer in time' },
  'http-version-not-supported': { status: 505, title: 'This HTTP version is not supported' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** The media type of every error body: RFC 9457 section 3. */
export const PROBLEM_TYPE = 'application/problem+json';

/**
 * The body of an error answer: RFC 9457 problem details.
 *
 * @param code which problem
 * @param requestId by which the answer is found in the log
 * @param detail what is special about this occurrence; must hold nothing internal
 */
export function problemBody(code: ProblemCode, requestId: string, detail?: string): string {
  const { status, title } = PROBLEMS[code];
  return JSON.stringify({
    type: `urn:gatewayctl:problem:${code}`,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    code,
    requestId,
  });
}
