import { ChunkedReader, type ChunkedSink } from '../../http1/chunked.ts';
import { parseResponseHead, type ResponseHead } from './response-head.ts';

/** Takes the parts of an answer in their order. */
export interface ResponseSink extends ChunkedSink {
  /** A 1xx answer; the final one is still to come. */
  onInformational(head: ResponseHead): void;
  onHead(head: ResponseHead): void;
}

/** The longest head or trailer section; in bytes. */
const MAX_HEAD = 64 * 1024;
/** The most 1xx answers before the final one. */
const MAX_INFORMATIONAL = 32;

const HEAD_END = Buffer.from('\r\n\r\n');

type State = 'idle' | 'head' | 'length' | 'until-close' | 'chunked' | 'over';

/**
 * Reads the answers of one connection, one after another. It copies nothing but what a read cut through: body chunks
 * are views of what was pushed, good until the next push.
 */
export class ResponseParser implements ChunkedSink {
  readonly #sink: ResponseSink;
  #state: State = 'idle';
  #method = '';
  /** Bytes of a head whose end has not come yet. */
  #partial: Buffer | undefined;
  /** Bytes that are left of a body with a length. */
  #remaining = 0;
  #chunks: ChunkedReader | undefined;
  #informational = 0;

  constructor(sink: ResponseSink) {
    this.#sink = sink;
  }

  /** An answer is expected now. @param method of its request: the answer to HEAD has no body */
  expect(method: string): void {
    this.#state = 'head';
    this.#method = method;
    this.#informational = 0;
  }

  /** Whether bytes of the expected answer have come. */
  get begun(): boolean {
    return this.#partial !== undefined || this.#informational > 0 || this.#state !== 'head';
  }

  /**
   * Takes what came in.
   *
   * @returns what is wrong with it, or undefined; nothing more may be given after a fault
   */
  push(chunk: Buffer): string | undefined {
    let bytes = chunk;
    let searchFrom = 0;
    if (this.#partial !== undefined) {
      // The empty line may be cut in four.
      searchFrom = Math.max(0, this.#partial.length - 3);
      bytes = Buffer.concat([this.#partial, chunk]);
      this.#partial = undefined;
    }
    let at = 0;
    while (at < bytes.length) {
      const next = this.#step(bytes, at, Math.max(at, searchFrom));
      if (typeof next === 'string') return next;
      if (next === at) {
        // A copy: the bytes are a view of a buffer that the next read overwrites.
        this.#partial = Buffer.from(bytes.subarray(at));
        return undefined;
      }
      at = next;
    }
    return undefined;
  }

  /**
   * The connection has ended.
   *
   * @returns what is wrong with that, or undefined when it ended an answer that lasts until then
   */
  end(): string | undefined {
    if (this.#state === 'until-close') {
      this.onEnd(undefined);
      return undefined;
    }
    return this.#state === 'idle' || this.#state === 'over' ? undefined : 'the connection ended within an answer';
  }

  /** Reads one part. @returns where the next one begins, `at` when more has to come first, or what is wrong */
  #step(bytes: Buffer, at: number, searchFrom: number): number | string {
    switch (this.#state) {
      case 'idle':
      case 'over':
        return 'data that nobody asked for';
      case 'head':
        return this.#readHead(bytes, at, searchFrom);
      case 'length': {
        const end = Math.min(bytes.length, at + this.#remaining);
        this.#remaining -= end - at;
        this.#sink.onData(bytes.subarray(at, end));
        if (this.#remaining === 0) this.onEnd(undefined);
        return end;
      }
      case 'until-close':
        this.#sink.onData(at === 0 ? bytes : bytes.subarray(at));
        return bytes.length;
      case 'chunked':
        return this.#chunks?.push(bytes, at) ?? bytes.length;
    }
  }

  #readHead(bytes: Buffer, at: number, searchFrom: number): number | string {
    const end = bytes.indexOf(HEAD_END, searchFrom);
    if ((end === -1 ? bytes.length - 3 : end) - at > MAX_HEAD) return 'a head of more than 64 KiB';
    if (end === -1) return at;
    const head = parseResponseHead(bytes.toString('latin1', at, end));
    if ('fault' in head) return head.fault;
    if (head.status < 200) {
      // Nobody asked to switch protocols on this connection: see tunnel.ts for those that do.
      if (head.status === 101) return 'a 101 that nobody asked for';
      this.#informational += 1;
      if (this.#informational > MAX_INFORMATIONAL) return 'too many interim answers';
      this.#sink.onInformational(head);
      return end + 4;
    }
    // RFC 9112 section 6.3, in its order.
    const bodiless = this.#method === 'HEAD' || head.status === 204 || head.status === 304;
    this.#remaining = head.contentLength ?? 0;
    const empty = bodiless || head.contentLength === 0;
    this.#state = empty
      ? 'over'
      : head.chunked
        ? 'chunked'
        : head.contentLength === undefined
          ? 'until-close'
          : 'length';
    if (this.#state === 'chunked') this.#chunks = new ChunkedReader(this, MAX_HEAD);
    this.#sink.onHead(head);
    if (empty) this.onEnd(undefined);
    return end + 4;
  }

  /** Data of a chunked body: see {@link ChunkedReader}. */
  onData(chunk: Buffer): void {
    this.#sink.onData(chunk);
  }

  /** The answer is complete. */
  onEnd(trailers: string[] | undefined): void {
    this.#state = 'over';
    this.#chunks = undefined;
    this.#sink.onEnd(trailers);
  }
}
