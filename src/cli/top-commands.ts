import { Option, type Command } from 'commander';
import { ABOUT_TOKEN, ADMIN, below, EXIT_CODES, type CommonFlags } from './command-parts.ts';
import type { SortKey } from './top-view.ts';

interface TopCommandFlags extends CommonFlags {
  admin?: string;
  once: boolean;
  sort: SortKey;
}

/** `gatewayctl top`: what happens in a running gateway, as long as somebody looks. */
export function addTopCommand(program: Command): void {
  below(program, 'top', 'watch the running gateway')
    .description(
      'Watch the running gateway: requests and errors in each second, percentiles of the time to answer, cache hits by route, and the state of each endpoint; drawn again each second. Reads the live events of its admin listener, whose address (admin.listen) and token (admin.token) come from the configuration. Without a terminal, and with --once or --format json, it prints one snapshot, after a second of counting.',
    )
    .option('--once', 'print one snapshot, and end', false)
    .addOption(
      new Option('--sort <key>', 'the order of routes, largest first')
        .choices(['requests', 'errors', 'p99'])
        .default('requests'),
    )
    .addOption(ADMIN())
    .addHelpText(
      'after',
      `
Keys: r, e and p sort routes by requests, errors and the 99th percentile; q and Ctrl-C end it.
When the gateway stops or restarts, it is tried again each second.
NO_COLOR in the environment leaves colours out.

${ABOUT_TOKEN}

${EXIT_CODES}, 128 and its number after a signal.

Examples:
  $ gatewayctl top
  $ gatewayctl top --sort p99 -c /etc/gatewayctl/gateway.yaml
  $ gatewayctl top --once | less
  $ gatewayctl top --format json | jq '.traffic.routes[] | select(.errors_per_second > 0).name'`,
    )
    .action(async ({ once, sort, format, admin, config }: TopCommandFlags) => {
      const { top } = await import('./top.ts');
      await top({ once, sort, format, admin, config });
    });
}
