import { inOrder } from './report.ts';
import type { Renderer } from './report.ts';

/**
 * Writes a report for scripts: `{valid, diagnostics: [{code, severity, message, file, path, line, column, hint?}]}`.
 *
 * @param report what was found
 * @returns one JSON document (RFC 8259), indented by two spaces
 */
export const renderJson: Renderer = (report) => {
  const diagnostics = inOrder(report).map(({ code, severity, message, file, path, line, column, hint }) => ({
    code,
    severity,
    message,
    file,
    path,
    line,
    column,
    // JSON.stringify leaves out what is undefined.
    hint,
  }));
  return toJson({ valid: report.valid, diagnostics });
};

/**
 * Writes a value as JSON that is safe to print.
 *
 * @param value what JSON.stringify takes
 * @returns the indented JSON with a line feed at the end
 */
export function toJson(value: object): string {
  // JSON.stringify escapes the C0 controls only. DEL and C1 also act on a terminal: U+009B begins an escape sequence.
  // They can stand nowhere but in strings, so the escape is always right.
  const text = JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}
