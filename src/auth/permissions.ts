/** A role of the configuration. */
export interface RoleRules {
  readonly inherits: readonly string[];
  /** Permissions, `orders:*` for all below `orders:`, or `*`. */
  readonly permissions: readonly string[];
}

/** The roles of a configuration, by what they give. To be asked when rules are compiled, not for each request. */
export interface Roles {
  /** Every role that has the name or inherits from it, over however many others. `*` gives no names. */
  satisfying(name: string): ReadonlySet<string>;
  /** Every role that grants a permission, by itself or by what it inherits. */
  granting(permission: string): ReadonlySet<string>;
}

/**
 * Compiles roles with their inheritance. A cycle is an error of the configuration; here it only means that all roles
 * in it have the same.
 */
export function compileRoles(rules: Readonly<Record<string, RoleRules>>): Roles {
  const roles = new Map(Object.entries(rules));
  const closures = new Map([...roles.keys()].map((name) => [name, ancestors(name, roles)]));
  const rolesWhere = (holds: (ancestry: ReadonlySet<string>) => boolean): Set<string> =>
    new Set([...closures].filter(([, ancestry]) => holds(ancestry)).map(([name]) => name));
  return {
    // A role that nobody defined still satisfies its own name.
    satisfying: (name) => rolesWhere((ancestry) => ancestry.has(name)).add(name),
    granting: (permission) =>
      rolesWhere((ancestry) =>
        [...ancestry].some((name) => roles.get(name)?.permissions.some((grant) => covers(grant, permission)) === true),
      ),
  };
}

/** A role's own name and those of all that it inherits from. */
function ancestors(name: string, roles: ReadonlyMap<string, RoleRules>): ReadonlySet<string> {
  const found = new Set([name]);
  // A set is walked in the order of its insertions, those that come meanwhile included.
  for (const role of found) for (const parent of roles.get(role)?.inherits ?? []) found.add(parent);
  return found;
}

/**
 * Whether a grant covers a permission: the same one, `*`, or a wildcard for all below: `orders:*` covers `orders:read`
 * and `orders:read:own`, but neither `orders` nor `ordersread`.
 */
export function covers(grant: string, permission: string): boolean {
  if (grant === '*' || grant === permission) return true;
  if (!grant.endsWith(':*')) return false;
  const prefix = grant.slice(0, -1);
  return permission.length > prefix.length && permission.startsWith(prefix);
}
