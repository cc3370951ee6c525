import { IncomingMessage, ServerResponse, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Deadlines } from '../../deadlines.ts';
import type { ProblemCode } from '../../errors.ts';
import type { Logger } from '../../observability/log.ts';
import { UNLISTED } from '../../roster.ts';
import type { AcceptedHead, RefusedHead, RequestHead } from '../accept-head.ts';
import { Peer } from '../client.ts';
import type { DataPath } from '../data-path.ts';
import type { ServerExchange } from '../exchange.ts';
import { NodeTurn, type UpgradeRequest } from './node-turn.ts';

/** What the engine reports to. */
export interface NodeEngineOptions {
  readonly dataPath: DataPath;
  readonly logger: Logger;
  readonly deadlines: Deadlines;
  /** The most bytes of a request target. */
  readonly uriBytes: () => number;
  /** Whether a connection is to close after the answers that are due. */
  readonly closing: (socket: Socket) => boolean;
}

/**
 * How many requests may wait on one connection for the answer to an earlier one. Reading stops with the first of them;
 * what one read holds beyond this many is more than any client means.
 */
const MAX_WAITING = 256;

/** What goes on on one connection: one exchange at a time. */
interface Conversation {
  readonly peer: Peer;
  /** The newest answer: what a malformed next request must not be mixed up with. */
  answer: ServerResponse | undefined;
  /** What that answer belongs to. */
  exchange: ServerExchange | undefined;
  /** Requests that were sent before that answer was out. */
  readonly waiting: { readonly request: IncomingMessage; readonly response: ServerResponse }[];
  /** A request was not understood: what follows may be anything, and gets no answer. */
  refused: boolean;
  /** It ends after the answers that are due. */
  ending: boolean;
}

/** Where the body ends and the other protocol begins, two servers might see differently. */
const NO_BODY: RefusedHead = { problem: 'invalid-request', detail: 'a protocol upgrade cannot come with a body' };
const NOT_HTTP_1: RefusedHead = { problem: 'http-version-not-supported' };

/** The engine that takes everything that HTTP/1 allows: `node:http` reads requests, and the data path answers them. */
export class NodeEngine {
  readonly #options: NodeEngineOptions;
  readonly #connections = new Map<Socket, Conversation>();

  /** @param server whose events of requests it takes; connections are given to it one by one */
  constructor(server: Server, options: NodeEngineOptions) {
    this.#options = options;
    const serve = (request: IncomingMessage, response: ServerResponse): void => this.#serve(request, response);
    server.on('request', serve);
    // Only when somebody wants the body is the client told to go on; other expectations are refused with the head.
    server.on('checkContinue', serve);
    server.on('checkExpectation', serve);
    server.on('upgrade', (request, socket: Socket, head) => this.#upgrade(request, socket, head));
    // Refused with the head, like TRACE.
    server.on('connect', (request, socket: Socket, head) => this.#upgrade(request, socket, head));
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => this.#clientError(error, socket));
    server.on('timeout', (socket: Socket) => this.#timedOut(socket));
  }

  /**
   * A connection whose requests `node:http` is about to read.
   *
   * @param headDeadline when the head of its first request is overdue, if a part of it was read already
   */
  take(socket: Socket, headDeadline?: number): void {
    this.#connections.set(socket, {
      peer: Peer.of(socket),
      answer: undefined,
      exchange: undefined,
      waiting: [],
      refused: false,
      ending: false,
    });
    socket.on('close', () => this.#connections.delete(socket));
    if (headDeadline !== undefined) this.#expectHead(socket, headDeadline);
  }

  /** `node:http` counts from the moment at which it got the connection: a client must not gain time by that. */
  #expectHead(socket: Socket, deadline: number): void {
    const { deadlines } = this.#options;
    const overdue = (): void => {
      deadlines.delete(waiting);
      const conversation = this.#connections.get(socket);
      if (conversation?.answer === undefined) this.#giveUp(socket, conversation, 'request-timeout');
    };
    const waiting = { place: UNLISTED, deadline, overdue };
    deadlines.add(waiting);
    socket.on('close', () => deadlines.delete(waiting));
  }

  /** Ends connections that wait for a request's head, and leaves those alone that wait for an answer. */
  closeUnasked(): void {
    for (const [socket, { answer }] of this.#connections) {
      if (answer === undefined || answer.writableFinished || answer.destroyed) socket.destroy();
    }
  }

  /** Answers requests one after another: a client that sends many at once waits, and holds no more than its turn. */
  #serve(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const conversation = this.#connections.get(socket);
    if (conversation === undefined || socket.destroyed) return;
    const { answer, waiting } = conversation;
    if (answer === undefined || isDone(answer)) {
      this.#answer(conversation, request, response);
      return;
    }
    waiting.push({ request, response });
    if (waiting.length > MAX_WAITING) socket.destroy();
    else socket.pause();
  }

  #answer(conversation: Conversation, request: IncomingMessage, response: ServerResponse): void {
    conversation.answer = response;
    response.on('close', () => {
      const { socket } = request;
      const next = conversation.waiting.shift();
      if (socket.destroyed) conversation.waiting.length = 0;
      else if (next !== undefined) this.#answer(conversation, next.request, next.response);
      else if (socket.isPaused()) socket.resume();
    });
    try {
      this.#handle(conversation, request, response);
    } catch (error) {
      // A bug: it must cost this request and no other.
      this.#options.dataPath.caught(error);
      response.destroy();
    }
  }

  #handle(
    conversation: Conversation,
    request: IncomingMessage,
    response: ServerResponse,
    upgrade?: UpgradeRequest,
  ): void {
    const { dataPath, deadlines, closing } = this.#options;
    // What follows a request that was not understood may be anything: it gets no answer, and does nothing.
    if (conversation.refused) return;
    const head: RequestHead = {
      method: request.method ?? '',
      target: request.url ?? '',
      httpVersion: request.httpVersionMinor === 0 ? '1.0' : '1.1',
      headers: request.rawHeaders,
    };
    const judged = request.httpVersionMajor === 1 ? dataPath.judge(head) : NOT_HTTP_1;
    const turn = new NodeTurn(request, response, {
      peer: conversation.peer,
      deadlines,
      closing: () => upgrade !== undefined || closing(request.socket),
      upgrade,
    });
    const refusal = refusalOf(judged, upgrade);
    if (refusal !== undefined) {
      conversation.refused = true;
      conversation.exchange = dataPath.refuse(turn, refusal, head);
    } else if (!('problem' in judged)) conversation.exchange = dataPath.handle(turn, head, judged);
  }

  /** Nothing was read or written for a while. Whoever waits for an upstream may; whoever does not read may not. */
  #timedOut(socket: Socket): void {
    const answer = this.#connections.get(socket)?.answer;
    if (answer === undefined || isDone(answer) || answer.writableLength > 0) socket.destroy();
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    // Asked for while another answer is due on the connection: what nobody needs, and what would mix the two up.
    const conversation = this.#connections.get(socket);
    if (conversation === undefined || (conversation.answer !== undefined && !isDone(conversation.answer))) {
      socket.destroy();
      return;
    }
    const response = new ServerResponse(request);
    conversation.answer = response;
    socket.on('error', () => socket.destroy());
    // How long a tunnel may be idle is its route's business.
    socket.setTimeout(0);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.on('finish', () => socket.destroySoon());
    const protocol = (request.headers.upgrade ?? '').toLowerCase();
    this.#handle(conversation, request, response, { protocol, socket, takeEarly: readEarly(socket, head) });
  }

  /** The parser gave up on a connection: what it read is no HTTP, or did not come in time. */
  #clientError(error: NodeJS.ErrnoException, socket: Socket): void {
    const conversation = this.#connections.get(socket);
    // An end within a request leaves nobody to answer.
    const left = error.code === 'HPE_INVALID_EOF_STATE' && conversation?.answer?.req.complete === false;
    if (error.code === 'ECONNRESET' || left) socket.destroy();
    else this.#giveUp(socket, conversation, this.#problemOf(error));
  }

  #problemOf(error: NodeJS.ErrnoException & { rawPacket?: unknown }): ProblemCode {
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-timeout';
    const packet = Buffer.isBuffer(error.rawPacket) ? error.rawPacket.toString('latin1') : '';
    if (error.code === 'HPE_INVALID_VERSION') {
      // The parser says the same of a line that does not end as it must after a version that is fine.
      return /HTTP\/1\.[01]\s/.test(packet) ? 'invalid-request' : 'http-version-not-supported';
    }
    if (error.code === 'HPE_PAUSED_H2_UPGRADE') return 'http-version-not-supported';
    if (error.code !== 'HPE_HEADER_OVERFLOW') return 'invalid-request';
    const target = /^[A-Z]+ (\S*)/.exec(packet)?.[1] ?? '';
    return target.length > this.#options.uriBytes() ? 'uri-too-long' : 'headers-too-large';
  }

  /** Answers what is no request, without mixing that up with an answer that is due on the connection. */
  #giveUp(socket: Socket, conversation: Conversation | undefined, problem: ProblemCode): void {
    // Otherwise it closes by itself, after what is still to be written.
    if (conversation === undefined || conversation.ending || !socket.writable) return;
    conversation.ending = true;
    conversation.refused = true;
    const { answer, exchange } = conversation;
    const { dataPath, logger, deadlines } = this.#options;
    logger.debug({ problem }, 'request refused by the parser');
    if (answer === undefined || isDone(answer)) {
      const request = new IncomingMessage(socket);
      const response = new ServerResponse(request);
      response.assignSocket(socket);
      response.on('finish', () => socket.destroySoon());
      const turn = new NodeTurn(request, response, { peer: conversation.peer, deadlines, closing: () => true });
      dataPath.refuse(turn, { problem });
    } else if (answer.req.complete || answer.writableEnded) {
      // The client waits for the answer to a request that came whole: it gets that one, and no other.
      answer.shouldKeepAlive = false;
      answer.once('finish', () => socket.destroySoon());
    } else if (answer.headersSent || answer.socket === null) socket.destroy();
    else exchange?.refuse(problem);
  }
}

function refusalOf(judged: AcceptedHead | RefusedHead, upgrade: UpgradeRequest | undefined): RefusedHead | undefined {
  if ('problem' in judged) return judged;
  return upgrade !== undefined && judged.bodyLength !== 0 ? NO_BODY : undefined;
}

/** How much a client may send before its tunnel is open; in bytes. */
const MAX_EARLY = 64 * 1024;

/**
 * Reads on while an upgrade is under way: a connection that nobody reads does not tell that the client has left.
 *
 * @param head what was read with the request
 * @returns ends the reading, and gives what came
 */
function readEarly(socket: Socket, head: Buffer): () => Buffer {
  const chunks = [head];
  let length = head.length;
  const read = (chunk: Buffer): void => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_EARLY) socket.pause();
  };
  const left = (): void => void socket.destroy();
  socket.on('data', read);
  socket.on('end', left);
  return () => {
    socket.off('data', read);
    socket.off('end', left);
    socket.pause();
    return Buffer.concat(chunks);
  };
}

/** Whether an answer is out, and has let go of its connection. */
function isDone(answer: ServerResponse): boolean {
  return answer.destroyed || (answer.writableFinished && answer.socket === null);
}
