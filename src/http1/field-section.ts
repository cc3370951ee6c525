/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Anything that no head may hold: control characters, and a CR or LF that is no line end. */
const FORBIDDEN = /\r(?!\n)|(?<!\r)\n|[^\t\r\n\x20-\x7e\x80-\xff]/;

/**
 * Parses header or trailer fields by the grammar of RFC 9112 section 5 in its strictest reading: what a lenient parser
 * would repair is a fault, since two servers that repair differently are how messages get mixed up.
 *
 * @param text field lines, separated by CRLF, of which {@link hasForbidden} said no
 * @param start where the first one begins
 * @param into names and values are appended here
 * @returns what is wrong, or undefined
 */
export function parseFields(text: string, start: number, into: string[]): string | undefined {
  for (let at = start; at <= text.length;) {
    const next = text.indexOf('\r\n', at);
    const end = next === -1 ? text.length : next;
    const colon = text.indexOf(':', at);
    if (colon === -1 || colon > end) return 'a field line without a colon';
    const name = text.slice(at, colon);
    // Also refuses a folded line (obs-fold), which begins with white space, and white space before the colon.
    if (!TOKEN.test(name)) return 'a malformed field name';
    into.push(name, trimmed(text, colon + 1, end));
    at = end + 2;
  }
  return undefined;
}

/** @returns whether a text holds what no field line may hold */
export function hasForbidden(text: string): boolean {
  return FORBIDDEN.test(text);
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
