import type { AdministrationFault, UserRecord } from '../users/administration.ts';
import { normalEmail } from '../users/email.ts';
import { ExitError } from './exit.ts';
import type { People } from './people.ts';
import { confirmed, isTerminal, newPassword, ownTerminal, type Terminal } from './prompt.ts';
import { nobodyWith, refusal, requireIdentity, requireRole, type Subject } from './refusal.ts';
import { dateText, details, print, printJson, table, tell, type OutputFormat } from './table.ts';

/** How many users are asked for at once. */
const PAGE = 100;

export interface FormatFlags {
  readonly format: OutputFormat;
}

export interface PasswordFlags extends FormatFlags {
  readonly passwordStdin: boolean;
}

export interface UserListFlags extends FormatFlags {
  /** Part of an e-mail address. */
  readonly search: string | undefined;
  /** Whoever had a role that is gone from the configuration still has its name. Empty = those without one. */
  readonly role: string | undefined;
  /** Undefined = all. */
  readonly limit: string | undefined;
}

/**
 * Adds a user.
 *
 * @throws ExitError
 */
export async function userAdd(
  people: People,
  email: string,
  flags: PasswordFlags & { readonly role: string },
  terminal: Terminal = ownTerminal(),
): Promise<void> {
  requireIdentity(people.identity);
  // What can be known beforehand is told before somebody has typed a password twice.
  requireRole(flags.role, people.roles);
  if ('fault' in normalEmail(email)) throw refusal('invalid-email', { user: email }, people);
  if ((await people.administration.findUser(email)) !== undefined)
    throw refusal('email-taken', { user: email }, people);
  const password = await newPassword({ ...flags, whose: email }, terminal);
  const subject = { user: email, role: flags.role };
  const user = accepted(await people.administration.addUser(email, password, flags.role), subject, people);
  report(user, `added ${user.email} with the role ${user.role}`, flags);
}

/**
 * Lists users, page by page as the database gives them.
 *
 * @throws ExitError
 */
export async function userList({ administration, roles }: People, flags: UserListFlags): Promise<void> {
  const limit = flags.limit === undefined ? Infinity : wholeNumber(flags.limit);
  const filter = {
    ...(flags.search === undefined ? {} : { search: flags.search }),
    ...(flags.role === undefined ? {} : { role: flags.role }),
  };
  const users: UserRecord[] = [];
  let after: string | undefined;
  do {
    const page = await administration.listUsers({
      ...filter,
      limit: Math.min(PAGE, limit - users.length),
      ...(after === undefined ? {} : { after }),
    });
    users.push(...page.users);
    after = page.next;
  } while (after !== undefined && users.length < limit);
  const more = after !== undefined;
  if (flags.format === 'json') {
    printJson({ users, more });
    return;
  }
  if (users.length === 0) {
    const any = flags.search === undefined && flags.role === undefined;
    tell(any ? 'there are no users yet: gatewayctl user add EMAIL --role ROLE' : nobodyWith(flags.role, roles));
    return;
  }
  print(
    table(
      ['EMAIL', 'ROLE', 'STATE', 'SESSIONS', 'CREATED', 'ID'],
      users.map((user) => [
        user.email,
        roleOf(user),
        state(user),
        String(user.sessions),
        dateText(user.createdAt),
        user.id,
      ]),
    ),
  );
  if (more) tell(`there are more than ${users.length}: raise --limit, or leave it out`);
}

/**
 * Shows one user.
 *
 * @throws ExitError
 */
export async function userShow(people: People, emailOrId: string, flags: FormatFlags): Promise<void> {
  const user = await existing(people, emailOrId);
  if (flags.format === 'json') {
    printJson(user);
    return;
  }
  print(
    details({
      email: user.email,
      id: user.id,
      role: roleOf(user),
      state: state(user),
      sessions: String(user.sessions),
      created: dateText(user.createdAt),
    }),
  );
  if (user.role !== '' && !people.roles.some(({ name }) => name === user.role))
    tell(`the configuration has no role ${user.role}, so it gives no rights: see gatewayctl role list`);
}

/**
 * Gives a user another role.
 *
 * @throws ExitError
 */
export async function userSetRole(people: People, emailOrId: string, role: string, flags: FormatFlags): Promise<void> {
  requireRole(role, people.roles);
  const answer = await people.administration.setRole(emailOrId, role);
  const user = accepted(answer, { user: emailOrId, role }, people);
  report(user, `${user.email} has the role ${user.role} now`, flags);
}

/**
 * Gives a user another password.
 *
 * @throws ExitError
 */
export async function userSetPassword(
  people: People,
  emailOrId: string,
  flags: PasswordFlags,
  terminal: Terminal = ownTerminal(),
): Promise<void> {
  requireIdentity(people.identity);
  const { id, email } = await existing(people, emailOrId);
  const password = await newPassword({ ...flags, whose: email }, terminal);
  const user = accepted(await people.administration.setPassword(id, password), { user: emailOrId }, people);
  report(user, `${user.email} has a new password`, flags);
}

/**
 * Locks a user out, or lets one in again.
 *
 * @throws ExitError
 */
export async function userSetDisabled(
  people: People,
  emailOrId: string,
  disabled: boolean,
  flags: FormatFlags,
): Promise<void> {
  const user = accepted(await people.administration.setDisabled(emailOrId, disabled), { user: emailOrId }, people);
  report(user, `${user.email} is ${state(user)} now`, flags);
}

/**
 * Removes a user for good, once the e-mail address was typed.
 *
 * @throws ExitError
 */
export async function userRemove(
  people: People,
  emailOrId: string,
  flags: FormatFlags & { readonly yes: boolean },
  terminal: Terminal = ownTerminal(),
): Promise<void> {
  if (!flags.yes && !isTerminal(terminal)) {
    throw new ExitError(2, 'user remove asks before it removes, and there is no terminal to ask on: add --yes');
  }
  const user = await existing(people, emailOrId);
  if (!flags.yes) {
    tell(
      `${user.email} (role ${roleOf(user)}, sessions: ${user.sessions}) will be lost for good; user disable can be undone`,
    );
    const sure = await confirmed('Type the e-mail address to remove the user: ', user.email, terminal);
    if (!sure) throw new ExitError(1, `that is not ${user.email}, and nothing was changed`);
  }
  // The one that was shown, should the address belong to another one by now.
  const answer = await people.administration.removeUser(user.id);
  if (answer !== undefined) throw refusal(answer.fault, { user: emailOrId }, people);
  report(user, `removed ${user.email}`, flags);
}

async function existing(people: People, emailOrId: string): Promise<UserRecord> {
  const user = await people.administration.findUser(emailOrId);
  if (user === undefined) throw refusal('unknown-user', { user: emailOrId }, people);
  return user;
}

function accepted(answer: UserRecord | { fault: AdministrationFault }, subject: Subject, people: People): UserRecord {
  if ('fault' in answer) throw refusal(answer.fault, subject, people);
  return answer;
}

function report(user: UserRecord, text: string, { format }: FormatFlags): void {
  if (format === 'json') printJson(user);
  else print(`${text}\n`);
}

function state({ disabled }: UserRecord): string {
  return disabled ? 'disabled' : 'enabled';
}

function roleOf({ role }: UserRecord): string {
  return role === '' ? 'none' : role;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number > 0 && Number.isSafeInteger(number)) return number;
  throw new ExitError(2, `found --limit ${text}, expected a whole number above 0, such as --limit 20`);
}
