import type { HeaderList } from '../../exchange.ts';

/** The flag by which a caller says that it records the trace (Trace Context level 2, section 3.2.2.5.1). */
export const SAMPLED = 1;
/** The flag by which whoever made the trace id says that it is random (level 2, section 3.2.2.5.2). */
export const RANDOM = 2;

/** Where a request stands in a trace, as its `traceparent` says. */
export interface TraceParent {
  /** 32 hexadecimal digits in lower case, not all zero. */
  readonly traceId: string;
  /** Of the caller: 16 hexadecimal digits in lower case, not all zero. */
  readonly spanId: string;
  /** Those that are known, {@link SAMPLED} and {@link RANDOM}. */
  readonly flags: number;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ONLY_ZEROS = /^0+$/;
/** Level 2, section 3.3.1.3: a key and its value. */
const MEMBER = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;
/** Level 2, section 3.3.1.1: of so many members at most. */
const MOST_MEMBERS = 32;
/** Level 2, section 3.3.1.5: so much at least is to be passed on; in characters. */
const LONGEST_STATE = 512;
/** The same section: members that are longer go first. */
const LONG_MEMBER = 128;

/**
 * Reads a `traceparent` (level 2, section 3.2).
 *
 * @param value of the field; several fields, joined by a comma, are no valid one
 * @returns undefined when it is not valid, and then counts for nothing
 */
export function parseTraceparent(value: string): TraceParent | undefined {
  const [, version, traceId = '', spanId = '', flags = '', rest] = TRACEPARENT.exec(value) ?? [];
  // A later version may say more behind a hyphen, and is read as far as it is known (section 4.3).
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (ONLY_ZEROS.test(traceId) || ONLY_ZEROS.test(spanId)) return undefined;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & (SAMPLED | RANDOM) };
}

/**
 * Reads a `tracestate` (level 2, section 3.3).
 *
 * @param value of the field; several fields are joined by a comma
 * @returns what may be passed on, at most 512 characters; empty when it is not valid, or says nothing
 */
export function parseTracestate(value: string): string {
  const members = value
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  const keys = new Set(members.map((member) => member.slice(0, member.indexOf('='))));
  const isValid =
    members.length <= MOST_MEMBERS && keys.size === members.length && members.every((member) => MEMBER.test(member));
  return isValid ? shortened(members) : '';
}

function shortened(members: readonly string[]): string {
  let kept = [...members];
  while (kept.join(',').length > LONGEST_STATE) {
    const long = kept.findLastIndex((member) => member.length > LONG_MEMBER);
    kept = long === -1 ? kept.slice(0, -1) : kept.toSpliced(long, 1);
  }
  return kept.join(',');
}

/** @returns the value of a `traceparent` */
export function traceparent({ traceId, spanId, flags }: TraceParent): string {
  return `00-${traceId}-${spanId}-0${flags}`;
}

/** @returns whether any field is about where the request stands in a trace */
export function hasTraceContext(headers: HeaderList): boolean {
  for (let index = 0; index < headers.length; index += 2) if (isContext(headers[index] ?? '')) return true;
  return false;
}

/** @returns the fields with this context in the place of the one that came, if any did */
export function withTraceContext(headers: HeaderList, parent: string, state: string): HeaderList {
  const out: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (!isContext(name)) out.push(name, headers[index + 1] ?? '');
  }
  out.push('traceparent', parent);
  if (state !== '') out.push('tracestate', state);
  return out;
}

/** By their lengths alone most names are told from these two. */
function isContext(name: string): boolean {
  return (
    (name.length === 11 && name.toLowerCase() === 'traceparent') ||
    (name.length === 10 && name.toLowerCase() === 'tracestate')
  );
}
