import type { HeaderList } from '../exchange.ts';
import { joined } from '../fields.ts';
import { decodeSegment } from '../routing/canonical.ts';

/** A query as an object: a name that stands several times has the list of its values. Takes linear time. */
export function queryObject(query: string): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = Object.create(null);
  if (query === '') return object;
  for (const [name, value] of new URLSearchParams(query)) {
    const before = object[name];
    if (before === undefined) object[name] = value;
    else if (typeof before === 'string') object[name] = [before, value];
    else before.push(value);
  }
  return object;
}

/**
 * Headers as an object, names in lower case; repeated ones are joined (RFC 9110 section 5.3). Each is read once, however
 * many there are.
 */
export function headersObject(headers: HeaderList): Record<string, string> {
  const object: Record<string, string> = Object.create(null);
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase();
    object[name] = joined(name, object[name], headers[index + 1] ?? '');
  }
  return object;
}

/** The parameters of a path, decoded. */
export function paramsObject(params: Readonly<Record<string, string>>): Record<string, string> {
  const object: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(params)) object[name] = decodeSegment(value);
  return object;
}
