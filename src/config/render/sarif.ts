import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DIAGNOSTIC_CODES } from '../diagnostic.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { toJson } from './json.ts';
import { inOrder } from './report.ts';
import type { Renderer } from './report.ts';

/**
 * Writes a report for code scanning: a SARIF 2.1.0 log (OASIS Standard, 27 March 2020) with one run. Its rules are the
 * codes that were found, in the order of the list of codes.
 *
 * @param report what was found
 * @returns one JSON document
 */
export const renderSarif: Renderer = (report) => {
  const diagnostics = inOrder(report);
  const found = new Set<string>(diagnostics.map(({ code }) => code));
  const rules = Object.entries(DIAGNOSTIC_CODES).filter(([code]) => found.has(code));
  const ruleIndex = new Map(rules.map(([code], index) => [code, index]));
  return toJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'gatewayctl',
            rules: rules.map(([id, text]) => ({ id, shortDescription: { text } })),
          },
        },
        // The YAML parser counts as JavaScript strings do, so columns are UTF-16 units (§3.14.27).
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((diagnostic) => result(diagnostic, ruleIndex.get(diagnostic.code))),
      },
    ],
  });
};

function result(diagnostic: Diagnostic, ruleIndex: number | undefined): object {
  const { code, severity, message, hint, file, path, line, column, length } = diagnostic;
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: withoutLinks(hint === undefined ? message : `${message}\n${hint}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          // The end column is the one after the last character (§3.30.8).
          region: { startLine: line, startColumn: column, endColumn: column + length },
        },
        ...(path === '' ? {} : { logicalLocations: [{ fullyQualifiedName: path }] }),
      },
    ],
  };
}

/** Viewers turn `[text](target)` into a link (§3.11.6). What a file says must not become one. */
function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}

/**
 * A file's name as a URI reference (RFC 3986), relative for a relative path, so that a log means the same on every
 * machine.
 */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  const segments = file.replaceAll('\\', '/').split('/');
  return segments
    .filter((segment) => segment !== '.')
    .map((segment) => encodeURIComponent(segment))
    .join('/');
}
