import { request as httpRequest, type Agent, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Exchange, ExchangeWatcher } from '../exchange.ts';
import { FAILURES, type Failure } from './failure.ts';
import { endToEndHeaders } from './headers.ts';
import { connectFailure } from './http1/connection.ts';
import { JoinedSockets } from './joined-sockets.ts';

/** A request to open a tunnel, as it goes to one endpoint. */
export interface TunnelRequest {
  readonly origin: string;
  readonly agent: Agent;
  /** Path and query. */
  readonly target: string;
  /** Host included, Connection and Upgrade not. */
  readonly headers: readonly string[];
  /** Until the connection is up; in milliseconds, 0 = unlimited. */
  readonly connectTimeout: number;
  /** Until the upstream answers; in milliseconds, 0 = unlimited. */
  readonly timeout: number;
  /** Without a byte of a refusal's body; in milliseconds, 0 = unlimited. */
  readonly refusalTimeout: number;
  /** Without a byte in either direction; in milliseconds, 0 = unlimited. */
  readonly idleTimeout: number;
}

/** Is told how the tunnel goes. */
export interface TunnelObserver {
  /** The upstream answered: 101, or a refusal. */
  onAnswer(status: number): void;
  onFailure(failure: Failure): void;
  /** The tunnel or the refusal is over. Called once, also after a failure. */
  onClose(): void;
}

/**
 * Asks an upstream for a WebSocket (RFC 6455) and joins the two connections when it agrees. When it does not, its
 * answer reaches the client as it is, so that a 401 stays a 401.
 */
export function openTunnel(exchange: Exchange, request: TunnelRequest, observer: TunnelObserver): void {
  const { origin, agent, target, connectTimeout, timeout, idleTimeout } = request;
  const url = new URL(origin);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const attempt = send({
    agent,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port,
    method: exchange.method,
    path: target,
    headers: [...request.headers, 'connection', 'Upgrade', 'upgrade', exchange.upgrade?.protocol ?? ''],
  });
  let state: 'asking' | 'answered' | 'over' = 'asking';
  const over = (): void => {
    if (state === 'over') return;
    state = 'over';
    clearTimeout(timer);
    clearTimeout(connecting);
    exchange.watch(undefined);
    observer.onClose();
  };
  const fail = (failure: Failure): void => {
    if (state === 'asking') observer.onFailure(failure);
    if (state !== 'over') exchange.fail(FAILURES[failure.kind].problem);
    over();
  };
  const timer =
    timeout === 0
      ? undefined
      : setTimeout(() => {
          attempt.destroy();
          fail({ kind: 'headers-timeout', cause: 'the route’s timeout ran out' });
        }, timeout);
  const connecting =
    connectTimeout === 0
      ? undefined
      : setTimeout(() => {
          attempt.destroy();
          fail({ kind: 'connect-timeout', cause: 'connectTimeout ran out' });
        }, connectTimeout);
  let connected = false;
  attempt.once('socket', (socket) => {
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      connected = true;
      clearTimeout(connecting);
    });
  });
  const watcher: ExchangeWatcher = {
    onDrain: () => undefined,
    onAbort: () => {
      attempt.destroy();
      if (state === 'asking') observer.onFailure({ kind: 'client-aborted', cause: 'the client left' });
      over();
    },
  };
  exchange.watch(watcher);

  attempt.on('upgrade', (answer: IncomingMessage, upstream: Socket, early: Buffer) => {
    clearTimeout(timer);
    const upgrade = exchange.upgrade;
    if (state !== 'asking' || upgrade === undefined) {
      upstream.destroy();
      return;
    }
    if ((answer.headers.upgrade ?? '').toLowerCase() !== upgrade.protocol) {
      upstream.destroy();
      fail({ kind: 'invalid-response', cause: 'the upstream switched to another protocol' });
      return;
    }
    state = 'answered';
    exchange.watch(undefined);
    observer.onAnswer(101);
    const { socket: client, head } = upgrade.accept(endToEndHeaders(answer.rawHeaders));
    const joined = new JoinedSockets(client, upstream, { toClient: early, toUpstream: head }, idleTimeout, over);
    exchange.watch({
      onDrain: () => undefined,
      onAbort: () => undefined,
      onCut: (code) => {
        joined.close(code);
        return true;
      },
    });
  });
  attempt.on('response', (answer: IncomingMessage) => {
    clearTimeout(timer);
    state = 'answered';
    observer.onAnswer(answer.statusCode ?? 502);
    exchange.watch({ onDrain: () => answer.resume(), onAbort: () => answer.destroy() });
    exchange.response.head(answer.statusCode ?? 502, endToEndHeaders(answer.rawHeaders));
    // The upstream that stops sending its refusal, or the client that stops reading it.
    answer.socket.setTimeout(request.refusalTimeout, () =>
      attempt.destroy(new Error('idleTimeout ran out within the refusal')),
    );
    answer.on('data', (chunk: Buffer) => {
      if (!exchange.response.write(chunk)) answer.pause();
    });
    answer.on('end', () => {
      exchange.response.end();
      over();
    });
    answer.on('error', () => fail({ kind: 'reset', cause: 'the upstream’s refusal broke off' }));
    answer.on('close', over);
  });
  attempt.on('error', (error: NodeJS.ErrnoException) => {
    const invalid = error.code?.startsWith('HPE_') === true;
    const kind = !connected ? connectFailure(error) : invalid ? 'invalid-response' : 'reset';
    fail({ kind, cause: error.message });
  });
  attempt.end();
}
