import type { Claims } from './claims.ts';

/**
 * Who sent a request, once its credentials are verified. The pair of issuer and subject says who it is, everywhere:
 * two issuers may well call different people by the same name.
 */
export interface Identity {
  /** The name of the issuer in the configuration, or {@link BUILT_IN}. */
  readonly issuer: string;
  readonly subject: string;
  /** Those that the issuer may grant. What they inherit is not in here. */
  readonly roles: readonly string[];
  /** Counts the changes of a user's role: a token of an older one has lost its rights. 0 where there is none. */
  readonly roleVersion: number;
  readonly scopes: readonly string[];
  readonly claims: Claims;
  /** In milliseconds since 1970; Infinity = never. */
  readonly expiresAt: number;
  readonly credential: 'token' | 'key';
  /** The session of the built-in identity that the token belongs to. */
  readonly sessionId?: string;
}

/**
 * The issuer of tokens of the built-in identity, and of API keys. No issuer in a configuration can have this name:
 * names have no parentheses.
 */
export const BUILT_IN = '(gateway)';

/** Whether the gateway itself knows this caller. */
export function isBuiltIn(identity: Identity): boolean {
  return identity.issuer === BUILT_IN;
}
