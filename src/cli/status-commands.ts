import type { Command } from 'commander';
import { ABOUT_TOKEN, ADMIN, below, EXIT_CODES, type CommonFlags } from './command-parts.ts';

interface AskingFlags extends CommonFlags {
  admin?: string;
}

const ASKS =
  'Asks its admin listener, whose address (admin.listen) and token (admin.token) come from the configuration; what does not answer within 5 s has failed.';

/** `gatewayctl status` and `gatewayctl routes`: what a running gateway says of itself. */
export function addStatusCommands(program: Command): void {
  below(program, 'status', 'show how the running gateway fares')
    .description(
      `Show how the running gateway fares: whether it is ready and why not, which configuration serves and since when, what came of the last reload with its findings at their lines, and how database, Redis and workers fare. ${ASKS}`,
    )
    .addOption(ADMIN())
    .addHelpText(
      'after',
      `
${ABOUT_TOKEN}

Exit codes: 0 ready, 1 it cannot be asked, 2 wrong usage or configuration, 3 it answers and is not ready. A refused
reload is no reason for 3: the former configuration serves.

Examples:
  $ gatewayctl status
  $ gatewayctl status -c /etc/gatewayctl/gateway.yaml || systemctl status gatewayctl
  $ GATEWAYCTL_TOKEN=$(pass show gateway/admin) gatewayctl status --admin http://127.0.0.1:19901
  $ gatewayctl status --format json | jq -e '.last_reload.outcome | IN("started", "reloaded", "unchanged")'`,
    )
    .action(async ({ format, admin, config }: AskingFlags) => {
      const { status } = await import('./status.ts');
      const color = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
      await status({ format, admin, config, color });
    });

  below(program, 'routes', 'show the routes of the running gateway')
    .description(
      `Show the routes of the running gateway, in the order of the configuration: what they match, who may use them, what they do with a request in which order, where it goes, and where they are written. ${ASKS}`,
    )
    .argument('[name]', 'one route only')
    .addOption(ADMIN())
    .addHelpText(
      'after',
      `
${ABOUT_TOKEN}

${EXIT_CODES}.

Examples:
  $ gatewayctl routes
  $ gatewayctl routes orders -c /etc/gatewayctl/gateway.yaml
  $ GATEWAYCTL_TOKEN=$(pass show gateway/admin) gatewayctl routes --admin http://127.0.0.1:19901
  $ gatewayctl routes --format json | jq -r '.routes[] | select(.access == "public").name'`,
    )
    .action(async (name: string | undefined, { format, admin, config }: AskingFlags) => {
      const { routes } = await import('./routes.ts');
      await routes({ name, format, admin, config });
    });
}
