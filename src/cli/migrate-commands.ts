import type { Command } from 'commander';
import { below, EXIT_CODES, type CommonFlags } from './command-parts.ts';

/** `gatewayctl migrate`: the schema of the database. */
export function addMigrateCommands(program: Command): void {
  const group = program
    .command('migrate')
    .summary('bring the database up to this version')
    .description(
      "Carry out the plain SQL in migrations/ on the configuration's database. Of two at once one waits for the other. The embedded database migrates itself.",
    );
  group.addHelpText(
    'after',
    `
${EXIT_CODES}, 3 status found some pending.

Examples:
  $ gatewayctl migrate status
  $ gatewayctl migrate up --dry-run | less
  $ gatewayctl migrate up -c /etc/gatewayctl/gateway.yaml`,
  );
  interface Flags extends CommonFlags {
    dryRun: boolean;
    to?: string;
    yes?: boolean;
  }
  for (const [action, summary, description, to] of [
    ['up', 'apply what is pending', 'Apply what is pending, each migration in a transaction.', 'the last one to apply'],
    [
      'down',
      'take the last one back',
      'Take migrations back, the latest first, one unless --to says more. Their data is lost, with 0001-users all users: asks for the name of the migration to be typed.',
      'the last one to take back, or all',
    ],
  ] as const) {
    const command = below(group, action, summary)
      .description(description)
      .option('--to <name>', to)
      .option('--dry-run', 'print the SQL and change nothing', false);
    if (action === 'down') command.option('-y, --yes', 'do not ask', false);
    command
      .addHelpText(
        'after',
        `
${EXIT_CODES}${action === 'down' ? ', 130 interrupted at the prompt' : ''}.

Examples:
  $ gatewayctl migrate ${action}
  $ gatewayctl migrate ${action} --dry-run > ${action}.sql
  $ gatewayctl migrate ${action} --to 0001-users`,
      )
      .action(async (flags: Flags) => {
        const { readConfig } = await import('./read-config.ts');
        const { migrate } = await import('./migrate.ts');
        const { database } = await readConfig(flags.config);
        await migrate(action, database, { ...flags, to: flags.to, yes: flags.yes === true });
      });
  }
  below(group, 'status', 'tell what was applied and what is pending')
    .description('Tell what was applied and what is pending. Changes nothing.')
    .addHelpText(
      'after',
      `
${EXIT_CODES}, 3 some are pending.

Examples:
  $ gatewayctl migrate status
  $ gatewayctl migrate status --format json | jq -r '.migrations[] | select(.state == "pending").name'`,
    )
    .action(async (flags: CommonFlags) => {
      const { readConfig } = await import('./read-config.ts');
      const { migrate } = await import('./migrate.ts');
      const { database } = await readConfig(flags.config);
      await migrate('status', database, { ...flags, dryRun: false, to: undefined, yes: false });
    });
}
