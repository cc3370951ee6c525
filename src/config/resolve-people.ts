import type { AccessDocument, AccessRuleDocument, IssuerDocument, RoleDocument } from './document.types.ts';
import { inside, unlessOff, type Place, type WrittenConfig } from './located.ts';
import type { AccessConfig, AccessRuleConfig, IssuerConfig, IssuerKeysConfig, RoleConfig } from './people-config.ts';

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
