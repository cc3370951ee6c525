import type { ServerHttp2Stream } from 'node:http2';
import { DRAIN_LIMIT, type BodySink, type BodySource } from '../request-body.ts';

/** The body of a request on an HTTP/2 stream. What is not read is not sent: its flow control holds the client back. */
export class Http2Body implements BodySource {
  complete = false;
  readonly #stream: ServerHttp2Stream;
  readonly #moved: (bytes: number) => void;
  #trailers: string[] | undefined;

  /** @param moved told of each piece that was read */
  constructor(stream: ServerHttp2Stream, moved: (bytes: number) => void) {
    this.#stream = stream;
    this.#moved = moved;
    // They may come before anybody reads.
    stream.on('trailers', (_trailers: unknown, _flags: number, fields: string[]) => {
      if (fields.length > 0) this.#trailers = fields;
    });
    stream.on('end', () => {
      // A client that resets the stream with NO_ERROR ends it as well, and its body is not whole.
      this.complete = !stream.aborted;
    });
  }

  begin(sink: BodySink): void {
    const stream = this.#stream;
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      if (this.complete) sink.onEnd(this.#trailers);
      else sink.onLost();
    };
    if (stream.destroyed) {
      process.nextTick(end);
      return;
    }
    stream.on('data', (chunk: Buffer) => {
      this.#moved(chunk.length);
      sink.onData(chunk);
    });
    stream.on('end', end);
    stream.on('close', end);
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  invite(): void {
    const stream = this.#stream;
    if (!stream.closed && !stream.headersSent) stream.additionalHeaders({ ':status': 100 });
  }

  /** What is still to come after the answer is refused with the stream: see Http2Turn. */
  drain(closes: boolean): void {
    const stream = this.#stream;
    if (this.complete) return;
    stream.removeAllListeners('data');
    if (closes) {
      stream.pause();
      return;
    }
    let drained = 0;
    stream.on('data', (chunk: Buffer) => {
      this.#moved(chunk.length);
      drained += chunk.length;
      if (drained > DRAIN_LIMIT) stream.pause();
    });
    stream.resume();
  }
}
