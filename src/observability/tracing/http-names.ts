import { numberAttribute, textAttribute } from './span.ts';

/** The methods that the semantic conventions know: every other one is `_OTHER`, so that clients cannot make names. */
const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE']);

/** How a method stands in the name of a span: `HTTP` in place of one that is not well known. */
export function methodInName(method: string): string {
  return KNOWN_METHODS.has(method) ? method : 'HTTP';
}

/** What the semantic conventions of OpenTelemetry say of a method. */
export function methodAttributes(method: string): string {
  if (KNOWN_METHODS.has(method)) return textAttribute('http.request.method', method);
  return textAttribute('http.request.method', '_OTHER') + textAttribute('http.request.method_original', method);
}

/**
 * What they say of a server.
 *
 * @param authority host and port; the port is that of the scheme when it names none
 */
export function serverAttributes(authority: string, scheme: string): string {
  if (authority === '') return '';
  const end = authority.lastIndexOf(':');
  // The last colon of `[::1]` stands inside of the brackets.
  const hasPort = end > authority.lastIndexOf(']');
  const host = hasPort ? authority.slice(0, end) : authority;
  const port = hasPort ? Number(authority.slice(end + 1)) : scheme === 'https' ? 443 : 80;
  return textAttribute('server.address', withoutBrackets(host)) + numberAttribute('server.port', port);
}

/** RFC 3986 section 3.2.2 puts an IPv6 address in brackets; in an attribute it has none. */
function withoutBrackets(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host;
}
