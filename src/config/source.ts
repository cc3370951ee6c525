import { createReadStream } from 'node:fs';
import { Lexer } from 'yaml';
import type { Diagnostic, DiagnosticCode } from './diagnostic.ts';
import { describeReadError, errorCode } from './files.ts';

/** The largest file that is read: 10,000 routes fit several times over. In bytes. */
export const MAX_BYTES = 4 * 1024 * 1024;
/** How deep brackets and indentation may nest. A configuration needs about ten. */
export const MAX_DEPTH = 64;

/**
 * What a YAML text must not hold (YAML 1.2.2 section 5.1), but the format characters that are only invisible; and a
 * carriage return that ends no line, which the parser and people read differently.
 */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]|\r(?!\n)/;

/** A file's text, or the one diagnostic that says why there is none, with as much text as there is to point into. */
export type SourceResult = { readonly text: string } | { readonly fault: Diagnostic; readonly text?: string };

/**
 * Reads a configuration file and refuses, before any parser sees it, what would make a parser misbehave.
 *
 * @param file the path to read
 * @param name how diagnostics name the file
 */
export async function readSource(file: string, name: string): Promise<SourceResult> {
  try {
    // Never more than the limit and a byte: the path may name /dev/zero.
    return decodeSource(await readAll(createReadStream(file, { end: MAX_BYTES })), name);
  } catch (error) {
    return { fault: fault(name, 'unreadable-file', readMessage(error), 1, 1, readHint(error)) };
  }
}

/**
 * Reads standard input as a configuration file is read, and no further than its size limit.
 *
 * @param stdin the stream to read
 */
export async function readStandardInput(stdin: AsyncIterable<Buffer | string>): Promise<SourceResult> {
  return decodeSource(await readAll(stdin), '-');
}

async function readAll(stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (length > MAX_BYTES) break;
  }
  return Buffer.concat(chunks);
}

/**
 * Checks size, encoding and nesting of a configuration text.
 *
 * @param bytes the file's bytes
 * @param name how diagnostics name the file
 */
export function decodeSource(bytes: Buffer, name: string): SourceResult {
  if (bytes.length > MAX_BYTES) {
    const message = `the file is larger than 4 MiB`;
    return { fault: fault(name, 'too-large', message, 1, 1, 'split it with include:') };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const readable = bytes.toString('utf8');
    // Decoding with replacement keeps everything before the first invalid byte as it was.
    const { line, column } = placeOf(readable, readable.indexOf('\u{FFFD}'));
    const message = 'the text is not UTF-8 from here on';
    return { fault: fault(name, 'invalid-utf8', message, line, column, 'save the file as UTF-8'), text: readable };
  }
  const control = CONTROL.exec(text);
  if (control !== null) {
    const { line, column } = placeOf(text, control.index);
    const [message, hint] = describeControl(control[0].charCodeAt(0));
    return { fault: fault(name, 'yaml-syntax', message, line, column, hint), text };
  }
  const deep = findTooDeep(text);
  if (deep !== undefined) {
    const message = `nesting is deeper than ${MAX_DEPTH} levels`;
    return { fault: fault(name, 'too-deep', message, deep.line, deep.column), text };
  }
  return { text };
}

function describeControl(code: number): [message: string, hint: string] {
  if (code === 0) return ['a NUL byte stands here: this is no text, or UTF-16', 'save the file as UTF-8'];
  if (code === 0x0d) return ['a line ends with a carriage return only', 'save the file with LF or CRLF line ends'];
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return [`the control character ${name} stands here`, 'remove it; in double quotes \\x and two digits stand for it'];
}

/**
 * Finds the place where a YAML text nests deeper than {@link MAX_DEPTH}. Only the lexer runs, which neither recurses
 * nor builds anything; the parser, which does both, then never meets such a text.
 */
function findTooDeep(text: string): { line: number; column: number } | undefined {
  let line = 1;
  let column = 1;
  let flow = 0;
  let lineHasContent = false;
  // The columns at which the enclosing blocks begin, outermost first.
  const blocks: number[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    // The lexer's own marks (byte order, document, flow end, scalar) take no room in the text.
    if (lexeme.length === 1 && '\u{FEFF}\u0002\u0018\u001f'.includes(lexeme)) continue;
    const first = lexeme[0];
    if (first === '[' || first === '{') flow += 1;
    else if ((first === ']' || first === '}') && flow > 0) flow -= 1;
    const blank = first === ' ' || first === '\t' || first === '\n' || first === '\r' || first === '#';
    // `-`, `?` and a line's first content each open a block at their column, unless one stands there already.
    if (flow === 0 && !blank && (!lineHasContent || lexeme === '-' || lexeme === '?')) {
      while (blocks.length > 0 && (blocks.at(-1) ?? 0) > column) blocks.pop();
      if (blocks.at(-1) !== column) blocks.push(column);
    }
    if (!blank) lineHasContent = true;
    if (flow + blocks.length > MAX_DEPTH) return { line, column };

    const lastBreak = lexeme.lastIndexOf('\n');
    if (lastBreak === -1) {
      column += lexeme.length;
      continue;
    }
    for (let at = lexeme.indexOf('\n'); at !== -1; at = lexeme.indexOf('\n', at + 1)) line += 1;
    column = lexeme.length - lastBreak;
    lineHasContent = false;
  }
  return undefined;
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function readMessage(error: unknown): string {
  switch (errorCode(error)) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'this is a directory, and a file was expected';
    default:
      return `the file cannot be read: ${describeReadError(error)}`;
  }
}

function readHint(error: unknown): string | undefined {
  switch (errorCode(error)) {
    case 'ENOENT':
      return 'gatewayctl init writes a starter file';
    case 'EISDIR':
      return 'name the file in it, such as gateway.yaml';
    default:
      return undefined;
  }
}

function fault(
  file: string,
  code: DiagnosticCode,
  message: string,
  line: number,
  column: number,
  hint?: string,
): Diagnostic {
  return {
    code,
    severity: 'error',
    message,
    file,
    path: '',
    line,
    column,
    length: 1,
    ...(hint === undefined ? {} : { hint }),
  };
}
