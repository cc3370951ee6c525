import { isBuiltIn } from '../auth/identity.ts';
import { CLOCK_TOLERANCE, type TokenFault, type Verification, type Verifier } from '../auth/verifier.ts';
import type { ProblemCode } from '../errors.ts';
import type { Exchange, Identity } from '../exchange.ts';
import { ACCESS_COOKIE, cookieIn, CSRF_HEADER } from './cookies.ts';
import type { CsrfTokens } from './csrf.ts';
import type { Live, Liveness } from './live.ts';

export interface CredentialsOptions {
  readonly verifier: Verifier;
  /** Whether sessions and keys still hold; undefined when the gateway has neither. */
  readonly live: Live | undefined;
  /** The header of API keys, in lower case; undefined when none is accepted. */
  readonly keyHeader: string | undefined;
  /** Undefined unless access tokens come in cookies. */
  readonly csrf: CsrfTokens | undefined;
}

/** Why credentials let nobody in. */
export interface Refusal {
  /** As gateway_auth_total counts it. */
  readonly result: 'invalid' | 'expired' | 'forbidden' | 'unavailable';
  readonly problem: ProblemCode;
  /** For the log. */
  readonly cause: string;
  /** For the client. */
  readonly detail?: string;
}

/** What a request's credentials say of who sent it; `none`: it has none. */
export type Judgement = { readonly identity: Identity } | { readonly refusal: Refusal } | 'none';

/** Finds out who sends a request. A promise only when something has to be fetched first. */
export type Credentials = (exchange: Exchange) => Judgement | Promise<Judgement>;

/** What a client may know of its token. */
const DETAILS: Partial<Readonly<Record<TokenFault, string>>> = {
  expired: 'the token has expired',
  'not-yet-valid': 'the token is not valid yet',
  audience: 'the token is for somebody else',
};

const TWO_KINDS = invalid('two kinds of credentials', 'expected one kind of credentials');
const NO_BEARER = invalid('not one bearer token', 'expected Authorization: Bearer and one token');
const NO_KEY = invalid('key', 'the API key is not, or no longer, valid');
const ENDED = invalid('ended', 'the login has ended, or the rights of the user have changed');
const FOREIGN_COOKIE = invalid('a foreign token in a cookie', 'the token is not acceptable');
const DATABASE_AWAY: Judgement = {
  refusal: { result: 'unavailable', problem: 'database-unavailable', cause: 'database-unavailable' },
};

/** Compiles how credentials are looked for and judged: Authorization, API keys, and the cookie of the built-in identity. */
export function compileCredentials(options: CredentialsOptions): Credentials {
  const { verifier, live, keyHeader, csrf } = options;

  const stillHolds = (identity: Identity): Judgement | Promise<Judgement> => {
    if (live === undefined) return { identity };
    const liveness = live.check(identity);
    const judge = (found: Liveness): Judgement =>
      found === 'live' ? { identity } : found === 'ended' ? ENDED : DATABASE_AWAY;
    return liveness instanceof Promise ? liveness.then(judge) : judge(liveness);
  };

  const ofToken = (verification: Verification): Judgement | Promise<Judgement> =>
    'fault' in verification ? refused(verification.fault) : stillHolds(verification.identity);

  const ofCookie = (exchange: Exchange, verification: Verification): Judgement | Promise<Judgement> => {
    if ('fault' in verification) return refused(verification.fault);
    const { identity } = verification;
    if (!isBuiltIn(identity)) return FOREIGN_COOKIE;
    const forgery = forgeryIn(exchange, identity, csrf);
    return forgery === undefined ? stillHolds(identity) : forgery;
  };

  return (exchange) => {
    const authorization = exchange.header('authorization');
    const key = keyHeader === undefined ? undefined : exchange.header(keyHeader);
    if (authorization !== undefined) {
      if (key !== undefined) return TWO_KINDS;
      const token = bearerIn(authorization);
      if (token === undefined) return NO_BEARER;
      const verification = verifier.verify(token);
      return verification instanceof Promise ? verification.then(ofToken) : ofToken(verification);
    }
    const cookie = csrf === undefined ? undefined : cookieIn(exchange.header('cookie'), ACCESS_COOKIE);
    if (key !== undefined) {
      if (cookie !== undefined) return TWO_KINDS;
      const found = live?.key(key);
      return found instanceof Promise ? found.then(ofKey) : ofKey(found);
    }
    if (cookie === undefined) return 'none';
    const verification = verifier.verify(cookie);
    return verification instanceof Promise
      ? verification.then((verified) => ofCookie(exchange, verified))
      : ofCookie(exchange, verification);
  };
}

/**
 * Who a request to the built-in identity comes from, as far as its token says: whether the session lives is asked there,
 * and so is the proof that no other site has sent it.
 */
export async function tokenHolder(
  exchange: Exchange,
  {
    verifier,
    usesCookies,
    keyHeader,
  }: { readonly verifier: Verifier; readonly usesCookies: boolean; readonly keyHeader: string | undefined },
): Promise<Identity | undefined> {
  // Two kinds of credentials, and nobody knows which of them is meant.
  if (keyHeader !== undefined && exchange.header(keyHeader) !== undefined) return undefined;
  const authorization = exchange.header('authorization');
  const cookie = usesCookies ? cookieIn(exchange.header('cookie'), ACCESS_COOKIE) : undefined;
  const token = authorization === undefined ? cookie : bearerIn(authorization);
  const verification = token === undefined ? undefined : await verifier.verify(token);
  return verification === undefined || 'fault' in verification ? undefined : verification.identity;
}

/** The token in Authorization (RFC 6750 section 2.1); undefined when it is of another scheme, or not one token. */
function bearerIn(authorization: string): string | undefined {
  if (authorization.slice(0, 7).toLowerCase() !== 'bearer ') return undefined;
  const token = authorization.slice(7).trim();
  // Whether the rest can stand in a token is for the verifier, who may know this one already.
  return token === '' || token.includes(' ') || token.includes(',') ? undefined : token;
}

/** Whether nobody should act with these credentials any more, and nothing can be learnt by asking. */
export function hasExpired({ expiresAt }: Identity, now: number): boolean {
  return now >= expiresAt + CLOCK_TOLERANCE * 1000;
}

/**
 * Browsers send cookies along whoever made the request. What changes something must come with the token that only pages
 * of this site can read; a WebSocket cannot carry one, and must be opened by a page of this very origin.
 */
function forgeryIn(exchange: Exchange, identity: Identity, csrf: CsrfTokens | undefined): Judgement | undefined {
  if (exchange.upgrade !== undefined) {
    const origin = exchange.header('origin') ?? '';
    const { scheme, forwardedHost } = exchange.client;
    return origin.toLowerCase() === `${scheme}://${forwardedHost.toLowerCase()}` ? undefined : forged('origin');
  }
  if (/^(?:GET|HEAD|OPTIONS)$/.test(exchange.method)) return undefined;
  const session = csrf?.sessionOf(exchange.header(CSRF_HEADER) ?? '');
  return session !== undefined && session === identity.sessionId ? undefined : forged('token');
}

function forged(what: string): Judgement {
  return { refusal: { result: 'forbidden', problem: 'csrf-refused', cause: what } };
}

function ofKey(found: Identity | undefined | 'unknown'): Judgement {
  if (found === 'unknown') return DATABASE_AWAY;
  return found === undefined ? NO_KEY : { identity: found };
}

function refused(fault: TokenFault): Judgement {
  if (fault === 'keys-unavailable')
    return { refusal: { result: 'unavailable', problem: 'issuer-unavailable', cause: fault } };
  const detail = DETAILS[fault] ?? 'the token is not acceptable';
  return fault === 'expired'
    ? { refusal: { result: fault, problem: 'unauthorized', cause: fault, detail } }
    : invalid(fault, detail);
}

function invalid(cause: string, detail: string): Judgement {
  return { refusal: { result: 'invalid', problem: 'unauthorized', cause, detail } };
}
