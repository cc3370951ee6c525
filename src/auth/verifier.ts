import { hash, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { algorithmNamed, type Algorithm } from './algorithms.ts';
import type { Claims } from '../claims.ts';
import { MAX_TOKEN_LENGTH, parseCompact, type CompactFault, type CompactJws } from './compact-jws.ts';
import type { Identity } from './identity.ts';
import type { Issuer } from './issuer.ts';
import type { Candidates } from './key-source.ts';
import { Recent } from './recent.ts';

/** Why a token is refused. All are the token's fault but `keys-unavailable`: its issuer cannot be reached. */
export type TokenFault =
  | 'too-large'
  | CompactFault
  /** A member that would change how the token is read, or that brings a key along: crit, jku, jwk, x5u, x5c. */
  | 'header-member'
  | 'type'
  | 'algorithm'
  | 'unknown-issuer'
  | 'unknown-key'
  | 'keys-unavailable'
  | 'signature'
  | 'audience'
  | 'expired'
  | 'not-yet-valid'
  /** A claim that must be there is not, or is of the wrong kind. */
  | 'claims';

export type Verification = { readonly identity: Identity } | { readonly fault: TokenFault };

export interface VerifierOptions {
  readonly issuers: readonly Issuer[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How many verified tokens are remembered at the most; half of them at the least. Default 20,000. */
  readonly cacheSize?: number;
}

export interface Verifier {
  /**
   * Verifies a token. What it says of the caller holds until it expires, but for what happened since it was signed:
   * whether its session lives and its role version is the newest is to be asked for each request, like the rules of
   * the route.
   *
   * @returns a promise only when keys have to be fetched
   */
  verify(token: string): Verification | Promise<Verification>;
}

/** Clocks may differ by so much, in seconds (RFC 7519 section 4.1.4: "no more than a few minutes"). */
export const CLOCK_TOLERANCE = 30;

/**
 * Keys come from the configuration and never from a token (RFC 8725 section 3.10). `crit` names extensions that must be
 * understood (RFC 7515 section 4.1.11), and none is.
 */
const FORBIDDEN_MEMBERS = ['crit', 'jku', 'jwk', 'x5u', 'x5c'];

const MAX_KID = 256;

/** The end of the year 9999, in seconds: what is later is in another unit. */
const MAX_DATE = 253_402_300_799;

interface Remembered {
  readonly verification: { readonly identity: Identity };
  /** When it is too late, the tolerance included; in milliseconds. */
  readonly until: number;
  readonly issuer: Issuer;
  readonly generation: number;
}

/**
 * Makes a verifier of all issuers. The `iss` of a token, not verified yet, picks the issuer; only that one's keys and
 * algorithms are tried, so that no issuer can speak for another (RFC 8725 sections 3.1, 3.8 and 3.9).
 *
 * Verified tokens are remembered until they expire or their issuer withdraws a key: by their SHA-256, so that what is
 * kept opens nothing.
 */
export function verifier({ issuers, now, cacheSize = 20_000 }: VerifierOptions): Verifier {
  const byIss = new Map(issuers.map((issuer) => [issuer.issuer, issuer]));
  if (byIss.size < issuers.length) throw new RangeError('two issuers have the same iss: a token would be of both');
  const remembered = new Recent<Remembered>(cacheSize);

  const judge = (
    token: string,
    digest: string,
    { payload }: CompactJws,
    by: Signer,
    keys: Candidates,
  ): Verification => {
    if (keys === 'unavailable') return { fault: 'keys-unavailable' };
    if (keys.length === 0) return { fault: 'unknown-key' };
    const { issuer, algorithm } = by;
    const { generation } = issuer.keys;
    if (!keys.some((key) => isSignedBy(token, key, algorithm))) return { fault: 'signature' };
    const verification = identityOf(payload, issuer, now());
    if ('fault' in verification) return verification;
    const until = verification.identity.expiresAt + CLOCK_TOLERANCE * 1000;
    remembered.set(digest, { verification, until, issuer, generation });
    return verification;
  };

  return {
    verify(token) {
      if (token.length > MAX_TOKEN_LENGTH) return { fault: 'too-large' };
      const digest = hash('sha256', token, 'base64');
      const known = remembered.get(digest);
      if (known !== undefined) {
        if (now() < known.until && known.generation === known.issuer.keys.generation) return known.verification;
        remembered.delete(digest);
      }
      const jws = parseCompact(token);
      if ('fault' in jws) return jws;
      const signer = signerOf(jws, byIss);
      if ('fault' in signer) return signer;
      const keys = signer.issuer.keys.find(signer.kid, signer.algorithm);
      return keys instanceof Promise
        ? keys.then((fetched) => judge(token, digest, jws, signer, fetched))
        : judge(token, digest, jws, signer, keys);
    },
  };
}

/** Who a token says has signed it, and how: as far as that is believed. */
interface Signer {
  readonly issuer: Issuer;
  readonly algorithm: Algorithm;
  readonly kid: string | undefined;
}

function signerOf(
  { header, payload, signatureLength }: CompactJws,
  issuers: ReadonlyMap<string, Issuer>,
): Signer | { readonly fault: TokenFault } {
  if (FORBIDDEN_MEMBERS.some((member) => Object.hasOwn(header, member))) return { fault: 'header-member' };
  const { alg, kid, typ } = header;
  const issuer = typeof payload['iss'] === 'string' ? issuers.get(payload['iss']) : undefined;
  if (issuer === undefined) return { fault: 'unknown-issuer' };
  const algorithm = algorithmNamed(alg);
  if (algorithm === undefined || !issuer.algorithms.includes(algorithm)) return { fault: 'algorithm' };
  if (typ !== undefined && typeof typ !== 'string') return { fault: 'type' };
  if (!issuer.types.includes(typ?.toLowerCase().replace(/^application\//, ''))) return { fault: 'type' };
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > MAX_KID)) return { fault: 'unknown-key' };
  // An unsigned token never gets as far as to look for a key.
  if (signatureLength === 0) return { fault: 'signature' };
  return { issuer, algorithm, kid };
}

/** The signature alone; dates and names are looked at once it is known whose they are. */
function isSignedBy(token: string, key: KeyObject, algorithm: Algorithm): boolean {
  try {
    jwt.verify(token, key, { algorithms: [algorithm], ignoreExpiration: true, ignoreNotBefore: true });
    return true;
  } catch {
    // Whatever it is, an ES256 signature in DER included: this key has not signed this token.
    return false;
  }
}

/** RFC 7519 section 4.1 and RFC 9068 section 4: iss, aud and exp must be there and right, nbf must have come. */
function identityOf(claims: Claims, issuer: Issuer, now: number): Verification {
  const { iss, aud, exp, nbf, iat } = claims;
  if (iss !== issuer.issuer) return { fault: 'unknown-issuer' };
  if (aud !== issuer.audience && !(Array.isArray(aud) && aud.includes(issuer.audience))) return { fault: 'audience' };
  if (!isDate(exp) || !(nbf === undefined || isDate(nbf)) || !(iat === undefined || isDate(iat)))
    return { fault: 'claims' };
  if (now >= (exp + CLOCK_TOLERANCE) * 1000) return { fault: 'expired' };
  if (nbf !== undefined && now < (nbf - CLOCK_TOLERANCE) * 1000) return { fault: 'not-yet-valid' };
  const caller = issuer.identify(claims);
  if (caller === undefined) return { fault: 'claims' };
  return { identity: { issuer: issuer.name, ...caller, claims, expiresAt: exp * 1000, credential: 'token' } };
}

/** A NumericDate: RFC 7519 section 2. */
function isDate(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_DATE;
}
