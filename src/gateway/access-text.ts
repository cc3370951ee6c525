import type { AccessConfig, AccessRuleConfig } from '../config/people-config.ts';

/**
 * Who may use a route, for people: `public`, `optional`, `authenticated`, or its rules, of which any is enough, such as
 * `role admin | editor and scope orders:write, or issuer partner`.
 */
export function accessText(access: AccessConfig): string {
  return access.kind === 'rules' ? access.rules.map(ruleText).join(', or ') : access.kind;
}

/** All of it must hold; of several roles or issuers any one. */
function ruleText({ roles, permissions, scopes, issuers, where }: AccessRuleConfig): string {
  const any = (word: string, names: readonly string[]): readonly string[] =>
    names.length === 0 ? [] : [`${word} ${names.join(' | ')}`];
  const each = (word: string, names: readonly string[]): readonly string[] => names.map((name) => `${word} ${name}`);
  return [
    ...any('role', roles),
    ...each('permission', permissions),
    ...each('scope', scopes),
    ...any('issuer', issuers),
    ...where.map(([place, template]) => `${place} = ${template}`),
  ].join(' and ');
}
