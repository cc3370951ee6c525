import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_TYPE, PROBLEMS, problemBody, type ProblemCode } from '../errors.ts';
import type { Client, Exchange, ExchangeWatcher, HeaderList, ResponseWriter, Upgrade } from '../exchange.ts';
import { combined } from '../fields.ts';
import { fieldLines } from '../forwarding/http1/field-lines.ts';
import { editHeaders, type HeaderEdits } from '../forwarding/headers.ts';
import type { OpenExchange, Route } from '../gateway/gateway.ts';
import type { NodeRequestBody } from './request-body.ts';

/** What is known of a request once its head is accepted. */
export interface ExchangeHead {
  readonly id: string;
  readonly path: string;
  readonly query: string;
  readonly authority: string;
  readonly host: string;
  readonly client: Client;
  readonly headers: HeaderList;
}

/** The status that the log and the metrics give an exchange whose client left before an answer: nginx made it common. */
const CLIENT_CLOSED = 499;

/** An exchange on a connection that `node:http` reads and writes. */
export class NodeExchange implements Exchange, OpenExchange {
  readonly id: string;
  readonly method: string;
  readonly minorVersion: number;
  readonly path: string;
  readonly query: string;
  readonly authority: string;
  readonly host: string;
  readonly client: Client;
  readonly headers: HeaderList;
  readonly body: NodeRequestBody | undefined;
  readonly upgrade: Upgrade | undefined;
  readonly startedAt = performance.now();
  params: Readonly<Record<string, string>> = {};
  route: Route | undefined;
  responseEdits: HeaderEdits | undefined;
  upstream = '';
  attempts = 0;
  failure: { readonly kind: string; readonly cause: string } | undefined;
  response: ResponseWriter;
  readonly #answer: NodeResponse;
  #watcher: ExchangeWatcher | undefined;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    head: ExchangeHead,
    options: { body: NodeRequestBody | undefined; upgrade: UpgradeRequest | undefined; closing: () => boolean },
  ) {
    this.id = head.id;
    this.method = request.method ?? '';
    this.minorVersion = request.httpVersionMinor;
    this.path = head.path;
    this.query = head.query;
    this.authority = head.authority;
    this.host = head.host;
    this.client = head.client;
    this.headers = head.headers;
    this.body = options.body;
    this.#answer = new NodeResponse(this, response, options.closing);
    this.response = this.#answer;
    const { upgrade } = options;
    this.upgrade =
      upgrade === undefined
        ? undefined
        : { protocol: upgrade.protocol, accept: (fields) => this.#answer.handOver(upgrade, fields) };
  }

  /** The status that was sent, or what the log says when none was. */
  get status(): number {
    return this.#answer.status === 0 ? CLIENT_CLOSED : this.#answer.status;
  }

  /** How many bytes of the answer's body were written. */
  get bytes(): number {
    return this.#answer.bytes;
  }

  /** Whether the whole answer went out. */
  get complete(): boolean {
    return this.#answer.complete;
  }

  header(name: string): string | undefined {
    return combined(this.headers, name);
  }

  fail(code: ProblemCode, options: { detail?: string; headers?: HeaderList } = {}): void {
    if (this.#answer.status !== 0) {
      this.#answer.abort();
      return;
    }
    const body = Buffer.from(problemBody(code, this.id, options.detail));
    const headers = ['content-type', PROBLEM_TYPE, 'content-length', String(body.length), ...(options.headers ?? [])];
    this.#answer.head(PROBLEMS[code].status, headers);
    this.#answer.write(body);
    this.#answer.end();
  }

  watch(watcher: ExchangeWatcher | undefined): void {
    this.#watcher = watcher;
  }

  /** Whether this exchange is answered with that response. */
  isFor(response: ServerResponse): boolean {
    return this.#answer.isOn(response);
  }

  /** The rest of the request cannot be read: ends what was begun with it. */
  refuse(problem: ProblemCode): void {
    const watcher = this.#watcher;
    this.#watcher = undefined;
    watcher?.onAbort();
    this.fail(problem);
  }

  cut(): void {
    const watcher = this.#watcher;
    this.#watcher = undefined;
    watcher?.onAbort();
    this.#answer.abort();
  }

  /** The engine says that the client reads again. */
  drained(): void {
    this.#watcher?.onDrain();
  }

  /** The engine says that the exchange is over. */
  closed(): void {
    const watcher = this.#watcher;
    this.#watcher = undefined;
    if (!this.complete) watcher?.onAbort();
  }
}

/** The connection of a request for another protocol. */
export interface UpgradeRequest {
  readonly protocol: string;
  readonly socket: Socket;
  /** Takes what the client sent early; nothing is read from the socket after that. */
  takeEarly(): Buffer;
}

/** Writes an answer through `node:http`. */
class NodeResponse implements ResponseWriter {
  status = 0;
  bytes = 0;
  complete = false;
  readonly #exchange: NodeExchange;
  readonly #response: ServerResponse;
  readonly #closing: () => boolean;
  #blocked = false;
  #tunnel: Socket | undefined;

  constructor(exchange: NodeExchange, response: ServerResponse, closing: () => boolean) {
    this.#exchange = exchange;
    this.#response = response;
    this.#closing = closing;
  }

  isOn(response: ServerResponse): boolean {
    return this.#response === response;
  }

  informational(status: number, headers: HeaderList): void {
    const { socket } = this.#response;
    // HTTP/1.0 has no interim answers (RFC 9110 section 15.2); behind another answer there is no place for one yet.
    if (socket === null || this.status !== 0 || this.#exchange.minorVersion === 0) return;
    socket.write(headText(status, withoutLength(headers)), 'latin1');
  }

  head(status: number, headers: HeaderList): void {
    const response = this.#response;
    if (this.status !== 0 || response.destroyed) return;
    this.status = status;
    const { body } = this.#exchange;
    const list = this.#finalHeaders(status === 204 ? withoutLength(headers) : headers);
    if (this.#closing() || body?.isLost === true) response.shouldKeepAlive = false;
    response.writeHead(status, this.#withTrailers(status, list));
    process.nextTick(flushHead, this, response);
  }

  /** The fields as the client gets them: edited, and with the id. */
  #finalHeaders(headers: HeaderList): string[] {
    const { responseEdits, id } = this.#exchange;
    const list = responseEdits === undefined ? [...headers] : editHeaders(headers, responseEdits, this.#exchange);
    list.push('x-request-id', id);
    return list;
  }

  /** Without the Trailer field, unless the answer is chunked: `node:http` throws where no trailers can follow. */
  #withTrailers(status: number, headers: string[]): string[] {
    const announcement = headers.findIndex((name, index) => index % 2 === 0 && isField(name, 'trailer'));
    if (announcement === -1) return headers;
    const { method, minorVersion } = this.#exchange;
    const bodiless = method === 'HEAD' || status === 204 || status === 304 || minorVersion === 0;
    const sized = headers.some((name, index) => index % 2 === 0 && isField(name, 'content-length'));
    return bodiless || sized
      ? headers.filter((_, index) => !isField(headers[index - (index % 2)], 'trailer'))
      : headers;
  }

  write(chunk: Uint8Array): boolean {
    const response = this.#response;
    if (this.#exchange.method === 'HEAD') return true;
    this.bytes += chunk.length;
    // A destroyed response takes nothing and will never drain: its writer must not wait for it.
    if (response.destroyed || response.write(chunk)) return true;
    if (!this.#blocked) {
      this.#blocked = true;
      response.once('drain', () => {
        this.#blocked = false;
        this.#exchange.drained();
      });
    }
    return false;
  }

  end(trailers?: HeaderList): void {
    const response = this.#response;
    if (response.destroyed) return;
    if (trailers !== undefined) response.addTrailers(pairs(trailers));
    this.complete = true;
    this.#exchange.body?.discard();
    response.end();
  }

  abort(): void {
    const { socket } = this.#response;
    // In HTTP/1.0 an orderly end of the connection is how an answer is completed: only a reset tells that it is not.
    if (this.#exchange.minorVersion === 0) socket?.resetAndDestroy();
    this.#response.destroy();
    this.#tunnel?.destroy();
  }

  /** Leaves HTTP: the socket belongs to the caller. */
  handOver(upgrade: UpgradeRequest, fields: HeaderList): { socket: Socket; head: Buffer } {
    const { socket, protocol } = upgrade;
    this.status = 101;
    this.complete = true;
    this.#tunnel = socket;
    this.#response.detachSocket(socket);
    const headers = this.#finalHeaders(withoutLength(fields));
    socket.write(headText(101, ['connection', 'Upgrade', 'upgrade', protocol, ...headers]), 'latin1');
    return { socket, head: upgrade.takeEarly() };
  }
}

/** Sends the head alone when its body does not come at once: the client of an event stream waits for it. */
function flushHead(answer: NodeResponse, response: ServerResponse): void {
  if (answer.bytes === 0 && !answer.complete && !response.destroyed) response.flushHeaders();
}

/** A head that goes to the socket past `node:http`. */
function headText(status: number, headers: HeaderList): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${fieldLines(headers)}\r\n`;
}

/** RFC 9110 section 8.6: 1xx and 204 have no Content-Length, and a client that believed one would wait for a body. */
function withoutLength(headers: HeaderList): HeaderList {
  return headers.filter((_, index) => !isField(headers[index - (index % 2)], 'content-length'));
}

function isField(name: string | undefined, wanted: string): boolean {
  return name?.length === wanted.length && name.toLowerCase() === wanted;
}

function pairs(headers: HeaderList): [string, string][] {
  const list: [string, string][] = [];
  for (let index = 0; index + 1 < headers.length; index += 2)
    list.push([headers[index] ?? '', headers[index + 1] ?? '']);
  return list;
}
