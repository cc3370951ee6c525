import { isUtf8 } from 'node:buffer';
import type { FieldFault } from '../errors.ts';
import { cutPointer } from './faults.ts';
import { jsonFault, MAX_DEPTH, MAX_VALUES, type JsonFault } from './strict-json.ts';

/**
 * Reads bytes as JSON (RFC 8259) that every reader takes in the same way: see {@link jsonFault}.
 *
 * @param isJudged see {@link jsonFault}
 * @returns the text, or the first fault; it shows nothing of the text but its own place
 */
export function jsonText(bytes: Buffer, isJudged = true): string | FieldFault {
  if (!isUtf8(bytes)) return { pointer: '', code: 'invalid-json', detail: 'is not UTF-8' };
  // A byte order mark stays, and is then no JSON: RFC 8259 section 8.1.
  const text = bytes.toString('utf8');
  const fault = jsonFault(text, isJudged);
  return fault === undefined
    ? text
    : { pointer: cutPointer(fault.pointer), code: fault.code, detail: described(fault, text) };
}

function described({ code, index }: JsonFault, text: string): string {
  const place = placeOf(text, index);
  switch (code) {
    case 'invalid-json':
      return index >= text.length ? `ends too early, in ${place}` : `is not JSON from ${place} on`;
    case 'duplicate-member':
      return `stands twice in its object: the second one is in ${place}`;
    case 'too-deep':
      return `nests deeper than ${MAX_DEPTH} levels, in ${place}`;
    case 'too-many-values':
      return `holds more than ${MAX_VALUES} values and names, in ${place}`;
    case 'number-range':
      return `is a number out of range, in ${place}`;
    case 'lone-surrogate':
      return `holds half of a surrogate pair, in ${place}`;
  }
}

/** Counts without a list of the lines: a text may be nothing but lines. */
function placeOf(text: string, index: number): string {
  let line = 1;
  let start = 0;
  for (let at = 0; at < index; at += 1) {
    if (text.charCodeAt(at) !== 0x0a) continue;
    line += 1;
    start = at + 1;
  }
  return `line ${line}, column ${index - start + 1}`;
}
