import { createPublicKey } from 'node:crypto';
import { algorithmNamed, algorithmsOf, type Algorithm } from './algorithms.ts';
import { isClaims, type Claims } from '../claims.ts';
import type { VerificationKey } from './key-source.ts';

/** A public key as the gateway publishes it (RFC 7517 section 4, RFC 7518 section 6). */
export type PublicJwk = {
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: Algorithm;
} & (
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }
  | { readonly kty: 'EC'; readonly crv: string; readonly x: string; readonly y: string }
);

/** A JWK Set document (RFC 7517 section 5). */
export interface JwkSet {
  readonly keys: readonly PublicJwk[];
}

/** A set that holds more is not one that a verifier was meant to read. */
const MAX_KEYS = 256;
const MAX_KID = 256;

/**
 * Reads a JWK Set. Keys that are not for signatures, not of an allowed algorithm, too weak or of a kind that is not
 * known are left out, as RFC 7517 section 5 asks for; symmetric ones (`oct`) always: a secret that is published is none.
 *
 * @param text the document
 * @param algorithms the issuer's allow-list
 * @returns undefined when the text is no JWK Set
 */
export function parseJwkSet(text: string, algorithms: readonly Algorithm[]): VerificationKey[] | undefined {
  const set = parseJson(text);
  if (!isClaims(set) || !Array.isArray(set['keys']) || set['keys'].length > MAX_KEYS) return undefined;
  const keys: unknown[] = set['keys'];
  return keys.map((jwk) => (isClaims(jwk) ? parseJwk(jwk, algorithms) : undefined)).filter((key) => key !== undefined);
}

function parseJwk(jwk: Claims, allowed: readonly Algorithm[]): VerificationKey | undefined {
  const { kid, use, alg, key_ops: operations } = jwk;
  if (use !== undefined && use !== 'sig') return undefined;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return undefined;
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > MAX_KID)) return undefined;
  const key = importKey(jwk);
  if (key === undefined) return undefined;
  const possible = algorithmsOf(key).filter((algorithm) => allowed.includes(algorithm));
  // A key that says what it is for is for nothing else (RFC 7517 section 4.4).
  const algorithms = alg === undefined ? possible : possible.filter((algorithm) => algorithm === algorithmNamed(alg));
  return algorithms.length === 0 ? undefined : { kid, algorithms, key };
}

/** Only the public members are taken, whatever else there is. */
function importKey({ kty, n, e, crv, x, y }: Claims): ReturnType<typeof createPublicKey> | undefined {
  try {
    if (kty === 'RSA' && typeof n === 'string' && typeof e === 'string')
      return createPublicKey({ key: { kty, n, e }, format: 'jwk' });
    if (kty === 'EC' && typeof crv === 'string' && typeof x === 'string' && typeof y === 'string')
      return createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' });
  } catch {
    // Not a key of that kind: left out like the others.
  }
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
