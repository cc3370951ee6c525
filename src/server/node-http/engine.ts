import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { ServerConfig } from '../config/config.ts';
import type { ProblemCode } from '../errors.ts';
import type { Logger } from '../observability/log.ts';
import type { DataPath } from './data-path.ts';
import { listen } from './listen.ts';

/** What a listener reports to. */
export interface ListenerOptions {
  readonly dataPath: DataPath;
  readonly logger: Logger;
}

/**
 * How many requests may wait on one connection for the answer to an earlier one. Reading stops with the first of them;
 * what one read holds beyond this many is more than any client means.
 */
const MAX_WAITING = 256;

/** What goes on on one connection: one exchange at a time. */
interface Conversation {
  /** The newest answer: what a malformed next request must not be mixed up with. */
  answer: ServerResponse | undefined;
  /** Requests that were sent before that answer was out. */
  readonly waiting: { readonly request: IncomingMessage; readonly response: ServerResponse }[];
  /** It ends after the answers that are due. */
  ending: boolean;
}

/** One port for clients: `node:http` reads requests, and the data path answers them. */
export class Listener {
  readonly #server: Server;
  readonly #options: ListenerOptions;
  readonly #connections = new Map<Socket, Conversation>();
  readonly #isClosing = (): boolean => this.#closing;
  #uriBytes: number;
  #closing = false;

  private constructor(config: ServerConfig, options: ListenerOptions) {
    this.#options = options;
    this.#uriBytes = config.limits.uriBytes;
    const serve = (request: IncomingMessage, response: ServerResponse): void => this.#serve(request, response);
    this.#server = createServer({
      // Both are judged with the rest of the head, so that the answer is the same problem document as any other.
      requireHostHeader: false,
      joinDuplicateHeaders: false,
      connectionsCheckingInterval: 1000,
      noDelay: true,
    });
    this.apply(config);
    this.#server.on('connection', (socket) => {
      this.#connections.set(socket, { answer: undefined, waiting: [], ending: false });
      socket.on('close', () => this.#connections.delete(socket));
    });
    this.#server.on('request', serve);
    // Only when somebody wants the body is the client told to go on; other expectations are refused with the head.
    this.#server.on('checkContinue', serve);
    this.#server.on('checkExpectation', serve);
    this.#server.on('upgrade', (request, socket: Socket, head) => this.#upgrade(request, socket, head));
    // Refused with the head, like TRACE.
    this.#server.on('connect', (request, socket: Socket, head) => this.#upgrade(request, socket, head));
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => this.#clientError(error, socket));
    this.#server.on('timeout', (socket: Socket) => this.#timedOut(socket));
    this.#server.on('drop', () => options.logger.warn('connection refused: server.limits.connections is reached'));
  }

  /**
   * Opens a listener.
   *
   * @throws the system's error when the address cannot be bound
   */
  static async open(config: ServerConfig, options: ListenerOptions): Promise<Listener> {
    const listener = new Listener(config, options);
    await listen(listener.#server, config.listen);
    return listener;
  }

  /** Brings changed limits and timeouts into effect, for connections that are open as far as `node:http` allows. */
  apply({ limits, timeouts }: ServerConfig): void {
    this.#uriBytes = limits.uriBytes;
    const server = this.#server;
    server.maxConnections = limits.connections;
    server.headersTimeout = timeouts.headers;
    server.keepAliveTimeout = timeouts.keepAlive;
    // Without a byte in either direction: see #timedOut.
    server.timeout = timeouts.keepAlive;
    // A body has its own deadline, which answers as any problem does: see NodeRequestBody.
    server.requestTimeout = 0;
    // Fields beyond a count would be dropped without a word: their size is what is limited.
    server.maxHeadersCount = 0;
    // Read for each new connection. The parser's limit is for target and fields together, and only the last resort.
    Object.assign(server, { maxHeaderSize: limits.headerBytes + limits.uriBytes + 1024 });
  }

  get address(): AddressInfo {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the listener is closed');
    return address;
  }

  /** How many connections are open. */
  async connections(): Promise<number> {
    return new Promise((resolve) => this.#server.getConnections((_error, count) => resolve(count)));
  }

  /** Takes no new connections, closes idle ones, and resolves when the last one has closed. */
  async close(): Promise<void> {
    this.#closing = true;
    // Once closed, node:http does not enforce headersTimeout any more: a connection that never asks would stay for ever.
    const { headersTimeout } = this.#server;
    const deadline = headersTimeout === 0 ? undefined : setTimeout(() => this.#closeUnasked(), headersTimeout);
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    clearTimeout(deadline);
  }

  /** Ends connections that wait for a request's head, and leaves those alone that wait for an answer. */
  #closeUnasked(): void {
    for (const [socket, { answer }] of this.#connections) {
      if (answer === undefined || answer.writableFinished || answer.destroyed) socket.destroy();
    }
  }

  /** Ends every connection at once. */
  destroy(): void {
    this.#server.closeAllConnections();
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
      this.#options.dataPath.handle(request, response, this.#isClosing);
    } catch (error) {
      // A bug: it must cost this request and no other.
      this.#options.logger.error({ err: error }, 'request failed');
      response.destroy();
    }
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
    this.#options.dataPath.handle(request, response, () => true, {
      protocol,
      socket,
      takeEarly: readEarly(socket, head),
    });
  }

  /** The parser gave up on a connection: what it read is no HTTP, or did not come in time. */
  #clientError(error: NodeJS.ErrnoException, socket: Socket): void {
    const conversation = this.#connections.get(socket);
    const answer = conversation?.answer;
    // An end within a request leaves nobody to answer.
    const left = error.code === 'HPE_INVALID_EOF_STATE' && answer?.req.complete === false;
    if (error.code === 'ECONNRESET' || left) socket.destroy();
    // Otherwise it closes by itself, after what is still to be written.
    else if (socket.writable && conversation?.ending === false) {
      conversation.ending = true;
      this.#refuse(socket, this.#problemOf(error), answer);
    }
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
    return target.length > this.#uriBytes ? 'uri-too-long' : 'headers-too-large';
  }

  /** Answers what is no request, without mixing that up with an answer that is due on the connection. */
  #refuse(socket: Socket, problem: ProblemCode, answer: ServerResponse | undefined): void {
    const { dataPath, logger } = this.#options;
    logger.debug({ problem }, 'request refused by the parser');
    if (answer === undefined || isDone(answer)) {
      const request = new IncomingMessage(socket);
      const response = new ServerResponse(request);
      response.assignSocket(socket);
      response.on('finish', () => socket.destroySoon());
      dataPath.refuse(request, response, problem);
    } else if (answer.req.complete || answer.writableEnded) {
      // The client waits for the answer to a request that came whole: it gets that one, and no other.
      answer.shouldKeepAlive = false;
      answer.once('finish', () => socket.destroySoon());
    } else if (answer.headersSent || answer.socket === null) socket.destroy();
    else dataPath.refuse(answer.req, answer, problem);
  }
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
