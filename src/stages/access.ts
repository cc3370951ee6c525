import type { Access } from '../auth/access.ts';
import type { Verification, Verifier } from '../auth/verifier.ts';
import type { Exchange, Identity } from '../exchange.ts';
import type { Handler, Stage } from './stage.ts';

/** How asking for credentials can end: the `result` label of gateway_auth_total. */
export type AuthResult = 'ok' | 'missing' | 'invalid' | 'expired' | 'forbidden' | 'unavailable';

export interface AccessOptions {
  readonly verifier: Verifier;
  /** Whether a request without credentials goes on, as nobody's. */
  readonly isOptional: boolean;
  /** The rules of the route; undefined when whoever is known may use it. */
  readonly access: Access | undefined;
  /** Counts how it went. */
  readonly count: (result: AuthResult) => void;
}

/** RFC 6750 section 2.1. */
const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;

/** What a client may know of its token. */
const DETAILS: Readonly<Record<string, string>> = {
  expired: 'the token has expired',
  'not-yet-valid': 'the token is not valid yet',
  audience: 'the token is for somebody else',
};

/** Finds out who sends a request, and lets it go on when that one may. */
export function access(options: AccessOptions): Stage {
  return (next) => (exchange) => {
    const authorization = exchange.header('authorization');
    if (authorization === undefined) {
      if (options.isOptional) return next(exchange);
      return refuse(exchange, options, 'missing', 'no credentials', 'a token is missing: Authorization: Bearer …');
    }
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) {
      return refuse(
        exchange,
        options,
        'invalid',
        'not one bearer token',
        'expected Authorization: Bearer and one token',
      );
    }
    const verification = options.verifier.verify(token);
    if (verification instanceof Promise) return wait(exchange, verification, options, next);
    return decide(exchange, verification, options, next);
  };
}

/** The issuer's keys have to be fetched. */
async function wait(
  exchange: Exchange,
  verification: Promise<Verification>,
  options: AccessOptions,
  next: Handler,
): Promise<void> {
  let left = false;
  exchange.watch({ onDrain: () => undefined, onAbort: () => (left = true) });
  const verified = await verification;
  exchange.watch(undefined);
  // Nobody is there any more for whom to ask an upstream.
  if (!left) await decide(exchange, verified, options, next);
}

function decide(
  exchange: Exchange,
  verification: Verification,
  options: AccessOptions,
  next: Handler,
): void | Promise<void> {
  if ('fault' in verification) {
    const { fault } = verification;
    if (fault === 'keys-unavailable') {
      options.count('unavailable');
      exchange.failure = { kind: 'unauthorized', cause: fault };
      return exchange.fail('issuer-unavailable', { headers: ['retry-after', '5'] });
    }
    const detail = DETAILS[fault] ?? 'the token is not acceptable';
    return refuse(exchange, options, fault === 'expired' ? 'expired' : 'invalid', fault, detail);
  }
  const { identity } = verification;
  if (options.access?.allows(identity, exchange) === false) return forbid(exchange, identity, options.access, options);
  options.count('ok');
  exchange.identity = identity;
  return next(exchange);
}

/** @param cause for the log @param detail for the client */
function refuse(
  exchange: Exchange,
  { count }: AccessOptions,
  result: 'missing' | 'invalid' | 'expired',
  cause: string,
  detail: string,
): void {
  count(result);
  exchange.failure = { kind: 'unauthorized', cause };
  // RFC 6750 section 3: without credentials there is no error to name.
  const challenge = result === 'missing' ? 'Bearer' : 'Bearer error="invalid_token"';
  exchange.fail('unauthorized', { detail, headers: ['www-authenticate', challenge] });
}

function forbid(exchange: Exchange, identity: Identity, rules: Access, { count }: AccessOptions): void {
  count('forbidden');
  const missing = rules.missing(identity, exchange);
  exchange.failure = { kind: 'forbidden', cause: missing };
  exchange.fail('forbidden', {
    detail: `it needs ${missing}`,
    headers: ['www-authenticate', 'Bearer error="insufficient_scope"'],
  });
}
