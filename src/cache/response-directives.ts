import type { HeaderList } from '../exchange.ts';
import { combined, trimmed } from '../fields.ts';
import { durationOf, parseDirectives, type Directive } from './directive-list.ts';
import { targetedDirectives } from './targeted.ts';

/** What an answer says of its caching (RFC 9111 section 5.2.2, RFC 5861). Durations in milliseconds. */
export interface ResponseDirectives {
  readonly noStore: boolean;
  readonly mustUnderstand: boolean;
  readonly isPublic: boolean;
  readonly mustRevalidate: boolean;
  readonly proxyRevalidate: boolean;
  /** Without field names: of the whole answer. */
  readonly noCache: boolean;
  readonly isPrivate: boolean;
  /** In lower case: the fields that no-cache and private name. */
  readonly withheld: ReadonlySet<string>;
  /** 0 when the value cannot be read: such an answer is better taken for stale (RFC 9111 section 4.2.1). */
  readonly maxAge: number | undefined;
  readonly sMaxAge: number | undefined;
  readonly staleWhileRevalidate: number | undefined;
  readonly staleIfError: number | undefined;
  /** They are those of CDN-Cache-Control: Expires does not count either (RFC 9213 section 2.2). */
  readonly isTargeted: boolean;
}

const NOTHING: Omit<ResponseDirectives, 'withheld' | 'isTargeted'> = {
  noStore: false,
  mustUnderstand: false,
  isPublic: false,
  mustRevalidate: false,
  proxyRevalidate: false,
  noCache: false,
  isPrivate: false,
  maxAge: undefined,
  sMaxAge: undefined,
  staleWhileRevalidate: undefined,
  staleIfError: undefined,
};

/**
 * Reads CDN-Cache-Control, or without a valid one Cache-Control. Pragma means nothing in an answer (RFC 9111 section
 * 5.4).
 */
export function responseDirectives(headers: HeaderList): ResponseDirectives {
  const targeted = combined(headers, 'cdn-cache-control');
  const members = targeted === undefined ? undefined : targetedDirectives(targeted);
  const isTargeted = members !== undefined;
  const withheld = new Set<string>();
  let found = NOTHING;
  for (const directive of members ?? parseDirectives(combined(headers, 'cache-control') ?? '')) {
    found = { ...found, ...saidBy(directive, found, withheld) };
  }
  return { ...found, withheld, isTargeted };
}

function saidBy(directive: Directive, found: typeof NOTHING, withheld: Set<string>): Partial<typeof NOTHING> {
  switch (directive.name) {
    case 'no-store':
      return { noStore: true };
    case 'must-understand':
      return { mustUnderstand: true };
    case 'public':
      return { isPublic: true };
    case 'must-revalidate':
      return { mustRevalidate: true };
    case 'proxy-revalidate':
      return { proxyRevalidate: true };
    case 'no-cache':
      return namesFields(directive, withheld) ? {} : { noCache: true };
    case 'private':
      return namesFields(directive, withheld) ? {} : { isPrivate: true };
    case 'max-age':
      return { maxAge: shortest(found.maxAge, directive) };
    case 's-maxage':
      return { sMaxAge: shortest(found.sMaxAge, directive) };
    case 'stale-while-revalidate':
      return { staleWhileRevalidate: shortest(found.staleWhileRevalidate, directive) };
    case 'stale-if-error':
      return { staleIfError: shortest(found.staleIfError, directive) };
    default:
      return {};
  }
}

/** Of several that differ the shortest is never wrong: section 4.2.1 leaves the first one or none. */
function shortest(before: number | undefined, directive: Directive): number {
  return Math.min(before ?? Infinity, durationOf(directive) ?? 0);
}

/**
 * Collects the fields that a qualified directive names (RFC 9111 sections 5.2.2.4 and 5.2.2.7).
 *
 * @returns false when there are none, or when one of them cannot be a name: then the directive is about the whole
 */
function namesFields({ value, isMalformed }: Directive, withheld: Set<string>): boolean {
  if (value === undefined || isMalformed) return false;
  const names = value
    .split(',')
    .map((name) => trimmed(name).toLowerCase())
    .filter((name) => name !== '');
  if (names.length === 0 || !names.every(isFieldName)) return false;
  for (const name of names) withheld.add(name);
  return true;
}

/** @returns whether a text is a token: RFC 9110 section 5.6.2 */
export function isFieldName(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
}
