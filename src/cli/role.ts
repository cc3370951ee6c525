import { compileRoles, covers } from '../auth/permissions.ts';
import type { RoleConfig } from '../config/people-config.ts';
import { printJson, print, table, tell, type OutputFormat } from './table.ts';

/** A role with all that it comes to have, over however many others. */
interface ResolvedRole {
  readonly name: string;
  readonly inherits: readonly string[];
  readonly permissions: readonly string[];
}

/** Lists the roles of the configuration, with what each one inherits and grants in the end. */
export function roleList(roles: readonly RoleConfig[], { format }: { readonly format: OutputFormat }): void {
  const resolved = resolveRoles(roles);
  if (format === 'json') {
    printJson({ roles: resolved });
    return;
  }
  if (resolved.length === 0) {
    tell('the configuration has no roles: add for example roles: { viewer: ["orders:read"] }');
    return;
  }
  print(
    table(
      ['ROLE', 'INHERITS', 'GRANTS'],
      resolved.map(({ name, inherits, permissions }) => [name, listed(inherits), listed(permissions)]),
    ),
  );
}

function resolveRoles(roles: readonly RoleConfig[]): ResolvedRole[] {
  const compiled = compileRoles(Object.fromEntries(roles.map((role) => [role.name, role])));
  return roles.map((role) => {
    const ancestors = roles.filter((other) => other !== role && compiled.satisfying(other.name).has(role.name));
    const granted = new Set([role, ...ancestors].flatMap(({ permissions }) => permissions));
    return {
      name: role.name,
      inherits: ancestors.map(({ name }) => name),
      // What a wider one covers says nothing more.
      permissions: [...granted].filter((one) => ![...granted].some((wider) => wider !== one && covers(wider, one))),
    };
  });
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? '-' : names.join(', ');
}
