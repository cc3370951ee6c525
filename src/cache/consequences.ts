import type { HeaderList } from '../exchange.ts';
import type { StoredAnswer } from './answer.ts';
import { validatorsOf } from './conditional.ts';
import type { JudgedRequest, Judgement, ReceivedHead } from './judge.ts';
import { ageOf } from './reuse.ts';
import { varyOf, withoutFields } from './stored-fields.ts';

/** What follows from the judgement of an answer, for what is stored and for those who have waited. */

/** Why an answer is not stored that says nothing of what was stored. */
const OF_NOW: ReadonlySet<string> = new Set(['status', 'fallback', 'purged']);
/** Why answers are not stored that others may have stored: anybody could keep a cache from being used otherwise. */
const OF_REQUESTS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'request-size']);
const CONDITIONS = new Set(['if-none-match', 'if-modified-since', 'if-range', 'range']);

/** The fields of a request for all of an answer, or for the word that what is stored is still right: RFC 9111 section 4.3.1. */
export function unconditional(headers: HeaderList, stored: StoredAnswer | undefined): HeaderList {
  const out = withoutFields(headers, (name) => CONDITIONS.has(name));
  return stored === undefined ? out : [...out, ...validatorsOf(stored)];
}

/** What goes to those who have waited for an answer: the head of it, and by which fields of theirs it is for them. */
export interface Shared {
  readonly head: ReceivedHead;
  readonly vary: readonly string[];
}

/** Of an answer that may be shared: what would be stored, and no field that is for one client. */
export function sharedAnswer(head: ReceivedHead, answer: Omit<StoredAnswer, 'body'>): Shared {
  const age = String(ageOf(answer.freshness, head.receivedAt));
  return { head: { ...head, headers: [...answer.headers, 'age', age] }, vary: answer.vary };
}

/**
 * Of an error that nothing says it may be stored, and nothing that it is for one client: all who have waited get it, since
 * to ask once for each of them is the last thing that an origin in trouble needs.
 *
 * @param dropped fields that identify callers, in lower case
 * @returns undefined when it is for the one who has asked
 */
export function sharedError(
  head: ReceivedHead,
  judgement: Judgement,
  { hasAuthorization, hasCookies }: JudgedRequest,
  dropped: ReadonlySet<string>,
): Shared | undefined {
  const isBare = judgement.kind === 'refused' && judgement.why === 'no-freshness';
  const vary = varyOf(head.headers);
  if (head.status < 500 || !isBare || hasAuthorization || hasCookies || vary === undefined) return undefined;
  return { head: { ...head, headers: withoutFields(head.headers, (name) => dropped.has(name)) }, vary };
}

/** Whether the next request may well get an answer to be shared: it was this one's fault, or will be over. */
export function isPassing(judgement: Judgement, status: number): boolean {
  return status >= 400 || (judgement.kind === 'refused' && OF_REQUESTS.has(judgement.why));
}

/** Whether the origin has something else to say now, which is not to be stored: what was stored holds no more. */
export function isTakenBack(judgement: Judgement, status: number): boolean {
  return judgement.kind === 'refused' && status < 500 && !OF_REQUESTS.has(judgement.why) && !OF_NOW.has(judgement.why);
}
