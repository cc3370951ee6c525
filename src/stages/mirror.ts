import type { Exchange, HeaderList, RequestBody } from '../exchange.ts';
import { BufferedBody } from '../forwarding/buffered-body.ts';
import { CopiedBody } from '../forwarding/copied-body.ts';
import { forwardedRequestHeaders, type RequestHeaderPlan } from '../forwarding/headers.ts';
import { Try, type TryObserver } from '../upstreams/try.ts';
import type { Upstream } from '../upstreams/upstream.ts';
import type { Stage } from './stage.ts';

/** What became of a copy; `skipped` when there was too much to do, or too much to copy. */
export type MirrorResult = 'sent' | 'skipped';

export interface MirrorOptions {
  readonly upstream: Upstream;
  /** The share of the requests that is copied, from 0 to 1. */
  readonly ratio: number;
  /** The path for the upstream. */
  readonly path: (exchange: Exchange) => string;
  /** The query for the upstream, with its `?`. */
  readonly query: (exchange: Exchange) => string;
  readonly headers: RequestHeaderPlan;
  readonly count: (result: MirrorResult) => void;
  /** From 0 to below 1; for tests. */
  readonly random?: () => number;
}

/** Requests with larger bodies are not copied; in bytes. */
const COPIED = 64 * 1024;
/** How many copies of a route may be under way: a mirror that hangs must not pile them up. */
const AT_ONCE = 100;

/**
 * Sends copies of requests to another upstream and throws its answers away. The copy goes out when the request's body is
 * complete, and nobody waits for it: whatever becomes of it, the request goes its own way.
 */
export function mirror(options: MirrorOptions): Stage {
  const { ratio, random = Math.random, count } = options;
  let underWay = 0;
  const send = (exchange: Exchange, body: RequestBody | undefined): void => {
    const { upstream, path, query, headers } = options;
    const picked = underWay < AT_ONCE ? upstream.choice.next(upstream.hashKey(exchange), []) : undefined;
    if (picked === undefined || 'fault' in picked) {
      count('skipped');
      return;
    }
    count('sent');
    underWay += 1;
    const { endpoint } = picked;
    const host = (upstream.preserveHost && exchange.authority) || endpoint.authority;
    const over = (): void => void (underWay -= 1);
    // A mirror that stops reading is one that fails.
    const copy: Try = new Try(
      picked,
      upstream,
      nobody(over, () => copy.abort('body-timeout')),
    );
    copy.start({
      method: exchange.method,
      target: path(exchange) + query(exchange),
      headers: [...forwardedRequestHeaders(exchange, headers), 'host', host, ...lengthOf(exchange, body)],
      body,
      dropped: headers.dropped,
    });
  };
  return (next) => (exchange) => {
    if (exchange.upgrade !== undefined || random() >= ratio) return next(exchange);
    const { body } = exchange;
    if (body === undefined) send(exchange, undefined);
    else if ((body.length ?? 0) > COPIED) count('skipped');
    // A body that was read whole is there to be sent as often as it takes.
    else if (body.isBuffered) send(exchange, body);
    else
      exchange.body = new CopiedBody(
        body,
        COPIED,
        (bytes) => exchange.hold(bytes),
        (copy) => {
          if (copy === undefined) count('skipped');
          else send(exchange, new BufferedBody(copy));
        },
      );
    return next(exchange);
  };
}

/** Wants nothing of an answer but to hear that it is over. */
function nobody(over: () => void, stalled: () => void): TryObserver {
  return {
    onBodyStart: () => undefined,
    onRequestSent: () => undefined,
    onInformational: () => undefined,
    // What follows is read, as far as it is little, and thrown away.
    onHead: () => {
      over();
      return false;
    },
    onData: () => true,
    onComplete: () => undefined,
    onFailure: over,
    onBodyFault: () => {
      over();
      stalled();
    },
  };
}

/** A copy is whole: what came in chunks goes on with its length. */
function lengthOf(exchange: Exchange, body: RequestBody | undefined): HeaderList {
  const isTold = body === undefined || exchange.header('content-length') !== undefined;
  return isTold ? [] : ['content-length', String(body.length)];
}
