import type { HeaderList } from '../exchange.ts';
import type { StoredAnswer } from './answer.ts';

/** What a route says about storing. Durations in milliseconds. */
export interface StorePolicy {
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

/** Whether an answer may be stored, and for how long (RFC 9111 sections 3 and 4.2, RFC 9213, RFC 5861). */
export function judge(_head: ReceivedHead, _request: JudgedRequest, _policy: StorePolicy): Judgement {
  throw new Error('not there yet');
}

/**
 * A stored answer after a 304, or a 200 to a HEAD (RFC 9111 sections 3.2, 4.3.4 and 4.3.5).
 *
 * @returns undefined when its validators say that it is about another answer, or when it may not be stored any more
 */
export function freshened(
  _stored: StoredAnswer,
  _head: ReceivedHead,
  _request: JudgedRequest,
  _policy: StorePolicy,
): StoredAnswer | undefined {
  throw new Error('not there yet');
}
