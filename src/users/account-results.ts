import type { PasswordFault } from '../auth/password-policy.ts';
import type { User } from './repository.ts';

/** Tokens for a session. */
export interface Issued {
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** In seconds, as the next. */
  readonly expiresIn: number;
  readonly refreshExpiresIn: number;
}

/** Where a request came from, as sessions show it. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string;
}

/** The caller of a session that has not ended. */
export interface Caller {
  readonly id: string;
  readonly email: string;
  /** Empty = none. */
  readonly role: string;
  readonly createdAt: Date;
  readonly sessionId: string;
}

export interface Fault<Name extends string> {
  readonly fault: Name;
}

/** In seconds. */
export interface Locked extends Fault<'locked'> {
  readonly retryAfter: number;
}

export type RegisterResult =
  | { readonly user: User }
  | Fault<'registration-closed' | 'invalid-email' | `password-${PasswordFault}` | 'email-taken' | 'busy'>;

/** `invalid-credentials`: the user does not exist, is disabled, or has another password; which of them is not told. */
export type LoginResult =
  { readonly issued: Issued } | Fault<'invalid-email' | 'invalid-credentials' | 'busy'> | Locked;

/** `beaten`: another refresh with the same token came at the same time, and was the first. */
export type RefreshResult = { readonly issued: Issued } | Fault<'invalid-token' | 'replayed' | 'beaten'>;

export type PasswordResult =
  Fault<'unauthorized' | 'invalid-credentials' | `password-${PasswordFault}` | 'busy'> | Locked | undefined;
