import { isClaims, type Claims } from '../claims.ts';
import { hasDuplicateMembers } from './json-members.ts';

/** A token taken apart. Nothing in it is verified. */
export interface CompactJws {
  readonly header: Claims;
  readonly payload: Claims;
  /** In bytes. */
  readonly signatureLength: number;
}

export type CompactFault = 'malformed' | 'duplicate-member';

/** Longer ones are refused unread. RFC 8725 says nothing of a size; headers of requests are bounded near it anyway. */
export const MAX_TOKEN_LENGTH = 16 * 1024;

const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/**
 * Takes a JWS in compact serialisation apart (RFC 7515 section 5.2, steps 1 to 6): exactly three parts of base64url
 * without padding, blanks or stray bits at an end; JSON objects in UTF-8, of which no member stands there twice.
 *
 * @param token of at most {@link MAX_TOKEN_LENGTH} characters
 */
export function parseCompact(token: string): CompactJws | { readonly fault: CompactFault } {
  if (!SHAPE.test(token)) return { fault: 'malformed' };
  const [first = '', second = '', third = ''] = token.split('.');
  const header = objectIn(first);
  if ('fault' in header) return header;
  const payload = objectIn(second);
  if ('fault' in payload) return payload;
  const signature = bytesIn(third);
  if (signature === undefined) return { fault: 'malformed' };
  return { header: header.object, payload: payload.object, signatureLength: signature.length };
}

/** One text means one string of bytes: what is not exactly what an encoder writes is refused (RFC 4648 section 3.5). */
function bytesIn(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

function objectIn(part: string): { readonly object: Claims } | { readonly fault: CompactFault } {
  const bytes = bytesIn(part);
  if (bytes === undefined) return { fault: 'malformed' };
  try {
    // With the BOM kept, which no JSON begins with.
    const json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const object: unknown = JSON.parse(json);
    if (!isClaims(object)) return { fault: 'malformed' };
    return hasDuplicateMembers(json) ? { fault: 'duplicate-member' } : { object };
  } catch {
    return { fault: 'malformed' };
  }
}
