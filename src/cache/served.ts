import { giveWhole, type Exchange } from '../exchange.ts';
import { withoutField } from '../fields.ts';
import type { StoredAnswer } from './answer.ts';
import type { Asked } from './asked.ts';
import { isNotModified, notModifiedHeaders } from './conditional.ts';
import { rangeOf } from './range.ts';
import { ageOf } from './reuse.ts';

/**
 * Answers from the store: with what was stored, a part of it, or the word that the client has it already.
 *
 * @param now in milliseconds since 1970
 */
export function serveStored(exchange: Exchange, asked: Asked, stored: StoredAnswer, now: number): void {
  const { response } = exchange;
  const { headers } = stored;
  const age = String(ageOf(stored.freshness, now));
  if (isNotModified(stored, asked.ifNoneMatch, asked.ifModifiedSince)) {
    response.head(304, [...notModifiedHeaders(headers), 'age', age]);
    response.end();
    return;
  }
  if (asked.range !== undefined && exchange.method === 'GET' && serveRange(exchange, asked.range, asked, stored, age))
    return;
  giveWhole(response, stored, ['age', age]);
}

/** @returns false when the range is to be ignored (RFC 9110 section 14.2) */
function serveRange(exchange: Exchange, range: string, asked: Asked, stored: StoredAnswer, age: string): boolean {
  const part = rangeOf(stored, range, asked.ifRange);
  if (part === undefined) return false;
  const { response } = exchange;
  if (part.kind === 'unsatisfiable') {
    response.head(416, ['content-range', part.contentRange, 'content-length', '0', 'age', age]);
  } else {
    const bytes = stored.body.subarray(part.start, part.end + 1);
    const headers = ['content-range', part.contentRange, 'content-length', String(bytes.length), 'age', age];
    response.head(206, [...withoutField(stored.headers, 'content-length'), ...headers]);
    response.write(bytes);
  }
  response.end();
  return true;
}
