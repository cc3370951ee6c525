import { join } from 'node:path';
import type {
  AccessDocument,
  AccessRuleDocument,
  CorsDocument,
  IssuerDocument,
  RateLimitDocument,
  RoleDocument,
  TokensDocument,
} from './document.types.ts';
import { inside, pathOf, unlessOff, type Place, type WrittenConfig } from './located.ts';
import type {
  AccessConfig,
  AccessRuleConfig,
  ApiKeysConfig,
  CorsConfig,
  DatabaseConfig,
  IdentityConfig,
  IssuerConfig,
  IssuerKeysConfig,
  RoleConfig,
  TokensConfig,
} from './people-config.ts';
import { canonicalPrefix } from '../routing/pattern.ts';
import { parseDuration, parseTimer } from './units.ts';

export const DEFAULT_IDENTITY_PATH = '/auth';
const DEFAULT_RATE_LIMIT: RateLimitDocument = { requests: 10, per: '1m' };

/** Where users, sessions and API keys are. */
export function resolveDatabase({ main }: WrittenConfig): DatabaseConfig {
  const { url = '', dataDir = '.gatewayctl', pool = {} } = main.value.database ?? {};
  return {
    url,
    dataDir: pathOf(main, dataDir),
    pool: {
      max: pool.max ?? 30,
      // More idle ones than there may be at all is not meant by whoever lowers `max`.
      min: Math.min(pool.min ?? 5, pool.max ?? 30),
      maxLifetime: parseTimer(pool.maxLifetime ?? '1h'),
      idleTimeout: parseTimer(pool.idleTimeout ?? '30m'),
      connectTimeout: parseTimer(pool.connectTimeout ?? '5s'),
      statementTimeout: parseTimer(pool.statementTimeout ?? '5s'),
    },
  };
}

/** The built-in user service; undefined when there is none. */
export function resolveIdentity(written: WrittenConfig): IdentityConfig | undefined {
  const { identity } = written.main.value;
  if (identity === undefined) return undefined;
  const { passwords = {}, lockout = {}, rateLimit = DEFAULT_RATE_LIMIT, cors } = identity;
  return {
    // Requests have their canonical path: it has to begin with this one.
    path: canonicalPrefix(identity.path ?? DEFAULT_IDENTITY_PATH),
    registration: identity.registration ?? 'closed',
    defaultRole: identity.defaultRole,
    tokens: resolveTokens(identity.tokens, written),
    passwords: {
      minLength: passwords.minLength ?? 12,
      bcryptCost: passwords.bcryptCost ?? 12,
      rejectCommon: passwords.rejectCommon ?? true,
    },
    lockout: {
      failures: lockout.failures ?? 5,
      accountFailures: lockout.accountFailures ?? 50,
      window: parseDuration(lockout.window ?? '15m'),
      duration: parseDuration(lockout.duration ?? '15m'),
    },
    rateLimit: {
      requests: rateLimit.requests,
      per: parseDuration(rateLimit.per),
      burst: rateLimit.burst ?? rateLimit.requests,
    },
    cors: cors === undefined ? undefined : resolveCors(cors),
  };
}

function resolveTokens(tokens: TokensDocument, written: WrittenConfig): TokensConfig {
  const { main } = written;
  const { issuer, audience, algorithm = 'RS256', secret } = tokens;
  const { dataDir } = resolveDatabase(written);
  const keys = tokens.keys === undefined ? join(dataDir, 'keys') : pathOf(main, tokens.keys);
  return {
    issuer,
    audience,
    algorithm,
    keys: algorithm === 'HS256' ? undefined : keys,
    secret,
    accessTtl: parseDuration(tokens.accessTtl ?? '15m'),
    refreshTtl: parseDuration(tokens.refreshTtl ?? '30d'),
    transport: tokens.transport ?? 'header',
  };
}

export function resolveCors({ origins, methods, headers, expose, credentials, maxAge }: CorsDocument): CorsConfig {
  return {
    origins,
    methods: methods ?? [],
    headers: headers ?? [],
    expose: expose ?? [],
    credentials: credentials ?? false,
    maxAge: maxAge === undefined ? undefined : parseDuration(maxAge),
  };
}

/** @returns undefined when no API key is accepted */
export function resolveApiKeys({ main }: WrittenConfig): ApiKeysConfig | undefined {
  const { apiKeys } = main.value;
  return apiKeys === undefined ? undefined : { header: (apiKeys.header ?? DEFAULT_KEY_HEADER).toLowerCase() };
}

export const DEFAULT_KEY_HEADER = 'x-api-key';

/** Reads the text of a file that a part of the configuration names. */
type ReadFile = (part: Place, file: string) => string;

/** The issuers whose tokens are accepted. */
export function resolveIssuers({ main }: WrittenConfig, readFile: ReadFile): IssuerConfig[] {
  return (main.value.issuers ?? []).map((issuer, index) => ({
    name: issuer.name,
    issuer: issuer.issuer,
    audience: issuer.audience,
    algorithms: issuer.algorithms,
    keys: keysOf(issuer, inside(main, 'issuers', index), readFile),
    claims: { subject: issuer.claims?.subject, roles: issuer.claims?.roles },
    allowRoles: issuer.allowRoles ?? [],
  }));
}

function keysOf({ jwks, secret }: IssuerDocument, place: Place, readFile: ReadFile): IssuerKeysConfig {
  if (jwks === undefined) return { kind: 'secret', secret: secret ?? '' };
  return isUrl(jwks) ? { kind: 'url', url: jwks } : { kind: 'file', text: readFile(place, jwks) };
}

/** Whether a JWKS is fetched; otherwise it is a file. */
export function isUrl(jwks: string): boolean {
  return /^https?:/i.test(jwks);
}

/** The roles of all files. */
export function resolveRoles({ roles }: WrittenConfig): RoleConfig[] {
  return roles.map(({ name, value }) => ({ name, inherits: inheritedBy(value), permissions: grantsOf(value) }));
}

/** The roles that a role inherits from. */
export function inheritedBy(role: RoleDocument): readonly string[] {
  return Array.isArray(role) ? [] : (role.inherits ?? []);
}

function grantsOf(role: RoleDocument): readonly string[] {
  return Array.isArray(role) ? role : (role.permissions ?? []);
}

/** Who may use a route. Nobody but those who are known, unless it says otherwise. */
export function resolveAccess(access: AccessDocument | undefined): AccessConfig {
  const written = unlessOff(access) ?? 'authenticated';
  if (typeof written === 'string') return { kind: written };
  return { kind: 'rules', rules: [written].flat().map(resolveRule) };
}

function resolveRule(rule: AccessRuleDocument): AccessRuleConfig {
  return {
    roles: rule.roles ?? [],
    permissions: rule.permissions ?? [],
    scopes: rule.scopes ?? [],
    issuers: rule.issuers ?? [],
    where: Object.entries(rule.where ?? {}),
  };
}
