import type { TLSSocket } from 'node:tls';
import { Http2Connection, type Http2Options } from './connection.ts';

/** The engine for HTTP/2: `node:http2` reads frames, and the data path answers the requests in them. */
export class Http2Engine {
  readonly #options: Http2Options;
  readonly #connections = new Set<Http2Connection>();

  constructor(options: Http2Options) {
    this.#options = options;
  }

  /** A connection whose client chose HTTP/2 in its handshake. */
  take(socket: TLSSocket): void {
    const connection = new Http2Connection(socket, this.#options, () => this.#connections.delete(connection));
    this.#connections.add(connection);
  }

  /** Closes connections after the answers that are due. */
  retire(): void {
    for (const connection of this.#connections) connection.retire();
  }

  /** Ends every connection at once. */
  destroy(): void {
    for (const connection of this.#connections) connection.destroy();
  }
}
