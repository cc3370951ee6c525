import type { Cache } from '../cache/cache.ts';
import type { GatewayConfig } from '../config/config.ts';
import type { HeaderEdits } from '../forwarding/headers.ts';
import type { RouteMetrics } from '../observability/metrics.ts';
import { Roster, type Listed } from '../roster.ts';
import type { RouteTable } from '../routing/route-table.ts';
import { GOING_AWAY, type Identity, type Upgrade } from '../exchange.ts';
import type { Cors } from '../stages/cors.ts';
import type { Handler } from '../stages/stage.ts';
import type { Upstream } from '../upstreams/upstream.ts';
import type { Administration } from '../users/administration.ts';

/** A route, compiled. */
export interface Route {
  readonly name: string;
  /** `gateway.yaml:12`. */
  readonly source: string;
  /** Equal in two generations when neither the route nor its upstream changed. */
  readonly fingerprint: string;
  readonly metrics: RouteMetrics;
  /** The most bytes of a request body. */
  readonly bodyBytes: number;
  readonly takesUpgrades: boolean;
  /** What it needs as long as an exchange on it is open. */
  readonly holdings: readonly Holding[];
  /** The file's edits of every answer and the route's own, as one. */
  readonly responseEdits: HeaderEdits | undefined;
  /** Undefined = pages of other origins may not read its answers. */
  readonly cors: Cors | undefined;
  readonly handle: Handler;
}

/** Something that routes need and several of them may share: an upstream's endpoints, for one. */
export interface Holding {
  /** To be called once, when nothing needs it any more. */
  release(): void;
}

/** An exchange as long as it is open, seen from the gateway that answers it. */
export interface OpenExchange extends Listed {
  readonly route: Route | undefined;
  /** Undefined as long as nobody has asked, and on routes that never do. */
  readonly identity: Identity | undefined;
  /** False for one that was forked off another. */
  readonly hasClient: boolean;
  /** Present when it may be a tunnel. */
  readonly upgrade: Upgrade | undefined;
  /** Cuts it off. @param code what a WebSocket is told */
  cut(code?: number): void;
  /** Ends it if it is a WebSocket. @param code what it is told @returns false when it is none */
  farewell(code: number): boolean;
}

/**
 * One configuration, compiled and immutable, with the exchanges that it answers. A request takes the current gateway
 * once, at its start, and stays with it. When another one has taken over, what it holds is released: at once what no
 * open exchange needs, the rest with the last exchange that needs it.
 */
export class Gateway {
  readonly config: GatewayConfig;
  readonly table: RouteTable<Route>;
  /** Edits of answers for which there is no route. */
  readonly responseEdits: HeaderEdits | undefined;
  /** Headers that identify callers to upstreams, and so are never taken from a client. */
  readonly identityHeaders: ReadonlySet<string>;
  /** By route name. */
  readonly fingerprints: ReadonlyMap<string, string>;
  /** What administrators do with its users; undefined when it has none of its own. */
  readonly administration: Administration | undefined;
  readonly upstreams: readonly Upstream[];
  /** What routes have stored; undefined when none stores anything. */
  readonly cache: Cache | undefined;
  /** Whether any route of the configuration answers preflights. */
  readonly hasCors: boolean;
  readonly #holdings: readonly Holding[];
  readonly #open = new Roster<OpenExchange>();
  #forks = 0;
  /** Once retired: how many open exchanges need what is still held. */
  #needed: Map<Holding, number> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(parts: {
    config: GatewayConfig;
    table: RouteTable<Route>;
    responseEdits: HeaderEdits | undefined;
    identityHeaders: ReadonlySet<string>;
    fingerprints: ReadonlyMap<string, string>;
    administration: Administration | undefined;
    upstreams: readonly Upstream[];
    cache: Cache | undefined;
    /** Everything that its routes hold, each once. */
    holdings: readonly Holding[];
  }) {
    this.config = parts.config;
    this.table = parts.table;
    this.responseEdits = parts.responseEdits;
    this.identityHeaders = parts.identityHeaders;
    this.fingerprints = parts.fingerprints;
    this.administration = parts.administration;
    this.upstreams = parts.upstreams;
    this.cache = parts.cache;
    this.hasCors = parts.config.routes.some(({ cors }) => cors !== undefined);
    this.#holdings = parts.holdings;
  }

  /** The exchanges that are open. */
  get open(): Iterable<OpenExchange> {
    return this.#open;
  }

  /** How many exchanges are open. */
  get inFlight(): number {
    return this.#open.size;
  }

  /** How many clients wait for an answer, or for the rest of one. */
  get requests(): number {
    return this.#open.size - this.#forks;
  }

  enter(exchange: OpenExchange): void {
    this.#open.add(exchange);
    if (!exchange.hasClient) this.#forks += 1;
  }

  leave(exchange: OpenExchange): void {
    this.#open.delete(exchange);
    if (!exchange.hasClient) this.#forks -= 1;
    if (this.#needed === undefined) return;
    for (const holding of exchange.route?.holdings ?? []) this.#giveBack(holding, this.#needed);
    if (this.#open.size === 0) this.#onIdle?.();
  }

  #giveBack(holding: Holding, needed: Map<Holding, number>): void {
    const others = (needed.get(holding) ?? 0) - 1;
    needed.set(holding, others);
    if (others === 0) holding.release();
  }

  /** Another gateway has taken over: releases what this one holds. Resolves when its last exchange is done. */
  async retire(): Promise<void> {
    const needed = new Map<Holding, number>();
    for (const { route } of this.#open) {
      for (const holding of route?.holdings ?? []) needed.set(holding, (needed.get(holding) ?? 0) + 1);
    }
    this.#needed = needed;
    for (const holding of this.#holdings) if (!needed.has(holding)) holding.release();
    if (this.#open.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  /** Tells WebSockets to go elsewhere: nobody else would end them. */
  sayFarewell(): void {
    for (const exchange of this.#open) exchange.farewell(GOING_AWAY);
  }

  /** Cuts open exchanges off. @param which all, or those whose route each of the newer gateways has changed or dropped */
  cut(which: 'all' | { readonly changedIn: readonly Gateway[] }): void {
    for (const exchange of this.#open) {
      if (which === 'all' || which.changedIn.every((newer) => isChanged(exchange, newer))) exchange.cut();
    }
  }
}

function isChanged({ route }: OpenExchange, newer: Gateway): boolean {
  return route !== undefined && newer.fingerprints.get(route.name) !== route.fingerprint;
}
