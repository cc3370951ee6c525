import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { ServerTlsConfig } from '../../config/tls-config.ts';
import { HandshakeSettings } from './handshake-settings.ts';
import { SecureContexts } from './secure-contexts.ts';
import { SUITES } from './suites.ts';

/** The longest time that a timer can wait; in milliseconds. */
const FOR_EVER = 2 ** 31 - 1;

/** What the connections have in common that were let in by one rule. */
export interface Terms {
  /** Another rule holds now: they are to end. */
  areOver: boolean;
}

export interface TerminatorOptions {
  /** What the keys of session tickets are derived from. */
  readonly ticketSecret: string;
  /** A handshake is done. */
  secured(socket: TLSSocket, terms: Terms): void;
  /** A handshake came to nothing, and the connection is closed. */
  failed(error: Error): void;
}

/** Ends TLS on connections that somebody else accepts. Its settings change for handshakes that come later. */
export class TlsTerminator {
  readonly #options: TerminatorOptions;
  #settings: HandshakeSettings;
  #terms: Terms = { areOver: false };
  #server: Server;

  /** @throws what OpenSSL says of settings that it does not take */
  constructor(config: ServerTlsConfig, handshakeTimeout: number, options: TerminatorOptions) {
    this.#options = options;
    this.#settings = new HandshakeSettings(config, handshakeTimeout);
    this.#server = this.#create(this.#settings, this.#terms);
  }

  /**
   * Makes other settings ready. Those that are the same leave everything as it is, session tickets included.
   *
   * @param handshakeTimeout in milliseconds; 0 = none
   * @returns brings them into effect, and says whether the terms of the connections that are open are over now
   * @throws what OpenSSL says of settings that it does not take; then nothing changes
   */
  prepare(config: ServerTlsConfig, handshakeTimeout: number): () => boolean {
    const settings = new HandshakeSettings(config, handshakeTimeout);
    if (settings.equals(this.#settings)) return () => false;
    const former = this.#terms;
    const terms = settings.admitsAs(this.#settings) ? former : { areOver: false };
    const server = this.#create(settings, terms);
    return () => {
      this.#settings = settings;
      this.#terms = terms;
      this.#server = server;
      former.areOver = former !== terms;
      return former.areOver;
    };
  }

  /** A connection from whose first byte on TLS is spoken. */
  take(socket: Socket): void {
    this.#server.emit('connection', socket);
  }

  /** A server that never listens: a change of settings is another server, and handshakes of this one go on. */
  #create(settings: HandshakeSettings, terms: Terms): Server {
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
    server.on('secureConnection', (socket) => this.#options.secured(socket, terms));
    server.on('tlsClientError', (error, socket) => {
      socket.destroy();
      this.#options.failed(error);
    });
    return server;
  }
}
