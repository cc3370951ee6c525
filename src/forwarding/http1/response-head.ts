import { hasTabAfterFraming, parseFields } from '../../http1/field-section.ts';

/** The head of an upstream's answer. */
export interface ResponseHead {
  readonly status: number;
  /** Of HTTP/1. */
  readonly minorVersion: number;
  /** Names and values alternately, as received. */
  readonly headers: string[];
  /** In bytes; undefined without Content-Length. */
  readonly contentLength: number | undefined;
  readonly chunked: boolean;
  /** Whether the upstream keeps the connection open after this answer. */
  readonly keepAlive: boolean;
  /** For how long it does, by its own word; in seconds. */
  readonly keepAliveTimeout: number | undefined;
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d) [\t\x20-\x7e\x80-\xff]*$/;

/**
 * Parses the head of an answer by the grammar of RFC 9112 in its strictest reading. What a lenient parser would repair
 * is a fault: two servers that repair differently are how answers get mixed up.
 *
 * @param text the bytes before the empty line, one character a byte, without the last line's end
 * @returns the head, or what is wrong with it
 */
export function parseResponseHead(text: string): ResponseHead | { readonly fault: string } {
  const lineEnd = text.indexOf('\r\n');
  const end = lineEnd === -1 ? text.length : lineEnd;
  const status = STATUS_LINE.exec(text.slice(0, end));
  if (status === null) return { fault: 'a malformed status line' };
  if (hasTabAfterFraming(text)) return { fault: 'a tab after a value that frames the body' };
  const headers = parseFields(text.slice(end));
  if ('fault' in headers) return headers;
  return interpret(Number(status[2]), Number(status[1]), headers);
}

/** Finds out how the body is framed, and whether another answer can follow: RFC 9112 sections 6 and 9.3. */
function interpret(status: number, minorVersion: number, headers: string[]): ResponseHead | { readonly fault: string } {
  let contentLength: number | undefined;
  let chunked = false;
  let keepAlive = minorVersion === 1;
  let keepAliveTimeout: number | undefined;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const value = headers[index + 1] ?? '';
    switch (name.length) {
      case 10:
        switch (name.toLowerCase()) {
          case 'connection':
            if (/(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(value)) keepAlive = false;
            else if (minorVersion === 0 && /(?:^|,)[ \t]*keep-alive[ \t]*(?:,|$)/i.test(value)) keepAlive = true;
            break;
          case 'keep-alive': {
            const timeout = /(?:^|[,\s])timeout=(\d{1,6})/i.exec(value);
            if (timeout !== null) keepAliveTimeout = Number(timeout[1]);
            break;
          }
          default:
        }
        break;
      case 14:
        if (name.toLowerCase() !== 'content-length') break;
        if (contentLength !== undefined) return { fault: 'more than one Content-Length' };
        if (!/^\d{1,15}$/.test(value)) return { fault: 'a malformed Content-Length' };
        contentLength = Number(value);
        break;
      case 17:
        if (name.toLowerCase() !== 'transfer-encoding') break;
        if (chunked) return { fault: 'more than one Transfer-Encoding' };
        if (value.toLowerCase() !== 'chunked') return { fault: 'a Transfer-Encoding other than chunked' };
        chunked = true;
        break;
      default:
    }
  }
  if (chunked && contentLength !== undefined) return { fault: 'Content-Length and Transfer-Encoding together' };
  if (chunked && minorVersion === 0) return { fault: 'Transfer-Encoding in HTTP/1.0' };
  return { status, minorVersion, headers, contentLength, chunked, keepAlive, keepAliveTimeout };
}
