import type { Diagnostic } from '../diagnostic.ts';
import { frame, splitLines } from './frame.ts';
import { allFiles, describe, displayName, inOrder } from './report.ts';
import type { Renderer, Report } from './report.ts';
import { palette, visible } from './terminal.ts';
import type { Palette } from './terminal.ts';

/**
 * Writes a report for people: each diagnostic as one line that editors and `grep` understand, the code it is about,
 * and what to type instead; at the end one line that sums up.
 *
 * The place is written `file:line:column`, which the GNU Coding Standards ("Formatting Error Messages") ask for and
 * terminals turn into a link.
 *
 * @param report what was found
 * @param options whether to colour
 * @returns text without any control character but line feeds and, when asked for, colours
 */
export const renderText: Renderer = (report, { color }) => {
  const paint = palette(color);
  const linesOf = new Map([...report.sources].map(([file, text]) => [file, splitLines(text)]));
  const blocks = inOrder(report).map((diagnostic) =>
    block(diagnostic, frame(linesOf.get(diagnostic.file) ?? [], diagnostic, paint), paint),
  );
  return [...blocks, `${summary(report, paint)}\n`].join('\n');
};

/**
 * A finding for people: where it is and what it is, the lines around it, and what to write instead.
 *
 * @param around the lines of its frame, fit for a terminal
 */
export function block(diagnostic: Omit<Diagnostic, 'length'>, around: readonly string[], paint: Palette): string {
  const { file, line, column, severity, code, hint } = diagnostic;
  const place = paint.bold(`${visible(displayName(file))}:${line}:${column}`);
  const label = severity === 'error' ? paint.red(severity) : paint.yellow(severity);
  const out = [`${place} ${label}  ${paint.dim(visible(code))}  ${visible(describe(diagnostic))}`];
  out.push(...around);
  if (hint !== undefined) out.push(`  ${paint.cyan('help:')} ${visible(hint)}`);
  return `${out.join('\n')}\n`;
}

/** `✓ gateway.yaml is valid` or `✗ 2 errors, 1 warning in gateway.yaml`. */
function summary(report: Report, paint: Palette): string {
  const errors = report.diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = report.diagnostics.length - errors;
  const counts = [count(errors, 'error'), count(warnings, 'warning')].filter((text) => text !== '').join(', ');
  if (report.valid) {
    const files = allFiles(report);
    const verb = files.length === 1 ? 'is' : 'are';
    return paint.green(`✓ ${nameOf(files)} ${verb} valid${counts === '' ? '' : `, ${counts}`}`);
  }
  const faulty = nameOf([...new Set(report.diagnostics.map(({ file }) => file))]);
  // Without a word about it, nobody would see why a file with warnings only is refused.
  const reason = errors === 0 && report.strict ? ' (--strict: a warning counts as an error)' : '';
  return paint.red(`✗ ${counts} in ${faulty}${reason}`);
}

function count(n: number, noun: string): string {
  if (n === 0) return '';
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** The one file's name, or how many there are. */
function nameOf(files: readonly string[]): string {
  const [first, second] = files;
  return first !== undefined && second === undefined ? visible(displayName(first)) : `${files.length} files`;
}
