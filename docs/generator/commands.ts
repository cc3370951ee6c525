import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.ts';

/** What commander takes where there is no terminal, so that the pages do not depend on one. */
const WIDTH = 80;

const INTRODUCTION = `# Every command

Generated from \`src/cli\` by \`npx tsx docs/generate.ts\`: the help of the program and of each command, as
\`gatewayctl help user add\` prints it.`;

/** The help of the program. */
export function commands(): string {
  return helpOf(createProgram());
}

/** The page of every command, however deep. */
export function commandsPage(): string {
  const program = createProgram();
  const all = below(program).flatMap(withAllBelow);
  return `${[INTRODUCTION, helpOf(program), ...all.map(section)].join('\n\n')}\n`;
}

/** The commands below one, without `help`, which says nothing of itself. */
export function below(command: Command): readonly Command[] {
  return command.commands.filter((each) => each.name() !== 'help');
}

/** A command as it is typed: `gatewayctl user add`. */
export function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

/** What `--help` prints, whatever was added to the help included. */
export function helpTextOf(command: Command): string {
  let text = '';
  command
    .configureOutput({
      writeOut: (part) => (text += part),
      getOutHelpWidth: () => WIDTH,
      getOutHasColors: () => false,
    })
    .outputHelp();
  return text.trim();
}

function withAllBelow(command: Command): readonly Command[] {
  return [command, ...below(command).flatMap(withAllBelow)];
}

function section(command: Command): string {
  return `## ${nameOf(command)}\n\n${helpOf(command)}`;
}

function helpOf(command: Command): string {
  return `\`\`\`text\n${helpTextOf(command)}\n\`\`\``;
}
