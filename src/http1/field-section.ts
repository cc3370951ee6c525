/**
 * Field lines, each `name:value` with a CRLF in front: names are tokens (RFC 9110 section 5.6.2), values hold no control
 * character but the tab. White space before the colon, a folded line (obs-fold), a bare CR or LF: all that a lenient
 * parser would repair is refused, since two servers that repair differently are how messages get mixed up. One look at
 * the whole text costs half of one at each line.
 */
const FIELD_LINES = /^(?:\r\n[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*)*$/;
/** What {@link FIELD_LINES} would refuse for its characters, whatever the lines are. */
const FORBIDDEN = /\r(?!\n)|(?<!\r)\n|[^\t\r\n\x20-\x7e\x80-\xff]/;

/**
 * Parses header or trailer fields by the grammar of RFC 9112 section 5 in its strictest reading.
 *
 * @param lines field lines, each with the CRLF in front of it that ends the line before
 * @returns names and values alternately, or what is wrong
 */
export function parseFields(lines: string): string[] | { readonly fault: string } {
  if (!FIELD_LINES.test(lines)) {
    return { fault: hasForbidden(lines) ? 'a control character among the fields' : 'a malformed field line' };
  }
  const fields: string[] = [];
  for (let at = 2; at < lines.length;) {
    const next = lines.indexOf('\r\n', at);
    const end = next === -1 ? lines.length : next;
    const colon = lines.indexOf(':', at);
    fields.push(lines.slice(at, colon), trimmed(lines, colon + 1, end));
    at = end + 2;
  }
  return fields;
}

/** @returns whether a text holds what no head may hold: a control character, or a CR or LF that is no line end */
export function hasForbidden(text: string): boolean {
  return FORBIDDEN.test(text);
}

/** A tab is white space around a value (RFC 9110 section 5.6.3), but some parsers take it for a part of the value. */
const TAB_AFTER_FRAMING = /\r\n(?:content-length|transfer-encoding|connection):[^\r\n]*\t *(?:\r\n|$)/i;

/** @returns whether a value that frames the message, or ends the connection, is not the same to all parsers */
export function hasTabAfterFraming(head: string): boolean {
  return head.includes('\t') && TAB_AFTER_FRAMING.test(head);
}

/** A field value without the white space around it. */
function trimmed(text: string, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
