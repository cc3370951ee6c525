import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import Koa from 'koa';
import type { ServerConfig } from '../config/config.ts';
import type { ProblemCode } from '../errors.ts';
import type { Logger } from '../observability/log.ts';
import type { RouteMetrics } from '../observability/metrics.ts';
import type { DataPath } from './data-path.ts';
import { listen } from './listen.ts';

/** What a listener reports to. */
export interface ListenerOptions {
  readonly dataPath: DataPath;
  readonly logger: Logger;
  /** Counts of requests that no route took. */
  readonly unmatched: RouteMetrics;
}

/** One port for clients: `node:http` reads requests, a Koa application is the shell around the data path. */
export class Listener {
  readonly #server: Server;
  readonly #options: ListenerOptions;
  /** The newest answer of each connection: what a malformed next request must not be mixed up with. */
  readonly #answers = new WeakMap<Socket, ServerResponse>();
  readonly #connections = new Set<Socket>();
  /** Connections that end after the answers that are due on them. */
  readonly #ending = new WeakSet<Socket>();
  #uriBytes: number;
  #closing = false;

  private constructor(config: ServerConfig, options: ListenerOptions) {
    this.#options = options;
    this.#uriBytes = config.limits.uriBytes;
    const closing = (): boolean => this.#closing;
    const app = new Koa();
    app.use((context) => {
      // The data path streams on its own terms: Koa must not touch the answer.
      context.respond = false;
      options.dataPath.handle(context.req, context.res, closing);
    });
    // Without a listener Koa writes to the terminal whenever a client resets its connection.
    app.on('error', (error: Error) => {
      if ('code' in error) options.logger.debug({ err: error }, 'connection broken');
      else options.logger.error({ err: error }, 'request failed');
    });
    const callback = app.callback();
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      this.#answers.set(request.socket, response);
      void callback(request, response);
    };
    this.#server = createServer({
      // Both are judged with the rest of the head, so that the answer is the same problem document as any other.
      requireHostHeader: false,
      joinDuplicateHeaders: false,
      connectionsCheckingInterval: 1000,
      noDelay: true,
    });
    this.apply(config);
    this.#server.on('connection', (socket) => {
      this.#connections.add(socket);
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
    for (const socket of this.#connections) {
      const answer = this.#answers.get(socket);
      if (answer === undefined || answer.writableFinished || answer.destroyed) socket.destroy();
    }
  }

  /** Ends every connection at once. */
  destroy(): void {
    this.#server.closeAllConnections();
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    // Asked for while another answer is due on the connection: what nobody needs, and what would mix the two up.
    const answer = this.#answers.get(socket);
    if (answer !== undefined && !isDone(answer)) {
      socket.destroy();
      return;
    }
    const response = new ServerResponse(request);
    this.#answers.set(socket, response);
    socket.on('error', () => socket.destroy());
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.on('finish', () => socket.destroySoon());
    const protocol = (request.headers.upgrade ?? '').toLowerCase();
    this.#options.dataPath.handle(request, response, () => true, { protocol, socket, head });
  }

  /** The parser gave up on a connection: what it read is no HTTP, or did not come in time. */
  #clientError(error: NodeJS.ErrnoException, socket: Socket): void {
    const answer = this.#answers.get(socket);
    // An end within a request leaves nobody to answer.
    const left = error.code === 'HPE_INVALID_EOF_STATE' && answer?.req.complete === false;
    if (error.code === 'ECONNRESET' || left) socket.destroy();
    // Otherwise it closes by itself, after what is still to be written.
    else if (socket.writable && !this.#ending.has(socket)) this.#refuse(socket, this.#problemOf(error), answer);
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
    this.#ending.add(socket);
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

/** Whether an answer is out, and has let go of its connection. */
function isDone(answer: ServerResponse): boolean {
  return answer.destroyed || (answer.writableFinished && answer.socket === null);
}
