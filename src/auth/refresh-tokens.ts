import { hash, randomBytes } from 'node:crypto';

/** A refresh token: opaque, 256 random bits, worth something once. */
export interface RefreshToken {
  /** For the client alone. */
  readonly token: string;
  /** What is stored and looked up. */
  readonly hash: string;
}

const SHAPE = /^gwr_[\w-]{43}$/;

/** Makes a token. The prefix is for scanners that look for leaks. */
export function makeRefreshToken(): RefreshToken {
  const token = `gwr_${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashOf(token) };
}

/**
 * The hash that a token would be stored as. It is what the token is looked up by, so that the time of a look-up tells
 * nothing of a token (RFC 6749 section 10.10).
 *
 * @returns undefined for what cannot be a token: nobody has to be asked
 */
export function refreshTokenHash(token: string): string | undefined {
  return SHAPE.test(token) ? hashOf(token) : undefined;
}

function hashOf(token: string): string {
  return hash('sha256', token, 'base64url');
}
