import type { Access } from '../auth/access.ts';
import type { Exchange, HeaderList, Identity } from '../exchange.ts';
import type { Credentials, Judgement, Refusal } from '../users/credentials.ts';
import { goOnAfter, type Handler, type Stage } from './stage.ts';

/** How asking for credentials can end: the `result` label of gateway_auth_total. */
export type AuthResult = 'ok' | 'missing' | Refusal['result'];

export interface AccessOptions {
  readonly credentials: Credentials;
  /** Whether a request without credentials goes on, as nobody's. */
  readonly isOptional: boolean;
  /** The rules of the route; undefined when whoever is known may use it. */
  readonly access: Access | undefined;
  /** Counts how it went. */
  readonly count: (result: AuthResult) => void;
  /** Counts a request that is let in. @param roles of the caller; empty for nobody */
  readonly countCall: (roles: readonly string[]) => void;
}

const NO_ROLES: readonly string[] = [];

/** In seconds: an issuer or a database that comes back does so within seconds. */
const RETRY_AFTER = '5';

/** Finds out who sends a request, and lets it go on when that one may. */
export function access(options: AccessOptions): Stage {
  return (next) => (exchange) => {
    const judgement = options.credentials(exchange);
    // An issuer for its keys, or the database, has to be asked first.
    if (judgement instanceof Promise)
      return goOnAfter(exchange, 'access', judgement, (judged) => decide(exchange, judged, options, next));
    return decide(exchange, judgement, options, next);
  };
}

function decide(exchange: Exchange, judgement: Judgement, options: AccessOptions, next: Handler): void | Promise<void> {
  if (judgement === 'none') {
    if (!options.isOptional) return askForCredentials(exchange, options);
    options.countCall(NO_ROLES);
    return next(exchange);
  }
  if ('refusal' in judgement) return refuse(exchange, judgement.refusal, options);
  const { identity } = judgement;
  if (options.access?.allows(identity, exchange) === false) return forbid(exchange, identity, options.access, options);
  options.count('ok');
  options.countCall(identity.roles);
  exchange.identity = identity;
  return next(exchange);
}

/** RFC 6750 section 3: without credentials there is no error to name. */
function askForCredentials(exchange: Exchange, { count }: AccessOptions): void {
  count('missing');
  exchange.failure = { kind: 'unauthorized', cause: 'no credentials' };
  const detail = 'credentials are missing: a token in Authorization: Bearer …, or what else this gateway takes';
  exchange.fail('unauthorized', { detail, headers: ['www-authenticate', 'Bearer'] });
}

function refuse(exchange: Exchange, { result, problem, cause, detail }: Refusal, { count }: AccessOptions): void {
  count(result);
  exchange.failure = { kind: problem === 'csrf-refused' ? 'csrf' : 'unauthorized', cause };
  exchange.fail(problem, { ...(detail === undefined ? {} : { detail }), headers: FIELDS[result] });
}

const FIELDS: Readonly<Record<Refusal['result'], HeaderList>> = {
  invalid: ['www-authenticate', 'Bearer error="invalid_token"'],
  expired: ['www-authenticate', 'Bearer error="invalid_token"'],
  forbidden: [],
  unavailable: ['retry-after', RETRY_AFTER],
};

function forbid(exchange: Exchange, identity: Identity, rules: Access, { count }: AccessOptions): void {
  count('forbidden');
  const missing = rules.missing(identity, exchange);
  exchange.failure = { kind: 'forbidden', cause: missing };
  exchange.fail('forbidden', {
    detail: `it needs ${missing}`,
    headers: ['www-authenticate', 'Bearer error="insufficient_scope"'],
  });
}
