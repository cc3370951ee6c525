import type { HeaderList } from '../exchange.ts';
import { valuesOf } from '../fields.ts';
import type { StoredAnswer } from './answer.ts';
import { parseDate } from './dates.ts';
import { isStrong } from './entity-tags.ts';

/** `end` is inclusive. Undefined: the Range is ignored, and the whole is sent. */
export type RangeAnswer =
  | { readonly kind: 'part'; readonly start: number; readonly end: number; readonly contentRange: string }
  | { readonly kind: 'unsatisfiable'; readonly contentRange: string }
  | undefined;

const ONE_RANGE = /^bytes=(\d*)-(\d*)$/i;

/**
 * One byte range of a whole 200 (RFC 9110 section 14). Several ranges, other units and bad syntax are ignored.
 *
 * @param ifRange needs a strong validator (RFC 9110 section 13.1.5)
 */
export function rangeOf(answer: StoredAnswer, range: string, ifRange: string | undefined): RangeAnswer {
  const [, first = '', last = ''] = ONE_RANGE.exec(range) ?? [];
  if (answer.status !== 200 || (first === '' && last === '')) return undefined;
  if (ifRange !== undefined && !isStillThat(answer.headers, ifRange)) return undefined;
  const size = answer.body.length;
  return first === '' ? suffix(size, Number(last)) : part(size, Number(first), last === '' ? Infinity : Number(last));
}

function part(size: number, start: number, last: number): RangeAnswer {
  if (last < start) return undefined;
  if (start >= size) return { kind: 'unsatisfiable', contentRange: `bytes */${size}` };
  const end = Math.min(last, size - 1);
  return { kind: 'part', start, end, contentRange: `bytes ${start}-${end}/${size}` };
}

/** The last so many bytes (RFC 9110 section 14.1.2). Of an empty body they are all that there is: no 206 can say so. */
function suffix(size: number, length: number): RangeAnswer {
  if (length === 0) return { kind: 'unsatisfiable', contentRange: `bytes */${size}` };
  return size === 0 ? undefined : part(size, Math.max(0, size - length), Infinity);
}

/** Whether the client's part is of this very answer, to the byte. */
function isStillThat(headers: HeaderList, ifRange: string): boolean {
  const [tag] = valuesOf(headers, 'etag');
  if (isStrong(ifRange)) return ifRange === tag;
  const [lastModified = ''] = valuesOf(headers, 'last-modified');
  return ifRange === lastModified && isStrongDate(lastModified, valuesOf(headers, 'date')[0] ?? '');
}

/** Within the second of Last-Modified the content may have changed once more (RFC 9110 section 8.8.2.2). */
function isStrongDate(lastModified: string, date: string): boolean {
  const sentAt = parseDate(date, 0);
  if (sentAt === undefined) return false;
  const modified = parseDate(lastModified, sentAt);
  return modified !== undefined && sentAt - modified >= 1000;
}
