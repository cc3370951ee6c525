import type { Algorithm } from './algorithms.ts';
import { claimAt, scopesOf, texts, type ClaimAccessor, type Claims } from '../claims.ts';
import type { Identity } from './identity.ts';
import type { KeySource } from './key-source.ts';

/** An issuer whose tokens are accepted, compiled. */
export interface Issuer {
  /** In the configuration, or that of the built-in identity. */
  readonly name: string;
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** What must be in the `aud` of its tokens. */
  readonly audience: string;
  /** The only algorithms that its tokens may have: never taken from a token (RFC 8725 section 3.1). */
  readonly algorithms: readonly Algorithm[];
  readonly keys: KeySource;
  /** The `typ` that its tokens may have, in lower case and without `application/`; undefined = none at all will do. */
  readonly types: readonly (string | undefined)[];
  /** What the claims say of the caller; undefined when they say too little. */
  identify(claims: Claims): Caller | undefined;
}

/** Who a token speaks for. */
export type Caller = Pick<Identity, 'subject' | 'roles' | 'roleVersion' | 'scopes' | 'sessionId'>;

/** An issuer of the configuration. */
export interface ForeignIssuer {
  readonly name: string;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly Algorithm[];
  readonly keys: KeySource;
  /** Default: `sub`. */
  readonly subject?: ClaimAccessor | undefined;
  /** Gives one role or a list of them. Default: no role. */
  readonly roles?: ClaimAccessor | undefined;
  /** The roles that it may grant. */
  readonly allowRoles: readonly string[];
}

/** RFC 7519 section 5.1 and RFC 9068 section 2.1. Tokens for something else say so: a logout token is no access token. */
const TYPES = [undefined, 'jwt', 'at+jwt'];

/** Longer subjects would not fit where they have to go: headers, keys of caches, log lines. */
const MAX_SUBJECT = 1024;

const SUB = claimAt(['sub']);

/** Compiles an issuer of the configuration. It grants the roles in `allowRoles` and no others. */
export function foreignIssuer({ subject = SUB, roles, allowRoles, ...rest }: ForeignIssuer): Issuer {
  const allowed = new Set(allowRoles);
  return {
    ...rest,
    types: TYPES,
    identify(claims) {
      const sub = subjectIn(subject(claims));
      if (sub === undefined) return undefined;
      const claimed = roles?.(claims);
      const granted = (typeof claimed === 'string' ? [claimed] : texts(claimed)).filter((role) => allowed.has(role));
      return { subject: sub, roles: [...new Set(granted)], roleVersion: 0, scopes: scopesOf(claims) };
    },
  };
}

/** @returns undefined for what is no subject */
export function subjectIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_SUBJECT ? value : undefined;
}
