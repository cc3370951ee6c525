/** What is wrong with a text that was to be JSON. */
export interface JsonFault {
  readonly code:
    'invalid-json' | 'duplicate-member' | 'too-deep' | 'too-many-values' | 'number-range' | 'lone-surrogate';
  /** Where, in UTF-16 units from the start of the text. */
  readonly index: number;
  /** The value in which it was found (RFC 6901). */
  readonly pointer: string;
}

/** How deep lists and objects may nest: more than documents need, and little for whoever reads them by recursion. */
export const MAX_DEPTH = 100;
/**
 * How many values a text may hold; texts, numbers and words count, lists, objects, and the names of members. What is made
 * of a text takes its time and its memory by them, not by its bytes: in 10 MiB there is room for five million.
 */
export const MAX_VALUES = 100_000;
/** A shorter number is finite, unless it has an exponent. */
const LONG_NUMBER = 300;

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Reads a text as RFC 8259 has it, and refuses what readers are known to take in different ways (RFC 7493 section 2):
 * names that stand twice, halves of surrogate pairs, numbers that no double can hold. What passes here means the same to
 * whoever judges it and to whoever gets it, but for digits beyond the precision of a double.
 *
 * @param isJudged false when only its structure has to be certain: texts and numbers may then hold what they like
 * @returns the first fault, undefined when there is none
 */
export function jsonFault(text: string, isJudged = true): JsonFault | undefined {
  return new StrictReader(text, isJudged).fault();
}

class StrictReader {
  readonly #text: string;
  readonly #isJudged: boolean;
  readonly #path: (string | number)[] = [];
  #at = 0;
  #values = 0;
  #fault: JsonFault | undefined;

  constructor(text: string, isJudged: boolean) {
    this.#text = text;
    this.#isJudged = isJudged;
  }

  fault(): JsonFault | undefined {
    this.#space();
    if (this.#value()) {
      this.#space();
      if (this.#at < this.#text.length) this.#fail('invalid-json');
    }
    return this.#fault;
  }

  /** Reads a value. @returns false when there is a fault */
  #value(): boolean {
    if (!this.#counted()) return false;
    const code = this.#text.charCodeAt(this.#at);
    switch (code) {
      case QUOTE:
        return this.#string();
      case OPEN_OBJECT:
      case OPEN_LIST:
        if (this.#path.length >= MAX_DEPTH) return this.#fail('too-deep');
        this.#at += 1;
        return code === OPEN_OBJECT ? this.#members() : this.#items();
      case 0x74:
        return this.#word('true');
      case 0x66:
        return this.#word('false');
      case 0x6e:
        return this.#word('null');
      default:
        return this.#number();
    }
  }

  /** @returns false when there are too many */
  #counted(): boolean {
    this.#values += 1;
    return this.#values <= MAX_VALUES || this.#fail('too-many-values');
  }

  #members(): boolean {
    this.#space();
    if (this.#skip(CLOSE_OBJECT)) return true;
    const names = new Set<string>();
    for (;;) {
      const start = this.#at;
      if (this.#text.charCodeAt(start) !== QUOTE) return this.#fail('invalid-json');
      if (!this.#counted()) return false;
      if (!this.#string()) return false;
      const name = nameOf(this.#text.slice(start, this.#at));
      if (names.has(name)) {
        this.#path.push(name);
        this.#at = start;
        return this.#fail('duplicate-member');
      }
      names.add(name);
      this.#space();
      if (!this.#skip(COLON)) return this.#fail('invalid-json');
      this.#space();
      this.#path.push(name);
      if (!this.#value()) return false;
      this.#path.pop();
      this.#space();
      if (this.#skip(CLOSE_OBJECT)) return true;
      if (!this.#skip(COMMA)) return this.#fail('invalid-json');
      this.#space();
    }
  }

  #items(): boolean {
    this.#space();
    if (this.#skip(CLOSE_LIST)) return true;
    for (let index = 0; ; index += 1) {
      this.#path.push(index);
      if (!this.#value()) return false;
      this.#path.pop();
      this.#space();
      if (this.#skip(CLOSE_LIST)) return true;
      if (!this.#skip(COMMA)) return this.#fail('invalid-json');
      this.#space();
    }
  }

  #string(): boolean {
    const text = this.#text;
    for (let index = this.#at + 1; ; index += 1) {
      const code = text.charCodeAt(index);
      if (code === QUOTE) {
        this.#at = index + 1;
        return true;
      }
      if (code >= 0x20 && code !== BACKSLASH) continue;
      this.#at = index;
      // A control character, or NaN: the text is over.
      if (code !== BACKSLASH) return this.#fail('invalid-json');
      const length = this.#escape(index + 1);
      if (length === 0) return false;
      index += length;
    }
  }

  /** @param at after the backslash @returns how much belongs to the escape; 0 when there is a fault */
  #escape(at: number): number {
    const text = this.#text;
    if ('"\\/bfnrt'.includes(text.charAt(at) || '?')) return 1;
    const unit = unitOf(text, at);
    if (unit === undefined) return this.#fail('invalid-json') ? 1 : 0;
    if (unit < 0xd800 || unit > 0xdfff || !this.#isJudged) return 5;
    const low = unit < 0xdc00 && text.charCodeAt(at + 5) === BACKSLASH ? unitOf(text, at + 6) : undefined;
    if (low !== undefined && low >= 0xdc00 && low <= 0xdfff) return 11;
    return this.#fail('lone-surrogate') ? 1 : 0;
  }

  #number(): boolean {
    const text = this.#text;
    const start = this.#at;
    let index = start;
    if (text.charCodeAt(index) === MINUS) index += 1;
    const whole = digitsEnd(text, index);
    // A zero stands alone.
    if (whole === index || (whole > index + 1 && text.charCodeAt(index) === ZERO)) return this.#fail('invalid-json');
    index = whole;
    if (text.charCodeAt(index) === DOT) {
      const end = digitsEnd(text, index + 1);
      if (end === index + 1) return this.#fail('invalid-json');
      index = end;
    }
    const mark = text.charCodeAt(index);
    const hasExponent = mark === 0x65 || mark === 0x45;
    if (hasExponent) {
      const sign = text.charCodeAt(index + 1);
      const first = sign === MINUS || sign === 0x2b ? index + 2 : index + 1;
      const end = digitsEnd(text, first);
      if (end === first) return this.#fail('invalid-json');
      index = end;
    }
    const mayBeLarge = this.#isJudged && (hasExponent || index - start > LONG_NUMBER);
    if (mayBeLarge && !Number.isFinite(Number(text.slice(start, index)))) return this.#fail('number-range');
    this.#at = index;
    return true;
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return this.#fail('invalid-json');
    this.#at += word.length;
    return true;
  }

  #skip(code: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== code) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    this.#at = afterSpace(this.#text, this.#at);
  }

  #fail(code: JsonFault['code']): false {
    this.#fault = { code, index: this.#at, pointer: pointerOf(this.#path) };
    return false;
  }
}

/** The index of the first character from `at` on that is no white space (RFC 8259 section 2). */
export function afterSpace(text: string, at: number): number {
  let index = at;
  for (;;) {
    const code = text.charCodeAt(index);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return index;
    index += 1;
  }
}

/** A name as it is meant: `"\u0061"` is `a`. @param literal of a JSON string, quotes included */
export function nameOf(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  const name: unknown = JSON.parse(literal);
  return typeof name === 'string' ? name : literal;
}

/** A JSON pointer: RFC 6901 section 3. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function digitsEnd(text: string, at: number): number {
  let index = at;
  for (;;) {
    const code = text.charCodeAt(index);
    // NaN, at the end of the text, is not within.
    if (!(code >= ZERO && code <= 0x39)) return index;
    index += 1;
  }
}

/** @returns the UTF-16 unit that `u` and four hexadecimal digits stands for */
function unitOf(text: string, at: number): number | undefined {
  const digits = text.slice(at + 1, at + 5);
  return text.charAt(at) === 'u' && /^[\dA-Fa-f]{4}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}
