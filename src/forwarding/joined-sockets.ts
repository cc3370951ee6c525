import type { Socket } from 'node:net';
import { GOING_AWAY } from '../exchange.ts';
import { closeFrame, FrameFollower, maskedCloseFrame } from './websocket-frames.ts';

/** How long a WebSocket that is told to close may take, in milliseconds. */
const FAREWELL = 1000;

/** Two ends of a WebSocket, joined until either closes. Data flows with back-pressure, and neither survives the other. */
export class JoinedSockets {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #toClient = new FrameFollower();
  readonly #toUpstream = new FrameFollower();
  #isClosing = false;

  /**
   * @param early what both have sent already: to the client, to the upstream
   * @param idleTimeout without a byte in either direction: then both ends are closed with 1001; in milliseconds, 0 =
   *   unlimited
   * @param closed told once
   */
  constructor(
    client: Socket,
    upstream: Socket,
    early: { readonly toClient: Buffer; readonly toUpstream: Buffer },
    idleTimeout: number,
    closed: () => void,
  ) {
    this.#client = client;
    this.#upstream = upstream;
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.#end());
      socket.on('close', () => this.#end());
    }
    client.on('close', closed);
    // Reading and writing both count as activity, so that one of the two sockets tells of both directions.
    upstream.setTimeout(idleTimeout, () => this.close(GOING_AWAY));
    this.#join(upstream, client, this.#toClient, early.toClient);
    this.#join(client, upstream, this.#toUpstream, early.toUpstream);
  }

  /**
   * Closes both ends with a close frame, as soon as one may be written, and for certain within {@link FAREWELL}.
   *
   * @param code why, of RFC 6455 section 7.4.1
   */
  close(code: number): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const timer = setTimeout(() => this.#end(), FAREWELL);
    this.#client.once('close', () => clearTimeout(timer));
    this.#say(this.#upstream, this.#client, this.#toClient, closeFrame(code));
    this.#say(this.#client, this.#upstream, this.#toUpstream, maskedCloseFrame(code));
  }

  #join(from: Socket, to: Socket, frames: FrameFollower, early: Buffer): void {
    if (early.length > 0) {
      frames.see(early);
      to.write(early);
    }
    from.on('data', (chunk: Buffer) => {
      if (!this.#isClosing) frames.see(chunk);
    });
    from.pipe(to);
  }

  /** Ends one direction with a frame, after the one that is under way. */
  #say(from: Socket, to: Socket, frames: FrameFollower, frame: Buffer): void {
    from.unpipe(to);
    if (frames.isBetween) {
      to.end(frame);
      from.resume();
      return;
    }
    from.on('data', (chunk: Buffer) => {
      if (to.writableEnded) return;
      const end = frames.see(chunk);
      if (end === -1) to.write(chunk);
      else to.end(Buffer.concat([chunk.subarray(0, end), frame]));
    });
    from.resume();
  }

  #end(): void {
    this.#client.destroy();
    this.#upstream.destroy();
  }
}
