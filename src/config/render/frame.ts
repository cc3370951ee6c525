import type { Diagnostic } from '../diagnostic.ts';
import { columnsOf, visible } from './terminal.ts';
import type { Palette } from './terminal.ts';

const LINES_ABOVE = 2;
const LINES_BELOW = 2;
/** How much of a line is shown, in terminal columns. */
const MAX_WIDTH = 120;
/** How much of that may stand before the caret. */
const MAX_BEFORE = 60;
const TAB = '    ';

/**
 * Splits a text into the lines that diagnostics count.
 *
 * Only a line feed ends a line, as in the YAML parser; the carriage return of a Windows line end is dropped.
 *
 * @param text a file's text
 * @returns its lines; none for an empty text
 */
export function splitLines(text: string): string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  // After the last line end there is no further line.
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/**
 * Draws the lines around a diagnostic, with a caret line below the one it is about.
 *
 * @param lines the file's lines
 * @param diagnostic where to point; a place past the end of the file or of its line is fine
 * @param paint the colours
 * @returns the frame's lines; none when the file has nothing to show there
 */
export function frame(lines: readonly string[], diagnostic: Diagnostic, paint: Palette): string[] {
  const { line, column, length, severity } = diagnostic;
  const from = Math.max(1, line - LINES_ABOVE);
  const shown = lines.slice(from - 1, line + LINES_BELOW);
  if (shown.every((text) => text === '')) return [];
  // For the line after the last one, which is where an unfinished file is at fault.
  while (shown.length <= line - from) shown.push('');

  const digits = String(from + shown.length - 1).length;
  const start = windowStart(shown[line - from] ?? '', column - 1);
  const out: string[] = [];
  for (const [index, text] of shown.entries()) {
    const number = from + index;
    const current = number === line;
    const gutter = `${current ? '>' : ' '} ${String(number).padStart(digits)} |`;
    const code = cut(text, start);
    out.push(`${current ? paint.bold(gutter) : paint.dim(gutter)} ${code}`.trimEnd());
    if (current) {
      const mark = severity === 'error' ? paint.red : paint.yellow;
      const { indent, width } = caretAt(text, start, column - 1, length);
      out.push(`${paint.dim(`${' '.repeat(digits + 3)}|`)} ${' '.repeat(indent)}${mark(`^${'~'.repeat(width - 1)}`)}`);
    }
  }
  return out;
}

/**
 * The first character to show, so that the caret is in sight: 0 unless the line is too wide and the caret far right.
 * A line can be the whole file, so only the neighbourhood of the caret is measured.
 */
function windowStart(text: string, caret: number): number {
  if (text.length <= MAX_WIDTH && widthOf(text) <= MAX_WIDTH) return 0;
  let start = Math.min(caret, text.length);
  const first = Math.max(0, start - MAX_WIDTH);
  let before = 0;
  while (start > first && before < MAX_BEFORE) {
    start -= 1;
    before += widthOf(text.charAt(start));
  }
  // Not between the halves of a character outside of the basic plane.
  return start > 0 && /[\udc00-\udfff]/.test(text.charAt(start)) ? start + 1 : start;
}

/** The part of a line that is shown, safe to print, with an ellipsis where something was left out. */
function cut(text: string, start: number): string {
  const rest = text.slice(start, start + MAX_WIDTH * 2);
  let out = start > 0 && text !== '' ? '…' : '';
  let width = 0;
  for (const character of rest) {
    width += widthOf(character);
    if (width > MAX_WIDTH) return `${out}…`;
    out += character === '\t' ? TAB : visible(character);
  }
  return start + rest.length < text.length ? `${out}…` : out;
}

/** Where the caret line begins and how long it is, in terminal columns. It ends with the line, or with the cut. */
function caretAt(text: string, start: number, caret: number, length: number): { indent: number; width: number } {
  const ellipsis = start > 0 ? 1 : 0;
  const before = widthOf(text.slice(start, caret));
  const room = Math.max(1, MAX_WIDTH - before);
  const under = widthOf(text.slice(caret, caret + Math.min(length, MAX_WIDTH)));
  return { indent: ellipsis + before, width: Math.max(1, Math.min(under, room)) };
}

/** How many terminal columns a text takes once tabs and unprintable characters are replaced. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += character === '\t' ? TAB.length : columnsOf(visible(character));
  return width;
}
