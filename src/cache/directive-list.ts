import { trimmed } from '../fields.ts';

/** One member of Cache-Control (RFC 9111 section 5.2). */
export interface Directive {
  /** In lower case. */
  readonly name: string;
  /** Its argument, of a quoted string what is quoted; undefined when there is none. */
  readonly value: string | undefined;
  /** White space around the `=`, or something behind a quoted string: what the argument means is a guess. */
  readonly isMalformed: boolean;
}

/** The largest duration or age there is: RFC 9111 section 1.2.2. In seconds. */
export const LARGEST_DELTA = 2 ** 31;
const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Takes a list of directives apart. It never fails: whoever sends nonsense must not get more into a cache than others,
 * so what is malformed stays visible as that.
 */
export function parseDirectives(text: string): Directive[] {
  const directives: Directive[] = [];
  for (const member of membersOf(text)) {
    if (member !== '') directives.push(directiveOf(member));
  }
  return directives;
}

/** @returns the duration that a directive gives, in milliseconds; undefined when it gives none that can be read */
export function durationOf({ value, isMalformed }: Directive): number | undefined {
  if (value === undefined || isMalformed || !/^\d+$/.test(value)) return undefined;
  return Math.min(Number(value), LARGEST_DELTA) * 1000;
}

function membersOf(text: string): string[] {
  const members: string[] = [];
  let start = 0;
  let mayQuote = true;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COMMA) {
      members.push(trimmed(text.slice(start, at)));
      start = at + 1;
    } else if (code === QUOTE && mayQuote && isAfterEquals(text, start, at)) {
      const close = closingQuote(text, at);
      // A quote without an end hides nothing: a no-store behind it counts.
      if (close < 0) mayQuote = false;
      else at = close;
    }
  }
  members.push(trimmed(text.slice(start)));
  return members;
}

/** A quote within a token opens nothing. */
function isAfterEquals(text: string, start: number, quote: number): boolean {
  let at = quote - 1;
  while (at > start && (text[at] === ' ' || text[at] === '\t')) at -= 1;
  return at > start && text[at] === '=';
}

/** @returns where a quoted string (RFC 9110 section 5.6.4) ends; -1 when it does not */
function closingQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at;
  }
  return -1;
}

function directiveOf(member: string): Directive {
  const equals = member.indexOf('=');
  if (equals < 0) return { name: member.toLowerCase(), value: undefined, isMalformed: false };
  const name = trimmed(member.slice(0, equals));
  const value = trimmed(member.slice(equals + 1));
  const isSpaced = name.length + 1 + value.length !== member.length;
  if (!value.startsWith('"')) return { name: name.toLowerCase(), value, isMalformed: isSpaced };
  const isWhole = closingQuote(value, 0) === value.length - 1;
  return {
    name: name.toLowerCase(),
    value: isWhole ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value,
    isMalformed: isSpaced || !isWhole,
  };
}
