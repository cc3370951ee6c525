import type { KeyObject } from 'node:crypto';

/** The signature algorithms that a configuration can allow (RFC 7518 section 3.1). `none` is not among them. */
export const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'HS256',
] as const;

export type Algorithm = (typeof ALGORITHMS)[number];

/** RFC 7518 section 3.3 and 3.5: shorter moduli must not be used. */
export const MIN_RSA_BITS = 2048;
/** RFC 7518 section 3.2: a key of HS256 has at least the size of the hash. */
export const MIN_SECRET_BYTES = 32;

const RSA: readonly Algorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const BY_CURVE: Readonly<Record<string, Algorithm>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };

/**
 * What a key can verify. A key is only ever used for algorithms of its own kind: an RSA public key is no HMAC secret
 * (RFC 8725 section 2.1).
 *
 * @returns none for a key that is too weak, or of a kind that is not supported
 */
export function algorithmsOf(key: KeyObject): readonly Algorithm[] {
  if (key.type === 'secret') return (key.symmetricKeySize ?? 0) >= MIN_SECRET_BYTES ? ['HS256'] : [];
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === 'rsa') return (details?.modulusLength ?? 0) >= MIN_RSA_BITS ? RSA : [];
  const curve = key.asymmetricKeyType === 'ec' ? details?.namedCurve : undefined;
  const algorithm = curve === undefined ? undefined : BY_CURVE[curve];
  return algorithm === undefined ? [] : [algorithm];
}

/** @returns undefined for what is no algorithm, `none` included; names are case-sensitive (RFC 7515 section 4.1.1) */
export function algorithmNamed(name: unknown): Algorithm | undefined {
  return ALGORITHMS.find((algorithm) => algorithm === name);
}
