import { afterSpace, nameOf } from '../validation/strict-json.ts';

/** Why a value cannot be put where a pointer leads. */
export interface SpliceFault {
  /** How many tokens lead to what is in the way. */
  readonly depth: number;
  readonly reason: 'no-container' | 'no-item';
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** A member or an item: from its name, or itself, up to the end of its value. */
interface Part {
  readonly from: number;
  readonly value: number;
  readonly end: number;
}

/** Where a token leads to within one object or list. */
interface Found {
  readonly part: Part | undefined;
  /** The one before; when there is no such part, the last one. */
  readonly before: Part | undefined;
  readonly after: Part | undefined;
}

/**
 * Takes a value out of a JSON text, and leaves all else byte by byte as it stands: numbers keep the digits that a double
 * has no room for.
 *
 * @param text in which `jsonFault` found nothing
 * @param tokens at least one
 * @returns the text itself when there is no such value
 */
export function removeValue(text: string, tokens: readonly string[]): string {
  let at = afterSpace(text, 0);
  for (const [depth, token] of tokens.entries()) {
    if (!isContainer(text, at)) return text;
    const { part, before, after } = find(text, at, token);
    if (part === undefined) return text;
    if (depth < tokens.length - 1) {
      at = part.value;
      continue;
    }
    if (after !== undefined) return text.slice(0, part.from) + text.slice(after.from);
    return text.slice(0, before?.end ?? part.from) + text.slice(part.end);
  }
  return text;
}

/**
 * Puts a value into a JSON text, in place of what stands there. Objects that are missing on the way are made; `-` stands
 * for the place after a list's last item (RFC 6901 section 4), and makes a list where there is none.
 *
 * @param text in which `jsonFault` found nothing
 * @param tokens at least one
 * @param json the value as a JSON text
 */
export function setValue(text: string, tokens: readonly string[], json: string): string | SpliceFault {
  let at = afterSpace(text, 0);
  for (const [depth, token] of tokens.entries()) {
    if (!isContainer(text, at)) return { depth, reason: 'no-container' };
    const isList = text.charCodeAt(at) === OPEN_LIST;
    const { part, before } = find(text, at, token);
    if (part === undefined) {
      if (isList && token !== '-') return { depth: depth + 1, reason: 'no-item' };
      const inner = made(tokens.slice(depth + 1), json);
      const added = isList ? inner : `${JSON.stringify(token)}:${inner}`;
      const end = before?.end ?? at + 1;
      return `${text.slice(0, end)}${before === undefined ? '' : ','}${added}${text.slice(end)}`;
    }
    if (depth === tokens.length - 1) return text.slice(0, part.value) + json + text.slice(part.end);
    at = part.value;
  }
  return json;
}

/** The value with what has to be around it. */
function made(tokens: readonly string[], json: string): string {
  return tokens.reduceRight(
    (inner, token) => (token === '-' ? `[${inner}]` : `{${JSON.stringify(token)}:${inner}}`),
    json,
  );
}

function isContainer(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === OPEN_OBJECT || code === OPEN_LIST;
}

function find(text: string, open: number, token: string): Found {
  const isList = text.charCodeAt(open) === OPEN_LIST;
  let part: Part | undefined;
  let before: Part | undefined;
  let count = 0;
  let at = afterSpace(text, open + 1);
  while (!isClose(text.charCodeAt(at))) {
    const from = at;
    let name = String(count);
    let value = from;
    if (!isList) {
      const nameEnd = endOfString(text, from);
      name = nameOf(text.slice(from, nameEnd));
      // A colon, within white space.
      value = afterSpace(text, afterSpace(text, nameEnd) + 1);
    }
    const here = { from, value, end: endOfValue(text, value) };
    if (part !== undefined) return { part, before, after: here };
    if (name === token) part = here;
    else before = here;
    count += 1;
    at = afterSpace(text, here.end);
    if (text.charCodeAt(at) === COMMA) at = afterSpace(text, at + 1);
  }
  return { part, before, after: undefined };
}

function isClose(code: number): boolean {
  return code === CLOSE_OBJECT || code === CLOSE_LIST;
}

/** @param at of the quote that opens it @returns the index after the quote that closes it */
function endOfString(text: string, at: number): number {
  let index = at + 1;
  while (text.charCodeAt(index) !== QUOTE) index += text.charCodeAt(index) === BACKSLASH ? 2 : 1;
  return index + 1;
}

function endOfValue(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return endOfString(text, at);
  let depth = 0;
  for (let index = at; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index) - 1;
    else if (code === OPEN_OBJECT || code === OPEN_LIST) depth += 1;
    else if (isClose(code)) {
      if (depth === 0) return index;
      depth -= 1;
      if (depth === 0) return index + 1;
    } else if (depth === 0 && (code === COMMA || code <= 0x20)) return index;
  }
  return text.length;
}
