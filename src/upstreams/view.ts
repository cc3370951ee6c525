/** What is told of an upstream to people: by the admin API, by `gatewayctl upstreams` and in metrics. */
export interface UpstreamView {
  readonly name: string;
  /** How an endpoint is chosen: `round-robin`, `hash`, … */
  readonly balance: string;
  /** Whether endpoints that are not well are asked, since no other is left. */
  readonly panic: boolean;
  readonly endpoints: readonly EndpointView[];
  /** Where the endpoints come from. */
  readonly source: SourceView;
  /** Undefined = as many requests at once as come. */
  readonly bulkhead: { readonly inside: number; readonly queued: number } | undefined;
}

export interface SourceView {
  readonly kind: 'targets' | 'dns' | 'registry' | 'consul' | 'etcd' | 'kubernetes' | 'file';
  /** When the last good answer came, in milliseconds since 1970; undefined = none yet, or targets. */
  readonly updatedAt: number | undefined;
  /** Why it cannot be asked: the endpoints are the last known ones. Undefined while it can. */
  readonly fault: string | undefined;
}

/** What an endpoint gets: everything, nothing because of what was seen of it, or a few requests to try it. */
export type EndpointCondition = 'available' | 'unhealthy' | 'ejected' | 'circuit-open' | 'half-open';

export interface EndpointView {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly weight: number;
  readonly condition: EndpointCondition;
  /** For people: what the condition comes from; empty when it is available. */
  readonly why: string;
  readonly isHealthy: boolean;
  readonly isEjected: boolean;
  /** Undefined = there is no breaker. */
  readonly breaker: 'closed' | 'open' | 'half-open' | undefined;
  /** Requests under way. */
  readonly inFlight: number;
  /** Connections that are open, idle ones included. */
  readonly connections: number;
  /** Those of them that wait for something to do. */
  readonly idle: number;
  /** Requests that wait for a connection. */
  readonly waiting: number;
  /** To the head of an answer, as a moving average; in seconds, undefined = none has answered yet. */
  readonly latency: number | undefined;
  /** How much of its weight it gets yet: 0.1 to 1. */
  readonly share: number;
}
