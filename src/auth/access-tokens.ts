import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { BUILT_IN } from './identity.ts';
import { subjectIn, type Issuer } from './issuer.ts';
import { scopesOf } from '../claims.ts';
import type { SigningKeys } from './signing-keys.ts';

/** The tokens that the built-in identity issues. */
export interface AccessTokenOptions {
  readonly issuer: string;
  readonly audience: string;
  /** How long a token is valid, in milliseconds. */
  readonly ttl: number;
  readonly keys: SigningKeys;
}

/** Who gets a token. */
export interface Grant {
  readonly subject: string;
  readonly sessionId: string;
  readonly role: string;
  readonly roleVersion: number;
}

/** A token, and when it expires in milliseconds since 1970. */
export interface SignedToken {
  readonly token: string;
  readonly expiresAt: number;
}

/**
 * Signs an access token: a JWT as in RFC 9068, with the session (`sid`), the role (`role`) and the count of the user's
 * changes of role (`rv`), so that a token that is older than a change can be told.
 *
 * @param now milliseconds since 1970
 */
export function signAccessToken(options: AccessTokenOptions, grant: Grant, now: number): SignedToken {
  const { keys, ttl, issuer, audience } = options;
  const { kid, algorithm, privateKey } = keys.signing(now);
  const iat = Math.floor(now / 1000);
  const exp = iat + Math.ceil(ttl / 1000);
  const claims = {
    iss: issuer,
    sub: grant.subject,
    aud: audience,
    exp,
    iat,
    jti: randomUUID(),
    sid: grant.sessionId,
    role: grant.role,
    rv: grant.roleVersion,
  };
  const header = { alg: algorithm, typ: 'at+jwt', ...(kid === undefined ? {} : { kid }) };
  return { token: jwt.sign(claims, privateKey, { algorithm, header }), expiresAt: exp * 1000 };
}

/**
 * The built-in identity as an issuer of the verifier. Only tokens of the type that it signs are taken (RFC 9068
 * section 4), and all that it puts into a token must be there. It follows keys that change.
 */
export function builtInIssuer({ issuer, audience, keys }: Omit<AccessTokenOptions, 'ttl'>): Issuer {
  return {
    name: BUILT_IN,
    issuer,
    audience,
    get algorithms() {
      return keys.algorithms;
    },
    keys: keys.source,
    types: ['at+jwt'],
    identify(claims) {
      const { sub, sid, role, rv } = claims;
      const subject = subjectIn(sub);
      if (subject === undefined || typeof sid !== 'string' || typeof role !== 'string') return undefined;
      if (typeof rv !== 'number' || !Number.isSafeInteger(rv)) return undefined;
      return { subject, roles: [role], roleVersion: rv, scopes: scopesOf(claims), sessionId: sid };
    },
  };
}
