import { hasField } from '../../fields.ts';
import { constants, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ServerConfig } from '../../config/config.ts';
import { deadlineAfter, type Deadlines, type Waiting } from '../../deadlines.ts';
import type { Logger } from '../../observability/log.ts';
import { headLimit, type AcceptedHead, type RefusedHead } from '../accept-head.ts';
import { Peer } from '../client.ts';
import type { DataPath } from '../data-path.ts';
import { LINGER_TIME } from '../request-body.ts';
import { Chatter } from './chatter.ts';
import { Http2Turn } from './http2-turn.ts';
import { Patience } from './patience.ts';
import { readHttp2Head } from './request-head.ts';
import { UNLISTED } from '../../roster.ts';

export interface Http2Options {
  readonly dataPath: DataPath;
  readonly logger: Pick<Logger, 'debug' | 'error'>;
  readonly deadlines: Deadlines;
  /** As they are now. */
  readonly settings: () => Pick<ServerConfig, 'limits' | 'timeouts'>;
  /** Whether a connection is to close after the answers that are due. */
  readonly closing: (socket: Socket) => boolean;
}

/** The most streams that a client may have open at once on a connection: RFC 9113 section 6.5.2. */
const MAX_STREAMS = 100;
/** The most fields of a head or of trailers. Each costs memory, and one byte on the wire when it was there before. */
const MAX_FIELDS = 512;
/** RFC 9113 section 6.5.2: what a field counts beyond its name and value. In bytes. */
const FIELD_OVERHEAD = 32;
/** Frames that make no sense but are no fault: empty ones, ones for streams that are gone. */
const MAX_INVALID_FRAMES = 100;
/**
 * What a connection may hold: for each stream a window of 64 KiB of its request, about as much of its answer, and its
 * heads. In megabytes.
 */
const MAX_MEMORY = 32;
/** The stream that no stream comes after. */
const LAST_STREAM = 2 ** 31 - 1;

/** One HTTP/2 connection: its streams, and how it ends. */
export class Http2Connection implements Waiting {
  deadline: number;
  place = UNLISTED;
  readonly #peer: Peer;
  readonly #socket: TLSSocket;
  readonly #session: ServerHttp2Session;
  readonly #options: Http2Options;
  readonly #patience = new Patience(performance.now());
  readonly #chatter: Chatter;
  /**
   * `greeting`: nothing was asked yet. `noticed`: the client knows that it ends, and its requests are still taken.
   * `closing`: it ends with the last stream.
   */
  #stage: 'greeting' | 'serving' | 'noticed' | 'closing' = 'greeting';
  #open = 0;

  /** @param gone called when the connection is closed */
  constructor(socket: TLSSocket, options: Http2Options, gone: () => void) {
    const { limits, timeouts } = options.settings();
    this.#socket = socket;
    this.#options = options;
    this.#peer = Peer.of(socket);
    this.deadline = deadlineAfter(timeouts.headers);
    options.deadlines.add(this);
    // A client that closes its side asks for nothing more, and waits for nothing: there is no half of a session.
    socket.allowHalfOpen = false;
    socket.on('close', () => {
      options.deadlines.delete(this);
      options.deadlines.delete(this.#chatter);
      gone();
    });
    // A head that is a little too large still gets an answer that says so.
    const maxHeaderListSize = 2 * headLimit(limits) + MAX_FIELDS * FIELD_OVERHEAD;
    this.#chatter = new Chatter(performance.now(), {
      head: maxHeaderListSize,
      streams: MAX_STREAMS,
      read: () => socket.bytesRead,
      exhausted: () => this.#endCalmly('too many frames that are no requests'),
    });
    options.deadlines.add(this.#chatter);
    this.#session = performServerHandshake(socket, {
      settings: {
        enablePush: false,
        enableConnectProtocol: false,
        maxConcurrentStreams: MAX_STREAMS,
        maxHeaderListSize,
      },
      maxHeaderListPairs: MAX_FIELDS,
      maxSessionInvalidFrames: MAX_INVALID_FRAMES,
      maxSessionMemory: MAX_MEMORY,
    });
    const session = this.#session;
    session.on('stream', (stream: ServerHttp2Stream, _headers: unknown, _flags: number, fields: string[]) =>
      this.#take(stream, fields),
    );
    // A client that breaks the protocol: it was told so with GOAWAY.
    session.on('error', (error) => {
      options.logger.debug({ err: error, client: this.#peer.address }, 'HTTP/2 connection failed');
    });
    if (options.closing(socket)) this.retire();
  }

  /**
   * Lets the client know that it should go elsewhere. What it sends before it knows is still answered: RFC 9113 section
   * 6.8.
   */
  retire(): void {
    const session = this.#session;
    if (session.destroyed || this.#stage === 'noticed' || this.#stage === 'closing') return;
    this.#stage = 'noticed';
    this.deadline = deadlineAfter(LINGER_TIME);
    session.goaway(constants.NGHTTP2_NO_ERROR, LAST_STREAM);
    // When its answer is here, the client has read what was sent before.
    session.ping(() => this.#close());
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#session.destroy();
    this.#socket.destroy();
  }

  overdue(): void {
    this.deadline = Infinity;
    if (this.#stage === 'greeting') this.destroy();
    else if (this.#stage !== 'closing') this.#close();
    else if (this.#open === 0) this.destroy();
  }

  /** No more streams; those that are open go on. */
  #close(): void {
    if (this.#stage === 'closing' || this.#session.destroyed) return;
    this.#stage = 'closing';
    if (this.#open === 0) this.deadline = deadlineAfter(LINGER_TIME);
    this.#session.close();
  }

  #take(stream: ServerHttp2Stream, fields: readonly string[]): void {
    // What goes wrong on a stream ends with the event `close`.
    stream.on('error', () => undefined);
    // Reset while it was being read.
    if (stream.destroyed || stream.closed) {
      this.#cameToNothing();
      return;
    }
    if (this.#stage === 'greeting') this.#stage = 'serving';
    if (this.#stage === 'serving') this.deadline = Infinity;
    this.#open += 1;
    this.#chatter.stream();
    const { head, refused } = readHttp2Head(fields);
    const { dataPath, deadlines, settings } = this.#options;
    const turn = new Http2Turn(stream, {
      method: head.method,
      peer: this.#peer,
      deadlines,
      stallTimeout: () => settings().timeouts.keepAlive,
      moved: (bytes) => this.#chatter.piece(bytes),
    });
    stream.on('close', () => this.#left(stream, turn));
    try {
      const judged: AcceptedHead | RefusedHead = refused ?? dataPath.judge(head);
      if ('problem' in judged) {
        dataPath.refuse(turn, judged, head);
        return;
      }
      // The end of the stream frames a body, and a length is what the client says about it (RFC 9113 section 8.1.1).
      const hasUnknownLength = !stream.endAfterHeaders && !hasField(head.headers, 'content-length');
      const bodyLength = hasUnknownLength ? undefined : judged.bodyLength;
      if (bodyLength === 0) stream.resume();
      dataPath.handle(turn, head, { ...judged, bodyLength });
    } catch (error) {
      // A bug: it must cost this request and no other.
      dataPath.caught(error);
      stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    }
  }

  #left(stream: ServerHttp2Stream, turn: Http2Turn): void {
    this.#open -= 1;
    if (!turn.wasCut && (!turn.complete || stream.rstCode !== constants.NGHTTP2_NO_ERROR)) this.#cameToNothing();
    if (this.#open > 0) return;
    const { keepAlive } = this.#options.settings().timeouts;
    if (this.#stage === 'serving') this.deadline = deadlineAfter(keepAlive);
    else if (this.#stage === 'closing') this.deadline = deadlineAfter(LINGER_TIME);
  }

  #cameToNothing(): void {
    if (this.#patience.exhaustedBy(performance.now())) this.#endCalmly('too many streams were reset');
  }

  /** Tells the client that it does too much, and ends the connection. */
  #endCalmly(why: string): void {
    if (!this.#session.destroyed) this.#session.destroy(new Error(why), constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }
}
