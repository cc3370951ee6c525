import type { Command } from 'commander';
import { below, EXIT_CODES, type CommonFlags } from './command-parts.ts';
import type { People } from './people.ts';

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
      await onKeys(flags.config, async (people) => keyAdd(people, name, { format, role, expires }));
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
      await onKeys(flags.config, async (people) => keyList(people, flags));
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
      await onKeys(flags.config, async (people) => keyRevoke(people, id, flags));
    });
}

/** Reads the configuration, which has to take API keys, opens its database and does what `work` does. */
async function onKeys(file: string, work: (people: People) => Promise<void>): Promise<void> {
  const { readConfig } = await import('./read-config.ts');
  const { withKeys } = await import('./people.ts');
  await withKeys(await readConfig(file), work);
}

/** `gatewayctl keys`: the keys that tokens are signed with. */
export function addKeysCommands(program: Command): void {
  const group = program
    .command('keys')
    .summary('make, list, rotate and revoke the keys that tokens are signed with')
    .description(
      'Make, list, rotate and revoke the keys that tokens are signed with: the files in identity.tokens.keys.',
    );
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
      'Make the next key. It is published for an hour before it signs, or for as long as access tokens live if that is longer, so that everybody has it by then. Keys that nothing valid can be made with any more are removed: with cookies that takes as long as refresh tokens live.',
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
  below(group, 'revoke', 'withdraw a key that has leaked')
    .description(
      'Remove the file of a key that others may have. When it is the one that signs, a new one is made first and signs at once. Running gateways refuse what was signed with it within 10 s, and its users refresh or log in again. Asks for the kid to be typed.',
    )
    .argument('<kid>', 'its id, see gatewayctl keys list')
    .option('-y, --yes', 'do not ask', false)
    .addHelpText(
      'after',
      `
${EXIT_CODES}, 130 interrupted at the prompt.

Examples:
  $ gatewayctl keys list
  $ gatewayctl keys revoke 3f1c0a52b7de9a44
  $ gatewayctl keys revoke 3f1c0a52b7de9a44 --yes --format json    # in a script`,
    )
    .action(async (kid: string, flags: CommonFlags & { yes: boolean }) => {
      const { readConfig } = await import('./read-config.ts');
      const { keysRevoke } = await import('./keys.ts');
      const { identity } = await readConfig(flags.config);
      await keysRevoke(identity, kid, flags);
    });
}
