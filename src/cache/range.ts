import type { StoredAnswer } from './answer.ts';

/** `end` is inclusive. Undefined: the Range is ignored, and the whole is sent. */
export type RangeAnswer =
  | { readonly kind: 'part'; readonly start: number; readonly end: number; readonly contentRange: string }
  | { readonly kind: 'unsatisfiable'; readonly contentRange: string }
  | undefined;

/**
 * One byte range of a whole 200 (RFC 9110 section 14). Several ranges, other units and bad syntax are ignored.
 *
 * @param ifRange needs a strong validator (RFC 9110 section 13.1.5)
 */
export function rangeOf(_answer: StoredAnswer, _range: string, _ifRange: string | undefined): RangeAnswer {
  throw new Error('not there yet');
}
