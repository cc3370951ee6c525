import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

/** Told by Node of every connection that a server of this process takes. */
const CHANNEL = 'net.server.socket';

/** Closes connections beyond a limit, over all servers of the process together. */
export class ConnectionLimit {
  readonly #refused: () => void;
  readonly #onSocket = (message: unknown): void => this.#take(message);
  #open = 0;
  /** The most that may be open. */
  limit: number;

  /** @param refused told of each connection that is closed for it */
  constructor(limit: number, refused: () => void) {
    this.limit = limit;
    this.#refused = refused;
    subscribe(CHANNEL, this.#onSocket);
  }

  close(): void {
    unsubscribe(CHANNEL, this.#onSocket);
  }

  #take(message: unknown): void {
    const socket = typeof message === 'object' && message !== null && 'socket' in message ? message.socket : undefined;
    if (!(socket instanceof Socket)) return;
    this.#open += 1;
    socket.once('close', () => (this.#open -= 1));
    if (this.#open <= this.limit) return;
    socket.destroy();
    this.#refused();
  }
}
