import { compilePasswordPolicy } from '../auth/password-policy.ts';
import { passwords } from '../auth/passwords.ts';
import type { SigningKeys } from '../auth/signing-keys.ts';
import type { IdentityConfig, RoleConfig } from '../config/people-config.ts';
import { RateCounter } from '../limits/gcra.ts';
import { originMatcher } from '../stages/cors.ts';
import type { LoginResult } from '../users/account-results.ts';
import { accounts, type Accounts } from '../users/accounts.ts';
import { administration, type Administration } from '../users/administration.ts';
import { clientGroup } from '../users/client-group.ts';
import { csrfTokens, type CsrfTokens } from '../users/csrf.ts';
import { identityApi, type IdentityApi } from '../users/http.ts';
import type { Users } from './user-store.ts';

/** The built-in identity: what its API and the routes need of it. */
export interface IdentityService {
  readonly api: IdentityApi;
  readonly csrf: CsrfTokens;
  /** @param roles of the configuration */
  administration(roles: readonly RoleConfig[]): Administration;
}

/** Counts what users do. */
export interface IdentityCounts {
  registration(): void;
  login(result: LoginOutcome): void;
}

/** The `result` label of gateway_logins_total. */
export type LoginOutcome = 'ok' | 'refused' | 'locked' | 'busy';

/**
 * bcrypt runs on libuv's four threads, and leaves half of them to files, names and signatures. Whoever would wait for
 * longer than some seconds is told to come back.
 */
const HASHING = { concurrency: 2, waiting: 50 };

/** Puts the parts of the built-in identity together. */
export function identityService(
  config: IdentityConfig,
  { database, live }: Users,
  keys: SigningKeys,
  counts: IdentityCounts,
): IdentityService {
  const { tokens, passwords: rules, rateLimit, cors } = config;
  const hashing = passwords({ cost: rules.bcryptCost, ...HASHING });
  const policy = compilePasswordPolicy(rules);
  const shared = { database, passwords: hashing, policy, now: Date.now, onChange: live.changed.bind(live) };
  const service = accounts(
    {
      registration: config.registration,
      defaultRole: config.defaultRole,
      lockout: config.lockout,
      tokens: { issuer: tokens.issuer, audience: tokens.audience, ttl: tokens.accessTtl, keys },
      refreshTtl: tokens.refreshTtl,
    },
    shared,
  );
  const csrf = csrfTokens({ current: () => keys.signing(Date.now()).privateKey, all: () => keys.privateKeys });
  const counter = new RateCounter(rateLimit);
  return {
    api: identityApi(
      { path: config.path, transport: tokens.transport, registration: config.registration },
      {
        accounts: counted(service, counts),
        csrf,
        // Pages that may send cookies along may refresh them.
        mayAct: cors?.credentials === true ? originMatcher(cors.origins) : undefined,
        limit: ({ address }) => counter.take(clientGroup(address)),
      },
    ),
    csrf,
    administration: (roles) => administration({ ...shared, roles: new Set(roles.map(({ name }) => name)) }),
  };
}

function counted(service: Accounts, counts: IdentityCounts): Accounts {
  return {
    ...service,
    async register(email, password) {
      const result = await service.register(email, password);
      if ('user' in result) counts.registration();
      return result;
    },
    async login(email, password, origin) {
      const result = await service.login(email, password, origin);
      counts.login(outcomeOf(result));
      return result;
    },
  };
}

function outcomeOf(result: LoginResult): LoginOutcome {
  if ('issued' in result) return 'ok';
  return result.fault === 'locked' || result.fault === 'busy' ? result.fault : 'refused';
}
