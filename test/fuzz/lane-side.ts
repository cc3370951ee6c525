import type { Socket } from 'node:net';
import { Deadlines } from '../../src/deadlines.ts';
import type { BodyFault } from '../../src/exchange.ts';
import {
  acceptHead,
  type AcceptedHead,
  type HeadLimits,
  type RefusedHead,
  type RequestHead,
} from '../../src/server/accept-head.ts';
import { FastLane } from '../../src/server/fast-lane/fast-lane.ts';
import type { LaneRequests } from '../../src/server/fast-lane/options.ts';
import type { ServerRequestBody } from '../../src/server/request-body.ts';
import type { Turn } from '../../src/server/turn.ts';
import type { Activity } from './activity.ts';
import type { NodeReading, NodeSide } from './node-side.ts';
import type { SeenRequest } from './seen.ts';

/** Small, so that inputs come to them. Their names say bytes. */
export const LIMITS: HeadLimits & { connections: number; bodyBytes: number } = {
  connections: 0,
  headerBytes: 2048,
  uriBytes: 512,
  bodyBytes: Infinity,
};
/** Nothing here depends on a clock. */
const TIMEOUTS = { headers: 0, request: 0, keepAlive: 0, drainDelay: 0, drain: 0 };

/** When the answer to a request comes, and what becomes of its body. */
export const MODES = ['read', 'read-slowly', 'unread', 'later', 'later-unread'] as const;
export type Mode = (typeof MODES)[number];

/** A request that the lane took. */
export interface LaneRequest {
  readonly seen: SeenRequest;
  /** In bytes, undefined for a chunked body. */
  readonly length: number | undefined;
  /** Why the rest of it could not be read, as its owner was told. */
  fault: string | undefined;
  /** Too much of its body is left for the connection to go on. */
  lost: boolean;
}

/** Nothing is ever overdue. */
class NoDeadlines extends Deadlines {
  override add(): void {}
  override delete(): void {}
}

/** One connection in the real fast lane, with a data path that writes down what it gets and answers 200. */
export class LaneSide implements LaneRequests {
  readonly requests: LaneRequest[] = [];
  /** What the lane did wrong by itself. */
  readonly errors: string[] = [];
  /** What came out of the socket after the hand-over, one character a byte; undefined before it. */
  handed: string | undefined;
  /** What `node:http` made of that. */
  tail: NodeReading | undefined;
  readonly #mode: Mode;
  readonly #activity: Activity;

  constructor(socket: Socket, mode: Mode, node: NodeSide, activity: Activity) {
    this.#mode = mode;
    this.#activity = activity;
    const lane = new FastLane({
      dataPath: this,
      deadlines: new NoDeadlines(),
      settings: () => ({ limits: LIMITS, timeouts: TIMEOUTS }),
      closing: () => false,
      handOver: (given) => this.#handOver(given, node),
    });
    lane.take(socket);
  }

  /** Otherwise it answers without a look at them. */
  get readsBodies(): boolean {
    return !this.#mode.endsWith('unread');
  }

  judge(head: RequestHead): AcceptedHead | RefusedHead {
    return acceptHead(head, LIMITS);
  }

  handle(turn: Turn, head: RequestHead, accepted: AcceptedHead): void {
    this.#activity.note();
    const keepsAlive = !('last' in head && head.last === true);
    const seen: SeenRequest = {
      kind: 'request',
      method: head.method,
      target: head.target,
      httpVersion: head.httpVersion,
      headers: [...head.headers],
      keepsAlive,
      body: '',
      trailers: [],
      complete: accepted.bodyLength === 0,
    };
    const request: LaneRequest = { seen, length: accepted.bodyLength, fault: undefined, lost: false };
    const id = String(this.requests.push(request) - 1);
    const body = accepted.bodyLength === 0 ? undefined : this.#open(turn, accepted, seen);
    turn.begin({
      refuse: (problem) => {
        this.#activity.note();
        request.fault = problem;
        turn.close();
        answer(turn, request, body, id, 400);
      },
      drained: () => {},
      over: () => this.#activity.note(),
    });
    const end = (): void => {
      this.#activity.note();
      answer(turn, request, body, id, 200);
    };
    const go = (): void => {
      if (body === undefined || !this.readsBodies) end();
      else this.#read(body, request, end);
    };
    if (this.#mode.startsWith('later')) setImmediate(go);
    else go();
  }

  refuse(): void {
    this.errors.push('a request was refused for its lateness');
  }

  caught(error: unknown): void {
    this.errors.push(String(error));
  }

  /** Trailers are written down as they came: those that go on are fewer. */
  #open(turn: Turn, accepted: AcceptedHead, seen: SeenRequest): ServerRequestBody {
    const body = turn.openBody({
      length: accepted.bodyLength,
      limit: Infinity,
      timeout: 0,
      expectsContinue: accepted.expectsContinue,
      identityHeaders: new Set(),
    });
    const ended = body.onEnd.bind(body);
    body.onEnd = (trailers) => {
      seen.trailers = trailers ?? [];
      ended(trailers);
    };
    return body;
  }

  #read(body: ServerRequestBody, request: LaneRequest, end: () => void): void {
    const { seen } = request;
    const reader = {
      onData: (chunk: Buffer): void => {
        this.#activity.note();
        if (seen.complete) this.errors.push('data came after the end of a body');
        seen.body += chunk.toString('latin1');
        if (this.#mode !== 'read-slowly') return;
        body.pause();
        setImmediate(() => {
          this.#activity.note();
          body.resume();
        });
      },
      onEnd: (): void => {
        this.#activity.note();
        if (seen.complete) this.errors.push('a body ended twice');
        seen.complete = true;
        if (this.#mode === 'later') setImmediate(end);
        else end();
      },
      onFault: (fault: BodyFault): void => {
        this.#activity.note();
        request.fault ??= fault;
      },
    };
    body.start(reader, 0);
  }

  #handOver(socket: Socket, node: NodeSide): void {
    if (this.handed !== undefined) this.errors.push('the connection was handed over twice');
    this.handed = '';
    socket.on('data', (chunk: Buffer) => {
      this.#activity.note();
      this.handed += chunk.toString('latin1');
    });
    this.tail = node.take(socket);
  }
}

/** In the order of the gateway's own exchange: see ServerRequestBody.discard. */
function answer(
  turn: Turn,
  request: LaneRequest,
  body: ServerRequestBody | undefined,
  id: string,
  status: number,
): void {
  if (body?.isLost === true) {
    request.lost = true;
    turn.close();
  }
  turn.head(status, ['content-length', '0'], id);
  body?.discard();
  turn.end();
}
