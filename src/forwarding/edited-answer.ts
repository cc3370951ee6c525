import type { Exchange, HeaderList, ResponseWriter } from '../exchange.ts';
import { combined } from '../fields.ts';
import { jsonText } from '../validation/json-text.ts';
import { Collector } from './collector.ts';
import { CODINGS, decodeContent, isDecodable } from './content-coding.ts';
import { editJson, type JsonEdits } from './json-edits.ts';

/** An answer that is to be edited is held up to here, as it comes and decoded; in bytes. */
export const EDITED = 1024 * 1024;
/** What the edits make untrue of the body. */
const ABOUT_BYTES = new Set([
  'accept-ranges',
  'content-length',
  'content-encoding',
  'content-md5',
  'content-digest',
  'repr-digest',
  'digest',
  'trailer',
]);

/**
 * An answer on its way to the client, whose body is edited when it is JSON. What is taken out of a body is taken out for a
 * reason: a body in which that cannot be done for certain is not passed on, whatever the reason.
 */
export class EditedAnswer implements ResponseWriter {
  readonly #exchange: Exchange;
  readonly #edits: JsonEdits;
  readonly #response: ResponseWriter;
  /** The answer that is held; undefined while it passes, and once it is out. */
  #held: { readonly status: number; readonly headers: HeaderList; readonly body: Collector } | undefined;
  #isRefused = false;

  /** @param exchange whose response it is put in front of */
  constructor(exchange: Exchange, edits: JsonEdits) {
    this.#exchange = exchange;
    this.#edits = edits;
    this.#response = exchange.response;
  }

  informational(status: number, headers: HeaderList): void {
    this.#response.informational(status, headers);
  }

  head(status: number, headers: HeaderList): void {
    // No part was asked for, and of a part nobody can tell what it is a part of.
    if (status === 206) this.#refuse('a part of the answer came, and all of it was asked for');
    else if (!mayBeJson(combined(headers, 'content-type'))) this.#response.head(status, headers);
    else if (this.#exchange.method === 'HEAD' || status === 204 || status === 304)
      this.#response.head(status, editedHeaders(headers));
    else if (!isDecodable(combined(headers, 'content-encoding'))) this.#refuse('the content coding is not known');
    else if (Number(combined(headers, 'content-length') ?? 0) > EDITED)
      this.#refuse('the answer is too large to be edited');
    else this.#held = { status, headers, body: new Collector((bytes) => this.#exchange.hold(bytes)) };
  }

  write(chunk: Buffer): boolean {
    if (this.#isRefused) return true;
    const held = this.#held;
    if (held === undefined) return this.#response.write(chunk);
    if (held.body.size + chunk.length > EDITED) this.#refuse('the answer is too large to be edited');
    else if (!held.body.add(chunk)) this.#refuse('too many bodies are held already');
    return true;
  }

  end(trailers?: HeaderList): void {
    if (this.#isRefused) return;
    const held = this.#held;
    if (held === undefined) {
      this.#response.end(trailers);
      return;
    }
    const body = this.#edited(held.body.bytes, held.headers);
    if (body === undefined) return;
    this.#held = undefined;
    this.#response.head(held.status, [...editedHeaders(held.headers), 'content-length', String(body.length)]);
    if (body.length > 0) this.#response.write(body);
    this.#response.end();
  }

  abort(): void {
    if (!this.#isRefused) this.#response.abort();
  }

  /** @returns undefined when it was refused */
  #edited(received: Buffer, headers: HeaderList): Buffer | undefined {
    if (received.length === 0) return received;
    const decoded = decodeContent(combined(headers, 'content-encoding'), received, EDITED);
    if ('fault' in decoded) return this.#refuse(`the answer is ${decoded.fault}, decoded`);
    // Half a surrogate pair in a text that was cut off is no reason to keep it from the client.
    const text = jsonText(decoded.bytes, false);
    if (typeof text !== 'string') return this.#refuse(`the answer, at ${text.pointer || 'its root'}, ${text.detail}`);
    const edited = editJson(text, this.#edits, this.#exchange);
    if (typeof edited === 'string') return Buffer.from(edited, 'utf8');
    return this.#refuse(`the answer, at ${edited.pointer || 'its root'}, ${edited.detail}`);
  }

  #refuse(cause: string): undefined {
    this.#isRefused = true;
    this.#held = undefined;
    this.#exchange.dismiss();
    this.#exchange.failure = { kind: 'unedited-response', cause: cause.slice(0, 200) };
    this.#exchange.fail('upstream-invalid-response');
  }
}

/**
 * The header fields of a request whose answer is edited: a part of it could not be, nor one in a coding that nobody here
 * knows.
 */
export function askedWhole(headers: HeaderList): HeaderList {
  const out: string[] = [];
  let isRestricted = false;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'accept-encoding') isRestricted = true;
    else if (lower !== 'range' && lower !== 'if-range') out.push(name, headers[index + 1] ?? '');
  }
  if (!isRestricted) return out;
  const known = (combined(headers, 'accept-encoding') ?? '').split(',').filter((member) => {
    const coding = (member.split(';', 1)[0] ?? '').trim().toLowerCase();
    return CODINGS.includes(coding);
  });
  out.push('accept-encoding', known.length === 0 ? 'identity' : known.map((member) => member.trim()).join(', '));
  return out;
}

/** Whatever calls itself JSON, and what does not say what it is. */
function mayBeJson(contentType: string | undefined): boolean {
  return contentType === undefined || /json/i.test(contentType);
}

/** The same bytes no longer come with the same validator: RFC 9110 section 8.8.1. */
function editedHeaders(headers: HeaderList): string[] {
  const out: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const lower = name.toLowerCase();
    if (ABOUT_BYTES.has(lower)) continue;
    const value = headers[index + 1] ?? '';
    out.push(name, lower === 'etag' && !value.startsWith('W/') ? `W/${value}` : value);
  }
  return out;
}
