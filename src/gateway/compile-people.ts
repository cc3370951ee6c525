import { compileAccess, type AccessRule } from '../auth/access.ts';
import { compileRoles, type Roles } from '../auth/permissions.ts';
import type { SigningKeys } from '../auth/signing-keys.ts';
import type { Verifier } from '../auth/verifier.ts';
import type { GatewayConfig, RouteConfig } from '../config/config.ts';
import type { AccessRuleConfig } from '../config/people-config.ts';
import type { HeaderEdits } from '../forwarding/headers.ts';
import { aboutRoute } from '../observability/access-log.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { RouteMatch } from '../routing/route-table.ts';
import { segmentsOf, type Segment } from '../routing/pattern.ts';
import { access, type AuthResult } from '../stages/access.ts';
import { compileCors, cors, type CorsOptions } from '../stages/cors.ts';
import { answerIdentity, answerJwks } from '../stages/identity.ts';
import { compose, type Stage } from '../stages/stage.ts';
import { compileCredentials, type Credentials } from '../users/credentials.ts';
import { MAX_BODY_BYTES } from '../users/json-fields.ts';
import type { Holding, Route } from './gateway.ts';
import type { IdentityService } from './identity-service.ts';
import type { Leases } from './leases.ts';
import type { Resources } from './resources.ts';
import { signingSettings } from './signing.ts';

/** What all routes share that ask who calls. */
export interface People {
  readonly credentials: Credentials;
  readonly roles: Roles;
  /** Those of the configuration. */
  readonly roleNames: ReadonlySet<string>;
  /** Undefined = there is no built-in identity. */
  readonly builtIn: BuiltIn | undefined;
}

interface BuiltIn {
  readonly service: IdentityService;
  readonly verifier: Verifier;
  readonly keys: SigningKeys;
  readonly holding: Holding;
}

/** What the routes of the built-in identity are called in logs and metrics. No other route can have such a name. */
const IDENTITY_ROUTE = '_identity';
const JWKS_ROUTE = '_jwks';
const JWKS_PATH = '/.well-known/jwks.json';

const EVERY_ORIGIN: CorsOptions = {
  origins: ['*'],
  methods: [],
  headers: [],
  expose: [],
  credentials: false,
  maxAge: undefined,
};

/**
 * Compiles who may call.
 *
 * @param held takes all that it needs of the resources
 * @throws KeyRingFault when there is no key to sign with
 */
export async function compilePeople(config: GatewayConfig, resources: Resources, held: Leases): Promise<People> {
  const { identity, issuers, apiKeys, database } = config;
  const roles = compileRoles(Object.fromEntries(config.roles.map((role) => [role.name, role])));
  const roleNames = new Set(config.roles.map(({ name }) => name));
  const usesDatabase = identity !== undefined || apiKeys !== undefined;
  const live = usesDatabase ? resources.stores.users.open(database).live : undefined;
  const keyHeader = apiKeys?.header;
  if (identity === undefined) {
    const { verifier } = held.add(resources.verifiers.acquire({ issuers, builtIn: undefined }));
    return {
      credentials: compileCredentials({ verifier, live, keyHeader, csrf: undefined }),
      roles,
      roleNames,
      builtIn: undefined,
    };
  }
  const { issuer, audience, transport } = identity.tokens;
  const signing = signingSettings(identity.tokens, database);
  const keys = held.add(resources.signingKeys.acquire(signing));
  const { verifier } = held.add(resources.verifiers.acquire({ issuers, builtIn: { issuer, audience, signing } }));
  const service = held.add(resources.identities.acquire({ identity, database }));
  await keys.ready;
  const csrf = transport === 'cookie' ? service.csrf : undefined;
  const credentials = compileCredentials({ verifier, live, keyHeader, csrf });
  return { credentials, roles, roleNames, builtIn: { service, verifier, keys, holding: held } };
}

/** @returns undefined for a public route, which never reads credentials */
export function accessStage(
  { name, access: config }: RouteConfig,
  { credentials, roles, roleNames }: People,
  metrics: Metrics,
): Stage | undefined {
  if (config.kind === 'public') return undefined;
  const count = (result: AuthResult): void => metrics.people.auth(result);
  const countCall = metrics.people.callsBy(roleNames);
  const options = { credentials, count, countCall, isOptional: config.kind === 'optional' };
  if (config.kind !== 'rules') return access({ ...options, access: undefined });
  const rules = compileAccess(config.rules.map(accessRule), roles);
  if ('fault' in rules) throw new Error(`the access of the route ${name}: ${rules.fault}`);
  return access({ ...options, access: rules });
}

/**
 * The routes of the built-in identity: on every host that any route names, so that none of those takes what belongs to
 * them.
 */
export function identityRoutes(
  { identity: config, apiKeys, routes, hash }: GatewayConfig,
  { builtIn }: People,
  metrics: Metrics,
  responseEdits: HeaderEdits | undefined,
): RouteMatch<Route>[] {
  if (config === undefined || builtIn === undefined) return [];
  const { service, verifier, keys, holding } = builtIn;
  const usesCookies = config.tokens.transport === 'cookie';
  const keyHeader = apiKeys?.header;
  const rule = config.cors === undefined ? undefined : compileCors(config.cors);
  const answer = answerIdentity({ path: config.path, api: service.api, verifier, usesCookies, keyHeader });
  const common = {
    source: 'identity',
    about: aboutRoute(hash, undefined),
    // What is asked of it is over in a moment: no reload has to spare it.
    fingerprint: hash,
    bodyBytes: MAX_BODY_BYTES,
    takesUpgrades: false,
    holdings: [holding],
    responseEdits,
  };
  const reserved: readonly (readonly [segments: readonly Segment[], target: Route])[] = [
    [
      [...segmentsOf(config.path), { kind: 'rest', name: 'rest' }],
      {
        ...common,
        name: IDENTITY_ROUTE,
        path: `${config.path}/*rest`,
        metrics: metrics.route(IDENTITY_ROUTE),
        cors: rule,
        handle: compose([rule === undefined ? undefined : cors(rule)], answer),
      },
    ],
    [
      segmentsOf(JWKS_PATH),
      // Everybody may read public keys.
      {
        ...common,
        name: JWKS_ROUTE,
        path: JWKS_PATH,
        metrics: metrics.route(JWKS_ROUTE),
        cors: compileCors(EVERY_ORIGIN),
        handle: answerJwks(keys),
      },
    ],
  ];
  const named = [...new Set(routes.flatMap(({ match }) => match.hosts))];
  const everywhere = named.length === 0 ? [[]] : [[], named];
  return reserved.flatMap(([segments, target]) =>
    everywhere.map((hosts) => ({ segments, hosts, methods: [], headers: [], target })),
  );
}

/** An empty list in a configuration asks for nothing. */
function accessRule(config: AccessRuleConfig): AccessRule {
  const { roles, permissions, scopes, issuers, where } = config;
  return {
    ...(roles.length === 0 ? {} : { roles }),
    ...(permissions.length === 0 ? {} : { permissions }),
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(issuers.length === 0 ? {} : { issuers }),
    ...(where.length === 0 ? {} : { where: Object.fromEntries(where) }),
  };
}
