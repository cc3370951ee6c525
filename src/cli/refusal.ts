import { MAX_PASSWORD_BYTES } from '../auth/password-policy.ts';
import type { ApiKeysConfig, IdentityConfig, RoleConfig } from '../config/people-config.ts';
import { visible } from '../config/render/terminal.ts';
import { suggest } from '../config/suggest.ts';
import type { AdministrationFault } from '../users/administration.ts';
import { ExitError } from './exit.ts';
import type { People } from './people.ts';

/** What a command was about, as it was typed: sentences name it. */
export interface Subject {
  readonly user?: string;
  readonly role?: string;
  readonly key?: string;
}

/** How a command ends that was refused: what was found, what is expected, and what to type next. */
export function refusal(
  fault: AdministrationFault,
  { user = '', role = '', key = '' }: Subject,
  people: People,
): ExitError {
  return new ExitError(1, sentence(fault, { user, role, key }, people));
}

/** Fails for a role that the configuration has not: before anybody is asked for a password. */
export function requireRole(role: string, roles: readonly RoleConfig[]): void {
  if (!roles.some(({ name }) => name === role)) throw new ExitError(1, unknownRole(role, roles));
}

/** The part of the configuration that users are about. */
export function requireIdentity(identity: IdentityConfig | undefined): IdentityConfig {
  if (identity !== undefined) return identity;
  throw new ExitError(
    2,
    'the configuration has no identity, and without it the gateway has no users: add identity with tokens.issuer and tokens.audience',
  );
}

/** The part of the configuration that API keys are about. */
export function requireApiKeys(apiKeys: ApiKeysConfig | undefined): void {
  if (apiKeys !== undefined) return;
  throw new ExitError(2, 'the configuration has no apiKeys, and without it the gateway takes no keys: add apiKeys: {}');
}

function sentence(fault: AdministrationFault, { user, role, key }: Required<Subject>, people: People): string {
  switch (fault) {
    case 'invalid-email':
      return `found ${quoted(user)}, expected an e-mail address such as ada@example.com`;
    case 'email-taken':
      return `there is a user ${user} already: see gatewayctl user show ${user}, or change it with user set-role or user set-password`;
    case 'unknown-user':
      return `there is no user ${quoted(user)}: expected the e-mail address or the id of one; look with gatewayctl user list --search ${searchFor(user)}`;
    case 'unknown-role':
      return unknownRole(role, people.roles);
    case 'unknown-key':
      return `there is no API key ${quoted(key)}: expected an id; look with gatewayctl key list`;
    case 'unknown-session':
      return `the user ${quoted(user)} has no such session: it may have ended; look with gatewayctl user show ${user}`;
    case 'password-too-short':
      return `the password is too short: expected ${minLength(people)} (identity.passwords.minLength); try again with a longer one`;
    case 'password-too-long':
      return `the password is too long: expected at most ${MAX_PASSWORD_BYTES} bytes in UTF-8, since no more can be hashed, and characters outside ASCII take 2 to 4; try again with a shorter one`;
    case 'password-invalid-character':
      return 'the password has a NUL or half a character in it: expected text; try again with another one';
    case 'password-common':
      return 'the password is one of the most common ones, which are tried first: expected another one (identity.passwords.rejectCommon); try again, for example with several words';
    case 'changed-meanwhile':
      return `the user ${quoted(user)} was changed by somebody else at this moment: try again`;
    case 'busy':
      return 'too many passwords are being hashed at this moment: try again';
  }
}

/** What to say of a list that is empty, perhaps since its role was mistyped. */
export function nobodyWith(role: string | undefined, roles: readonly RoleConfig[]): string {
  if (role === undefined || role === '' || roles.some(({ name }) => name === role)) return 'there is no such user';
  return `there is no such user, and ${unknownRole(role, roles)}`;
}

function unknownRole(role: string, roles: readonly RoleConfig[]): string {
  const names = roles.map(({ name }) => name);
  if (names.length === 0) {
    return `there is no role ${quoted(role)}, since the configuration has none: add for example roles: { ${/^[\w-]+$/.test(role) ? role : 'viewer'}: ["*"] }`;
  }
  const near = suggest(role, names);
  const meant = near === undefined ? '' : ` did you mean ${quoted(near)}?`;
  return `there is no role ${quoted(role)}:${meant} expected ${names.join(', ')}; see gatewayctl role list`;
}

function minLength({ identity }: People): string {
  return identity === undefined ? 'more characters' : `at least ${identity.passwords.minLength} characters`;
}

/** What to look for: the name of an address is where typing errors are rare. */
function searchFor(user: string): string {
  const [name = ''] = user.split('@', 1);
  return /^[\w.+-]+$/.test(name) ? name : "''";
}

function quoted(text: string): string {
  return visible(JSON.stringify(text));
}
