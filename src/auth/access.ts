import { isBuiltIn, type Identity } from './identity.ts';
import type { Roles } from './permissions.ts';
import { compileWhere, type RequestValues } from './where.ts';

/** One rule of a route's `access`: all that it has must hold. */
export interface AccessRule {
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
  readonly scopes?: readonly string[];
  /** Names of issuers in the configuration. */
  readonly issuers?: readonly string[];
  /** Templates by what they are compared with: `{ 'params.id': '{{claims.sub}}' }`. */
  readonly where?: Readonly<Record<string, string>>;
}

/** The rules of a route, compiled. */
export interface Access {
  /** Whether any rule lets the caller in. */
  allows(identity: Identity, request: RequestValues): boolean;
  /**
   * What each rule asked for and the caller did not have, as words for a client: names that stand in the
   * configuration, never values of the request or of a token. To be asked after `allows` said no.
   */
  missing(identity: Identity, request: RequestValues): string;
}

/** One key of a rule. */
interface Condition {
  holds(identity: Identity, request: RequestValues): boolean;
  /** The end of "it needs …". */
  readonly words: string;
}

/**
 * Compiles access rules. Inheritance and wildcards are resolved here: what is left for a request are look-ups in sets.
 *
 * A rule with `where` and without `issuers` lets only callers of the built-in identity in, API keys among them: another
 * issuer's subject means somebody else, though it may be the same text.
 *
 * @returns the decision, or what is wrong with a `where`
 */
export function compileAccess(rules: readonly AccessRule[], roles: Roles): Access | { readonly fault: string } {
  const compiled: (readonly Condition[])[] = [];
  for (const rule of rules) {
    const conditions = compileRule(rule, roles);
    if ('fault' in conditions) return conditions;
    compiled.push(conditions);
  }
  return {
    allows(identity, request) {
      for (const conditions of compiled) if (holdAll(conditions, identity, request)) return true;
      return false;
    },
    missing(identity, request) {
      const failed = compiled.map((conditions) => conditions.find((condition) => !condition.holds(identity, request)));
      const words = failed.map((condition) => condition?.words).filter((text) => text !== undefined);
      return [...new Set(words)].join(', or ');
    },
  };
}

function holdAll(conditions: readonly Condition[], identity: Identity, request: RequestValues): boolean {
  for (const condition of conditions) if (!condition.holds(identity, request)) return false;
  return true;
}

/** The conditions of a rule, the cheap ones first. */
function compileRule(rule: AccessRule, roles: Roles): Condition[] | { readonly fault: string } {
  const conditions: Condition[] = [];
  const { issuers, where } = rule;
  if (issuers !== undefined) {
    const names = new Set(issuers);
    conditions.push({ holds: ({ issuer }) => names.has(issuer), words: `a token of ${oneOf(issuers)}` });
  } else if (where !== undefined) {
    conditions.push({ holds: isBuiltIn, words: 'a login at this gateway' });
  }
  if (rule.roles !== undefined) {
    const names = new Set(rule.roles.flatMap((name) => [...roles.satisfying(name)]));
    conditions.push({ holds: (identity) => hasAny(identity.roles, names), words: `the role ${oneOf(rule.roles)}` });
  }
  for (const permission of rule.permissions ?? []) {
    const names = roles.granting(permission);
    conditions.push({ holds: (identity) => hasAny(identity.roles, names), words: `the permission ${permission}` });
  }
  for (const scope of rule.scopes ?? []) {
    conditions.push({ holds: (identity) => identity.scopes.includes(scope), words: `the scope ${scope}` });
  }
  for (const [left, right] of Object.entries(where ?? {})) {
    const comparison = compileWhere(left, right);
    if (typeof comparison !== 'function') return comparison;
    conditions.push({ holds: comparison, words: `${left} to be the caller's own` });
  }
  return conditions;
}

function hasAny(roles: readonly string[], names: ReadonlySet<string>): boolean {
  for (const role of roles) if (names.has(role)) return true;
  return false;
}

function oneOf(names: readonly string[]): string {
  return names.join(' or ');
}
