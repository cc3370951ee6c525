import type { Diagnostic } from '../diagnostic.ts';
import { allFiles, describe, displayName, inOrder } from './report.ts';
import type { Renderer } from './report.ts';

/**
 * Writes a report for test dashboards: a suite per file, in it a failed test per error and a passed one per warning,
 * which carries its text along. In strict mode, warnings fail as well. A clean file is one passed test.
 *
 * JUnit has no standard of its own; this is the part of Ant's format that Jenkins' `junit-10.xsd` and GitLab share.
 *
 * @param report what was found
 * @returns one XML 1.0 document
 */
export const renderJunit: Renderer = (report) => {
  const byFile = new Map<string, Diagnostic[]>(allFiles(report).map((file) => [file, []]));
  for (const diagnostic of inOrder(report)) byFile.get(diagnostic.file)?.push(diagnostic);
  const fails = ({ severity }: Diagnostic): boolean => severity === 'error' || report.strict;

  const out: string[] = [];
  let tests = 0;
  for (const [file, diagnostics] of byFile) {
    const name = displayName(file);
    const cases = diagnostics.map((diagnostic) => testCase(diagnostic, name, fails(diagnostic)));
    if (cases.length === 0) cases.push(`    <testcase${attributes({ classname: name, name: 'is valid' })}/>`);
    tests += cases.length;
    const failures = diagnostics.filter(fails).length;
    out.push(`  <testsuite${attributes({ name, tests: cases.length, failures, errors: 0 })}>`, ...cases);
    out.push('  </testsuite>');
  }
  const totals = { name: 'gatewayctl', tests, failures: report.diagnostics.filter(fails).length, errors: 0 };
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites${attributes(totals)}>`, ...out];
  return `${lines.join('\n')}\n</testsuites>\n`;
};

function testCase(diagnostic: Diagnostic, name: string, failed: boolean): string {
  const { code, severity, line, column, path, hint } = diagnostic;
  // The place makes the name unique within its suite; dashboards merge tests of one name.
  const title = `${code} ${path === '' ? '' : `${path} `}(${line}:${column})`;
  const details = [`${name}:${line}:${column} ${severity} ${describe(diagnostic)}`];
  if (hint !== undefined) details.push(`help: ${hint}`);
  const text = details.map(escapeXml).join('\n');
  const outcome = failed
    ? `<failure${attributes({ type: code, message: diagnostic.message })}>${text}</failure>`
    : `<system-out>${text}</system-out>`;
  return [`    <testcase${attributes({ classname: name, name: title })}>`, `      ${outcome}`, '    </testcase>'].join(
    '\n',
  );
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('');
}

/** Everything outside of XML 1.0's production Char (§2.2): not allowed in a document, not even as a reference. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/**
 * What is written as a reference: markup; white space, which would be normalised in an attribute (§3.3.3); DEL and C1
 * controls, which XML allows and a terminal would act upon.
 */
const REFERENCED = /[&<>"'\t\n\r\u007f-\u009f]/g;
const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Makes a text fit for an attribute's value and for an element's content. */
function escapeXml(text: string): string {
  return text
    .replace(NOT_XML, '')
    .replace(REFERENCED, (character) => NAMED[character] ?? `&#${character.charCodeAt(0)};`);
}
