import { ChunkedReader, type ChunkedSink } from '../../http1/chunked.ts';
import type { BodySink, BodySource } from '../request-body.ts';

/** What a body asks of the connection that it comes on. */
export interface BodyCarrier {
  /** Data is wanted from now on. */
  bodyWanted(): void;
  pauseBody(): void;
  resumeBody(): void;
  /** Nobody wants what is left. @param closes whether the connection closes after the answer */
  dropBody(closes: boolean): void;
}

/** The body of a request that the fast lane reads: bytes in, data out. */
export class LaneBody implements BodySource, ChunkedSink {
  complete = false;
  readonly #carrier: BodyCarrier;
  readonly #chunks: ChunkedReader | undefined;
  /** Bytes that are left of a body with a length. */
  #remaining: number;
  #sink: BodySink | undefined;

  /**
   * @param length in bytes; undefined for a chunked body
   * @param maxTrailers in bytes
   */
  constructor(length: number | undefined, maxTrailers: number, carrier: BodyCarrier) {
    this.#remaining = length ?? 0;
    this.#carrier = carrier;
    this.#chunks = length === undefined ? new ChunkedReader(this, maxTrailers) : undefined;
  }

  /** Whether somebody takes what is read. */
  get wanted(): boolean {
    return this.#sink !== undefined;
  }

  /** @returns where the body ends in the bytes, their length when it goes on, or what is wrong with it */
  read(bytes: Buffer): number | string {
    if (this.#chunks !== undefined) return this.#chunks.push(bytes, 0);
    const end = Math.min(bytes.length, this.#remaining);
    this.#remaining -= end;
    const last = this.#remaining === 0;
    this.onData(end === bytes.length ? bytes : bytes.subarray(0, end));
    if (last) this.onEnd(undefined);
    return end;
  }

  /** The connection is gone. */
  lost(): void {
    const sink = this.#sink;
    this.#sink = undefined;
    sink?.onLost();
  }

  begin(sink: BodySink): void {
    this.#sink = sink;
    this.#carrier.bodyWanted();
  }

  pause(): void {
    this.#carrier.pauseBody();
  }

  resume(): void {
    this.#carrier.resumeBody();
  }

  /** A client that waits for the go-ahead is not in this lane. */
  invite(): void {}

  drain(closes: boolean): void {
    this.#sink = undefined;
    if (!this.complete) this.#carrier.dropBody(closes);
  }

  onData(chunk: Buffer): void {
    this.#sink?.onData(chunk);
  }

  onEnd(trailers: string[] | undefined): void {
    this.complete = true;
    this.#sink?.onEnd(trailers);
  }
}
