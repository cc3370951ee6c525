import type { Socket } from 'node:net';
import { FieldLines } from './field-lines.ts';
import { LaneConnection } from './lane-connection.ts';
import type { LaneOptions } from './options.ts';

/** The engine for what most requests are: plain HTTP/1.1, read from the socket and answered there. */
export class FastLane {
  readonly #options: LaneOptions;
  readonly #connections = new Set<LaneConnection>();

  /** The same for all connections. */
  readonly #lines = new FieldLines();

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** A new connection. */
  take(socket: Socket): void {
    const connection = new LaneConnection(socket, this.#options, this.#lines, () =>
      this.#connections.delete(connection),
    );
    this.#connections.add(connection);
  }

  /** Closes connections that wait for a request; the others close after their answers. */
  closeIdle(): void {
    for (const connection of this.#connections) connection.closeIdle();
  }

  /** Ends every connection at once. */
  destroy(): void {
    for (const connection of this.#connections) connection.destroy();
  }
}
