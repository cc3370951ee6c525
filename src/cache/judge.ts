import type { HeaderList } from '../exchange.ts';
import { combined, valuesOf } from '../fields.ts';
import type { Freshness, StoredAnswer } from './answer.ts';
import { validatorsOf } from './conditional.ts';
import { formatDate, parseDate } from './dates.ts';
import { bornAt, lifetimeOf } from './freshness.ts';
import { responseDirectives, type ResponseDirectives } from './response-directives.ts';
import { mayStandIn, reuse } from './reuse.ts';
import { isDescribed, isValidated } from './same-representation.ts';
import { COOKIES, storedFields, tagsOf, updatedFields, varyOf, withoutFields } from './stored-fields.ts';
import { MAX_NAMES } from './variants.ts';

/** What a route says about storing. Durations in milliseconds. */
export interface StorageRules {
  /** Heuristic freshness (RFC 9111 section 4.2.2): for heuristically cacheable statuses, or with `public`. */
  readonly ttl: number | undefined;
  /** When the origin gives none. */
  readonly staleWhileRevalidate: number;
  readonly staleIfError: number;
  readonly storeSetCookie: boolean;
  /** In lower case: fields that identify callers, never stored. */
  readonly dropped: ReadonlySet<string>;
}

/** What of a request decides whether its answer may be stored. */
export interface JudgedRequest {
  /** RFC 9111 section 3.5. */
  readonly hasAuthorization: boolean;
  /** Cookies other than the gateway's own: the answer is stored only when it is `public`. */
  readonly hasCookies: boolean;
  /** Bytes of its header fields. */
  readonly headerBytes: number;
}

/** The head of an answer, with the instants between which it was made. In milliseconds since 1970. */
export interface ReceivedHead {
  readonly status: number;
  readonly headers: HeaderList;
  readonly requestedAt: number;
  readonly receivedAt: number;
}

export type Judgement =
  /** `isShareable`: fresh now and usable without validation, so that requests which wait for it may have it. */
  | { readonly kind: 'storable'; readonly answer: Omit<StoredAnswer, 'body'>; readonly isShareable: boolean }
  /** `why` is a token for the detail of Cache-Status (RFC 9211 section 2.8). */
  | { readonly kind: 'refused'; readonly why: string };

/** Answers that blame the request: whoever makes one fail must not make it fail for everybody. */
const BLAMES_REQUEST = new Set([400, 408, 411, 413, 414, 415, 417, 421, 425, 426, 428, 431]);
/** What a request's fields may add up to for its fault to be one of the resource. In bytes. */
const MOST_HEADER_BYTES = 4096;
/** The final statuses of RFC 9110 section 15: what `must-understand` wants understood (RFC 9111 section 5.2.2.3). */
const UNDERSTOOD = new Set([
  200, 201, 202, 203, 204, 205, 300, 301, 302, 303, 305, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409,
  410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 426, 500, 501, 502, 503, 504, 505,
]);

/** Whether an answer may be stored, and for how long (RFC 9111 sections 3 and 4.2, RFC 9213, RFC 5861). */
export function judge(head: ReceivedHead, request: JudgedRequest, storing: StorageRules): Judgement {
  const { status, headers, requestedAt, receivedAt } = head;
  const directives = responseDirectives(headers);
  const why = prohibition(head, directives, storing) ?? fault(head) ?? identification(directives, request);
  if (why !== undefined) return refused(why);
  if (BLAMES_REQUEST.has(status) && request.headerBytes > MOST_HEADER_BYTES) return refused('request-size');
  const vary = varyOf(headers);
  if (vary === undefined) return refused('vary-any');
  if (vary.length > MAX_NAMES) return refused('vary-many');

  const sentAt = dateOf(headers, receivedAt);
  const date = sentAt ?? receivedAt;
  const lifetime = lifetimeOf(status, headers, directives, date, storing.ttl);
  if (lifetime === undefined) return refused('no-freshness');
  const freshness: Freshness = {
    bornAt: bornAt(headers, date, requestedAt, receivedAt),
    lifetime: lifetime.duration,
    validateAlways: directives.noCache,
    validateStale: directives.mustRevalidate || directives.proxyRevalidate || directives.sMaxAge !== undefined,
    staleWhileRevalidate: directives.staleWhileRevalidate ?? storing.staleWhileRevalidate,
    staleIfError: directives.staleIfError ?? storing.staleIfError,
  };
  const isShareable = reuse(freshness, undefined, receivedAt) === 'fresh';
  const fields = storedFields(headers, { ...storing, withheld: directives.withheld });
  const isUsable = isShareable || isUsableStale(freshness, receivedAt) || validatorsOf({ headers: fields }).length > 0;
  if (!isUsable) return refused('stale');

  const answer = {
    status,
    headers: framed(status, dated(fields, sentAt, receivedAt)),
    freshness,
    vary,
    tags: tagsOf(headers),
    isExplicit: lifetime.isExplicit || directives.isPublic,
  };
  return { kind: 'storable', answer, isShareable };
}

/**
 * A stored answer after a 304, or a 200 to a HEAD (RFC 9111 sections 3.2, 4.3.4 and 4.3.5). Its freshness is made anew,
 * of the fields as they are then.
 *
 * @returns undefined when its validators say that it is about another answer, or when it may not be stored any more
 */
export function freshened(
  stored: StoredAnswer,
  head: ReceivedHead,
  request: JudgedRequest,
  storing: StorageRules,
): StoredAnswer | undefined {
  const isSame =
    head.status === 304 ? isValidated(stored.headers, head.headers) : isDescribed(stored, head.status, head.headers);
  if (!isSame) return undefined;
  const headers = updatedFields(stored.headers, head.headers, { ...storing, withheld: new Set() });
  const judgement = judge({ ...head, status: stored.status, headers }, request, storing);
  return judgement.kind === 'storable' ? { ...judgement.answer, body: stored.body } : undefined;
}

function refused(why: string): Judgement {
  return { kind: 'refused', why };
}

/** What the status or the origin rules out (RFC 9111 section 3), or cookies that are for one client. */
function prohibition(head: ReceivedHead, directives: ResponseDirectives, storing: StorageRules): string | undefined {
  const { status, headers } = head;
  if (status < 200 || status === 206 || status === 304 || status === 429) return 'status';
  if (directives.mustUnderstand) {
    // With it no-store is for caches that do not know must-understand.
    if (!UNDERSTOOD.has(status)) return 'must-understand';
  } else if (directives.noStore) {
    return 'no-store';
  }
  if (directives.isPrivate) return 'private';
  const mayHaveCookies = storing.storeSetCookie || directives.withheld.has('set-cookie');
  const hasCookies = COOKIES.some((name) => valuesOf(headers, name).length > 0);
  return hasCookies && !mayHaveCookies ? 'set-cookie' : undefined;
}

/** What does not fit together: such an answer is passed on, and not repeated. */
function fault({ status, headers }: ReceivedHead): string | undefined {
  if (status !== 416 && valuesOf(headers, 'content-range').length > 0) return 'content-range';
  const length = combined(headers, 'content-length');
  return length === undefined || /^\d+$/.test(length) ? undefined : 'content-length';
}

/** Answers to requests that say who sent them are for others only when they say so: RFC 9111 section 3.5. */
function identification(directives: ResponseDirectives, request: JudgedRequest): string | undefined {
  const { isPublic, sMaxAge, mustRevalidate } = directives;
  if (request.hasAuthorization && !isPublic && sMaxAge === undefined && !mustRevalidate) return 'authorization';
  return request.hasCookies && !isPublic ? 'cookie' : undefined;
}

function isUsableStale(freshness: Freshness, now: number): boolean {
  return reuse(freshness, undefined, now) !== 'validate' || mayStandIn(freshness, undefined, now);
}

/** A Date that cannot be read is as good as none (RFC 9110 section 6.6.1). */
function dateOf(headers: HeaderList, now: number): number | undefined {
  const [date] = valuesOf(headers, 'date');
  return date === undefined ? undefined : parseDate(date, now);
}

/** With one Date: that of the origin, or when the answer came (RFC 9110 section 6.6.1). */
function dated(fields: HeaderList, sentAt: number | undefined, receivedAt: number): string[] {
  return [...withoutFields(fields, (name) => name === 'date'), 'Date', formatDate(sentAt ?? receivedAt)];
}

/** A 204 has no Content-Length (RFC 9110 section 8.6). */
function framed(status: number, fields: string[]): string[] {
  return status === 204 ? withoutFields(fields, (name) => name === 'content-length') : fields;
}
