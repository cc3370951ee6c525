import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ServerConfig } from '../config/config.ts';
import type { ServerTlsConfig } from '../config/tls-config.ts';
import type { Deadlines } from '../deadlines.ts';
import type { Logger } from '../observability/log.ts';
import type { DataPath } from './data-path.ts';
import { headLimit } from './accept-head.ts';
import type { ConnectionLimit } from './connection-limit.ts';
import { FastLane } from './fast-lane/fast-lane.ts';
import { Http2Engine } from './http2/engine.ts';
import { listen } from './listen.ts';
import { NodeEngine } from './node-http/engine.ts';
import { TlsTerminator, type Terms } from './tls/terminator.ts';

/** What a listener reports to. */
export interface ListenerOptions {
  readonly dataPath: DataPath;
  readonly logger: Logger;
  readonly deadlines: Deadlines;
  readonly connections: ConnectionLimit;
  /** The same in all processes that serve clients of one address: what keys of TLS session tickets are derived from. */
  readonly ticketSecret: string;
  /** Counts a TLS handshake. */
  handshake(result: 'ok' | 'failed'): void;
}

/**
 * One port for clients. Its connections begin in the fast lane, which reads plain requests from the socket; a connection
 * on which anything else comes goes on with `node:http`, for good. With TLS the same begins after the handshake, unless
 * the client chose HTTP/2 in it.
 */
export class Listener {
  readonly #server: Server;
  readonly #engine: NodeEngine;
  readonly #lane: FastLane;
  readonly #http2: Http2Engine;
  readonly #terminator: TlsTerminator | undefined;
  /** With TLS: all connections, those included that are no engine's yet. */
  readonly #sockets = new Set<Socket>();
  /** With TLS: under what terms the connections shook hands. */
  readonly #terms = new WeakMap<Socket, Terms>();
  #config: ServerConfig;
  #closing = false;

  private constructor(config: ServerConfig, tls: ServerTlsConfig | undefined, options: ListenerOptions) {
    this.#config = config;
    const server = createServer({
      // Both are judged with the rest of the head, so that every refusal is the same kind of problem document.
      requireHostHeader: false,
      joinDuplicateHeaders: false,
      connectionsCheckingInterval: 1000,
      noDelay: true,
    });
    this.#server = server;
    this.#apply(config);
    const closing = (socket: Socket): boolean => this.#closing || this.#terms.get(socket)?.areOver === true;
    this.#engine = new NodeEngine(server, { ...options, closing, uriBytes: () => this.#config.limits.uriBytes });
    // The server's own listener, which makes a parser for each connection.
    const [readByNode] = server.listeners('connection');
    if (readByNode === undefined) throw new Error('node:http listens to no connections');
    server.removeAllListeners('connection');
    const takeByNode = (socket: Socket, headDeadline?: number): void => {
      this.#engine.take(socket, headDeadline);
      Reflect.apply(readByNode, server, [socket]);
    };
    const handOver = (socket: Socket, headDeadline: number | undefined): void => {
      takeByNode(socket, headDeadline);
      // The parser would read past the stream, and so get new bytes before those that stand in the stream: a request
      // that was a part of a body before. A listener for data makes it read from the stream.
      const ignore = (): void => undefined;
      socket.on('data', ignore);
      socket.off('data', ignore);
    };
    const settings = (): ServerConfig => this.#config;
    this.#lane = new FastLane({ ...options, closing, handOver, settings });
    this.#http2 = new Http2Engine({ ...options, closing, settings });
    const take = (socket: Socket): void => {
      if (config.fastLane) this.#lane.take(socket);
      else takeByNode(socket);
    };
    this.#terminator = tls && this.#terminate(tls, options, take);
    const terminator = this.#terminator;
    server.on('connection', (socket: Socket) => {
      if (!options.connections.admits(socket)) return;
      if (terminator === undefined) take(socket);
      else this.#takeEncrypted(socket, terminator);
    });
  }

  /**
   * Opens a listener.
   *
   * @param tls for HTTPS, at its address; without it for plain HTTP
   * @throws the system's error when the address cannot be bound, OpenSSL's when it does not take a certificate
   */
  static async open(
    config: ServerConfig,
    tls: ServerTlsConfig | undefined,
    options: ListenerOptions,
  ): Promise<Listener> {
    const listener = new Listener(config, tls, options);
    await listen(listener.#server, (tls ?? config).listen);
    return listener;
  }

  /**
   * Makes a changed configuration ready, but for the address.
   *
   * @returns brings limits and timeouts into effect, for connections that are open as far as `node:http` allows, and
   *   what concerns TLS for new ones. Those that were let in by another rule for clients end as with {@link close}
   * @throws OpenSSL's error when it does not take a certificate; then nothing changes
   */
  prepare(config: ServerConfig): () => void {
    const { tls, timeouts } = config;
    const useTls = tls && this.#terminator?.prepare(tls, timeouts.headers);
    return () => {
      this.#apply(config);
      if (useTls?.() === true) this.#retire();
    };
  }

  /** Closes idle connections. The others have learnt from their terms, or learn here, that they end. */
  #retire(): void {
    this.#lane.closeIdle();
    this.#http2.retire();
    this.#server.closeIdleConnections();
  }

  #apply(config: ServerConfig): void {
    this.#config = config;
    const { limits, timeouts } = config;
    const server = this.#server;
    server.headersTimeout = timeouts.headers;
    server.keepAliveTimeout = timeouts.keepAlive;
    // Without a byte in either direction: see NodeEngine.
    server.timeout = timeouts.keepAlive;
    // A body has its own deadline, which answers with a problem document: see ServerRequestBody.
    server.requestTimeout = 0;
    // Fields beyond a count would be dropped without a word: their size is what is limited.
    server.maxHeadersCount = 0;
    // Read for each new connection. The parser's limit is for target and fields together, and only the last resort.
    Object.assign(server, { maxHeaderSize: headLimit(limits) });
  }

  #terminate(tls: ServerTlsConfig, options: ListenerOptions, take: (socket: Socket) => void): TlsTerminator {
    const { logger } = options;
    return new TlsTerminator(tls, this.#config.timeouts.headers, {
      ticketSecret: options.ticketSecret,
      secured: (socket: TLSSocket, terms) => {
        options.handshake('ok');
        this.#terms.set(socket, terms);
        if (socket.alpnProtocol === 'h2') this.#http2.take(socket);
        else take(socket);
      },
      failed: (error) => {
        options.handshake('failed');
        // Anybody can make handshakes fail, as often as they like.
        logger.debug({ err: error }, 'TLS handshake failed');
      },
    });
  }

  #takeEncrypted(socket: Socket, terminator: TlsTerminator): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    terminator.take(socket);
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
    const deadline = headersTimeout === 0 ? undefined : setTimeout(() => this.#engine.closeUnasked(), headersTimeout);
    this.#retire();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    clearTimeout(deadline);
  }

  /** Ends every connection at once. */
  destroy(): void {
    this.#lane.destroy();
    this.#http2.destroy();
    this.#server.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
  }
}
