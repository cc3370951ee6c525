import { createHash } from 'node:crypto';
import { isStrong, isWeaklyEqual } from '../cache/entity-tags.ts';
import type { CallContext, Problem, Result } from './call.ts';
import type { Part, Success } from './openapi.ts';

/** What a request says of the state that it is for: RFC 9110 section 13.1. Undefined = nothing. */
export interface Conditions {
  readonly match: TagList | undefined;
  readonly noneMatch: TagList | undefined;
}

export const NO_CONDITIONS: Conditions = { match: undefined, noneMatch: undefined };

/** `*` is whatever there is. */
type TagList = '*' | readonly string[];

const TAG = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`;
/** RFC 9110 sections 5.6.1 and 8.8.3: commas with nothing between them do no harm. */
const LIST = new RegExp(String.raw`^[ \t,]*${TAG}(?:[ \t]*,(?:[ \t]*,)*[ \t]*${TAG})*[ \t,]*$`);

/** What is said of them in the OpenAPI document. */
export const IF_MATCH: Part = {
  name: 'If-Match',
  in: 'header',
  description: 'The ETag of the state that this is for: another one is answered with 412. `*` is any.',
  schema: { type: 'string' },
};
export const IF_NONE_MATCH: Part = {
  name: 'If-None-Match',
  in: 'header',
  description: 'ETags of what is known already: it is answered with 304.',
  schema: { type: 'string' },
};
export const ETAG: Part = { ETag: { description: 'Strong.', schema: { type: 'string' } } };

export const NOT_MODIFIED: Success = { status: 304, description: 'It is what If-None-Match names', headers: ETAG };

/** A strong entity tag of what is answered: it differs for any other text. */
export function tagOf(json: object): string {
  return `"${createHash('sha256').update(JSON.stringify(json)).digest('base64url').slice(0, 22)}"`;
}

/** Reads them. @returns a problem for what is no list of entity tags: to take it for none would do what must not be done */
export function conditionsOf({ req }: Pick<CallContext, 'req'>): Conditions | Problem {
  const match = listIn(req.headers['if-match']);
  const noneMatch = listIn(req.headers['if-none-match']);
  if (match === 'malformed') return malformed('If-Match');
  return noneMatch === 'malformed' ? malformed('If-None-Match') : { match, noneMatch };
}

/**
 * Whether what changes something may be done (RFC 9110 section 13.2.2): If-Match compares strongly, If-None-Match weakly.
 *
 * @param tags of what there is; all of them name it
 */
export function holds({ match, noneMatch }: Conditions, tags: readonly string[]): boolean {
  const isMatched = match === undefined || match === '*' || match.some((tag) => isStrong(tag) && tags.includes(tag));
  return isMatched && !isKnown(noneMatch, tags);
}

/** Answers a request that only reads: with JSON, or without it when it is known already. */
export function answerTagged(conditions: Conditions, json: object): Result {
  const tag = tagOf(json);
  if (!holds({ ...conditions, noneMatch: undefined }, [tag])) return { problem: 'precondition-failed' };
  const headers = [['etag', tag]] as const;
  return isKnown(conditions.noneMatch, [tag]) ? { notModified: true, headers } : { json, headers };
}

function isKnown(list: TagList | undefined, tags: readonly string[]): boolean {
  if (list === undefined) return false;
  return list === '*' || list.some((each) => tags.some((tag) => isWeaklyEqual(each, tag)));
}

function listIn(value: string | undefined): TagList | 'malformed' | undefined {
  if (value === undefined) return undefined;
  if (value.trim() === '*') return '*';
  return LIST.test(value) ? (value.match(new RegExp(TAG, 'g')) ?? []) : 'malformed';
}

function malformed(name: string): Problem {
  return { problem: 'invalid-request', detail: `${name}: expected entity tags such as "a", "b", or *` };
}
