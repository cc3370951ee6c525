import type { HeaderList } from '../exchange.ts';
import { combined, HOP_BY_HOP, trimmed, valuesOf } from '../fields.ts';
import { isFieldName } from './response-directives.ts';

/** RFC 9111 section 3.1; Age is made anew for every use, and no trailers are kept. */
const NEVER_STORED = new Set([...HOP_BY_HOP, 'proxy-authentication-info', 'trailer', 'age']);

/** What the body cannot be read without, and what decides for whom and how long the answer is: nothing takes it away. */
const NEVER_WITHHELD = new Set([
  'cache-control',
  'cdn-cache-control',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'expires',
  'vary',
]);

/** What an update does not replace: it is true of the body that is kept (RFC 9111 section 3.2). */
const NEVER_UPDATED = new Set(['content-encoding', 'content-length', 'content-range', 'content-type']);

/** Of one answer. */
export const MOST_TAGS = 64;
/** In bytes. */
export const LONGEST_TAG = 256;

/** What sets cookies: RFC 6265, and what it has replaced. */
export const COOKIES: readonly string[] = ['set-cookie', 'set-cookie2'];

/** What a route, or a qualified directive, keeps out of the store. */
export interface Omissions {
  readonly storeSetCookie: boolean;
  /** Both in lower case. */
  readonly dropped: ReadonlySet<string>;
  readonly withheld: ReadonlySet<string>;
}

/** @returns the fields of an answer that are stored */
export function storedFields(headers: HeaderList, omissions: Omissions): string[] {
  const named = connectionNames(headers);
  return withoutFields(headers, (name) => {
    if (NEVER_STORED.has(name) || omissions.dropped.has(name)) return true;
    if (COOKIES.includes(name) && !omissions.storeSetCookie) return true;
    return !NEVER_WITHHELD.has(name) && (omissions.withheld.has(name) || named.has(name));
  });
}

/**
 * The fields of a stored answer after an update: those that came replace all lines of their name (RFC 9111 section
 * 3.2). Age and Date are always those that came.
 */
export function updatedFields(stored: HeaderList, received: HeaderList, omissions: Omissions): string[] {
  const update = withoutFields(storedFields(received, omissions), (name) => NEVER_UPDATED.has(name));
  const replaced = new Set(['date', 'age']);
  for (let index = 0; index < update.length; index += 2) replaced.add(update[index]?.toLowerCase() ?? '');
  const [age] = valuesOf(received, 'age');
  if (age !== undefined) update.push('Age', age);
  return [...withoutFields(stored, (name) => replaced.has(name)), ...update];
}

/** @returns the fields but for those of certain names, which come in lower case */
export function withoutFields(headers: HeaderList, isOut: (name: string) => boolean): string[] {
  const fields: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (!isOut(name.toLowerCase())) fields.push(name, headers[index + 1] ?? '');
  }
  return fields;
}

/** @returns the fields that Vary names, as {@link StoredAnswer.vary} has them; undefined when no request can match */
export function varyOf(headers: HeaderList): string[] | undefined {
  const names = membersOf(combined(headers, 'vary'));
  // RFC 9111 section 4.1: `*`, whatever stands next to it, matches nothing. What is no name might have been one.
  if (names.includes('*') || !names.every(isFieldName)) return undefined;
  return [...new Set(names)].toSorted();
}

/** @returns the tags of an answer, as {@link StoredAnswer.tags} has them */
export function tagsOf(headers: HeaderList): string[] {
  const text = `${combined(headers, 'cache-tag') ?? ''} ${combined(headers, 'surrogate-key') ?? ''}`;
  const tags = text.split(/[\s,]+/).filter((tag) => tag !== '' && tag.length <= LONGEST_TAG);
  return [...new Set(tags)].slice(0, MOST_TAGS);
}

function connectionNames(headers: HeaderList): ReadonlySet<string> {
  return new Set(membersOf(combined(headers, 'connection')));
}

/** The members of a list of tokens, in lower case. */
function membersOf(list: string | undefined): string[] {
  if (list === undefined) return [];
  return list
    .split(',')
    .map((member) => trimmed(member).toLowerCase())
    .filter((member) => member !== '');
}
