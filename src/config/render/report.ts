import type { Diagnostic } from '../diagnostic.ts';

/** What a check of a configuration found. */
export interface Report {
  /** Every file that was read, as the user named it; `-` for standard input. */
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** Whether the configuration would be accepted; in strict mode, warnings make it false. */
  readonly valid: boolean;
  /** The files' texts by name, for code frames. A file that could not be read has none. */
  readonly sources: ReadonlyMap<string, string>;
  /** Whether warnings count as errors. */
  readonly strict: boolean;
}

/** Writes a report in one format. Each line ends with a line feed, the last one too. */
export type Renderer = (report: Report, options: { color: boolean }) => string;

/** Every file of the report: those that were read, in their order, then those that only a diagnostic names. */
export function allFiles(report: Report): string[] {
  return [...new Set([...report.files, ...report.diagnostics.map(({ file }) => file)])];
}

/** The diagnostics in the order in which a person works through them: file by file, from top to bottom. */
export function inOrder(report: Report): Diagnostic[] {
  const rank = new Map(allFiles(report).map((file, index) => [file, index]));
  const rankOf = ({ file }: Diagnostic): number => rank.get(file) ?? rank.size;
  return report.diagnostics.toSorted((a, b) => rankOf(a) - rankOf(b) || a.line - b.line || a.column - b.column);
}

/** How a file is called where people read it. */
export function displayName(file: string): string {
  return file === '-' ? '<stdin>' : file;
}

/** A diagnostic's path and message in one line: `routes[0].mach: unknown key`. */
export function describe({ path, message }: Pick<Diagnostic, 'path' | 'message'>): string {
  return path === '' ? message : `${path}: ${message}`;
}
