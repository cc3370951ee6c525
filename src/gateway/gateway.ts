import type { GatewayConfig } from '../config/config.ts';
import type { HeaderEdits } from '../forwarding/headers.ts';
import type { RouteMetrics } from '../observability/metrics.ts';
import type { RouteTable } from '../routing/route-table.ts';
import type { Handler } from '../stages/stage.ts';

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
  /** The file's edits of every answer and the route's own, as one. */
  readonly responseEdits: HeaderEdits | undefined;
  readonly handle: Handler;
}

/** An exchange as long as it is open, seen from the gateway that answers it. */
export interface OpenExchange {
  readonly route: Route | undefined;
  /** Cuts it off. */
  cut(): void;
}

/**
 * One configuration, compiled and immutable, with the exchanges that it answers. A request takes the current gateway
 * once, at its start, and stays with it; when another one has taken over and the last exchange is done, what it holds
 * is released.
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
  readonly #open = new Set<OpenExchange>();
  readonly #release: () => void;
  #onIdle: (() => void) | undefined;

  constructor(parts: {
    config: GatewayConfig;
    table: RouteTable<Route>;
    responseEdits: HeaderEdits | undefined;
    identityHeaders: ReadonlySet<string>;
    fingerprints: ReadonlyMap<string, string>;
    release: () => void;
  }) {
    this.config = parts.config;
    this.table = parts.table;
    this.responseEdits = parts.responseEdits;
    this.identityHeaders = parts.identityHeaders;
    this.fingerprints = parts.fingerprints;
    this.#release = parts.release;
  }

  /** How many exchanges are open. */
  get inFlight(): number {
    return this.#open.size;
  }

  enter(exchange: OpenExchange): void {
    this.#open.add(exchange);
  }

  leave(exchange: OpenExchange): void {
    this.#open.delete(exchange);
    if (this.#open.size === 0 && this.#onIdle !== undefined) this.#onIdle();
  }

  /** Another gateway has taken over: releases what this one holds when its last exchange is done. */
  async retire(): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    this.#release();
  }

  /** Cuts open exchanges off. @param which all, or those whose route a newer gateway has changed or dropped */
  cut(which: 'all' | { readonly changedIn: Gateway }): void {
    for (const exchange of this.#open) if (which === 'all' || isChanged(exchange, which.changedIn)) exchange.cut();
  }
}

function isChanged({ route }: OpenExchange, newer: Gateway): boolean {
  return route !== undefined && newer.fingerprints.get(route.name) !== route.fingerprint;
}
