import { trimmed } from '../fields.ts';

/** A request's field by its lower-case name, its lines joined; undefined when it is not there. */
export type FieldOf = (name: string) => string | undefined;

/**
 * The part of a key that Vary makes (RFC 9111 section 4.1): no two different lists of values give the same text, and a
 * field that is absent differs from an empty one.
 *
 * @param names as in {@link StoredAnswer.vary}
 */
export function variantOf(names: readonly string[], fieldOf: FieldOf): string {
  let variant = '';
  for (const name of names) {
    const value = fieldOf(name);
    if (value === undefined) {
      variant += '-';
    } else {
      const text = CASELESS.has(name) ? normalised(value).toLowerCase() : normalised(value);
      variant += `${text.length}:${text}`;
    }
  }
  return variant;
}

/** Of their values case means nothing: RFC 9110 sections 12.5.2 to 12.5.4. */
const CASELESS = new Set(['accept-charset', 'accept-encoding', 'accept-language']);

/** White space around commas means nothing in a list; within a quoted string it may. */
function normalised(value: string): string {
  if (!value.includes(',') || value.includes('"')) return trimmed(value);
  return value.split(',').map(trimmed).join(',');
}
