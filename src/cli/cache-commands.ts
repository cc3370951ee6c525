import { Option, type Command } from 'commander';
import { ABOUT_TOKEN, ADMIN, below, EXIT_CODES, type CommonFlags } from './command-parts.ts';

interface PurgeCommandFlags extends CommonFlags {
  admin?: string;
  route?: string;
  path?: string;
  prefix?: string;
  tag?: string;
  all?: true;
}

/** `gatewayctl cache`: the answers that a running gateway has stored. */
export function addCacheCommands(program: Command): void {
  const group = program
    .command('cache')
    .summary('purge the cache of the running gateway')
    .description('Purge the cache of the running gateway.');
  group.addHelpText(
    'after',
    `
${EXIT_CODES}.

Examples:
  $ gatewayctl cache purge --tag product-42
  $ gatewayctl cache purge --all`,
  );

  below(group, 'purge', 'take stored answers away')
    .description(
      'Take stored answers away, so that the next request asks the upstream: in memory, and in Redis for all gateways that share it. Several conditions must all hold. Asks the admin listener of the running gateway, whose address (admin.listen) and token (admin.token) come from the configuration; what does not answer within 15 s has failed.',
    )
    .option('--route <name>', 'those of a route')
    .option('--path <path>', 'those of a path, with every query')
    .option('--prefix <prefix>', 'those whose path begins so')
    .option('--tag <tag>', 'those to which the upstream gave a tag (Cache-Tag, Surrogate-Key)')
    .addOption(new Option('--all', 'everything').conflicts(['route', 'path', 'prefix', 'tag']))
    .addOption(ADMIN())
    .addHelpText(
      'after',
      `
${ABOUT_TOKEN}

${EXIT_CODES}. It is 1, too, when not all of it could be purged:
do it again then.

Examples:
  $ gatewayctl cache purge --tag product-42
  $ gatewayctl cache purge --route shop --prefix /products/
  $ gatewayctl cache purge --path /products/42 -c /etc/gatewayctl/gateway.yaml
  $ GATEWAYCTL_TOKEN=$(pass show gateway/admin) gatewayctl cache purge --all --admin http://127.0.0.1:19901`,
    )
    .action(async ({ route, path, prefix, tag, all, format, admin, config }: PurgeCommandFlags) => {
      const { cachePurge } = await import('./cache.ts');
      const selector = {
        ...(route === undefined ? {} : { route }),
        ...(path === undefined ? {} : { path }),
        ...(prefix === undefined ? {} : { prefix }),
        ...(tag === undefined ? {} : { tag }),
        ...(all === undefined ? {} : { all }),
      };
      await cachePurge({ selector, format, admin, config });
    });
}
