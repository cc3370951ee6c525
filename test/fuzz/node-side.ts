import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Activity } from './activity.ts';
import type { SeenRequest } from './seen.ts';

/** What `node:http` made of one connection. */
export interface NodeReading {
  readonly requests: SeenRequest[];
  /** The code of the error with which the parser gave up. */
  fault: string | undefined;
  /** What came after a request that ends HTTP on the connection. */
  rest: string;
}

/** A server of `node:http`, set up as the gateway sets up its own, that only writes down what it reads. */
export class NodeSide {
  readonly #server: Server;
  readonly #activity: Activity;
  readonly #readings = new WeakMap<Socket, NodeReading>();

  constructor(activity: Activity, maxHeaderSize: number) {
    this.#activity = activity;
    const server = createServer({ requireHostHeader: false, joinDuplicateHeaders: false, maxHeaderSize });
    server.timeout = 0;
    server.keepAliveTimeout = 0;
    server.headersTimeout = 0;
    server.requestTimeout = 0;
    server.maxHeadersCount = 0;
    const record =
      (kind: SeenRequest['kind']) =>
      (request: IncomingMessage, response: ServerResponse): void =>
        this.#record(kind, request, response);
    const leave = (request: IncomingMessage, socket: Socket, head: Buffer): void => this.#leave(request, socket, head);
    server.on('request', record('request'));
    server.on('checkContinue', record('expectation'));
    server.on('checkExpectation', record('expectation'));
    server.on('upgrade', leave);
    server.on('connect', leave);
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      activity.note();
      const reading = this.#readings.get(socket);
      if (reading !== undefined) reading.fault ??= error.code ?? error.message;
    });
    this.#server = server;
  }

  /** Reads a connection from now on. */
  take(socket: Socket): NodeReading {
    const reading: NodeReading = { requests: [], fault: undefined, rest: '' };
    this.#readings.set(socket, reading);
    this.#server.emit('connection', socket);
    return reading;
  }

  /** Answers come from nowhere: what is read of a connection must not depend on them. */
  #record(kind: SeenRequest['kind'], request: IncomingMessage, response: ServerResponse): void {
    const seen = seenOf(request, kind, response.shouldKeepAlive);
    this.#readings.get(request.socket)?.requests.push(seen);
    this.#activity.note();
    // What the parser gives is written down as it does: of a request whose connection is closed at once, which is what
    // becomes of the method PRI, no event would tell.
    const push = request.push.bind(request);
    request.push = (chunk: unknown, encoding) => {
      this.#activity.note();
      if (Buffer.isBuffer(chunk)) seen.body += chunk.toString('latin1');
      else {
        seen.complete = true;
        seen.trailers = request.rawTrailers;
      }
      return push(chunk, encoding);
    };
    request.on('error', () => {});
    request.resume();
  }

  #leave(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const reading = this.#readings.get(socket);
    if (reading === undefined) return;
    this.#activity.note();
    reading.requests.push(seenOf(request, 'upgrade', false));
    reading.rest = head.toString('latin1');
    socket.on('data', (chunk: Buffer) => {
      this.#activity.note();
      reading.rest += chunk.toString('latin1');
    });
    socket.resume();
  }
}

function seenOf(request: IncomingMessage, kind: SeenRequest['kind'], keepsAlive: boolean): SeenRequest {
  return {
    kind,
    method: request.method ?? '',
    target: request.url ?? '',
    httpVersion: request.httpVersion,
    headers: request.rawHeaders,
    keepsAlive,
    body: '',
    trailers: [],
    complete: false,
  };
}
