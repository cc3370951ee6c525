import type { HeaderList } from './exchange.ts';

/** Fields of one connection only: RFC 9110 section 7.6.1, and those that older proxies still send. */
export const HOP_BY_HOP: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
];

/** Fields that an edit in the configuration must not touch: the connection's own, what frames a message, and its name. */
export const UNEDITABLE: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'content-length',
  'expect',
  'host',
  'trailer',
  'x-request-id',
]);

/**
 * The value of a field with one more behind it (RFC 9110 section 5.3); cookies with a semicolon (RFC 9113 section 8.2.3).
 *
 * @param name in lower case
 * @param value what came of the field before; undefined when nothing did
 */
export function joined(name: string, value: string | undefined, next: string): string {
  return value === undefined ? next : `${value}${name === 'cookie' ? '; ' : ', '}${next}`;
}

/**
 * All values of a field in one, in order: see {@link joined}.
 *
 * @param wanted the field's name in lower case
 * @returns undefined when the field is not there
 */
export function combined(headers: HeaderList, wanted: string): string | undefined {
  let value: string | undefined;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (name.length !== wanted.length || name.toLowerCase() !== wanted) continue;
    value = joined(wanted, value, headers[index + 1] ?? '');
  }
  return value;
}

/**
 * The values of a field, line by line.
 *
 * @param wanted the field's name in lower case
 */
export function valuesOf(headers: HeaderList, wanted: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (name.length === wanted.length && name.toLowerCase() === wanted) values.push(headers[index + 1] ?? '');
  }
  return values;
}

/**
 * Without the white space around it: SP and HTAB, and nothing else (RFC 6265 section 4.2.1). To String.trim a no-break
 * space is white space, too, and to browsers it is part of a name that anybody may set.
 */
export function trimmed(pair: string): string {
  let [start, end] = [0, pair.length];
  while (isSpace(pair.charCodeAt(start))) start += 1;
  while (end > start && isSpace(pair.charCodeAt(end - 1))) end -= 1;
  return pair.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** The name that many servers read a header as: in lower case, with hyphens for `_` and `.`. */
export function twinless(name: string): string {
  return name.toLowerCase().replace(/[_.]/g, '-');
}

/** The fields without those of one name. @param wanted in lower case */
export function withoutField(headers: HeaderList, wanted: string): HeaderList {
  return hasField(headers, wanted)
    ? headers.filter((_, index) => !isField(headers[index - (index % 2)], wanted))
    : headers;
}

/** @param wanted in lower case */
export function hasField(headers: HeaderList, wanted: string): boolean {
  for (let index = 0; index < headers.length; index += 2) if (isField(headers[index], wanted)) return true;
  return false;
}

function isField(name: string | undefined, wanted: string): boolean {
  return name?.length === wanted.length && name.toLowerCase() === wanted;
}
