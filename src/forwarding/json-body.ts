import type { Exchange, HeaderList, RequestBody } from '../exchange.ts';
import type { FieldFault, ProblemCode } from '../errors.ts';
import { jsonText } from '../validation/json-text.ts';
import { BufferedBody, problemOf, readWhole } from './buffered-body.ts';
import { CODINGS, decodeContent, isCoded, isDecodable, MOST_GROWTH } from './content-coding.ts';

/** A request body of JSON that was read and judged as a whole: what is sent are these bytes. */
export class JsonBody extends BufferedBody {
  readonly text: string;

  /** @param text in which `jsonFault` found nothing */
  constructor(text: string) {
    super(Buffer.from(text, 'utf8'));
    this.text = text;
  }
}

/** Why a body is not taken. */
export interface BodyRefusal {
  readonly problem: ProblemCode;
  /** For the log; shows nothing of the body. */
  readonly cause: string;
  readonly detail?: string;
  readonly headers?: HeaderList;
  /** What is wrong with the text. */
  readonly fault?: FieldFault;
}

export interface JsonBodyOptions {
  /** The most bytes that the body may have, decoded. */
  readonly limit: number;
  /** The longest time between two chunks, in milliseconds; 0 = unlimited. */
  readonly idleTimeout: number;
}

/** A media type with parameters: RFC 9110 section 8.3.1. */
const JSON_TYPE = /^(?:application\/json|[\w!#$&^.+-]+\/[\w!#$&^.+-]+\+json)[ \t]*(?:;|$)/i;
const CHARSET = /;[ \t]*charset[ \t]*=[ \t]*"?([^";,]*)/gi;
/** They say something of bytes that are not the ones that are sent on. */
const ABOUT_BYTES = new Set([
  'content-length',
  'content-encoding',
  'content-md5',
  'content-digest',
  'repr-digest',
  'digest',
  'trailer',
]);

/** What is wrong with a body that can be told without reading it; undefined when it may be JSON. */
export function refusedUnread(exchange: Exchange): BodyRefusal | undefined {
  const type = exchange.header('content-type');
  if (type === undefined || !JSON_TYPE.test(type) || type.includes(',')) {
    return { problem: 'unsupported-media-type', cause: 'the body is not JSON', detail: 'send application/json' };
  }
  // RFC 8259 section 8.1.
  if ([...type.matchAll(CHARSET)].some(([, charset]) => charset?.trim().toLowerCase() !== 'utf-8')) {
    return { problem: 'unsupported-media-type', cause: 'the charset is not UTF-8', detail: 'send JSON in UTF-8' };
  }
  if (isDecodable(exchange.header('content-encoding'))) return undefined;
  return {
    problem: 'unsupported-media-type',
    cause: 'the content coding is not known',
    detail: `the content codings are ${CODINGS.join(', ')}`,
    // RFC 9110 section 12.5.3.
    headers: ['accept-encoding', CODINGS.join(', ')],
  };
}

/**
 * Reads the body of a request whole, decodes it and judges its text. When it is sound it takes the place of the body, and
 * the header fields say what is true of it.
 *
 * @param body that of the exchange, which {@link refusedUnread} has nothing against
 * @returns undefined for an empty body; never rejects
 */
export async function readJsonBody(
  exchange: Exchange,
  body: RequestBody,
  options: JsonBodyOptions,
): Promise<JsonBody | BodyRefusal | undefined> {
  const received = await readWhole(body, options.idleTimeout, (bytes) => exchange.hold(bytes));
  if (typeof received === 'string') return { problem: problemOf(received), cause: `the body: ${received}` };
  if (received.length === 0) {
    replaceBody(exchange, new BufferedBody(received));
    return undefined;
  }
  const coding = exchange.header('content-encoding');
  const decoded = decodeContent(coding, received, options.limit);
  if ('fault' in decoded) {
    if (decoded.fault === 'too-large') return { problem: 'body-too-large', cause: 'the body is too large, decoded' };
    if (decoded.fault === 'too-dense') {
      const detail = `decoded, it may be ${MOST_GROWTH} times as large`;
      return { problem: 'body-too-large', cause: 'the body grows too much, decoded', detail };
    }
    const fault = {
      in: 'body',
      pointer: '',
      code: 'invalid-coding',
      detail: `is not ${coding ?? ''}, or not all of it`,
    } as const;
    return { problem: 'invalid-body', cause: 'the body cannot be decoded', fault };
  }
  // The text is held beside the bytes that are sent.
  if (!exchange.hold(decoded.bytes.length)) return { problem: 'busy', cause: 'too many bodies are held already' };
  const text = jsonText(decoded.bytes);
  if (typeof text !== 'string') return { problem: 'invalid-body', cause: text.code, fault: { in: 'body', ...text } };
  const judged = new JsonBody(text);
  replaceBody(exchange, judged, isCoded(coding) ? 'changed' : 'same');
  return judged;
}

/**
 * Puts a body in the place of the one that came.
 *
 * @param content whether its bytes are the ones that came: fields with their digest are true then
 */
export function replaceBody(exchange: Exchange, body: BufferedBody, content: 'same' | 'changed' = 'same'): void {
  exchange.body = body;
  const { headers } = exchange;
  const kept: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const lower = name.toLowerCase();
    const isTrue = content === 'same' && lower.endsWith('digest');
    if (isTrue || !ABOUT_BYTES.has(lower)) kept.push(name, headers[index + 1] ?? '');
  }
  kept.push('content-length', String(body.length));
  exchange.headers = kept;
}
