import type { Diagnostic } from '../config/diagnostic.ts';
import { loadConfig } from '../config/load.ts';
import { renderers, type Format } from '../config/render/index.ts';
import { ExitError } from './exit.ts';

/**
 * Checks configuration files and prints what was found.
 *
 * @param files paths; `-` for standard input
 * @throws ExitError 1 when a file is faulty, 2 when one cannot be read
 */
export async function validate(
  files: readonly string[],
  options: { format: Format; strict: boolean; allowMissingEnv: boolean },
): Promise<void> {
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, string>();
  for (const file of new Set(files)) {
    const result = await loadConfig(file, {
      env: (name) => process.env[name],
      allowMissingEnv: options.allowMissingEnv,
      stdin: process.stdin,
    });
    diagnostics.push(...result.diagnostics);
    for (const [name, text] of result.sources) sources.set(name, text);
  }
  const valid = diagnostics.every(({ severity }) => severity === 'warning' && !options.strict);
  const report = { files, diagnostics, valid, sources, strict: options.strict };
  const color = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  process.stdout.write(renderers[options.format](report, { color }));
  if (diagnostics.some(({ code }) => code === 'unreadable-file')) throw new ExitError(2);
  if (!valid) throw new ExitError(1);
}
