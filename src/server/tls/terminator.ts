import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { ServerTlsConfig } from '../../config/tls-config.ts';
import { SecureContexts } from './secure-contexts.ts';
import { SUITES } from './suites.ts';

/** The longest time that a timer can wait; in milliseconds. */
const FOR_EVER = 2 ** 31 - 1;

/** What a terminator tells of. */
export interface TerminatorOptions {
  /** A handshake is done. */
  secured(socket: TLSSocket): void;
  /** A handshake came to nothing, and the connection is closed. */
  failed(error: Error): void;
}

/** Ends TLS on connections that somebody else accepts. Its settings change for connections that come later only. */
export class TlsTerminator {
  readonly #options: TerminatorOptions;
  #server: Server;

  /** @throws what OpenSSL says of settings that it does not take */
  constructor(config: ServerTlsConfig, handshakeTimeout: number, options: TerminatorOptions) {
    this.#options = options;
    this.#server = this.#create(config, handshakeTimeout);
  }

  /**
   * Makes other settings ready.
   *
   * @param handshakeTimeout in milliseconds; 0 = none
   * @returns brings them into effect
   * @throws what OpenSSL says of settings that it does not take; then nothing changes
   */
  prepare(config: ServerTlsConfig, handshakeTimeout: number): () => void {
    const server = this.#create(config, handshakeTimeout);
    return () => {
      this.#server = server;
    };
  }

  /** A connection from whose first byte on TLS is spoken. */
  take(socket: Socket): void {
    this.#server.emit('connection', socket);
  }

  /** A server that never listens: a change of settings is another server, and the connections of this one go on. */
  #create(config: ServerTlsConfig, handshakeTimeout: number): Server {
    const contexts = new SecureContexts(config);
    const [first] = config.certificates;
    const server = createServer({
      cert: first?.cert,
      key: first?.key,
      ca: config.clientCa,
      minVersion: config.minVersion,
      ...SUITES,
      SNICallback: (name, use) => use(null, contexts.choose(name)),
      ALPNProtocols: config.http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
      requestCert: config.clientCa !== undefined,
      rejectUnauthorized: config.clientCa !== undefined && config.clientAuth === 'require',
      handshakeTimeout: handshakeTimeout === 0 ? FOR_EVER : handshakeTimeout,
    });
    server.on('secureConnection', (socket) => this.#options.secured(socket));
    server.on('tlsClientError', (error, socket) => {
      socket.destroy();
      this.#options.failed(error);
    });
    return server;
  }
}
