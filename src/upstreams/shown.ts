import { has, isFlag, isNumber, isText, listOf, orNull, type Members } from './checks.ts';
import type { EndpointView, UpstreamView } from './view.ts';

/** An upstream as the admin API shows it. Words are open lists: a gateway of a later version may know more of them. */
export interface ShownUpstream {
  readonly name: string;
  readonly balance: string;
  readonly panic: boolean;
  readonly source: {
    readonly kind: string;
    /** RFC 3339; null = no good answer yet, or targets. */
    readonly updated_at: string | null;
    /** Since `updated_at`. */
    readonly age_seconds: number | null;
    readonly fault: string | null;
  };
  /** Null = as many requests at once as come. */
  readonly bulkhead: { readonly inside: number; readonly queued: number } | null;
  readonly endpoints: readonly ShownEndpoint[];
}

export interface ShownEndpoint {
  readonly url: string;
  readonly weight: number;
  readonly condition: string;
  readonly why: string;
  readonly healthy: boolean;
  readonly ejected: boolean;
  /** Null = there is none. */
  readonly breaker: string | null;
  readonly in_flight: number;
  readonly connections: number;
  /** Null = nothing was measured yet. */
  readonly latency_seconds: number | null;
  /** 0.1 to 1. */
  readonly share: number;
}

/** All upstreams. @param now in milliseconds since 1970 */
export function shownUpstreams(
  views: readonly UpstreamView[],
  now: number,
): { readonly upstreams: readonly ShownUpstream[] } {
  return { upstreams: views.map((view) => shownUpstream(view, now)) };
}

/** @param now in milliseconds since 1970 */
export function shownUpstream({ source, ...view }: UpstreamView, now: number): ShownUpstream {
  const { updatedAt } = source;
  return {
    name: view.name,
    balance: view.balance,
    panic: view.panic,
    source: {
      kind: source.kind,
      updated_at: updatedAt === undefined ? null : new Date(updatedAt).toISOString(),
      // A clock that was set back makes nothing come from the future.
      age_seconds: updatedAt === undefined ? null : Math.max(0, now - updatedAt) / 1000,
      fault: source.fault ?? null,
    },
    bulkhead: view.bulkhead === undefined ? null : { inside: view.bulkhead.inside, queued: view.bulkhead.queued },
    endpoints: view.endpoints.map(shownEndpoint),
  };
}

function shownEndpoint(view: EndpointView): ShownEndpoint {
  return {
    url: view.origin,
    weight: view.weight,
    condition: view.condition,
    why: view.why,
    healthy: view.isHealthy,
    ejected: view.isEjected,
    breaker: view.breaker ?? null,
    in_flight: view.inFlight,
    connections: view.connections,
    // An average has more digits than anybody has measured.
    latency_seconds: view.latency === undefined ? null : rounded(view.latency, 6),
    share: rounded(view.share, 3),
  };
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** Whether JSON is an upstream as it is shown. More members than are known here are none the worse. */
export function isShownUpstream(value: unknown): value is ShownUpstream {
  return has(UPSTREAM, value);
}

const SOURCE: Members<ShownUpstream['source']> = {
  kind: isText,
  updated_at: orNull(isText),
  age_seconds: orNull(isNumber),
  fault: orNull(isText),
};
const BULKHEAD: Members<NonNullable<ShownUpstream['bulkhead']>> = { inside: isNumber, queued: isNumber };
const ENDPOINT: Members<ShownEndpoint> = {
  url: isText,
  weight: isNumber,
  condition: isText,
  why: isText,
  healthy: isFlag,
  ejected: isFlag,
  breaker: orNull(isText),
  in_flight: isNumber,
  connections: isNumber,
  latency_seconds: orNull(isNumber),
  share: isNumber,
};
const UPSTREAM: Members<ShownUpstream> = {
  name: isText,
  balance: isText,
  panic: isFlag,
  source: (value) => has(SOURCE, value),
  bulkhead: orNull((value) => has(BULKHEAD, value)),
  endpoints: listOf((endpoint) => has(ENDPOINT, endpoint)),
};
