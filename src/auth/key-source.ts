import { createSecretKey, type KeyObject } from 'node:crypto';
import { MIN_SECRET_BYTES, type Algorithm } from './algorithms.ts';

/** A key that signatures are verified with, and for what. */
export interface VerificationKey {
  /** Undefined for a key that tokens do not name. */
  readonly kid: string | undefined;
  readonly algorithms: readonly Algorithm[];
  readonly key: KeyObject;
}

/** Keys that may have signed a token; `unavailable` when no key could be had yet, which is not the token's fault. */
export type Candidates = readonly KeyObject[] | 'unavailable';

/** Where an issuer's keys come from. */
export interface KeySource {
  /** Changes whenever a key is gone: what was verified before has to be verified again. */
  readonly generation: number;
  /**
   * The keys for a token. A promise only when they have to be fetched, so that a token of a known key costs no turn of
   * the event loop.
   *
   * @param kid as the token has it; it is looked up and nothing else: never a path, never a part of a query
   * @param algorithm on the issuer's allow-list already
   */
  find(kid: string | undefined, algorithm: Algorithm): Candidates | Promise<Candidates>;
}

/** Keys that a token without a kid is tried with at the most: each costs a verification. */
const MAX_TRIES = 8;

/** Finds keys by kid and algorithm in a list that does not change. */
export function compileKeys(
  keys: readonly VerificationKey[],
): (kid: string | undefined, algorithm: Algorithm) => readonly KeyObject[] {
  const byKid = new Map<string, VerificationKey[]>();
  for (const key of keys) if (key.kid !== undefined) byKid.set(key.kid, [...(byKid.get(key.kid) ?? []), key]);
  return (kid, algorithm) => {
    const named = kid === undefined ? keys : (byKid.get(kid) ?? []);
    return named
      .filter(({ algorithms }) => algorithms.includes(algorithm))
      .slice(0, MAX_TRIES)
      .map(({ key }) => key);
  };
}

/** A source of keys that never change. */
export function staticKeys(keys: readonly VerificationKey[]): KeySource {
  return { generation: 0, find: compileKeys(keys) };
}

/**
 * The source of an issuer that signs with a shared secret. Its tokens need no kid, and one that they have names nothing.
 *
 * @throws RangeError for a secret of less than 32 bytes (RFC 7518 section 3.2)
 */
export function secretKeys(secret: string): KeySource {
  const candidates = [secretKey(secret)];
  return { generation: 0, find: (_kid, algorithm) => (algorithm === 'HS256' ? candidates : []) };
}

/** @throws RangeError for a secret of less than 32 bytes */
export function secretKey(secret: string): KeyObject {
  const bytes = Buffer.from(secret, 'utf8');
  if (bytes.length < MIN_SECRET_BYTES) throw new RangeError(`a secret has at least ${MIN_SECRET_BYTES} bytes`);
  return createSecretKey(bytes);
}
