import { COMMON_PASSWORDS } from './common-passwords.ts';

/** What a password must be like. */
export interface PasswordRules {
  /** In characters: code points, so that an emoji counts once. */
  readonly minLength: number;
  /** Whether well-known passwords are refused. */
  readonly rejectCommon: boolean;
}

/**
 * Why a password is refused; `too-long` is in bytes, and `invalid-character` is a NUL or half of a surrogate pair.
 */
export type PasswordFault = 'too-short' | 'too-long' | 'invalid-character' | 'common';

/** bcrypt reads so many bytes and ignores all others: two passwords that differ behind them would be the same one. */
export const MAX_PASSWORD_BYTES = 72;

/** Nothing of this many UTF-16 units fits into 72 bytes, however it is normalised: it is not worth looking at. */
const HOPELESS = 1024;

/**
 * A password in the one form that is judged and hashed: NFC, as RFC 8265 section 4.2.2 has it, since one keyboard sends
 * é as one code point and another as two.
 */
export function normalPassword(password: string): string {
  return password.normalize('NFC');
}

/**
 * What no password can be, whatever the rules say: longer than bcrypt reads, or with a character that it stops at (NUL)
 * or that has no UTF-8 form (a lone surrogate: all of them become the same three bytes).
 *
 * @param password see {@link normalPassword}
 */
export function unusablePassword(password: string): 'too-long' | 'invalid-character' | undefined {
  if (password.length > MAX_PASSWORD_BYTES || Buffer.byteLength(password, 'utf8') > MAX_PASSWORD_BYTES)
    return 'too-long';
  return /[\0\p{Surrogate}]/u.test(password) ? 'invalid-character' : undefined;
}

/**
 * Compiles the policy for new passwords. There are no rules on kinds of characters (NIST SP 800-63B section 5.1.1.2).
 *
 * @returns a function that finds the first fault of a password
 */
export function compilePasswordPolicy(rules: PasswordRules): (password: string) => PasswordFault | undefined {
  const common = rules.rejectCommon ? new Set(COMMON_PASSWORDS.trim().split(/\s+/)) : undefined;
  return (password) => {
    if (password.length > HOPELESS) return 'too-long';
    const normal = normalPassword(password);
    const unusable = unusablePassword(normal);
    if (unusable !== undefined) return unusable;
    if (codePoints(normal) < rules.minLength) return 'too-short';
    return common?.has(normal.toLowerCase()) === true ? 'common' : undefined;
  };
}

function codePoints(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    // The second half of a pair is counted with its first.
    if ((text.charCodeAt(index) & 0xfc00) !== 0xdc00) count += 1;
  }
  return count;
}
