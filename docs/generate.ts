/**
 * Writes the generated parts of the documentation: `npx tsx docs/generate.ts`. test/docs.test.ts fails while a page is
 * not what this writes.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { commands, commandsPage } from './generator/commands.ts';
import { configuration } from './generator/configuration.ts';
import { diagnostics } from './generator/diagnostics.ts';
import { mistake } from './generator/mistake.ts';
import { problems } from './generator/problems.ts';

const ROOT = new URL('../', import.meta.url);

/** What README.md holds between `<!-- generated:NAME -->` and `<!-- /generated:NAME -->`. */
const README_PARTS: Readonly<Record<string, () => Promise<string> | string>> = { mistake, commands };

/** Every page that is generated, or holds a generated part, as it should be now; by its path from the root. */
export async function generateDocs(): Promise<ReadonlyMap<string, string>> {
  const pages: [string, string][] = [
    ['README.md', await fillIn(await readFile(new URL('README.md', ROOT), 'utf8'))],
    ['docs/commands.md', commandsPage()],
    ['docs/configuration.md', await configuration()],
    ['docs/problems.md', problems()],
    ['docs/diagnostics.md', await diagnostics()],
  ];
  const formatted = pages.map(async ([path, text]): Promise<[string, string]> => {
    const filepath = fileURLToPath(new URL(path, ROOT));
    return [path, await format(text, { ...(await resolveConfig(filepath)), filepath })];
  });
  return new Map(await Promise.all(formatted));
}

async function fillIn(text: string): Promise<string> {
  let out = text;
  for (const [name, make] of Object.entries(README_PARTS)) {
    const begin = `<!-- generated:${name} -->`;
    const end = `<!-- /generated:${name} -->`;
    const from = out.indexOf(begin);
    const to = out.indexOf(end);
    if (from === -1 || to < from) throw new Error(`README.md has no part ${begin} … ${end}`);
    out = `${out.slice(0, from + begin.length)}\n\n${await make()}\n\n${out.slice(to)}`;
  }
  return out;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  // Not awaited here: under mocha this file is loaded by require, which takes no top-level await.
  void generateDocs().then(async (pages) => {
    for (const [path, text] of pages) await writeFile(new URL(path, ROOT), text);
  });
}
