/** How paths are made canonical: `server.paths` of the configuration. */
export interface PathRules {
  readonly encodedSlash: 'reject' | 'keep';
  readonly dotSegments: 'reject' | 'normalise';
  readonly duplicateSlash: 'merge' | 'reject';
}

/** A request target in the one form that every stage sees. */
export interface CanonicalTarget {
  /** Percent-encoded, begins with `/`; two paths that mean the same are the same text. */
  readonly path: string;
  /** With its `?`, as received; empty when there is none. */
  readonly query: string;
}

/** Why a target is refused; the words are safe to send to the client. */
export interface TargetFault {
  readonly fault: string;
}

// What nearly every request looks like: no escapes, no empty or dot segments, nothing that has to be encoded.
const PLAIN_TARGET = /^(?=\/)(?:\/(?!\.{0,2}(?:[/;?]|$))[\w.~!$&'()*+,;=:@-]+)*\/?(?:\?[!-"$-~]*)?$/;

/** Characters that stand for themselves in a canonical path: RFC 3986 `pchar` without the percent sign. */
const PCHAR = new Set(Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@"));

const SLASH = 0x2f;
const PERCENT = 0x25;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;

/**
 * Makes the canonical form of an origin-form request target (RFC 9112 section 3.2.1), or says why there is none.
 *
 * Escapes of characters that need none are decoded and the others written in upper case (RFC 3986 section 6.2.2), so
 * that `/%61` and `/a` are one path; `%3B` stays, since `;` and `%3B` mean different things to many servers. Refused
 * whatever the rules say: `\` and `%5c`, `#`, control characters and their escapes, bad escapes, bytes that are not
 * UTF-8 (so overlong forms too), and dot segments that hide behind a path parameter, such as `..;x`.
 *
 * @param target the request target as received
 * @param rules what to do with encoded slashes, dot segments and empty segments
 */
export function canonicalTarget(target: string, rules: PathRules): CanonicalTarget | TargetFault {
  const question = target.indexOf('?');
  if (PLAIN_TARGET.test(target)) {
    if (question === -1) return { path: target, query: '' };
    return { path: target.slice(0, question), query: target.slice(question) };
  }
  if (!target.startsWith('/')) return { fault: 'the request target is not a path' };
  const query = question === -1 ? '' : target.slice(question);
  if (!/^[!-"$-~]*$/.test(query)) return { fault: 'the query holds a character that must be percent-encoded' };
  const path = canonicalPath(question === -1 ? target : target.slice(0, question), rules);
  return typeof path === 'string' ? { path, query } : path;
}

/**
 * Makes the canonical form of a path: see {@link canonicalTarget}. Paths in the configuration go through it too.
 *
 * @param raw a path that begins with `/`
 */
export function canonicalPath(raw: string, rules: PathRules): string | TargetFault {
  const segments: string[] = [];
  const parts = raw.split('/');
  for (let index = 1; index < parts.length; index += 1) {
    const part = parts[index] ?? '';
    const last = index === parts.length - 1;
    if (part === '' && !last) {
      if (rules.duplicateSlash === 'reject') return { fault: 'the path holds an empty segment' };
      continue;
    }
    const segment = canonicalSegment(part, rules);
    if (typeof segment !== 'string') return segment;
    if (segment === '.' || segment === '..') {
      if (rules.dotSegments === 'reject') return { fault: 'the path holds a dot segment' };
      // RFC 3986 section 5.2.4: a last dot segment leaves a slash behind.
      if (segment === '..') segments.pop();
      if (last) segments.push('');
      continue;
    }
    if (/^\.{1,2};/.test(segment)) return { fault: 'the path holds a dot segment with a parameter' };
    // An upstream that decodes the slash would see `..%2Fadmin` as a dot segment.
    if (/(?:^|%2F)\.{1,2}(?:%2F|;|$)/.test(segment))
      return { fault: 'the path holds a dot segment at an escaped slash' };
    segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

function canonicalSegment(part: string, rules: PathRules): string | TargetFault {
  if (/^[\w.~!$&'()*+,;=:@-]*$/.test(part)) return part;
  const bytes: number[] = [];
  let out = '';
  for (let index = 0; index < part.length; index += 1) {
    const code = part.charCodeAt(index);
    if (code === BACKSLASH || code === 0x23 || code <= 0x20 || code >= 0x7f) {
      return { fault: 'the path holds a character that must be percent-encoded' };
    }
    if (code !== PERCENT) {
      bytes.push(code);
      out += PCHAR.has(code) ? part[index] : escapeByte(code);
      continue;
    }
    const hex = part.slice(index + 1, index + 3);
    if (!/^[0-9a-fA-F]{2}$/.test(hex)) return { fault: 'the path holds a bad percent-escape' };
    const byte = Number.parseInt(hex, 16);
    index += 2;
    if (byte < 0x20 || byte === 0x7f) return { fault: 'the path holds an escaped control character' };
    if (byte === BACKSLASH) return { fault: 'the path holds an escaped backslash' };
    if (byte === SLASH && rules.encodedSlash === 'reject') return { fault: 'the path holds an escaped slash' };
    bytes.push(byte);
    out += PCHAR.has(byte) && byte !== SEMICOLON ? String.fromCharCode(byte) : escapeByte(byte);
  }
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return { fault: 'the path holds escaped bytes that are not UTF-8' };
  }
  return out;
}

function escapeByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/**
 * Decodes one segment of a canonical path for templates and comparisons. An escaped slash stays escaped: it is opaque.
 *
 * @param segment a segment, or several, of a path that {@link canonicalTarget} made
 */
export function decodeSegment(segment: string): string {
  return segment.includes('%') ? segment.split('%2F').map(decodeURIComponent).join('%2F') : segment;
}
