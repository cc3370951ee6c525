import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import Koa from 'koa';
import type { ServerConfig } from '../config/config.ts';
import { PROBLEM_TYPE, PROBLEMS, problemBody, type ProblemCode } from '../errors.ts';
import type { Logger } from '../observability/log.ts';
import type { RouteMetrics } from '../observability/metrics.ts';
import type { DataPath } from './data-path.ts';
import { listen } from './listen.ts';
import { newRequestId } from './request-id.ts';

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
    this.#server.on('request', serve);
    // Only when somebody wants the body is the client told to go on; other expectations are refused with the head.
    this.#server.on('checkContinue', serve);
    this.#server.on('checkExpectation', serve);
    this.#server.on('upgrade', (request, socket: Socket, head) => this.#upgrade(request, socket, head));
    this.#server.on('connect', (request, socket: Socket) =>
      this.#refuse(socket, 'method-not-implemented', request.socket),
    );
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
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Ends every connection at once. */
  destroy(): void {
    this.#server.closeAllConnections();
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const response = new ServerResponse(request);
    socket.on('error', () => socket.destroy());
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.on('finish', () => socket.destroySoon());
    const protocol = (request.headers.upgrade ?? '').toLowerCase();
    this.#options.dataPath.handle(request, response, () => true, { protocol, socket, head });
  }

  /** The parser gave up on a connection: what it read is no HTTP, or did not come in time. */
  #clientError(error: NodeJS.ErrnoException, socket: Socket): void {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    this.#refuse(socket, this.#problemOf(error), socket);
  }

  #problemOf(error: NodeJS.ErrnoException & { rawPacket?: unknown }): ProblemCode {
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-timeout';
    if (error.code === 'HPE_INVALID_VERSION') return 'http-version-not-supported';
    if (error.code !== 'HPE_HEADER_OVERFLOW') return 'invalid-request';
    const packet = Buffer.isBuffer(error.rawPacket) ? error.rawPacket.toString('latin1') : '';
    const target = /^[A-Z]+ (\S*)/.exec(packet)?.[1] ?? '';
    return target.length > this.#uriBytes ? 'uri-too-long' : 'headers-too-large';
  }

  /** Answers on the bare socket, unless an answer is on its way there: two would be read as one. */
  #refuse(socket: Socket, problem: ProblemCode, connection: Socket): void {
    const current = this.#answers.get(connection);
    const unfinished = current !== undefined && !current.writableFinished && !current.destroyed;
    // Of a request that arrived whole, the client waits for the answer: it would take this one for it.
    if (unfinished && (current.headersSent || current.req.complete)) {
      socket.destroy();
      return;
    }
    const id = newRequestId();
    const { status, title } = PROBLEMS[problem];
    const body = problemBody(problem, id);
    const phrase = title.replace(/[^ -~]/g, '');
    socket.on('error', () => socket.destroy());
    socket.end(
      `HTTP/1.1 ${status} ${phrase}\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
        `X-Request-Id: ${id}\r\nDate: ${new Date().toUTCString()}\r\nConnection: close\r\n\r\n${body}`,
      () => socket.destroy(),
    );
    this.#options.unmatched.observe('other', status, 0);
    this.#options.logger.debug({ problem, requestId: id }, 'request refused by the parser');
  }
}
