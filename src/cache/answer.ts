import type { HeaderList } from '../exchange.ts';

/** What an answer may be used for and until when. All times in milliseconds; instants since 1970. */
export interface Freshness {
  /** When the answer would have been made for its age to be right: age = now - bornAt (RFC 9111 section 4.2.3). */
  readonly bornAt: number;
  /** freshness_lifetime (section 4.2.1), 0 = stale from the start. */
  readonly lifetime: number;
  /** Never reused without successful validation (`no-cache`). */
  readonly validateAlways: boolean;
  /** Never used stale: must-revalidate, proxy-revalidate, s-maxage (sections 5.2.2.2, 5.2.2.8, 5.2.2.10). */
  readonly validateStale: boolean;
  readonly staleWhileRevalidate: number;
  readonly staleIfError: number;
}

export interface StoredAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
  readonly freshness: Freshness;
  readonly vary: readonly string[];
  readonly tags: readonly string[];
  readonly isExplicit: boolean;
}

/** In bytes, of what a stored answer occupies: body + field texts + a fixed overhead. */
export function sizeOf(answer: StoredAnswer): number {
  let size = 512 + answer.body.length;
  for (const text of answer.headers) size += text.length;
  return size;
}
