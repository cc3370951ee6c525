import { columnsOf, visible } from '../config/render/terminal.ts';

/** How commands print what came out. */
export type OutputFormat = 'text' | 'json';

/**
 * Rows under a line of headings, each column as wide as its widest cell. Cells come from databases and files: what a
 * terminal would act upon is shown as a dot.
 */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows].map((cells) => cells.map(visible));
  const widths = headings.map((_, column) => Math.max(...lines.map((cells) => columns(cells[column] ?? ''))));
  return lines
    .map(
      (cells) =>
        `${cells
          .map((cell, at) => pad(cell, widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** One thing, a line for each of its properties. */
export function details(properties: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(properties).map(columns));
  return Object.entries(properties)
    .map(([name, value]) => `${pad(name, width)}  ${visible(value)}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

/** In UTC, to the second. */
export function dateText(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** In the largest unit of which there is a whole one. */
export function ageText(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** What came out of a command: to standard output, so that it can be piped. */
export function print(text: string): void {
  process.stdout.write(text);
}

export function printJson(value: unknown): void {
  print(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** What is being done, and what to know about it: for people only. */
export function tell(text: string): void {
  process.stderr.write(`gatewayctl: ${visible(text)}\n`);
}

function columns(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}
