/** What the admin API says, as far as the page reads it. Words are open lists: a gateway may know more of them. */

/** `GET /api/v1/status` */
export interface Status {
  readonly version: string;
  /** RFC 3339, as all times. */
  readonly started_at: string;
  readonly ready: boolean;
  /** Why it is not ready. */
  readonly reason: string | null;
  readonly health: {
    readonly database: string | null;
    readonly redis: string | null;
    /** By their numbers. */
    readonly workers: Readonly<Record<string, string>> | null;
  };
  readonly config: {
    readonly hash: string;
    readonly file: string;
    readonly loaded_at: string;
    readonly routes: number;
    readonly upstreams: number;
    readonly restart_required: readonly string[];
  };
  readonly last_reload: LastReload;
}

export interface LastReload {
  readonly at: string;
  readonly outcome: string;
  readonly message: string | null;
  readonly diagnostics: readonly Finding[];
}

export interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly hint: string | null;
  readonly file: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** The lines around it, with their numbers and a caret. */
  readonly frame: string;
}

/** What happened in a second. */
export interface Traffic {
  readonly at: string;
  readonly interval_seconds: number;
  readonly total: Latencies & {
    readonly requests_per_second: number;
    readonly errors_per_second: number;
    readonly in_flight: number;
    readonly connections: number;
  };
  readonly routes: readonly RouteTraffic[];
  readonly cache: {
    readonly hit_ratio: number | null;
    readonly bytes: number | null;
    readonly entries: number | null;
    readonly routes: readonly { readonly name: string; readonly hit_ratio: number | null }[];
  };
  readonly process: {
    readonly cpu_cores: number;
    readonly memory_bytes: number;
    readonly event_loop_lag_seconds: number | null;
  };
}

/** Null = no request. */
export interface Latencies {
  readonly p50_seconds: number | null;
  readonly p95_seconds: number | null;
  readonly p99_seconds: number | null;
}

export interface RouteTraffic extends Latencies {
  /** `_none` for requests that no route took. */
  readonly name: string;
  readonly requests_per_second: number;
  readonly errors_per_second: number;
  /** Per second, by their class: `2xx`. */
  readonly statuses: Readonly<Record<string, number>>;
}

/** `GET /api/v1/routes` */
export interface Routes {
  readonly routes: readonly Route[];
}

export interface Route {
  readonly name: string;
  readonly source: { readonly file: string; readonly line: number };
  readonly match: {
    /** Empty = any. */
    readonly hosts: readonly string[];
    readonly path: string;
    /** Empty = any. */
    readonly methods: readonly string[];
    /** The names of those that must have a certain value. */
    readonly headers: readonly string[];
  };
  readonly access: string;
  readonly rules: readonly string[];
  readonly upstreams: readonly string[];
  readonly respond: { readonly status: number } | null;
}

/** `GET /api/v1/upstreams` */
export interface Upstreams {
  readonly upstreams: readonly Upstream[];
}

export interface Upstream {
  readonly name: string;
  readonly balance: string;
  /** Whether endpoints that are not well are asked, since no other is left. */
  readonly panic: boolean;
  readonly source: {
    readonly kind: string;
    readonly updated_at: string | null;
    readonly age_seconds: number | null;
    readonly fault: string | null;
  };
  readonly bulkhead: { readonly inside: number; readonly queued: number } | null;
  readonly endpoints: readonly Endpoint[];
}

export interface Endpoint {
  readonly url: string;
  readonly weight: number;
  /** `available`, `unhealthy`, `ejected`, `circuit-open`, `half-open` */
  readonly condition: string;
  readonly why: string;
  readonly breaker: string | null;
  readonly in_flight: number;
  readonly connections: number;
  readonly latency_seconds: number | null;
  /** How much of its weight it gets yet. */
  readonly share: number;
}

/** `GET /api/v1/cache` */
export interface Cache {
  readonly memory: { readonly bytes: number; readonly max_bytes: number; readonly entries: number } | null;
  readonly routes: readonly CachedRoute[];
}

export interface CachedRoute {
  readonly name: string;
  readonly requests: number;
  readonly hits: number;
  readonly stale: number;
  readonly revalidated: number;
  readonly misses: number;
  readonly coalesced: number;
  readonly bypassed: number;
  readonly hit_ratio: number | null;
}

/** `GET /api/v1/config` */
export interface Configuration {
  readonly hash: string;
  readonly file: string;
  readonly loaded_at: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}
