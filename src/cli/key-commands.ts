import type { Command } from 'commander';
import { below, EXIT_CODES, onPeople, type CommonFlags } from './command-parts.ts';

/** `gatewayctl key`: API keys. */
export function addKeyCommands(program: Command): void {
  const group = program
    .command('key')
    .summary('make, list and revoke API keys')
    .description('Make, list and revoke API keys. Only hashes of them are stored.');
  group.addHelpText(
    'after',
    `
${EXIT_CODES}.

Examples:
  $ gatewayctl key add ci --role viewer --expires 90d
  $ gatewayctl key list`,
  );

  below(group, 'add', 'make an API key')
    .description('Make an API key. It is printed this once: alone to standard output, so that it can be piped.')
    .argument('<name>', 'what it is for')
    .requiredOption('-r, --role <role>', 'a role of the configuration')
    .option('-e, --expires <time>', 'how long it is good for, such as 12h or 90d; without it for ever')
    .addHelpText(
      'after',
      `
${EXIT_CODES}.

Examples:
  $ gatewayctl key add ci --role viewer --expires 90d
  $ gatewayctl key add billing --role editor > billing.key
  $ gatewayctl key add ci --role viewer | gh secret set GATEWAY_KEY`,
    )
    .action(async (name: string, flags: CommonFlags & { role: string; expires?: string }) => {
      const { keyAdd } = await import('./key.ts');
      const { format, role, expires } = flags;
      await onPeople(flags.config, async (people) => keyAdd(people, name, { format, role, expires }));
    });

  below(group, 'list', 'list API keys')
    .description('List API keys with their state, those that have expired or were revoked included.')
    .addHelpText(
      'after',
      `
${EXIT_CODES}.

Examples:
  $ gatewayctl key list
  $ gatewayctl key list --format json | jq -r '.keys[] | select(.state == "active").name'`,
    )
    .action(async (flags: CommonFlags) => {
      const { keyList } = await import('./key.ts');
      await onPeople(flags.config, async (people) => keyList(people, flags));
    });

  below(group, 'revoke', 'revoke an API key for good')
    .description('Revoke an API key for good. It is refused within 5 s.')
    .argument('<id>', 'its id; or the key itself, as it was found somewhere')
    .addHelpText(
      'after',
      `
${EXIT_CODES}.

Examples:
  $ gatewayctl key list
  $ gatewayctl key revoke 0aZ3bY6cX9dW2e`,
    )
    .action(async (id: string, flags: CommonFlags) => {
      const { keyRevoke } = await import('./key.ts');
      await onPeople(flags.config, async (people) => keyRevoke(people, id, flags));
    });
}

/** `gatewayctl keys`: the keys that tokens are signed with. */
export function addKeysCommands(program: Command): void {
  const group = program
    .command('keys')
    .summary('make, list and rotate the keys that tokens are signed with')
    .description('Make, list and rotate the keys that tokens are signed with: the files in identity.tokens.keys.');
  group.addHelpText(
    'after',
    `
${EXIT_CODES}.

Examples:
  $ gatewayctl keys create
  $ gatewayctl keys rotate    # for example each month
  $ gatewayctl keys list`,
  );
  for (const [name, command, summary, description] of [
    [
      'create',
      'keysCreate',
      'make the first key',
      'Make the first key of identity.tokens.algorithm. It signs at once, unless there are keys of another algorithm.',
    ],
    [
      'rotate',
      'keysRotate',
      'make the next key, remove those that are of no use any more',
      'Make the next key. It is published for an hour before it signs, or for as long as tokens live if that is longer, so that everybody has it by then. Keys that no valid token can be signed with any more are removed.',
    ],
    [
      'list',
      'keysList',
      'list keys with what they do',
      'List keys, the oldest first: signing, next (published, and signs later), verifying, or outlived (rotate removes it).',
    ],
  ] as const) {
    below(group, name, summary)
      .description(description)
      .addHelpText(
        'after',
        `
${EXIT_CODES}.

Examples:
  $ gatewayctl keys ${name}
  $ gatewayctl keys ${name} -c /etc/gatewayctl/gateway.yaml --format json`,
      )
      .action(async (flags: CommonFlags) => {
        const { readConfig } = await import('./read-config.ts');
        const keys = await import('./keys.ts');
        const { identity } = await readConfig(flags.config);
        await keys[command](identity, flags);
      });
  }
}
