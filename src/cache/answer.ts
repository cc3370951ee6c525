import type { HeaderList, WholeAnswer } from '../exchange.ts';
import { valuesOf } from '../fields.ts';

/** What an answer may be used for and until when. All times in milliseconds; instants since 1970. */
export interface Freshness {
  /** When the answer would have been made for its age to be right: age = now - bornAt (RFC 9111 section 4.2.3). */
  readonly bornAt: number;
  /** freshness_lifetime (RFC 9111 section 4.2.1); 0 = stale from the start. */
  readonly lifetime: number;
  /** Never reused without successful validation: `no-cache`. */
  readonly validateAlways: boolean;
  /** Never used stale: must-revalidate, proxy-revalidate, s-maxage (RFC 9111 sections 5.2.2.2, 5.2.2.8, 5.2.2.10). */
  readonly validateStale: boolean;
  /** For how long after its lifetime: see RFC 5861. */
  readonly staleWhileRevalidate: number;
  readonly staleIfError: number;
}

/** An answer as it is kept. */
export interface StoredAnswer extends WholeAnswer {
  /**
   * As they are sent from the store: Date always; never Age, fields of one connection, fields that a qualified no-cache
   * or private names, and Set-Cookie unless the route keeps it. Content-Length always, but for statuses without content.
   */
  readonly headers: HeaderList;
  readonly body: Buffer;
  readonly freshness: Freshness;
  /** Fields that the origin's Vary names, in lower case, sorted, each once. */
  readonly vary: readonly string[];
  /** What the origin's Cache-Tag and Surrogate-Key say, each once. */
  readonly tags: readonly string[];
  /**
   * The origin itself gave the freshness (as opposed to the ttl of the route), or said `public`: what requests with
   * cookies may be answered from.
   */
  readonly isExplicit: boolean;
}

/** What the objects, the key and the entry of the store take on top of the texts. An estimate, in bytes. */
const OVERHEAD = 512;

/** @returns what a stored answer occupies, in bytes: body, field texts, and a fixed overhead */
export function sizeOf(answer: StoredAnswer): number {
  let size = OVERHEAD + answer.body.length;
  for (const text of answer.headers) size += text.length;
  size += answer.lines?.length ?? 0;
  for (const name of answer.vary) size += name.length;
  for (const tag of answer.tags) size += tag.length;
  return size;
}

/**
 * A judged answer with the body that came, and with a Content-Length (RFC 9110 section 8.6): an answer that came in
 * chunks had none.
 *
 * @param body whole
 */
export function completed(answer: Omit<StoredAnswer, 'body'>, body: Buffer): StoredAnswer {
  if (answer.status === 204 || valuesOf(answer.headers, 'content-length').length > 0) return { ...answer, body };
  return { ...answer, headers: [...answer.headers, 'Content-Length', String(body.length)], body };
}
