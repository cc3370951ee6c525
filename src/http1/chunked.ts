import { parseFields } from './field-section.ts';

/** Takes the parts of a chunked body in their order. */
export interface ChunkedSink {
  /** @param chunk a view of what was pushed, good until the call returns */
  onData(chunk: Buffer): void;
  /** @param trailers undefined when there are none */
  onEnd(trailers: string[] | undefined): void;
}

/** The longest chunk-size line, extensions included; in bytes. */
const MAX_SIZE_LINE = 1024;

/** The one fault that is of size and not of form. */
export const TRAILERS_TOO_LONG = 'trailers that are too long';

const SECTION_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');
/** RFC 9112 section 7.1: the size, then extensions, which nobody here understands and which are dropped. */
const SIZE_LINE =
  /^([0-9A-Fa-f]{1,12})(?:;[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:=(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+|"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*"))?)*$/;
/** RFC 9110 section 6.5.1: what the end of a message must not say any more, and what some parsers believe. */
const NO_TRAILER = /\r\n(?:content-length|transfer-encoding|connection|proxy-connection):/i;

/** Reads one chunked body (RFC 9112 section 7.1) in its strictest reading, however its bytes are cut. */
export class ChunkedReader {
  readonly #sink: ChunkedSink;
  readonly #maxTrailers: number;
  #state: 'size' | 'data' | 'data-end' | 'trailers' | 'over' = 'size';
  /** Bytes that are left of the chunk. */
  #remaining = 0;
  /** A size line, a chunk's end or trailers whose end has not come yet. */
  #partial: Buffer | undefined;

  /** @param maxTrailers the longest trailer section, in bytes */
  constructor(sink: ChunkedSink, maxTrailers: number) {
    this.#sink = sink;
    this.#maxTrailers = maxTrailers;
  }

  /**
   * Takes what came in.
   *
   * @param at where in the bytes to begin
   * @returns where the body ends in them, their length when it goes on, or what is wrong with it
   */
  push(bytes: Buffer, at: number): number | string {
    let position = at;
    while (position < bytes.length && this.#state !== 'over') {
      const next = this.#state === 'data' ? this.#readData(bytes, position) : this.#readMark(bytes, position);
      if (typeof next === 'string') return next;
      position = next;
    }
    return position;
  }

  #readData(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#remaining);
    this.#remaining -= end - at;
    if (this.#remaining === 0) this.#state = 'data-end';
    this.#sink.onData(bytes.subarray(at, end));
    return end;
  }

  /** Reads what stands between the data, which a read may have cut anywhere. */
  #readMark(bytes: Buffer, at: number): number | string {
    const kept = this.#partial?.length ?? 0;
    const from = kept === 0 ? at : 0;
    const whole = this.#partial === undefined ? bytes : Buffer.concat([this.#partial, bytes.subarray(at)]);
    this.#partial = undefined;
    const end = this.#readWhole(whole, from);
    if (typeof end === 'string') return end;
    if (end !== -1) return kept === 0 ? end : at + end - kept;
    // A copy: the bytes may be a view of a buffer that the next read overwrites.
    this.#partial = Buffer.from(whole.subarray(from));
    return bytes.length;
  }

  /** @returns where the part ends that begins at `at`, -1 when it goes on, or what is wrong with it */
  #readWhole(bytes: Buffer, at: number): number | string {
    if (this.#state === 'size') return this.#readSize(bytes, at);
    if (this.#state === 'trailers') return this.#readTrailers(bytes, at);
    if (bytes[at] !== 0x0d || (bytes.length - at > 1 && bytes[at + 1] !== 0x0a)) {
      return 'a chunk that is longer than its size';
    }
    if (bytes.length - at < 2) return -1;
    this.#state = 'size';
    return at + 2;
  }

  #readSize(bytes: Buffer, at: number): number | string {
    const end = bytes.indexOf(LINE_END, at);
    if ((end === -1 ? bytes.length - 1 : end) - at > MAX_SIZE_LINE) return 'a chunk line that is too long';
    if (end === -1) return -1;
    const size = SIZE_LINE.exec(bytes.toString('latin1', at, end));
    if (size === null) return 'a malformed chunk size';
    this.#remaining = Number.parseInt(size[1] ?? '', 16);
    this.#state = this.#remaining === 0 ? 'trailers' : 'data';
    return end + 2;
  }

  #readTrailers(bytes: Buffer, at: number): number | string {
    if (bytes.length - at < 2) return -1;
    if (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) {
      this.#finish(undefined);
      return at + 2;
    }
    const end = bytes.indexOf(SECTION_END, at);
    if ((end === -1 ? bytes.length - 3 : end) - at > this.#maxTrailers) return TRAILERS_TOO_LONG;
    if (end === -1) return -1;
    const lines = `\r\n${bytes.toString('latin1', at, end)}`;
    const trailers = parseFields(lines);
    if ('fault' in trailers) return trailers.fault;
    if (NO_TRAILER.test(lines)) return 'a trailer that frames the message';
    this.#finish(trailers);
    return end + 4;
  }

  #finish(trailers: string[] | undefined): void {
    this.#state = 'over';
    this.#sink.onEnd(trailers);
  }
}
