import type { Exchange } from '../../exchange.ts';
import type { Attributes } from './span.ts';

/** The methods that the semantic conventions know: every other one is `_OTHER`, so that clients cannot make names. */
const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE']);

/** How a method stands in the name of a span: `HTTP` in place of one that is not well known. */
export function methodInName(method: string): string {
  return KNOWN_METHODS.has(method) ? method : 'HTTP';
}

/** What the semantic conventions of OpenTelemetry say of a method. */
export function methodAttributes(method: string): Attributes {
  if (KNOWN_METHODS.has(method)) return { 'http.request.method': method };
  return { 'http.request.method': '_OTHER', 'http.request.method_original': method };
}

/** Host and port of an authority; the port is that of the scheme when it names none. */
export function serverAttributes(host: string, authority: string, scheme: Exchange['client']['scheme']): Attributes {
  if (host === '') return {};
  const port = /:(\d+)$/.exec(authority)?.[1];
  return { 'server.address': host, 'server.port': port === undefined ? standardPort(scheme) : Number(port) };
}

function standardPort(scheme: string): number {
  return scheme === 'https' ? 443 : 80;
}
