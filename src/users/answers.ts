import type { Identity } from '../auth/identity.ts';
import type { JwkSet } from '../auth/jwk-set.ts';
import type { FieldFault } from '../errors.ts';
import { problemAnswer, type Header, type IdentityAnswer } from './problems.ts';

/** In seconds: a database that comes back does so within seconds, a queue of bcrypt is shorter. */
export const DATABASE_RETRY = 5;
const BUSY_RETRY = 1;
/** In seconds; a key is published for longer than that before it signs. */
const JWKS_AGE = 300;

/** RFC 6750 section 3. */
export const CHALLENGE: Header = ['www-authenticate', 'Bearer realm="gatewayctl"'];
const CHALLENGE_TOKEN: Header = ['www-authenticate', 'Bearer realm="gatewayctl", error="invalid_token"'];

const PASSWORD_FAULTS = {
  'password-too-short': 'is too short',
  'password-too-long': 'is longer than 72 bytes in UTF-8',
  'password-invalid-character': 'has a character that no password can have',
  'password-common': 'is one of the most common passwords',
} as const;

/** What `GET /.well-known/jwks.json` is answered with (RFC 7517 section 8.5.2). */
export function jwksAnswer(jwks: JwkSet): IdentityAnswer {
  return {
    status: 200,
    headers: [
      ['content-type', 'application/jwk-set+json'],
      ['cache-control', `public, max-age=${JWKS_AGE}`],
    ],
    body: JSON.stringify(jwks),
  };
}

export function json(status: number, value: object, headers: readonly Header[] = []): IdentityAnswer {
  const own: Header[] = [
    ['content-type', 'application/json'],
    ['cache-control', 'no-store'],
  ];
  return { status, headers: [...own, ...headers], body: JSON.stringify(value) };
}

export function noContent(headers: readonly Header[] = []): IdentityAnswer {
  return { status: 204, headers: [['cache-control', 'no-store'], ...headers], body: '' };
}

export function retryAfter(seconds: number): Header {
  return ['retry-after', String(seconds)];
}

/** A token that was verified and has no live session is as good as an invalid one. */
export function unauthorized(
  identity: Identity | undefined,
  requestId: string,
  headers: readonly Header[] = [],
): IdentityAnswer {
  const challenge = identity === undefined ? CHALLENGE : CHALLENGE_TOKEN;
  return problemAnswer('unauthorized', requestId, { headers: [challenge, ...headers] });
}

export function locked(seconds: number, requestId: string): IdentityAnswer {
  return problemAnswer('too-many-attempts', requestId, { headers: [retryAfter(seconds)] });
}

export function busy(requestId: string): IdentityAnswer {
  return problemAnswer('busy', requestId, { headers: [retryAfter(BUSY_RETRY)] });
}

export function faulty(errors: readonly FieldFault[], requestId: string): IdentityAnswer {
  return problemAnswer('invalid-body', requestId, { errors });
}

export function invalidEmail(requestId: string): IdentityAnswer {
  return faulty([{ pointer: '/email', code: 'invalid-email', detail: 'is not an e-mail address' }], requestId);
}

export function weakPassword(pointer: string, code: keyof typeof PASSWORD_FAULTS, requestId: string): IdentityAnswer {
  return faulty([{ pointer, code, detail: PASSWORD_FAULTS[code] }], requestId);
}
