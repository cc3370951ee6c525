import type { Command } from 'commander';

/** `help user add` and `user help add`. The one that commander brings looks at the first word only. */
export function addHelpCommands(parent: Command): void {
  for (const command of parent.commands) if (command.commands.length > 0) addHelpCommands(command);
  parent
    .command('help')
    .summary('show help for a command')
    .description('Show help for a command, or for a command below it.')
    .argument('[command...]', 'the words of the command')
    .action(async (words: string[]) => {
      let found = parent;
      for (const word of words) {
        const next = found.commands.find((command) => command.name() === word);
        if (next === undefined) return failUnknown(found, word);
        found = next;
      }
      found.help();
    });
}

async function failUnknown(command: Command, word: string): Promise<never> {
  const { suggest } = await import('../config/suggest.ts');
  const names = command.commands.map((each) => each.name());
  const near = suggest(word, names);
  const hint = near === undefined ? '' : `\n(Did you mean ${near}?)`;
  return command.error(`error: unknown command '${word}'${hint}`);
}
