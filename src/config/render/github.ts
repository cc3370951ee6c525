import type { Diagnostic } from '../diagnostic.ts';
import { describe, inOrder } from './report.ts';
import type { Renderer } from './report.ts';
import { visible } from './terminal.ts';

/**
 * Writes a report for GitHub Actions: one workflow command per diagnostic, which becomes an annotation in the diff.
 *
 * Commands are described in GitHub's "Workflow commands for GitHub Actions"; what has to be escaped, only in the
 * sources of its toolkit (`packages/core/src/command.ts`): `%`, CR and LF in the message, and `:` and `,` as well in
 * a property.
 *
 * @param report what was found
 * @returns one line per diagnostic; nothing for a clean report
 */
export const renderGithub: Renderer = (report) =>
  inOrder(report)
    .map((diagnostic) => `${command(diagnostic)}\n`)
    .join('');

function command(diagnostic: Diagnostic): string {
  const { severity, code, file, line, column, length, hint } = diagnostic;
  const place = [
    `file=${escapeProperty(file)}`,
    `line=${line}`,
    `col=${column}`,
    `endColumn=${column + length}`,
    `title=${escapeProperty(code)}`,
  ];
  // Standard input is no file of the repository: without a place, the annotation stands at the run.
  const properties = file === '-' ? place.slice(-1) : place;
  const message = describe(diagnostic) + (hint === undefined ? '' : `\nhelp: ${hint}`);
  return `::${severity} ${properties.join(',')}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  const escaped = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  // The log is also read in terminals, and shows colours on its own.
  return visible(escaped);
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
