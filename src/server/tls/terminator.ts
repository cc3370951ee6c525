import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { ServerTlsConfig } from '../../config/tls-config.ts';
import { HandshakeSettings } from './handshake-settings.ts';
import { SecureContexts } from './secure-contexts.ts';
import { SUITES } from './suites.ts';

/** The longest time that a timer can wait; in milliseconds. */
const FOR_EVER = 2 ** 31 - 1;

/** What a terminator is given, and what it tells of. */
export interface TerminatorOptions {
  /** What the keys of session tickets are derived from. */
  readonly ticketSecret: string;
  /** A handshake is done. */
  secured(socket: TLSSocket): void;
  /** A handshake came to nothing, and the connection is closed. */
  failed(error: Error): void;
}

/** Ends TLS on connections that somebody else accepts. Its settings change for handshakes that come later. */
export class TlsTerminator {
  readonly #options: TerminatorOptions;
  #settings: HandshakeSettings;
  #server: Server;

  /** @throws what OpenSSL says of settings that it does not take */
  constructor(config: ServerTlsConfig, handshakeTimeout: number, options: TerminatorOptions) {
    this.#options = options;
    this.#settings = new HandshakeSettings(config, handshakeTimeout);
    this.#server = this.#create(this.#settings);
  }

  /**
   * Makes other settings ready. Those that are the same leave everything as it is, session tickets included.
   *
   * @param handshakeTimeout in milliseconds; 0 = none
   * @returns brings them into effect
   * @throws what OpenSSL says of settings that it does not take; then nothing changes
   */
  prepare(config: ServerTlsConfig, handshakeTimeout: number): () => void {
    const settings = new HandshakeSettings(config, handshakeTimeout);
    if (settings.equals(this.#settings)) return () => undefined;
    const server = this.#create(settings);
    return () => {
      this.#settings = settings;
      this.#server = server;
    };
  }

  /** A connection from whose first byte on TLS is spoken. */
  take(socket: Socket): void {
    this.#server.emit('connection', socket);
  }

  /** A server that never listens: a change of settings is another server, and handshakes of this one go on. */
  #create(settings: HandshakeSettings): Server {
    const { config, timeout } = settings;
    const resumption = settings.resumption(this.#options.ticketSecret);
    const contexts = new SecureContexts(config, resumption);
    const [first] = config.certificates;
    const server = createServer({
      cert: first?.cert,
      key: first?.key,
      ca: config.clientCa,
      minVersion: config.minVersion,
      ...SUITES,
      ...resumption,
      SNICallback: (name, use) => use(null, contexts.choose(name)),
      ALPNProtocols: config.http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
      requestCert: config.clientCa !== undefined,
      rejectUnauthorized: config.clientCa !== undefined && config.clientAuth === 'require',
      handshakeTimeout: timeout === 0 ? FOR_EVER : timeout,
    });
    server.on('secureConnection', (socket) => this.#options.secured(socket));
    server.on('tlsClientError', (error, socket) => {
      socket.destroy();
      this.#options.failed(error);
    });
    return server;
  }
}
