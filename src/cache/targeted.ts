import { parseDictionary, type Dictionary, type InnerList, type Item } from 'structured-headers';
import type { Directive } from './directive-list.ts';

/** What a directive's value must be. Names without a type here mean nothing to this cache. */
type Type = 'flag' | 'duration' | 'flag-or-names';

const TYPES: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['no-store', 'flag'],
  ['must-understand', 'flag'],
  ['public', 'flag'],
  ['must-revalidate', 'flag'],
  ['proxy-revalidate', 'flag'],
  ['no-cache', 'flag-or-names'],
  ['private', 'flag-or-names'],
  ['max-age', 'duration'],
  ['s-maxage', 'duration'],
  ['stale-while-revalidate', 'duration'],
  ['stale-if-error', 'duration'],
]);

/**
 * Reads CDN-Cache-Control (RFC 9213), a Dictionary of Structured Fields.
 *
 * @returns undefined when it does not count: it is empty, or not valid
 */
export function targetedDirectives(text: string): Directive[] | undefined {
  const dictionary = dictionaryOf(text);
  if (dictionary === undefined || dictionary.size === 0 || hasDecimal(text)) return undefined;
  const directives: Directive[] = [];
  for (const [name, member] of dictionary) {
    const type = TYPES.get(name);
    if (type === undefined) continue;
    const value = valueOf(member, type);
    if (value === undefined) return undefined;
    // `?0` says that a directive is not there.
    if (value !== false) directives.push({ name, value: value === true ? undefined : value, isMalformed: false });
  }
  return directives;
}

function dictionaryOf(text: string): Dictionary | undefined {
  try {
    return parseDictionary(text);
  } catch {
    return undefined;
  }
}

/** @returns undefined when it is of another type */
function valueOf([value]: Item | InnerList, type: Type): string | boolean | undefined {
  if (type === 'duration') return typeof value === 'number' ? String(value) : undefined;
  if (typeof value === 'boolean') return value;
  return type === 'flag-or-names' && typeof value === 'string' ? value : undefined;
}

/** Whether a duration is a Decimal: the parser makes the same number of `60.0` as of `60`. */
function hasDecimal(text: string): boolean {
  const unquoted = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  return /(?:^|[,\s])(?:max-age|s-maxage|stale-while-revalidate|stale-if-error)=-?\d+\./.test(unquoted);
}
