import type { Command } from 'commander';
import { below, EXIT_CODES, type CommonFlags } from './command-parts.ts';
import type { People } from './people.ts';

/** `gatewayctl user`: the users of the built-in identity. */
export function addUserCommands(program: Command): void {
  const group = program
    .command('user')
    .summary('add, list and change users')
    .description(
      'Add, list and change the users of the built-in identity. Works while the gateway runs and while it does not; what is changed takes effect within 5 s.',
    );
  group.addHelpText(
    'after',
    `
A USER is an e-mail address or an id. Passwords are never arguments: they are asked for without being shown, or come
from standard input with --password-stdin.

${EXIT_CODES}, 130 interrupted at the prompt.

Examples:
  $ gatewayctl user add ada@example.com --role admin
  $ gatewayctl user list --role admin
  $ gatewayctl user disable bob@example.com`,
  );
  interface PasswordFlags extends CommonFlags {
    passwordStdin: boolean;
  }
  const PASSWORD_STDIN = ['--password-stdin', 'read the password from standard input: one line', false] as const;

  below(group, 'add', 'add a user')
    .description('Add a user, who can log in at once.')
    .argument('<email>', 'the e-mail address')
    .requiredOption('-r, --role <role>', 'a role of the configuration')
    .option(...PASSWORD_STDIN)
    .addHelpText(
      'after',
      `
${EXIT_CODES}, 130 interrupted at the prompt.

Examples:
  $ gatewayctl user add ada@example.com --role admin
  $ pass show gateway/ada | gatewayctl user add ada@example.com --role admin --password-stdin`,
    )
    .action(async (email: string, flags: PasswordFlags & { role: string }) => {
      const { userAdd } = await import('./user.ts');
      await onUsers(flags.config, async (people) => userAdd(people, email, flags));
    });

  below(group, 'list', 'list users')
    .description('List users, the oldest first, all of them unless --limit says less.')
    .option('-s, --search <text>', 'only those with this in their e-mail address')
    .option('-r, --role <role>', 'only those with this role; with "" those without one')
    .option('-n, --limit <number>', 'no more than so many')
    .addHelpText(
      'after',
      `
${EXIT_CODES}.

Examples:
  $ gatewayctl user list
  $ gatewayctl user list --search @example.com --limit 20
  $ gatewayctl user list --format json | jq -r '.users[] | select(.disabled).email'`,
    )
    .action(async (flags: CommonFlags & { search?: string; role?: string; limit?: string }) => {
      const { userList } = await import('./user.ts');
      const { format, search, role, limit } = flags;
      await onUsers(flags.config, async (people) => userList(people, { format, search, role, limit }));
    });

  below(group, 'show', 'show one user')
    .description('Show one user: role, state and how many sessions there are.')
    .argument('<user>', 'an e-mail address or an id')
    .addHelpText(
      'after',
      `
${EXIT_CODES}.

Examples:
  $ gatewayctl user show ada@example.com
  $ gatewayctl user show ada@example.com --format json | jq -r .id`,
    )
    .action(async (user: string, flags: CommonFlags) => {
      const { userShow } = await import('./user.ts');
      await onUsers(flags.config, async (people) => userShow(people, user, flags));
    });

  below(group, 'set-role', 'give a user another role')
    .description('Give a user another role. Tokens with the old one are refused; the next refresh gives new ones.')
    .argument('<user>', 'an e-mail address or an id')
    .argument('<role>', 'a role of the configuration')
    .addHelpText(
      'after',
      `
${EXIT_CODES}.

Examples:
  $ gatewayctl role list
  $ gatewayctl user set-role ada@example.com editor`,
    )
    .action(async (user: string, role: string, flags: CommonFlags) => {
      const { userSetRole } = await import('./user.ts');
      await onUsers(flags.config, async (people) => userSetRole(people, user, role, flags));
    });

  below(group, 'set-password', 'give a user another password')
    .description('Give a user another password. All sessions end, and failed logins are forgotten.')
    .argument('<user>', 'an e-mail address or an id')
    .option(...PASSWORD_STDIN)
    .addHelpText(
      'after',
      `
${EXIT_CODES}, 130 interrupted at the prompt.

Examples:
  $ gatewayctl user set-password ada@example.com
  $ openssl rand -base64 18 | tee password.txt | gatewayctl user set-password ada@example.com --password-stdin`,
    )
    .action(async (user: string, flags: PasswordFlags) => {
      const { userSetPassword } = await import('./user.ts');
      await onUsers(flags.config, async (people) => userSetPassword(people, user, flags));
    });

  for (const [name, disabled, summary, description] of [
    [
      'disable',
      true,
      'lock a user out',
      'Lock a user out: all sessions end, tokens are refused within 5 s, and so is logging in at once.',
    ],
    ['enable', false, 'let a user in again', 'Let a user in again, who has to log in. Failed logins are forgotten.'],
  ] as const) {
    below(group, name, summary)
      .description(description)
      .argument('<user>', 'an e-mail address or an id')
      .addHelpText(
        'after',
        `
${EXIT_CODES}.

Examples:
  $ gatewayctl user ${name} bob@example.com
  $ gatewayctl user ${name} bob@example.com -c /etc/gatewayctl/gateway.yaml --format json | jq .disabled`,
      )
      .action(async (user: string, flags: CommonFlags) => {
        const { userSetDisabled } = await import('./user.ts');
        await onUsers(flags.config, async (people) => userSetDisabled(people, user, disabled, flags));
      });
  }

  below(group, 'remove', 'remove a user for good')
    .description('Remove a user with all sessions, for good. Asks for the e-mail address to be typed.')
    .argument('<user>', 'an e-mail address or an id')
    .option('-y, --yes', 'do not ask', false)
    .addHelpText(
      'after',
      `
${EXIT_CODES}, 130 interrupted at the prompt.

Examples:
  $ gatewayctl user remove bob@example.com
  $ gatewayctl user remove bob@example.com --yes    # in a script`,
    )
    .action(async (user: string, flags: CommonFlags & { yes: boolean }) => {
      const { userRemove } = await import('./user.ts');
      await onUsers(flags.config, async (people) => userRemove(people, user, flags));
    });
}

/** Reads the configuration, which has to have users, opens its database and does what `work` does. */
async function onUsers(file: string, work: (people: People) => Promise<void>): Promise<void> {
  const { readConfig } = await import('./read-config.ts');
  const { withUsers } = await import('./people.ts');
  await withUsers(await readConfig(file), work);
}
