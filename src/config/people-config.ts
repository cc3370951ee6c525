/** Who may call, with every default filled in: the parts of a configuration that are about people and their tokens. */

export interface DatabaseConfig {
  /** Empty = the embedded PostgreSQL in `dataDir`. */
  readonly url: string;
  /** An absolute path. */
  readonly dataDir: string;
  readonly pool: PoolConfig;
}

/** In milliseconds; 0 = off. */
export interface PoolConfig {
  readonly max: number;
  readonly min: number;
  readonly maxLifetime: number;
  readonly idleTimeout: number;
  readonly connectTimeout: number;
  readonly statementTimeout: number;
}

export interface IdentityConfig {
  readonly path: string;
  readonly registration: 'open' | 'closed';
  /** Of those who register; undefined = none. */
  readonly defaultRole: string | undefined;
  readonly tokens: TokensConfig;
  readonly passwords: { readonly minLength: number; readonly bcryptCost: number; readonly rejectCommon: boolean };
  readonly lockout: LockoutConfig;
  /** On what guesses or costs, for each client. */
  readonly rateLimit: { readonly requests: number; readonly per: number; readonly burst: number };
  /** Undefined = pages of other origins may not read its answers. */
  readonly cors: CorsConfig | undefined;
}

export interface CorsConfig {
  readonly origins: readonly string[];
  /** Empty = the usual ones. */
  readonly methods: readonly string[];
  /** Empty = those that a preflight asks for. */
  readonly headers: readonly string[];
  readonly expose: readonly string[];
  readonly credentials: boolean;
  /** In milliseconds; undefined = not said. */
  readonly maxAge: number | undefined;
}

export interface ApiKeysConfig {
  /** The header that carries the key, in lower case. */
  readonly header: string;
}

export interface TokensConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithm: 'RS256' | 'ES256' | 'HS256';
  /** The absolute path of a folder; undefined when there is a secret. */
  readonly keys: string | undefined;
  readonly secret: string | undefined;
  /** In milliseconds, as the next. */
  readonly accessTtl: number;
  readonly refreshTtl: number;
  readonly transport: 'header' | 'cookie';
}

/** Times in milliseconds. */
export interface LockoutConfig {
  readonly failures: number;
  readonly accountFailures: number;
  readonly window: number;
  readonly duration: number;
}

/** JWS signature algorithms: RFC 7518 section 3.1. */
type Algorithm = 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384' | 'ES512' | 'HS256';

export interface IssuerConfig {
  readonly name: string;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly Algorithm[];
  readonly keys: IssuerKeysConfig;
  /** Templates; undefined = the usual claim. */
  readonly claims: { readonly subject: string | undefined; readonly roles: string | undefined };
  readonly allowRoles: readonly string[];
}

/** Where an issuer's keys are: at a URL, in a file (its text), or one secret that both sides know. */
export type IssuerKeysConfig =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly text: string }
  | { readonly kind: 'secret'; readonly secret: string };

export interface RoleConfig {
  readonly name: string;
  readonly inherits: readonly string[];
  readonly permissions: readonly string[];
}

/** Who may use a route. */
export type AccessConfig =
  | { readonly kind: 'public' | 'optional' | 'authenticated' }
  | { readonly kind: 'rules'; readonly rules: readonly AccessRuleConfig[] };

/** All that is there must hold; an empty list is not there. */
export interface AccessRuleConfig {
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly scopes: readonly string[];
  readonly issuers: readonly string[];
  /** What of the request must be equal to what template: `params.id` and `{{claims.sub}}`. */
  readonly where: readonly (readonly [place: string, template: string])[];
}
