import type { Command } from 'commander';
import { ABOUT_TOKEN, ADMIN, below, EXIT_CODES, type CommonFlags } from './command-parts.ts';

/** `gatewayctl upstreams`: what a running gateway knows of its upstreams. */
export function addUpstreamsCommand(program: Command): void {
  below(program, 'upstreams', 'show the upstreams of the running gateway')
    .description(
      'Show the upstreams of the running gateway: the state of each endpoint and what it comes from, requests in flight, latency to the head of an answer, and circuit breakers. Asks its admin listener, whose address (admin.listen) and token (admin.token) come from the configuration; what does not answer within 5 s has failed.',
    )
    .argument('[name]', 'one upstream only')
    .addOption(ADMIN())
    .addHelpText(
      'after',
      `
${ABOUT_TOKEN}

${EXIT_CODES}.

Examples:
  $ gatewayctl upstreams
  $ gatewayctl upstreams orders -c /etc/gatewayctl/gateway.yaml
  $ GATEWAYCTL_TOKEN=$(pass show gateway/admin) gatewayctl upstreams --admin http://127.0.0.1:19901
  $ gatewayctl upstreams --format json | jq -r '.upstreams[].endpoints[] | select(.condition != "available").url'`,
    )
    .action(async (name: string | undefined, flags: CommonFlags & { admin?: string }) => {
      const { upstreams } = await import('./upstreams.ts');
      await upstreams({ name, format: flags.format, admin: flags.admin, config: flags.config });
    });
}
