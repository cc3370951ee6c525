import type { Socket } from 'node:net';

/**
 * Closes connections beyond a limit, over all listeners of the process together.
 *
 * `maxConnections` of a server is no substitute: in a worker of node:cluster such a server gives the connection back, the
 * primary offers it to the next worker, and with all of them full it goes round for ever.
 */
export class ConnectionLimit {
  readonly #refused: () => void;
  #open = 0;
  /** The most that may be open. */
  limit: number;

  /** @param refused told of each connection that is closed for it */
  constructor(limit: number, refused: () => void) {
    this.limit = limit;
    this.#refused = refused;
  }

  /** Counts a connection until it closes. @returns false when it is one too many: then it is closed */
  admits(socket: Socket): boolean {
    if (this.#open >= this.limit) {
      socket.destroy();
      this.#refused();
      return false;
    }
    this.#open += 1;
    socket.once('close', () => (this.#open -= 1));
    return true;
  }
}
