import type { Command } from 'commander';
import { below, EXIT_CODES, type CommonFlags } from './command-parts.ts';

/** `gatewayctl role`: the roles of the configuration. */
export function addRoleCommands(program: Command): void {
  const group = program
    .command('role')
    .summary('list roles')
    .description('List the roles of the configuration. They are defined there and nowhere else.')
    .addHelpText(
      'after',
      `
${EXIT_CODES}.

Examples:
  $ gatewayctl role list
  $ gatewayctl role list -c /etc/gatewayctl/gateway.yaml`,
    );
  below(group, 'list', 'list roles with what they inherit and grant')
    .description('List roles with all that they inherit and grant in the end, over however many others.')
    .addHelpText(
      'after',
      `
${EXIT_CODES}.

Examples:
  $ gatewayctl role list
  $ gatewayctl role list --format json | jq -r '.roles[] | select(.permissions | index("*")).name'`,
    )
    .action(async (flags: CommonFlags) => {
      const { readConfig } = await import('./read-config.ts');
      const { roleList } = await import('./role.ts');
      const { roles } = await readConfig(flags.config);
      roleList(roles, flags);
    });
}
