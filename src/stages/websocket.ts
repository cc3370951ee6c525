import type { Exchange } from '../exchange.ts';
import { FAILURES } from '../forwarding/failure.ts';
import { forwardedRequestHeaders } from '../forwarding/headers.ts';
import { openTunnel } from '../forwarding/tunnel.ts';
import type { ForwardOptions } from './forward.ts';
import type { Stage } from './stage.ts';

export interface WebSocketOptions extends ForwardOptions {
  readonly idleTimeout: number;
  readonly maxConnections: number;
  /** How many are open on this route; it outlives reloads. */
  readonly count: { open: number };
  /** Counts an open one in the metrics until the returned function is called. */
  readonly opened: () => () => void;
}

/** Opens WebSockets for requests that ask for one; others go on. */
export function webSocket(options: WebSocketOptions): Stage {
  return (next) => (exchange) => {
    if (exchange.upgrade === undefined) return next(exchange);
    if (exchange.upgrade.protocol !== 'websocket') return exchange.fail('upgrade-refused');
    if (options.count.open >= options.maxConnections) return exchange.fail('too-many-websockets');
    return open(exchange, options);
  };
}

function open(exchange: Exchange, options: WebSocketOptions): void {
  const { upstream, count } = options;
  const endpoint = upstream.pick();
  const startedAt = performance.now();
  let closed = (): void => undefined;
  count.open += 1;
  exchange.upstream = upstream.name;
  exchange.attempts += 1;
  const headers = forwardedRequestHeaders(exchange, options.headers);
  headers.push('host', (upstream.preserveHost && exchange.authority) || endpoint.authority);
  const request = {
    origin: endpoint.origin,
    agent: endpoint.agent,
    target: options.path(exchange) + exchange.query,
    headers,
    connectTimeout: endpoint.connectTimeout,
    timeout: options.timeout,
    refusalTimeout: endpoint.idleTimeout,
    idleTimeout: options.idleTimeout,
  };
  openTunnel(exchange, request, {
    onAnswer: (status) => {
      upstream.metrics.headersAfter((performance.now() - startedAt) / 1000);
      upstream.metrics.attempt(`${Math.trunc(status / 100)}xx`);
      if (status === 101) closed = options.opened();
    },
    onFailure: (failure) => {
      exchange.failure = failure;
      upstream.metrics.attempt(FAILURES[failure.kind].outcome);
    },
    onClose: () => {
      count.open -= 1;
      closed();
    },
  });
}
