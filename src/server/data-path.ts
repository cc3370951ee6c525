import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ProblemCode } from '../errors.ts';
import type { HeaderList } from '../exchange.ts';
import { combined } from '../fields.ts';
import { withoutIdentity } from '../forwarding/identity.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { AccessEntry } from '../observability/access-log.ts';
import type { Logger } from '../observability/log.ts';
import type { RouteMetrics } from '../observability/metrics.ts';
import { canonicalTarget } from '../routing/canonical.ts';
import { acceptHead, type AcceptedHead, type RefusedHead } from './accept-head.ts';
import { Peer, TrustedProxies } from './client.ts';
import { NodeExchange, type UpgradeRequest } from './node-exchange.ts';
import { NodeRequestBody } from './request-body.ts';
import { requestIds } from './request-id.ts';

/** The route label of requests that no route took. No route can have this name. */
export const NO_ROUTE = '_none';

/** What the data path needs from the program around it. */
export interface DataPathOptions {
  readonly logger: Logger;
  accessLog(entry: AccessEntry): void;
  /** Counts of requests that no route took. */
  readonly unmatched: RouteMetrics;
}

/**
 * The way of every request: judge its head, make its path canonical, match, hand it to the route, and write down how it
 * ended. Which engine read the head makes no difference from the exchange on.
 */
export class DataPath {
  readonly #options: DataPathOptions;
  readonly #nextId = requestIds();
  readonly #peers = new WeakMap<Socket, Peer>();
  #gateway: Gateway;
  #proxies: TrustedProxies;

  constructor(gateway: Gateway, options: DataPathOptions) {
    this.#options = options;
    this.#gateway = gateway;
    this.#proxies = new TrustedProxies(gateway.config.server.trustedProxies);
  }

  /** The gateway that requests take which start now. */
  get gateway(): Gateway {
    return this.#gateway;
  }

  /** One assignment: requests that have started stay with the gateway that they took. */
  swap(gateway: Gateway): void {
    this.#gateway = gateway;
    this.#proxies = new TrustedProxies(gateway.config.server.trustedProxies);
  }

  /**
   * @param closing whether the connection is to close after its answer
   * @param upgrade what a request for another protocol came with
   */
  handle(request: IncomingMessage, response: ServerResponse, closing: () => boolean, upgrade?: UpgradeRequest): void {
    const gateway = this.#gateway;
    const { server } = gateway.config;
    const method = request.method ?? '';
    const target = request.url ?? '';
    const { rawHeaders } = request;
    const minorVersion = request.httpVersionMinor;
    const peer = this.#peerOf(request.socket);
    // What follows a request that was not understood may be anything: it gets no answer, and does nothing.
    if (peer.isRefused) return;

    // 1. Whatever is refused here still gets an exchange, so that it is answered, counted and logged like the rest.
    const head: AcceptedHead | RefusedHead =
      request.httpVersionMajor === 1
        ? acceptHead({ method, target, minorVersion, headers: rawHeaders }, server.limits)
        : { problem: 'http-version-not-supported' };
    const refusal = 'problem' in head ? head : upgrade !== undefined && head.bodyLength !== 0 ? NO_BODY : undefined;
    const accepted = refusal !== undefined || 'problem' in head ? REFUSED : head;
    const canonical = refusal === undefined ? canonicalTarget(accepted.target, server.paths) : { fault: '' };
    const sound = 'path' in canonical;

    // 2. The exchange: from here on nothing knows of IncomingMessage and ServerResponse.
    const headers = withoutIdentity(rawHeaders, gateway.identityHeaders);
    const body =
      accepted.bodyLength === 0
        ? undefined
        : new NodeRequestBody(request, response, {
            length: accepted.bodyLength,
            limit: server.limits.bodyBytes,
            timeout: server.timeouts.request,
            expectsContinue: accepted.expectsContinue,
            identityHeaders: gateway.identityHeaders,
          });
    const exchange = new NodeExchange(
      request,
      response,
      {
        id: this.#requestId(peer, rawHeaders),
        path: sound ? canonical.path : shown(target),
        query: sound ? canonical.query : '',
        authority: accepted.authority,
        host: accepted.host,
        client: peer.client(this.#proxies, rawHeaders, accepted.authority),
        headers,
      },
      { body, upgrade, closing },
    );
    exchange.responseEdits = gateway.responseEdits;
    peer.newest = exchange;
    this.#follow(exchange, response, gateway, upgrade?.socket);

    // 3. Match, and hand over to the route.
    if (refusal !== undefined) {
      peer.isRefused = true;
      response.shouldKeepAlive = false;
      exchange.fail(refusal.problem, refusal);
    } else if (!sound) exchange.fail('invalid-target', { detail: canonical.fault });
    else this.#route(exchange, gateway);
  }

  /**
   * Answers what the parser could not read as a request.
   *
   * @param request the one that it could not read to its end, or an empty one in its place
   */
  refuse(request: IncomingMessage, response: ServerResponse, problem: ProblemCode): void {
    const peer = this.#peerOf(request.socket);
    peer.isRefused = true;
    response.shouldKeepAlive = false;
    if (peer.newest?.isFor(response) === true) {
      peer.newest.refuse(problem);
      return;
    }
    const gateway = this.#gateway;
    const client = peer.client(this.#proxies, [], '');
    const head = { id: this.#nextId(), path: '', query: '', authority: '', host: '', client, headers: [] };
    const options = { body: undefined, upgrade: undefined, closing: () => true };
    const exchange = new NodeExchange(request, response, head, options);
    exchange.responseEdits = gateway.responseEdits;
    this.#follow(exchange, response, gateway, undefined);
    exchange.fail(problem);
  }

  #route(exchange: NodeExchange, gateway: Gateway): void {
    const match = gateway.table.match(exchange);
    switch (match.kind) {
      case 'none':
        exchange.fail('route-not-found');
        return;
      case 'method':
        exchange.fail('method-not-allowed', { headers: ['allow', match.allow.join(', ')] });
        return;
      case 'slash':
        exchange.response.head(308, ['location', match.path + exchange.query, 'content-length', '0']);
        exchange.response.end();
        return;
      case 'found':
    }
    const route = match.target;
    exchange.route = route;
    exchange.params = match.params;
    exchange.responseEdits = route.responseEdits;
    if (exchange.body?.limitTo(route.bodyBytes) === false) exchange.fail('body-too-large');
    else if (exchange.upgrade !== undefined && !route.takesUpgrades) exchange.fail('upgrade-refused');
    else this.#run(exchange);
  }

  #run(exchange: NodeExchange): void {
    try {
      const waiting = exchange.route?.handle(exchange);
      if (waiting !== undefined) waiting.catch((error: unknown) => this.#failed(exchange, error));
    } catch (error) {
      this.#failed(exchange, error);
    }
  }

  /** Expected failures are values: whatever is thrown is a bug, and the client learns nothing of it. */
  #failed(exchange: NodeExchange, error: unknown): void {
    this.#options.logger.error({ err: error, requestId: exchange.id, route: exchange.route?.name }, 'request failed');
    exchange.fail('internal-error');
  }

  /** Writes down how the exchange ended, once it has: when the answer is out, or the connection is gone. */
  #follow(exchange: NodeExchange, response: ServerResponse, gateway: Gateway, tunnel: Socket | undefined): void {
    gateway.enter(exchange);
    let over = false;
    const ended = (): void => {
      if (over || (tunnel !== undefined && exchange.status === 101 && !tunnel.destroyed)) return;
      over = true;
      exchange.closed();
      gateway.leave(exchange);
      this.#record(exchange);
    };
    response.on('close', ended);
    tunnel?.on('close', ended);
  }

  #record(exchange: NodeExchange): void {
    const duration = (performance.now() - exchange.startedAt) / 1000;
    const { route, failure, status } = exchange;
    (route?.metrics ?? this.#options.unmatched).observe(exchange.method, status, duration);
    this.#options.accessLog({
      requestId: exchange.id,
      client: exchange.client.address,
      method: exchange.method,
      path: exchange.path,
      route: route?.name ?? NO_ROUTE,
      status,
      duration,
      upstream: exchange.upstream,
      attempts: exchange.attempts,
      bytes: exchange.bytes,
      error:
        failure === undefined ? (exchange.complete ? undefined : 'incomplete') : `${failure.kind}: ${failure.cause}`,
    });
  }

  #peerOf(socket: Socket): Peer {
    let peer = this.#peers.get(socket);
    if (peer === undefined) {
      peer = new Peer(socket.remoteAddress, 'http');
      this.#peers.set(socket, peer);
    }
    return peer;
  }

  #requestId(peer: Peer, headers: HeaderList): string {
    const sent = peer.isTrusted(this.#proxies) ? combined(headers, 'x-request-id') : undefined;
    return sent !== undefined && /^[\w.:/+=@-]{1,128}$/.test(sent) ? sent : this.#nextId();
  }
}

/** Where the body ends and the other protocol begins, two servers might see differently. */
const NO_BODY: RefusedHead = { problem: 'invalid-request', detail: 'a protocol upgrade cannot come with a body' };

/** Stands in for what a refused head does not tell. */
const REFUSED = { target: '/', authority: '', host: '', bodyLength: 0, expectsContinue: false };

/** A target that was refused, for the log: without its query, and not for ever. */
function shown(target: string): string {
  return target.split('?', 1)[0]?.slice(0, 256) ?? '';
}
