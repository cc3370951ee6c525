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
    const response = this.#response;
    let limit = DRAIN_LIMIT;
    let deadline = setTimeout(() => socket.destroy(), this.#timeout || LINGER_TIME);
    // Too much is left: the connection ends with the answer, which the client gets the time to read.
    const linger = (): void => {
      limit = LINGER_LIMIT;
      clearTimeout(deadline);
      deadline = setTimeout(() => socket.destroy(), LINGER_TIME);
      // `node:http` calls this after an answer that is the last one.
      socket.destroySoon = () => void socket.end();
      if (response.writableFinished) socket.end();
      else response.once('finish', () => socket.end());
    };
    let drained = 0;
    request.removeAllListeners('data');
    request.on('data', (chunk: Buffer) => {
      drained += chunk.length;
      if (drained <= limit) return;
      if (limit === DRAIN_LIMIT) linger();
      else socket.destroy();
    });
    request.on('error', () => undefined);
    // After the answer `node:http` does not tell the request of the connection's end any more.
    const done = (): void => {
      clearTimeout(deadline);
      socket.off('close', done);
    };
    socket.on('close', done);
    if (closes) linger();
    request.on('end', () => {
      if (limit === DRAIN_LIMIT) done();
    });
    request.resume();
  }
}
