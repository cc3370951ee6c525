import { hasField, withoutField } from '../../fields.ts';
import { constants, type ServerHttp2Stream } from 'node:http2';
import { deadlineAfter, type Deadlines, type Waiting } from '../../deadlines.ts';
import { kept, type HeaderList } from '../../exchange.ts';
import { withoutLength } from '../answer-fields.ts';
import type { Peer } from '../client.ts';
import { ServerRequestBody, type BodyOptions } from '../request-body.ts';
import type { Turn, TurnOwner } from '../turn.ts';
import { http2Fields } from './answer-fields.ts';
import { Http2Body } from './http2-body.ts';
import { UNLISTED } from '../../roster.ts';

/** What a turn needs to know of its connection. */
export interface Http2TurnOptions {
  readonly method: string;
  readonly peer: Peer;
  readonly deadlines: Deadlines;
  /** How long a client may leave what is written to it untouched; in milliseconds, 0 = for ever. */
  readonly stallTimeout: () => number;
  /** Told of each piece of a body, there and back, with its length in bytes. */
  readonly moved: (bytes: number) => void;
}

/** A request on an HTTP/2 stream, and the answer to it. */
export class Http2Turn implements Turn, Waiting {
  /** There is no Upgrade in HTTP/2, and the other way to open a tunnel (RFC 8441) is not offered. */
  readonly upgrade = undefined;
  status = 0;
  bytes = 0;
  complete = false;
  deadline = Infinity;
  place = UNLISTED;
  /** The stream was reset from this side. */
  wasCut = false;
  readonly #stream: ServerHttp2Stream;
  readonly #options: Http2TurnOptions;
  readonly #body: Http2Body;
  #owner: TurnOwner | undefined;
  #bodiless = false;
  #trailers: HeaderList | undefined;

  constructor(stream: ServerHttp2Stream, options: Http2TurnOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#body = new Http2Body(stream, options.moved);
    options.deadlines.add(this);
  }

  get peer(): Peer {
    return this.#options.peer;
  }

  begin(owner: TurnOwner): void {
    this.#owner = owner;
    const stream = this.#stream;
    stream.on('drain', () => {
      this.deadline = Infinity;
      this.#owner?.drained();
    });
    stream.on('close', () => this.#over());
  }

  openBody(options: BodyOptions): ServerRequestBody {
    return new ServerRequestBody(this.#body, options, this.#options.deadlines);
  }

  /** The other streams of the connection are none of this one's business: frames are whole, whatever is in them. */
  close(): void {}

  informational(status: number, headers: HeaderList): void {
    const stream = this.#stream;
    // RFC 9113 section 8.6: there is no 101.
    if (this.#isDone || stream.headersSent || status === 101) return;
    stream.additionalHeaders(http2Fields(withoutLength(headers), { ':status': status }));
  }

  head(status: number, headers: HeaderList, requestId: string): void {
    if (this.status !== 0 || this.#isDone) return;
    this.status = status;
    const isEmpty = status === 204 || status === 205 || status === 304;
    this.#bodiless = isEmpty || this.#options.method === 'HEAD';
    // As in HTTP/1, an answer with a length has no trailers.
    const hasTrailers = !this.#bodiless && !hasField(headers, 'content-length');
    const sent = status === 204 ? withoutLength(headers) : headers;
    const fields = http2Fields(hasTrailers ? sent : withoutField(sent, 'trailer'), { ':status': status });
    const stream = this.#stream;
    if (hasTrailers) stream.on('wantTrailers', () => this.#sendTrailers());
    else stream.on('finish', () => this.#answered());
    stream.respond({ ...fields, 'x-request-id': requestId }, { waitForTrailers: hasTrailers });
  }

  write(chunk: Buffer): boolean {
    if (this.#bodiless) return true;
    this.bytes += chunk.length;
    this.#options.moved(chunk.length);
    if (this.#isDone || chunk.length === 0 || this.#stream.write(kept(chunk))) return true;
    this.#expectProgress();
    return false;
  }

  end(trailers?: HeaderList): void {
    if (this.#isDone) return;
    this.complete = true;
    this.#trailers = trailers;
    this.#expectProgress();
    if (!this.#bodiless) this.#stream.end();
  }

  abort(): void {
    if (!this.complete) this.#cut(constants.NGHTTP2_INTERNAL_ERROR);
  }

  /** The client does not take what is written to it. */
  overdue(): void {
    this.#cut(constants.NGHTTP2_CANCEL);
  }

  /** Nothing more can be written. */
  get #isDone(): boolean {
    return this.complete || this.#stream.destroyed || this.#stream.closed;
  }

  #expectProgress(): void {
    this.deadline = deadlineAfter(this.#options.stallTimeout());
  }

  #sendTrailers(): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.closed) return;
    stream.sendTrailers(http2Fields(this.#trailers ?? []));
    // They are sent in a turn of their own.
    setImmediate(() => setImmediate(() => this.#answered()));
  }

  /** RFC 9113 section 8.1: after a whole answer the rest of a request may be refused without a fault. */
  #answered(): void {
    const stream = this.#stream;
    if (stream.endAfterHeaders || this.#body.complete || stream.destroyed || stream.closed) return;
    this.wasCut = true;
    stream.close(constants.NGHTTP2_NO_ERROR);
    // It is gone once what has come of it is read.
    stream.removeAllListeners('data');
    stream.resume();
  }

  #cut(code: number): void {
    const stream = this.#stream;
    this.deadline = Infinity;
    if (stream.destroyed || stream.closed) return;
    this.wasCut = true;
    stream.close(code);
  }

  #over(): void {
    this.#options.deadlines.delete(this);
    const owner = this.#owner;
    this.#owner = undefined;
    owner?.over();
  }
}
