import type { KeyObject } from 'node:crypto';
import type { Algorithm } from './algorithms.ts';
import { secretKey, secretKeys, staticKeys, type KeySource } from './key-source.ts';
import type { JwkSet, PublicJwk } from './jwk-set.ts';

/** How the built-in identity can sign. */
export type SigningAlgorithm = 'RS256' | 'ES256' | 'HS256';

/** A key that tokens are signed with. */
export interface SigningKey {
  /** Undefined for a shared secret: a name made of it would tell something about it. */
  readonly kid: string | undefined;
  readonly algorithm: SigningAlgorithm;
  readonly privateKey: KeyObject;
}

/** A key of the folder. */
export interface StoredKey extends SigningKey {
  readonly kid: string;
  readonly algorithm: 'RS256' | 'ES256';
  readonly publicKey: KeyObject;
  /** In milliseconds since 1970. */
  readonly signsFrom: number;
}

/**
 * The keys of the built-in identity. They may change while they are in use (see `key-ring.ts`): whoever needs a member
 * reads it each time. The source is one object for all time.
 */
export interface SigningKeys {
  /** The key that signs at a time. */
  signing(now: number): SigningKey;
  /** What tokens of these keys may be signed with. */
  readonly algorithms: readonly Algorithm[];
  /** Verifies with all of them, those that do not sign yet and no longer included. */
  readonly source: KeySource;
  /** What is published: every key's public half, and nothing of a shared secret. */
  readonly jwks: JwkSet;
  /** The private keys of all of them, or the shared secret: for what else only the gateway can make. */
  readonly privateKeys: readonly KeyObject[];
}

/**
 * The keys of a folder: see `key-folder.ts`. All verify, each for its own algorithm, and all are published.
 *
 * A key is published before it signs: its time is when it begins to. Until then it stands in the key set only, so that
 * whoever has a copy of that set, another instance of the gateway as well as a service behind it, has fetched it anew
 * by the time when the first token names the new key. All instances change over by the clock, without a word between
 * them. Of the keys whose time has come the newest signs; when none has come yet, the first one does.
 *
 * @param keys at least one of the algorithm
 * @param algorithm that tokens are to be signed with from now on; keys of the other one still verify
 */
export function storedSigningKeys(keys: readonly StoredKey[], algorithm: 'RS256' | 'ES256'): SigningKeys {
  const own = inOrder(keys.filter((key) => key.algorithm === algorithm));
  const [first] = own;
  if (first === undefined) throw new RangeError(`there is no key for ${algorithm}`);
  return {
    signing: (now) => own.findLast(({ signsFrom }) => signsFrom <= now) ?? first,
    algorithms: [...new Set(keys.map((key) => key.algorithm))],
    source: staticKeys(keys.map(({ kid, algorithm: alg, publicKey }) => ({ kid, algorithms: [alg], key: publicKey }))),
    jwks: { keys: inOrder(keys).map(publicJwk) },
    privateKeys: keys.map(({ privateKey }) => privateKey),
  };
}

/**
 * HS256 with a shared secret (RFC 7518 section 3.2). Whoever verifies these tokens can also sign some.
 *
 * @throws RangeError for a secret of less than 32 bytes
 */
export function secretSigningKeys(secret: string): SigningKeys {
  const key: SigningKey = { kid: undefined, algorithm: 'HS256', privateKey: secretKey(secret) };
  return {
    signing: () => key,
    algorithms: ['HS256'],
    source: secretKeys(secret),
    jwks: { keys: [] },
    privateKeys: [key.privateKey],
  };
}

/** The oldest first; of two of one time the order is the same everywhere. */
export function inOrder<Key extends { readonly signsFrom: number; readonly kid: string }>(keys: readonly Key[]): Key[] {
  return keys.toSorted((one, other) => one.signsFrom - other.signsFrom || (one.kid < other.kid ? -1 : 1));
}

/** RFC 7517 section 4: of the key only its public half is even asked for. */
function publicJwk({ kid, algorithm, publicKey }: StoredKey): PublicJwk {
  const { n = '', e = '', crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return algorithm === 'RS256'
    ? { kty: 'RSA', kid, use: 'sig', alg: algorithm, n, e }
    : { kty: 'EC', kid, use: 'sig', alg: algorithm, crv, x, y };
}
