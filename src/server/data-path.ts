import type { ServerTlsConfig } from '../config/tls-config.ts';
import type { Exchange, HeaderList } from '../exchange.ts';
import { combined } from '../fields.ts';
import { withoutIdentity } from '../forwarding/identity.ts';
import type { Gateway, Route } from '../gateway/gateway.ts';
import type { AccessEntry } from '../observability/access-log.ts';
import type { Logger } from '../observability/log.ts';
import type { Tracing } from '../observability/tracing/tracing.ts';
import type { RouteMetrics } from '../observability/metrics.ts';
import { canonicalTarget } from '../routing/canonical.ts';
import type { MatchResult } from '../routing/route-table.ts';
import { BodyMemory } from './body-memory.ts';
import { acceptHead, type AcceptedHead, type RefusedHead, type RequestHead } from './accept-head.ts';
import { AddressRanges } from '../address-ranges.ts';
import type { Peer } from './client.ts';
import { ServerExchange } from './exchange.ts';
import { requestIds } from './request-id.ts';
import type { Turn } from './turn.ts';

/** The route label of requests that no route took. No route can have this name. */
export const NO_ROUTE = '_none';

type Found = Extract<MatchResult<Route>, { readonly kind: 'found' }>;

/** What the data path needs from the program around it. */
export interface DataPathOptions {
  readonly logger: Logger;
  /** Counts a bug that was caught. */
  internalError(): void;
  accessLog(entry: AccessEntry): void;
  readonly tracing: Pick<Tracing, 'begin'>;
  /** Counts of requests that no route took. */
  readonly unmatched: RouteMetrics;
  /** Where the HTTPS listener is; undefined when there is none. */
  httpsPort(): number | undefined;
}

/**
 * The way of every request: judge its head, make its path canonical, match, hand it to the route, and write down how it
 * ended. Which engine read the head makes no difference.
 */
export class DataPath {
  readonly #options: DataPathOptions;
  readonly #nextId = requestIds();
  readonly #surroundings = {
    bodies: new BodyMemory(),
    ended: (exchange: ServerExchange): void => this.#record(exchange),
    failed: (exchange: Exchange, route: Route | undefined, error: unknown): void =>
      this.#failed(exchange, route, error),
  };
  #gateway: Gateway;
  #proxies: AddressRanges;

  constructor(gateway: Gateway, options: DataPathOptions) {
    this.#options = options;
    this.#gateway = gateway;
    this.#proxies = new AddressRanges(gateway.config.server.trustedProxies);
  }

  /** The gateway that requests take which start now. */
  get gateway(): Gateway {
    return this.#gateway;
  }

  /** How much the open exchanges hold of bodies; in bytes. */
  get heldBodyBytes(): number {
    return this.#surroundings.bodies.held;
  }

  /** One assignment: requests that have started stay with the gateway that they took. */
  swap(gateway: Gateway): void {
    this.#gateway = gateway;
    this.#proxies = new AddressRanges(gateway.config.server.trustedProxies);
  }

  /** Judges a head by the rules that are the same for every engine. */
  judge(head: RequestHead): AcceptedHead | RefusedHead {
    return acceptHead(head, this.#gateway.config.server.limits);
  }

  /**
   * Takes a request whose head is sound.
   *
   * @param accepted what {@link judge} made of the head
   * @returns the exchange, which may be over already
   */
  handle(turn: Turn, head: RequestHead, accepted: AcceptedHead): ServerExchange {
    const gateway = this.#gateway;
    const { server } = gateway.config;
    const canonical = canonicalTarget(accepted.target, server.paths);
    const sound = 'path' in canonical;
    const body =
      accepted.bodyLength === 0
        ? undefined
        : turn.openBody({
            length: accepted.bodyLength,
            limit: server.limits.bodyBytes,
            timeout: server.timeouts.request,
            expectsContinue: accepted.expectsContinue,
            identityHeaders: gateway.identityHeaders,
          });
    const trace = this.#options.tracing.begin(head.headers);
    const exchange = new ServerExchange(
      {
        id: this.#requestId(turn.peer, head.headers),
        method: head.method,
        httpVersion: head.httpVersion,
        path: sound ? canonical.path : shown(head.target),
        query: sound ? canonical.query : '',
        authority: accepted.authority,
        host: accepted.host,
        client: turn.peer.client(this.#proxies, head.headers, accepted.authority),
        headers: withoutIdentity(trace?.headers ?? head.headers, gateway.identityHeaders),
        body,
        trace,
      },
      turn,
      gateway,
      this.#surroundings,
    );
    secure(exchange, server.tls);
    if (!sound) exchange.fail('invalid-target', { detail: canonical.fault });
    else if (isForHttps(turn.peer, exchange, server.tls)) this.#redirect(exchange, accepted);
    else this.#route(exchange, gateway);
    return exchange;
  }

  /**
   * Answers what is no acceptable request. It gets an exchange all the same, so that it is answered, counted and logged
   * like the rest. What follows on the connection may be anything: the turn is its last.
   *
   * @param head what could be read of it, if anything
   */
  refuse(turn: Turn, refused: RefusedHead, head?: RequestHead): ServerExchange {
    const headers = head?.headers ?? [];
    const exchange = new ServerExchange(
      {
        id: this.#requestId(turn.peer, headers),
        method: head?.method ?? '',
        httpVersion: head?.httpVersion ?? '1.1',
        path: shown(head?.target ?? ''),
        query: '',
        authority: '',
        host: '',
        client: turn.peer.client(this.#proxies, headers, ''),
        headers: [],
        body: undefined,
        trace: this.#options.tracing.begin(headers),
      },
      turn,
      this.#gateway,
      this.#surroundings,
    );
    secure(exchange, this.#gateway.config.server.tls);
    turn.close();
    exchange.fail(refused.problem, refused);
    return exchange;
  }

  /** Sends a client of the plain listener to the other one. */
  #redirect(exchange: ServerExchange, { host, target }: AcceptedHead): void {
    // Without a Host, as HTTP/1.0 allows, nobody knows where to.
    if (host === '') {
      exchange.fail('invalid-host', { detail: 'the Host header is missing' });
      return;
    }
    const port = this.#options.httpsPort();
    const authority = port === undefined || port === 443 ? host : `${host}:${port}`;
    exchange.response.head(308, ['location', `https://${authority}${target}`, 'content-length', '0']);
    exchange.response.end();
  }

  #route(exchange: ServerExchange, gateway: Gateway): void {
    const match = preflightMatch(exchange, gateway) ?? gateway.table.match(exchange);
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
    if (!exchange.limitBody(route.bodyBytes)) exchange.fail('body-too-large');
    else if (exchange.upgrade !== undefined && !route.takesUpgrades) exchange.fail('upgrade-refused');
    else this.#run(exchange);
  }

  #run(exchange: ServerExchange): void {
    try {
      const waiting = exchange.route?.handle(exchange);
      if (waiting !== undefined) waiting.catch((error: unknown) => this.#failed(exchange, exchange.route, error));
    } catch (error) {
      this.#failed(exchange, exchange.route, error);
    }
  }

  /** Expected failures are values: whatever is thrown is a bug, and the client learns nothing of it. */
  #failed(exchange: Exchange, route: Route | undefined, error: unknown): void {
    this.caught(error, { requestId: exchange.id, route: route?.name });
    exchange.fail('internal-error');
  }

  /**
   * Tells of a bug. It must cost one request and no other.
   *
   * @param about what is known of the request
   */
  caught(error: unknown, about: object = {}): void {
    this.#options.internalError();
    this.#options.logger.error({ err: error, ...about }, 'request failed');
  }

  #record(exchange: ServerExchange): void {
    const duration = (performance.now() - exchange.startedAt) / 1000;
    const { route, failure, status } = exchange;
    (route?.metrics ?? this.#options.unmatched).observe(exchange.method, status, duration, exchange.trace?.sampledId);
    exchange.trace?.end(exchange);
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
      cache: exchange.cacheResult,
      bytes: exchange.bytes,
      traceId: exchange.trace?.id,
      about: exchange.about,
      problem: exchange.problem,
      error:
        failure === undefined ? (exchange.complete ? undefined : 'incomplete') : `${failure.kind}: ${failure.cause}`,
    });
  }

  #requestId(peer: Peer, headers: HeaderList): string {
    const sent = peer.isTrusted(this.#proxies) ? combined(headers, 'x-request-id') : undefined;
    return sent !== undefined && /^[\w.:/+=@-]{1,128}$/.test(sent) ? sent : this.#nextId();
  }
}

/**
 * The route that a CORS preflight asks about (Fetch standard, section 3.2.2), which need not take OPTIONS.
 *
 * @returns undefined when it asks about none that has `cors`
 */
function preflightMatch(exchange: ServerExchange, { table, hasCors }: Gateway): Found | undefined {
  if (exchange.method !== 'OPTIONS' || !hasCors || exchange.header('origin') === undefined) return undefined;
  const method = exchange.header('access-control-request-method');
  if (method === undefined) return undefined;
  const { path, host } = exchange;
  const match = table.match({ method, path, host, header: (name) => exchange.header(name) });
  return match.kind === 'found' && match.target.cors !== undefined ? match : undefined;
}

/** Whether the client has to come back over HTTPS. What a trusted proxy took over HTTPS came that way. */
function isForHttps(peer: Peer, { client }: ServerExchange, tls: ServerTlsConfig | undefined): boolean {
  return tls?.redirectHttp === true && peer.scheme === 'http' && client.scheme === 'http';
}

/** RFC 6797 section 7.2: over plain HTTP the field means nothing, and must not be sent. */
function secure(exchange: ServerExchange, tls: ServerTlsConfig | undefined): void {
  const seconds = Math.floor((tls?.hsts ?? 0) / 1000);
  if (seconds > 0 && exchange.client.scheme === 'https') exchange.strictTransport = `max-age=${seconds}`;
}

/** A target that was refused, for the log: without its query, and not for ever. */
function shown(target: string): string {
  return target.split('?', 1)[0]?.slice(0, 256) ?? '';
}
