import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const run = promisify(execFile);

/** The help of the program and of each command, as the program prints it. */
export async function commands(): Promise<string> {
  const overview = await help();
  const list = overview.slice(overview.indexOf('\nCommands:'));
  const names = [...list.matchAll(/^ {2}([a-z]+)/gm)].map((match) => match[1] ?? '').filter((name) => name !== 'help');
  if (names.length === 0) throw new Error('the help names no command');
  const pages = await Promise.all(names.map(async (name) => `### gatewayctl ${name}\n\n${block(await help(name))}`));
  return [block(overview), ...pages].join('\n\n');
}

async function help(...command: string[]): Promise<string> {
  const args = ['--import', LOADER, MAIN, 'help', ...command];
  const { stdout } = await run(process.execPath, args, { env: { PATH: process.env['PATH'] } });
  return stdout.trim();
}

function block(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}
