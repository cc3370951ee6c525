import type { HeaderList } from '../exchange.ts';
import { valuesOf } from '../fields.ts';
import type { StoredAnswer } from './answer.ts';
import { parseDate } from './dates.ts';
import { isWeaklyEqual, tagsIn } from './entity-tags.ts';
import { withoutFields } from './stored-fields.ts';

/** @returns the fields to validate a stored answer with (RFC 9111 section 4.3.1); [] = it has no validator */
export function validatorsOf(answer: { readonly headers: HeaderList }): HeaderList {
  const [tag = ''] = valuesOf(answer.headers, 'etag');
  const [lastModified = ''] = valuesOf(answer.headers, 'last-modified');
  const fields: string[] = [];
  if (tag !== '') fields.push('If-None-Match', tag);
  if (lastModified !== '') fields.push('If-Modified-Since', lastModified);
  return fields;
}

/**
 * Whether a request's conditions make a 304 of a stored answer (RFC 9110 sections 13.1.2 and 13.1.3, RFC 9111 section
 * 4.3.2): If-None-Match goes before If-Modified-Since and compares weakly. Only for 2xx (RFC 9110 section 13.2.1).
 */
export function isNotModified(
  { status, headers }: Pick<StoredAnswer, 'status' | 'headers'>,
  ifNoneMatch: string | undefined,
  ifModifiedSince: string | undefined,
): boolean {
  if (status >= 300) return false;
  if (ifNoneMatch !== undefined) {
    const [tag] = valuesOf(headers, 'etag');
    return tagsIn(ifNoneMatch).some((wanted) => wanted === '*' || (tag !== undefined && isWeaklyEqual(wanted, tag)));
  }
  return ifModifiedSince !== undefined && isUnmodifiedSince(headers, ifModifiedSince);
}

/** Without Last-Modified the answer was last modified when it was made: it is not known to be older. */
function isUnmodifiedSince(headers: HeaderList, ifModifiedSince: string): boolean {
  const [date = ''] = valuesOf(headers, 'date');
  const [lastModified = date] = valuesOf(headers, 'last-modified');
  // A year of two digits is read as of when the answer was made.
  const now = parseDate(date, 0) ?? 0;
  const since = parseDate(ifModifiedSince, now);
  const modified = parseDate(lastModified, now);
  return since !== undefined && modified !== undefined && modified <= since;
}

/**
 * @returns the fields of a 304 (RFC 9110 section 15.4.5): without what describes the content, which the client has, and
 *   without Last-Modified where an ETag says it better
 */
export function notModifiedHeaders(headers: HeaderList): string[] {
  const hasTag = valuesOf(headers, 'etag').length > 0;
  return withoutFields(headers, (name) => {
    if (name === 'set-cookie' || (name === 'last-modified' && hasTag)) return true;
    return name.startsWith('content-') && !KEPT.has(name);
  });
}

/** They begin like fields that describe the content, and do not, or are wanted. */
const KEPT = new Set(['content-location', 'content-security-policy', 'content-security-policy-report-only']);
