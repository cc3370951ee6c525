import type { IncomingMessage, ServerResponse } from 'node:http';
import { DRAIN_LIMIT, LINGER_LIMIT, LINGER_TIME, type BodySink, type BodySource } from '../request-body.ts';

/** The body of a request that `node:http` reads. */
export class NodeBody implements BodySource {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #timeout: number;

  /** @param timeout to receive all of it; in milliseconds, 0 = unlimited */
  constructor(request: IncomingMessage, response: ServerResponse, timeout: number) {
    this.#request = request;
    this.#response = response;
    this.#timeout = timeout;
  }

  get complete(): boolean {
    return this.#request.complete;
  }

  begin(sink: BodySink): void {
    const request = this.#request;
    let ended = false;
    request.on('data', (chunk: Buffer) => sink.onData(chunk));
    request.on('end', () => {
      ended = true;
      sink.onEnd(request.rawTrailers.length === 0 ? undefined : request.rawTrailers);
    });
    request.on('error', () => sink.onLost());
    request.on('close', () => {
      if (!ended) sink.onLost();
    });
  }

  pause(): void {
    this.#request.pause();
  }

  resume(): void {
    this.#request.resume();
  }

  invite(): void {
    this.#response.writeContinue();
  }

  drain(closes: boolean): void {
    const request = this.#request;
    if (request.complete) {
      request.resume();
      return;
    }
    const { socket } = request;
    const limit = closes ? LINGER_LIMIT : DRAIN_LIMIT;
    // `node:http` calls this after an answer that is the last one.
    if (closes) socket.destroySoon = () => void socket.end();
    const deadline = setTimeout(() => socket.destroy(), closes ? LINGER_TIME : this.#timeout || LINGER_TIME);
    let drained = 0;
    request.removeAllListeners('data');
    request.on('data', (chunk: Buffer) => {
      drained += chunk.length;
      if (drained > limit) socket.destroy();
    });
    request.on('error', () => undefined);
    // After the answer `node:http` does not tell the request of the connection's end any more.
    const done = (): void => {
      clearTimeout(deadline);
      socket.off('close', done);
    };
    socket.on('close', done);
    if (!closes) request.on('end', done);
    request.resume();
  }
}
