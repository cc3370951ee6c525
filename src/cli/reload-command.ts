import type { Command } from 'commander';
import { ABOUT_TOKEN, ADMIN, below, type CommonFlags } from './command-parts.ts';

interface ReloadCommandFlags extends CommonFlags {
  admin?: string;
  ifMatch?: string;
}

/** `gatewayctl reload`: what is in the files serves, or it is said why not. */
export function addReloadCommand(program: Command): void {
  below(program, 'reload', 'have the running gateway read its configuration now')
    .description(
      'Have the running gateway read its configuration now, and wait for what becomes of it: whether what is in the files serves, with warnings, or the findings for which the former configuration goes on. Nothing but the files is taken over. Asks the admin listener of the running gateway, whose address (admin.listen) and token (admin.token) come from the configuration; what does not answer within 60 s has failed.',
    )
    .option('--if-match <hash>', 'only while the configuration with this hash serves')
    .addOption(ADMIN())
    .addHelpText(
      'after',
      `
${ABOUT_TOKEN}

Exit codes: 0 reloaded or unchanged, 1 refused or failed, or it cannot be asked, 2 wrong usage or configuration.

Examples:
  $ gatewayctl reload
  $ gatewayctl reload --if-match 29ddbcd542f71a1d   # as gatewayctl status shows it: nobody else has rolled out meanwhile
  $ GATEWAYCTL_TOKEN=$(pass show gateway/admin) gatewayctl reload --admin http://127.0.0.1:19901
  $ gatewayctl reload --format json | jq -r '.diagnostics[] | "\\(.file):\\(.line) \\(.message)"'`,
    )
    .action(async ({ ifMatch, format, admin, config }: ReloadCommandFlags) => {
      const { reload } = await import('./reload.ts');
      const color = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
      await reload({ ifMatch, format, admin, config, color });
    });
}
