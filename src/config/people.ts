import { parseTemplate } from '../template.ts';
import type { AccessDocument, AccessRuleDocument } from './document.types.ts';
import type { Diagnostic } from './diagnostic.ts';
import { inside, lineOf, Reporter, unlessOff, type Located, type Place, type WrittenConfig } from './located.ts';
import { inheritedBy, isUrl } from './resolve-people.ts';
import { suggest } from './suggest.ts';

/** Finds what is wrong with issuers, roles and the access rules that name them, beyond what a schema can say. */
export function checkPeople(written: WrittenConfig): Diagnostic[] {
  const reporter = new Reporter();
  checkRoles(written, reporter);
  checkIssuers(written, reporter);
  const { main, routes } = written;
  checkAccess(main.value.defaults?.route?.access, inside(main, 'defaults', 'route', 'access'), written, reporter);
  for (const route of routes) checkAccess(route.value.access, inside(route, 'access'), written, reporter);
  return reporter.found;
}

function checkRoles(written: WrittenConfig, reporter: Reporter): void {
  const firsts = new Map<string, Located<unknown>>();
  for (const role of written.roles) {
    const first = firsts.get(role.name);
    if (first !== undefined) {
      const message = `the role "${role.name}" is defined twice: first in ${lineOf(first)}`;
      reporter.error('duplicate-name', { ...role, at: 'key' }, message, 'rename one of them');
    }
    firsts.set(role.name, first ?? role);
    for (const [index, parent] of inheritedBy(role.value).entries()) {
      checkRole(parent, inside(role, 'inherits', index), written, reporter);
    }
    const cycle = cycleFrom(role.name, written);
    if (cycle !== undefined) {
      const message = `the role "${role.name}" inherits from itself: ${cycle.join(' → ')}`;
      reporter.error('invalid-value', inside(role, 'inherits'), message, 'remove one of them from the circle');
    }
  }
}

/** The way from a role back to itself; undefined when there is none. */
function cycleFrom(name: string, { roles }: WrittenConfig): readonly string[] | undefined {
  const parents = new Map(roles.map((role) => [role.name, inheritedBy(role.value)]));
  const ways: (readonly string[])[] = [[name]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const parent of parents.get(way.at(-1) ?? '') ?? []) {
      if (parent === name) return [...way, name];
      if (seen.has(parent)) continue;
      seen.add(parent);
      ways.push([...way, parent]);
    }
  }
  return undefined;
}

/** Reports a name that is none of a role. */
export function checkRole(name: string, place: Place, { roles, complete }: WrittenConfig, reporter: Reporter): void {
  // A role that is not here may stand in a part that cannot be read.
  if (complete.routes)
    checkName(
      'role',
      name,
      roles.map((role) => role.name),
      place,
      reporter,
    );
}

function checkName(
  what: 'role' | 'issuer',
  name: string,
  known: readonly string[],
  place: Place,
  reporter: Reporter,
): void {
  if (known.includes(name)) return;
  const near = suggest(name, known);
  const list = known.length === 0 ? 'there is none' : `there is ${known.slice(0, 10).join(', ')}`;
  const hint = near === undefined ? `define it under ${what}s: (${list})` : `did you mean "${near}"?`;
  reporter.error('unknown-reference', place, `there is no ${what} "${name}"`, hint);
}

function checkIssuers(written: WrittenConfig, reporter: Reporter): void {
  const { main } = written;
  const names = new Map<string, Place>();
  const issuers = new Map<string, Place>();
  for (const [index, issuer] of (main.value.issuers ?? []).entries()) {
    const place = inside(main, 'issuers', index);
    const first = names.get(issuer.name);
    if (first !== undefined) {
      const message = `the issuer "${issuer.name}" is defined twice: first in ${lineOf(first)}`;
      reporter.error('duplicate-name', inside(place, 'name'), message, 'rename one of them');
    }
    names.set(issuer.name, first ?? place);
    const same = issuers.get(issuer.issuer);
    if (same !== undefined) {
      const message = `two issuers sign as ${issuer.issuer}: a token would be of both; the other is in ${lineOf(same)}`;
      reporter.error('duplicate-name', inside(place, 'issuer'), message, 'join them, or correct one of them');
    }
    issuers.set(issuer.issuer, same ?? place);
    checkKeys(issuer, place, reporter);
    for (const key of ['subject', 'roles'] as const) {
      const expression = issuer.claims?.[key];
      if (expression !== undefined) checkClaim(expression, inside(place, 'claims', key), reporter);
    }
    for (const [at, role] of (issuer.allowRoles ?? []).entries()) {
      checkRole(role, inside(place, 'allowRoles', at), written, reporter);
    }
  }
}

interface Keys {
  readonly jwks?: string;
  readonly secret?: string;
  readonly algorithms: readonly string[];
}

function checkKeys({ jwks, secret, algorithms }: Keys, place: Place, reporter: Reporter): void {
  if ((jwks === undefined) === (secret === undefined)) {
    const message =
      jwks === undefined ? 'an issuer needs keys: expected jwks or secret' : 'an issuer has jwks or secret, not both';
    const hint = 'for example jwks: https://id.example.com/.well-known/jwks.json';
    reporter.error(jwks === undefined ? 'missing-key' : 'invalid-value', place, message, hint);
    return;
  }
  const isShared = (algorithm: string): boolean => algorithm.startsWith('HS');
  const index = algorithms.findIndex((algorithm) => isShared(algorithm) !== (secret !== undefined));
  if (index !== -1) {
    // RFC 8725 section 2.1: with both kinds, whoever has the public key could sign.
    const message = `${algorithms[index] ?? ''} does not go with ${secret === undefined ? 'jwks' : 'a secret'}`;
    const hint = secret === undefined ? 'HS256 needs a secret' : 'a secret is for HS256 only';
    reporter.error('invalid-value', inside(place, 'algorithms', index), message, hint);
  }
  if (
    jwks !== undefined &&
    isUrl(jwks) &&
    !/^https:|^http:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?:[:/]|$)/i.test(jwks)
  ) {
    const message = `the keys would come over plain HTTP: ${jwks}`;
    reporter.error(
      'invalid-value',
      inside(place, 'jwks'),
      message,
      'use https: whoever changes the keys on the way signs tokens',
    );
  }
}

function checkClaim(expression: string, place: Place, reporter: Reporter): void {
  const template = parseTemplate(expression);
  const isClaim = 'parts' in template && template.parts.length === 1 && template.usesClaims;
  if (!isClaim)
    reporter.error('invalid-value', place, `found "${expression}", expected one claim`, 'for example {{claims.sub}}');
}

function checkAccess(
  access: AccessDocument | undefined,
  place: Place,
  written: WrittenConfig,
  reporter: Reporter,
): void {
  const rules = unlessOff(access);
  if (rules === undefined || typeof rules === 'string') return;
  if (!Array.isArray(rules)) checkRule(rules, place, written, reporter);
  else for (const [index, rule] of rules.entries()) checkRule(rule, inside(place, index), written, reporter);
}

function checkRule(rule: AccessRuleDocument, place: Place, written: WrittenConfig, reporter: Reporter): void {
  for (const [index, role] of (rule.roles ?? []).entries())
    checkRole(role, inside(place, 'roles', index), written, reporter);
  const issuers = (written.main.value.issuers ?? []).map(({ name }) => name);
  for (const [index, issuer] of (rule.issuers ?? []).entries()) {
    checkName('issuer', issuer, issuers, inside(place, 'issuers', index), reporter);
  }
  for (const [left, right] of Object.entries(rule.where ?? {})) {
    for (const text of [`{{${left}}}`, right]) {
      const template = parseTemplate(text);
      if ('fault' in template)
        reporter.error(
          'invalid-value',
          inside(place, 'where', left),
          template.fault,
          'for example params.id: "{{claims.sub}}"',
        );
    }
  }
}
