import type { HeaderList } from '../exchange.ts';
import { combined } from '../fields.ts';
import { decodeSegment } from '../routing/canonical.ts';

/** A query as an object: a name that stands several times has the list of its values. */
export function queryObject(query: string): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(query)) {
    const before = object[name];
    object[name] = before === undefined ? value : [...[before].flat(), value];
  }
  return object;
}

/** Headers as an object, names in lower case; repeated ones are joined (RFC 9110 section 5.3). */
export function headersObject(headers: HeaderList): Record<string, string> {
  const object: Record<string, string> = Object.create(null);
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase();
    object[name] ??= combined(headers, name) ?? '';
  }
  return object;
}

/** The parameters of a path, decoded. */
export function paramsObject(params: Readonly<Record<string, string>>): Record<string, string> {
  const object: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(params)) object[name] = decodeSegment(value);
  return object;
}
