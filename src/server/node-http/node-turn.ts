import { hasField, withoutField } from '../../fields.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Deadlines } from '../../deadlines.ts';
import { kept, type HeaderList, type Upgrade } from '../../exchange.ts';
import { headText, withoutLength } from '../answer-fields.ts';
import type { Peer } from '../client.ts';
import { ServerRequestBody, type BodyOptions } from '../request-body.ts';
import type { Turn, TurnOwner } from '../turn.ts';
import { NodeBody } from './node-body.ts';

/** The connection of a request for another protocol. */
export interface UpgradeRequest {
  /** As the client named it, in lower case. */
  readonly protocol: string;
  readonly socket: Socket;
  /** Takes what the client sent early; nothing is read from the socket after that. */
  takeEarly(): Buffer;
}

/** A request that `node:http` read, and the answer to it. */
export class NodeTurn implements Turn {
  readonly peer: Peer;
  readonly upgrade: Upgrade | undefined;
  status = 0;
  bytes = 0;
  complete = false;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #deadlines: Deadlines;
  readonly #closing: () => boolean;
  #owner: TurnOwner | undefined;
  #blocked = false;
  #tunnel: Socket | undefined;

  /** @param closing whether the connection is to close after its answer */
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    options: { peer: Peer; deadlines: Deadlines; closing: () => boolean; upgrade?: UpgradeRequest | undefined },
  ) {
    const { peer, deadlines, closing, upgrade } = options;
    this.peer = peer;
    this.#request = request;
    this.#response = response;
    this.#deadlines = deadlines;
    this.#closing = closing;
    this.upgrade =
      upgrade === undefined
        ? undefined
        : { protocol: upgrade.protocol, accept: (fields) => this.#handOver(upgrade, fields) };
  }

  begin(owner: TurnOwner): void {
    this.#owner = owner;
    this.#response.on('close', () => {
      if (this.#tunnel === undefined) this.#over();
    });
  }

  openBody(options: BodyOptions): ServerRequestBody {
    return new ServerRequestBody(
      new NodeBody(this.#request, this.#response, options.timeout),
      options,
      this.#deadlines,
    );
  }

  close(): void {
    this.#response.shouldKeepAlive = false;
  }

  informational(status: number, headers: HeaderList): void {
    this.#response.socket?.write(headText(status, withoutLength(headers)), 'latin1');
  }

  head(status: number, headers: HeaderList, requestId: string): void {
    const response = this.#response;
    if (this.status !== 0 || response.destroyed) return;
    const sent = status === 204 ? withoutLength(headers) : headers;
    if (this.#closing()) this.close();
    response.writeHead(status, [...this.#withTrailers(status, sent), 'x-request-id', requestId]);
    this.status = status;
    process.nextTick(flushHead, this, response);
  }

  /** Without the Trailer field, unless the answer is chunked: `node:http` throws where no trailers can follow. */
  #withTrailers(status: number, headers: HeaderList): HeaderList {
    const { method, httpVersionMinor } = this.#request;
    const bodiless = method === 'HEAD' || status === 204 || status === 304 || httpVersionMinor === 0;
    return bodiless || hasField(headers, 'content-length') ? withoutField(headers, 'trailer') : headers;
  }

  write(chunk: Buffer): boolean {
    const response = this.#response;
    if (this.#request.method === 'HEAD') return true;
    this.bytes += chunk.length;
    // A destroyed response takes nothing and will never drain: its writer must not wait for it.
    if (response.destroyed || response.write(kept(chunk))) return true;
    if (!this.#blocked) {
      this.#blocked = true;
      response.once('drain', () => {
        this.#blocked = false;
        this.#owner?.drained();
      });
    }
    return false;
  }

  end(trailers?: HeaderList): void {
    const response = this.#response;
    if (response.destroyed) return;
    if (trailers !== undefined) response.addTrailers(pairs(trailers));
    this.complete = true;
    response.end();
  }

  abort(): void {
    if (this.complete && this.#tunnel === undefined) return;
    const { socket } = this.#response;
    // In HTTP/1.0 an orderly end of the connection is how an answer is completed: only a reset tells that it is not. In
    // TLS the end is orderly only when it was announced (RFC 8446 section 6.1), which it is not here.
    if (this.#request.httpVersionMinor === 0 && !(socket instanceof TLSSocket)) socket?.resetAndDestroy();
    this.#response.destroy();
    this.#tunnel?.destroy();
  }

  #over(): void {
    const owner = this.#owner;
    this.#owner = undefined;
    owner?.over();
  }

  /** Leaves HTTP: the socket belongs to the caller. */
  #handOver(upgrade: UpgradeRequest, headers: HeaderList): { socket: Socket; head: Buffer } {
    const { socket, protocol } = upgrade;
    this.status = 101;
    this.complete = true;
    this.#tunnel = socket;
    socket.on('close', () => this.#over());
    this.#response.detachSocket(socket);
    const fields = ['connection', 'Upgrade', 'upgrade', protocol, ...withoutLength(headers)];
    socket.write(headText(101, fields), 'latin1');
    return { socket, head: upgrade.takeEarly() };
  }
}

/** Sends the head alone when its body does not come at once: the client of an event stream waits for it. */
function flushHead(turn: NodeTurn, response: ServerResponse): void {
  if (turn.bytes === 0 && !turn.complete && !response.destroyed) response.flushHeaders();
}

function pairs(headers: HeaderList): [string, string][] {
  const list: [string, string][] = [];
  for (let index = 0; index + 1 < headers.length; index += 2)
    list.push([headers[index] ?? '', headers[index + 1] ?? '']);
  return list;
}
