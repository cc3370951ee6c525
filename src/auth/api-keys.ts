import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { BUILT_IN, type Identity } from './identity.ts';

/** An API key as its owner has it. */
export interface ApiKey {
  /** Names the key in lists and logs; no secret. */
  readonly id: string;
  /** The whole text: shown once, and never stored. */
  readonly text: string;
  /** What is stored of it. */
  readonly hash: string;
}

/** What is stored of a key. */
export interface ApiKeyGrant {
  readonly id: string;
  readonly role: string;
  /** In milliseconds since 1970; Infinity = never. */
  readonly expiresAt: number;
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_BYTES = 10;
const SECRET_BYTES = 32;

/**
 * `gw_`, id, secret and checksum, each of its own fixed length: 14 digits to base 62 are 80 bits, 43 are 256, and 6 are a
 * CRC-32. A scanner for leaks finds keys by this pattern, and a double click selects all of one.
 */
const SHAPE = /^gw_([0-9A-Za-z]{14})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

/** Makes a key of random bytes. */
export function makeApiKey(): ApiKey {
  const id = base62(randomBytes(ID_BYTES), 14);
  const body = `gw_${id}_${base62(randomBytes(SECRET_BYTES), 43)}`;
  const text = body + checksum(body);
  return { id, text, hash: hashOf(text) };
}

/**
 * Tells what cannot be a key of this gateway without asking the database: another shape, or a typo, which the checksum
 * shows. A checksum is no proof; the hash is.
 *
 * @returns the id to look the key up by, and the hash to compare
 */
export function parseApiKey(text: string): { readonly id: string; readonly hash: string } | undefined {
  const [, id, secret, sum] = SHAPE.exec(text) ?? [];
  if (id === undefined || secret === undefined || sum !== checksum(`gw_${id}_${secret}`)) return undefined;
  return { id, hash: hashOf(text) };
}

/**
 * Whether two hashes are the same, in a time that does not tell how far they are. A fast hash will do: there is nothing
 * to guess in 256 random bits.
 */
export function isSameHash(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one, 'utf8'), Buffer.from(other, 'utf8')];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Who calls with a key. */
export function apiKeyIdentity({ id, role, expiresAt }: ApiKeyGrant): Identity {
  const subject = `key:${id}`;
  return {
    issuer: BUILT_IN,
    subject,
    roles: [role],
    roleVersion: 0,
    scopes: [],
    claims: { sub: subject },
    expiresAt,
    credential: 'key',
  };
}

function hashOf(text: string): string {
  return hash('sha256', text, 'base64url');
}

function checksum(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return base62(bytes, 6);
}

/** A number to base 62, with zeros in front up to a length. */
function base62(bytes: Buffer, length: number): string {
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (let index = 0; index < length; index += 1) {
    text = (DIGITS[Number(rest % 62n)] ?? '') + text;
    rest /= 62n;
  }
  return text;
}
