import type { Socket } from 'node:net';
import { deadlineAfter, type Waiting } from '../../deadlines.ts';
import type { ProblemCode } from '../../errors.ts';
import { TRAILERS_TOO_LONG } from '../../http1/chunked.ts';
import { headLimit } from '../accept-head.ts';
import { Peer } from '../client.ts';
import { DRAIN_LIMIT, LINGER_LIMIT, LINGER_TIME, ServerRequestBody, type BodyOptions } from '../request-body.ts';
import type { FieldLines } from './field-lines.ts';
import { LaneBody, type BodyCarrier } from './lane-body.ts';
import { LaneTurn, type TurnCarrier } from './lane-turn.ts';
import type { LaneOptions } from './options.ts';
import { canBecomePlain, PlainHeads } from './request-head.ts';
import { UNLISTED } from '../../roster.ts';

const NOTHING = Buffer.alloc(0);
const HEAD_END = Buffer.from('\r\n\r\n');
/** A client that sends just before the end of the time that it was told is not to find the connection closed; in milliseconds. */
const GRACE = 1000;

/**
 * One connection in the fast lane: requests one after another, each read from the socket and answered on it. At the
 * first that is not plain, the connection goes over to `node:http` with every byte of it.
 */
export class LaneConnection implements Waiting, TurnCarrier, BodyCarrier {
  readonly peer: Peer;
  deadline: number;
  place = UNLISTED;
  readonly #socket: Socket;
  readonly #heads = new PlainHeads();
  readonly #options: LaneOptions;
  readonly #lines: FieldLines;
  readonly #gone: () => void;
  /** What the bytes that come are: heads, a body, what has to wait for the answer that is due, or of no use any more. */
  #reading: 'heads' | 'body' | 'hold' | 'drop' = 'heads';
  #turn: LaneTurn | undefined;
  /** The request's body as long as it is not complete. */
  #body: LaneBody | undefined;
  /** Bytes that came and were not looked at, or the beginning of a head. */
  #held: Buffer = NOTHING;
  /** How many bytes were read and thrown away. */
  #dropped = 0;
  /** Bytes of the next head have come. */
  #begun = false;
  /** How many of them were looked at. */
  #checked = 0;
  /** It was asked for something before. */
  #asked = false;
  /** Heads are being read further up the stack. */
  #looping = false;
  #paused = false;
  /** A client that does not read is being waited for. */
  #isTimed = false;

  /** @param gone called when the connection is closed, or not in this lane any more */
  constructor(socket: Socket, options: LaneOptions, lines: FieldLines, gone: () => void) {
    this.#socket = socket;
    this.#options = options;
    this.#lines = lines;
    this.#gone = gone;
    this.peer = Peer.of(socket);
    this.deadline = deadlineAfter(options.settings().timeouts.headers);
    options.deadlines.add(this);
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('drain', this.#onDrain);
    socket.on('error', this.#onError);
    socket.on('timeout', this.#onError);
    socket.on('close', this.#onClose);
  }

  get dateLine(): string {
    return this.#lines.date;
  }

  get keepAliveLines(): string {
    return this.#lines.keepAlive(this.#options.settings().timeouts.keepAlive);
  }

  get closing(): boolean {
    return this.#options.closing(this.#socket);
  }

  /** No more requests: closes it, if it has been answered and waits for another one or for the end of the last. */
  closeIdle(): void {
    if (this.#reading === 'heads' && this.#asked && !this.#begun) this.#socket.destroy();
    else this.#settle();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  overdue(): void {
    const isIdle = this.#asked && !this.#begun;
    if (this.#reading !== 'heads' || isIdle || this.closing) {
      this.#socket.destroy();
      return;
    }
    // A head that does not come to its end is the one thing that is refused here: no other engine would learn of it.
    this.#reading = 'drop';
    this.deadline = Infinity;
    this.#turn = new LaneTurn(this, '', true);
    this.#options.dataPath.refuse(this.#turn, { problem: 'request-timeout' });
  }

  openBody(options: BodyOptions): ServerRequestBody {
    const body = new LaneBody(options.length, this.#options.settings().limits.headerBytes, this);
    this.#body = body;
    return new ServerRequestBody(body, options, this.#options.deadlines);
  }

  get isGone(): boolean {
    return this.#socket.destroyed;
  }

  write(data: string | Buffer): boolean {
    if (this.#socket.destroyed || this.#socket.write(data, 'latin1')) return true;
    this.#expectProgress();
    return false;
  }

  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  ended(turn: LaneTurn): void {
    const socket = this.#socket;
    if (socket.writableLength === 0) {
      this.#answered(turn);
      return;
    }
    this.#expectProgress();
    // Called when all that was written before is out, or lost.
    socket.write('', () => {
      if (!socket.destroyed) this.#answered(turn);
    });
  }

  bodyWanted(): void {
    this.#reading = 'body';
    this.#resume();
    this.#readBody(this.#takeHeld());
  }

  pauseBody(): void {
    this.#pause();
  }

  resumeBody(): void {
    this.#resume();
  }

  dropBody(closes: boolean): void {
    this.#dropped = 0;
    this.#resume();
    // After a malformed body nothing can be read any more.
    if (closes || this.#reading === 'drop') {
      this.#reading = 'drop';
      this.#held = NOTHING;
      return;
    }
    const { request } = this.#options.settings().timeouts;
    this.deadline = deadlineAfter(request === 0 ? LINGER_TIME : request);
    this.#reading = 'body';
    this.#readBody(this.#takeHeld());
  }

  readonly #onData = (chunk: Buffer): void => {
    switch (this.#reading) {
      case 'heads':
        this.#readHeads(this.#held.length === 0 ? chunk : Buffer.concat([this.#takeHeld(), chunk]));
        return;
      case 'body':
        this.#readBody(chunk);
        return;
      case 'hold':
        this.#hold(chunk);
        return;
      case 'drop':
        this.#dropped += chunk.length;
        if (this.#dropped > LINGER_LIMIT) this.#socket.destroy();
    }
  };

  /** The client has sent its last byte. Nobody asks and leaves for an answer: it is taken for gone. */
  readonly #onEnd = (): void => {
    const turn = this.#turn;
    if (turn === undefined || turn.isOver) this.#socket.destroySoon();
    else if (turn.complete) turn.last = true;
    else this.#socket.destroy();
  };

  readonly #onDrain = (): void => {
    this.#expectNothing();
    this.#turn?.drained();
  };

  readonly #onError = (): void => {
    this.#socket.destroy();
  };

  readonly #onClose = (): void => {
    this.#reading = 'drop';
    this.#leave();
    this.#body?.lost();
    this.#turn?.over();
  };

  #leave(): void {
    this.#options.deadlines.delete(this);
    this.#gone();
  }

  /** Reads requests, as long as each is answered at once. */
  #readHeads(received: Buffer): void {
    this.#looping = true;
    let bytes = received;
    while (bytes.length > 0 && !this.#socket.destroyed) bytes = this.#readHead(bytes);
    this.#looping = false;
  }

  /** @returns what to read on; empty while something else has to come first */
  #readHead(bytes: Buffer): Buffer {
    const { dataPath } = this.#options;
    const end = bytes.indexOf(HEAD_END);
    if (end === -1 && bytes.length <= this.#headLimit) return this.#awaitHead(bytes);
    const head = end === -1 || end > this.#headLimit ? undefined : this.#heads.parse(bytes.toString('latin1', 0, end));
    const judged = head === undefined ? undefined : dataPath.judge(head);
    if (head === undefined || judged === undefined || 'problem' in judged) return this.#handOver(bytes);
    this.#asked = true;
    this.deadline = Infinity;
    this.#reading = 'hold';
    this.#turn = new LaneTurn(this, head.method, head.last);
    if (end + 4 < bytes.length) this.#hold(bytes.subarray(end + 4));
    try {
      dataPath.handle(this.#turn, head, judged);
    } catch (error) {
      // A bug: it must cost this request and no other.
      dataPath.caught(error);
      this.#socket.destroy();
    }
    return this.#isReadingHeads ? this.#takeHeld() : NOTHING;
  }

  get #headLimit(): number {
    return headLimit(this.#options.settings().limits);
  }

  get #isReadingHeads(): boolean {
    return this.#reading === 'heads';
  }

  /** The head is not complete. */
  #awaitHead(bytes: Buffer): Buffer {
    if (!canBecomePlain(bytes, this.#checked)) return this.#handOver(bytes);
    this.#checked = bytes.length;
    // RFC 9112 has no limit on it, but whoever sends a head byte by byte holds a connection for nothing.
    if (!this.#begun) this.deadline = deadlineAfter(this.#options.settings().timeouts.headers);
    this.#begun = true;
    this.#held = bytes;
    return NOTHING;
  }

  #handOver(bytes: Buffer): Buffer {
    const socket = this.#socket;
    this.#reading = 'drop';
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('drain', this.#onDrain);
    socket.off('error', this.#onError);
    socket.off('timeout', this.#onError);
    socket.off('close', this.#onClose);
    this.#leave();
    this.#expectNothing();
    // While it is paused, what was read already goes in front of whatever else stands in the stream.
    socket.pause();
    socket.unshift(bytes);
    this.#options.handOver(socket, this.#begun ? this.deadline : undefined);
    socket.resume();
    return NOTHING;
  }

  #readBody(bytes: Buffer): void {
    const body = this.#body;
    if (body === undefined || bytes.length === 0) return;
    const end = body.read(bytes);
    if (typeof end === 'string') {
      this.#refuseBody(end === TRAILERS_TOO_LONG ? 'headers-too-large' : 'invalid-request');
    } else if (body.complete) {
      this.#body = undefined;
      if (this.#reading === 'body') this.#reading = 'hold';
      if (end < bytes.length) this.#hold(bytes.subarray(end));
      this.#settle();
    } else if (!body.wanted) {
      this.#dropped += bytes.length;
      if (this.#dropped > DRAIN_LIMIT) this.#giveUpBody();
    }
  }

  /** What is left of a body that nobody wants is too much: the connection ends with the answer. */
  #giveUpBody(): void {
    this.#reading = 'drop';
    if (this.#turn !== undefined) this.#turn.last = true;
    this.#settle();
  }

  /** A body that is not framed as it should be: where the next request begins, nobody knows. */
  #refuseBody(problem: ProblemCode): void {
    const turn = this.#turn;
    this.#reading = 'drop';
    if (turn === undefined || turn.complete) this.#giveUpBody();
    else if (turn.status === 0) turn.owner?.refuse(problem);
    else this.#socket.destroy();
  }

  /** The answer is out. */
  #answered(turn: LaneTurn): void {
    if (turn.isOver) return;
    this.#expectNothing();
    turn.over();
    this.#settle();
  }

  /** The client does not take what is written. Its socket's own timer knows whether bytes still move. */
  #expectProgress(): void {
    this.#isTimed = true;
    this.#socket.setTimeout(this.#options.settings().timeouts.keepAlive);
  }

  #expectNothing(): void {
    if (this.#isTimed) this.#socket.setTimeout(0);
    this.#isTimed = false;
  }

  /** Goes on to the next request, once the answer is out and the request has been read. */
  #settle(): void {
    const turn = this.#turn;
    if (turn === undefined || !turn.isOver) return;
    if (turn.last || this.closing) {
      this.#finish();
      return;
    }
    if (this.#body !== undefined) return;
    this.#turn = undefined;
    this.#reading = 'heads';
    this.#begun = false;
    this.#checked = 0;
    const { keepAlive } = this.#options.settings().timeouts;
    this.deadline = keepAlive === 0 ? Infinity : deadlineAfter(keepAlive + GRACE);
    this.#resume();
    if (!this.#looping) this.#readHeads(this.#takeHeld());
  }

  /** Closes the connection, but not before the client had a chance to read the answer: see {@link ServerRequestBody}. */
  #finish(): void {
    const hasRest = this.#body !== undefined || this.#reading === 'drop';
    this.#reading = 'drop';
    this.#held = NOTHING;
    this.deadline = deadlineAfter(LINGER_TIME);
    this.#resume();
    if (hasRest) this.#socket.end();
    else this.#socket.destroySoon();
  }

  /** Keeps what cannot be read yet, and stops reading when it is more than a head could be. */
  #hold(bytes: Buffer): void {
    if (this.#reading === 'drop') return;
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    if (this.#held.length > this.#headLimit) this.#pause();
  }

  #takeHeld(): Buffer {
    const held = this.#held;
    this.#held = NOTHING;
    return held;
  }

  #pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#socket.resume();
  }
}
