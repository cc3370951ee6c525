import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether an Authorization has one of these tokens, or there is none that it could have.
 *
 * @param tokens empty ones are none
 */
export function isOpenTo(authorization: string, tokens: readonly string[]): boolean {
  const real = tokens.filter((token) => token !== '');
  const given = bearerToken(authorization);
  return real.length === 0 || real.some((token) => sameText(given, token));
}

/** The token of an Authorization, whose scheme ignores case (RFC 9110 section 11.1); empty when there is none. */
function bearerToken(authorization: string): string {
  return /^bearer +(.*)$/i.exec(authorization)?.[1] ?? '';
}

/** Compares in a time that tells nothing about where two texts differ, or how long the expected one is. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
