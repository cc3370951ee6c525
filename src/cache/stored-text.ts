import { HOP_BY_HOP } from '../fields.ts';
import type { Freshness, StoredAnswer } from './answer.ts';
import { isObject, isTextList, isTime } from './checked.ts';
import { isFieldName } from './response-directives.ts';
import { LONGEST_TAG, MOST_TAGS } from './stored-fields.ts';
import { MAX_NAMES, type Differing } from './variants.ts';

/** Another one is not understood: what is in the store is then passed over, and written anew. */
const VERSION = 1;
/** RFC 9110 section 5.5: no line ends, which would begin another field. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** What frames a message is said anew with each of them. */
const FORBIDDEN: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'trailer', 'age']);
/** RFC 9110 section 6.4.1, as far as they answer a GET. */
const WITHOUT_CONTENT: ReadonlySet<number> = new Set([204, 304]);

/** What stands in the shared store, its body apart. */
export interface SharedEntry {
  readonly route: string;
  readonly path: string;
  /** When the answer was asked for, or earlier: by the clock of the store, in microseconds. */
  readonly since: number;
  readonly content:
    | { readonly kind: 'answer'; readonly answer: Omit<StoredAnswer, 'body'> }
    /** Answers stand elsewhere, told apart by these fields; of which series they are is in their keys. */
    | { readonly kind: 'index'; readonly differing: Differing; readonly series: number };
}

/** @returns JSON */
export function encodeEntry({ route, path, since, content }: SharedEntry): string {
  const common = { version: VERSION, route, path, since };
  if (content.kind === 'index') {
    const { differing, series } = content;
    return JSON.stringify({ ...common, kind: 'index', ...differing, series });
  }
  const { status, headers, freshness, vary, tags, isExplicit } = content.answer;
  return JSON.stringify({ ...common, kind: 'answer', status, headers, freshness, vary, tags, isExplicit });
}

/** @returns undefined for anything that {@link encodeEntry} does not write: others may write there, too */
export function decodeEntry(text: Buffer): SharedEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text.toString());
  } catch {
    return undefined;
  }
  if (!isObject(value) || value['version'] !== VERSION) return undefined;
  const { route, path, since } = value;
  if (typeof route !== 'string' || typeof path !== 'string' || !isTime(since)) return undefined;
  const content = value['kind'] === 'index' ? decodeIndex(value) : decodeAnswer(value);
  return content === undefined ? undefined : { route, path, since, content };
}

/**
 * The answer with its body.
 *
 * @returns undefined when the body is not the one that the fields speak of
 */
export function withBody(answer: Omit<StoredAnswer, 'body'>, body: Buffer): StoredAnswer | undefined {
  if (WITHOUT_CONTENT.has(answer.status) && body.length > 0) return undefined;
  for (let index = 0; index < answer.headers.length; index += 2) {
    const isLength = answer.headers[index]?.toLowerCase() === 'content-length';
    if (isLength && answer.headers[index + 1] !== String(body.length)) return undefined;
  }
  return { ...answer, body };
}

function decodeIndex({ names, unnamed, series }: Record<string, unknown>): SharedEntry['content'] | undefined {
  if (!isNameList(names) || names.length === 0 || !isTime(series)) return undefined;
  if (!isCountList(unnamed) || unnamed.length !== names.length) return undefined;
  return { kind: 'index', differing: { names, unnamed }, series };
}

function decodeAnswer(value: Record<string, unknown>): SharedEntry['content'] | undefined {
  const { kind, status, headers, freshness, vary, tags, isExplicit } = value;
  if (kind !== 'answer' || typeof status !== 'number' || !Number.isInteger(status)) return undefined;
  if (status < 200 || status > 599 || typeof isExplicit !== 'boolean') return undefined;
  if (!isHeaderList(headers) || !isFreshness(freshness) || !isNameList(vary) || !isTagList(tags)) return undefined;
  return { kind: 'answer', answer: { status, headers, freshness, vary, tags, isExplicit } };
}

function isHeaderList(value: unknown): value is readonly string[] {
  if (!isTextList(value) || value.length % 2 !== 0) return false;
  return value.every((text, index) =>
    index % 2 === 0 ? isFieldName(text) && !FORBIDDEN.has(text.toLowerCase()) : VALUE.test(text),
  );
}

function isFreshness(value: unknown): value is Freshness {
  return (
    isObject(value) &&
    [value['bornAt'], value['lifetime'], value['staleWhileRevalidate'], value['staleIfError']].every(isTime) &&
    typeof value['validateAlways'] === 'boolean' &&
    typeof value['validateStale'] === 'boolean'
  );
}

/** Fields in lower case, sorted, each once. */
function isNameList(value: unknown): value is readonly string[] {
  if (!isTextList(value) || value.length > MAX_NAMES) return false;
  return value.every((name, index) => {
    const before = value[index - 1];
    return isFieldName(name) && name === name.toLowerCase() && (before === undefined || before < name);
  });
}

function isCountList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((count) => Number.isInteger(count) && count >= 0);
}

function isTagList(value: unknown): value is readonly string[] {
  return isTextList(value) && value.length <= MOST_TAGS && value.every(({ length }) => length <= LONGEST_TAG);
}
