import type { OutgoingHttpHeaders } from 'node:http2';
import type { HeaderList } from '../../exchange.ts';

/** RFC 9113 section 8.2.2: fields of a connection, of which HTTP/2 has none. */
const OF_CONNECTIONS = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'te',
]);

/**
 * Fields as `node:http2` takes them: names in lower case, those of connections left out.
 *
 * @param extra fields that come first, such as :status
 */
export function http2Fields(headers: HeaderList, extra: OutgoingHttpHeaders = {}): OutgoingHttpHeaders {
  const fields = new Map<string, string | string[]>();
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase();
    const value = headers[index + 1] ?? '';
    if (OF_CONNECTIONS.has(name)) continue;
    const before = fields.get(name);
    if (before === undefined) fields.set(name, value);
    // By RFC 9110 section 5.3 every other field means the same when it is joined, which `node:http2` wants of some.
    else if (name === 'set-cookie') fields.set(name, [before, value].flat());
    else fields.set(name, `${String(before)}, ${value}`);
  }
  return { ...extra, ...Object.fromEntries(fields) };
}
