import { hasForbidden, hasTabAfterFraming, parseFields } from '../../http1/field-section.ts';
import type { HeaderList } from '../../exchange.ts';
import { judgeFields, type JudgedFields, type RequestHead } from '../accept-head.ts';

/** A request that is plain enough for the fast lane. */
export interface PlainHead extends RequestHead {
  /** The client does not want to send another request on this connection. */
  readonly last: boolean;
}

/**
 * Method, path and query (RFC 3986, nothing that should have been escaped) and version, one space apart. Methods are
 * those that everybody knows; what is special about the others is `node:http`'s to know.
 */
const REQUEST_LINE = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/[\w.~!$&'()*+,;=:@%/?-]*) HTTP\/1\.1$/;

/** The fields of a plain request. */
interface PlainFields {
  readonly headers: HeaderList;
  readonly judged: JudgedFields;
  readonly last: boolean;
}

/**
 * Reads the heads of one connection. Its client sends nearly the same fields with each request: what was read of them
 * once is not read again while not a byte of them changes.
 */
export class PlainHeads {
  /** As they came; undefined before the second request, so that a connection that is used once keeps nothing. */
  #text: string | undefined;
  #fields: PlainFields | undefined;
  #isUsed = false;

  /**
   * Parses the head of a request, if it is plain: HTTP/1.1, a target in origin form, no field by which the connection
   * becomes another or the client waits for a word. It repairs nothing, and it judges nothing that is the same for every
   * engine: see acceptHead.
   *
   * @param text the bytes before the empty line, one character a byte, without the last line's end
   * @returns the head, or undefined for one that `node:http` has to read
   */
  parse(text: string): PlainHead | undefined {
    const lineEnd = text.indexOf('\r\n');
    const end = lineEnd === -1 ? text.length : lineEnd;
    const line = REQUEST_LINE.exec(text.slice(0, end));
    if (line === null) return undefined;
    const fields = this.#read(text.slice(end));
    if (fields === undefined) return undefined;
    const { headers, judged, last } = fields;
    return { method: line[1] ?? '', target: line[2] ?? '', httpVersion: '1.1', headers, fields: judged, last };
  }

  #read(text: string): PlainFields | undefined {
    if (text === this.#text) return this.#fields;
    const fields = plainFields(text);
    if (this.#isUsed) [this.#text, this.#fields] = [text, fields];
    this.#isUsed = true;
    return fields;
  }
}

function plainFields(text: string): PlainFields | undefined {
  if (hasTabAfterFraming(text)) return undefined;
  const headers = parseFields(text);
  if ('fault' in headers) return undefined;
  let last = false;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    switch (name.length) {
      case 6:
        if (name.toLowerCase() === 'expect') return undefined;
        break;
      case 7:
        if (name.toLowerCase() === 'upgrade') return undefined;
        break;
      case 10: {
        if (name.toLowerCase() !== 'connection') break;
        const option = (headers[index + 1] ?? '').toLowerCase();
        if (option === 'close') last = true;
        else if (option !== 'keep-alive') return undefined;
        break;
      }
      case 16:
        // `node:http` reads it as Connection.
        if (name.toLowerCase() === 'proxy-connection') return undefined;
        break;
      default:
    }
  }
  return { headers, judged: judgeFields(headers), last };
}

/**
 * Whether the beginning of a head can still become a plain one. What cannot need not be waited for: another protocol's
 * greeting, or lines that end in another way and so never come to the empty one.
 *
 * @param bytes so far
 * @param checked how many of them were found well before
 */
export function canBecomePlain(bytes: Buffer, checked: number): boolean {
  const lineEnd = bytes.indexOf('\r\n');
  const start = bytes.toString('latin1', 0, lineEnd === -1 ? 8 : lineEnd);
  if (!(lineEnd === -1 ? /^[A-Z]{1,7}(?: |$)/ : REQUEST_LINE).test(start)) return false;
  // A line end may be cut in two.
  const from = bytes[checked - 1] === 0x0d ? checked - 1 : checked;
  const end = bytes.at(-1) === 0x0d ? bytes.length - 1 : bytes.length;
  return !hasForbidden(bytes.toString('latin1', from, end));
}
