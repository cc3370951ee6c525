import type { RefusedHead, RequestHead } from '../accept-head.ts';

/** A request's head in the form in which every engine has it, or why it is none, with what could be read of it. */
export type Http2Head = { readonly head: RequestHead; readonly refused?: RefusedHead };

/**
 * Translates the field section of an HTTP/2 request: pseudo-fields into method, target and Host, crumbs of Cookie into
 * one field. What RFC 9113 section 8 calls malformed (fields of connections, names in upper case, pseudo-fields that are
 * missing, repeated or in the wrong place) was refused with the stream before.
 *
 * @param fields names and values alternately, as they came
 */
export function readHttp2Head(fields: readonly string[]): Http2Head {
  let method = '';
  let target = '';
  let authority: string | undefined;
  let host: string | undefined;
  const cookies: string[] = [];
  const rest: string[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? '';
    const value = fields[index + 1] ?? '';
    if (name === ':method') method = value;
    else if (name === ':path') target = value;
    else if (name === ':authority') authority = value;
    else if (name === 'host') host = value;
    else if (name === 'cookie') cookies.push(value);
    else if (!name.startsWith(':')) rest.push(name, value);
  }
  const named = authority ?? host;
  const headers = [...(named === undefined ? [] : ['host', named]), ...rest];
  // RFC 9113 section 8.2.3.
  if (cookies.length > 0) headers.push('cookie', cookies.join('; '));
  const head: RequestHead = { method, target, httpVersion: '2', headers };
  // RFC 9113 section 8.3.1: both may be there, but must not say different things.
  if (authority !== undefined && host !== undefined && authority.toLowerCase() !== host.toLowerCase()) {
    return { head, refused: { problem: 'invalid-host', detail: 'Host and :authority name different hosts' } };
  }
  // The absolute form is one of HTTP/1 only. CONNECT has no path, and is refused as in HTTP/1.
  if (method !== 'CONNECT' && !target.startsWith('/')) {
    return { head, refused: { problem: 'invalid-target', detail: 'the request target is not a path' } };
  }
  return { head };
}
