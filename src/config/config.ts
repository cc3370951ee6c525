import type { CacheConfig, RouteCacheConfig } from './cache-config.ts';
import type { DiscoverConfig } from './discover-config.ts';
import type { IpConfig, MirrorConfig, RouteLimitConfig, SplitConfig } from './traffic-config.ts';
import type { FallbackConfig, ResilienceConfig } from './resilience-config.ts';
import type {
  AccessConfig,
  ApiKeysConfig,
  CorsConfig,
  DatabaseConfig,
  IdentityConfig,
  IssuerConfig,
  RoleConfig,
} from './people-config.ts';
import type { MetricsConfig } from './metrics-config.ts';
import type { RedisConfig } from './redis-config.ts';
import type { ServerTlsConfig } from './tls-config.ts';

/**
 * What a configuration says, with every default filled in, durations in milliseconds and sizes in bytes.
 * All of it is plain data: it crosses threads, and its text form is what the configuration's hash is taken of.
 */
export interface GatewayConfig {
  /** SHA-256 over everything below, the contents of the files that it names included; hexadecimal, 16 characters. */
  readonly hash: string;
  readonly server: ServerConfig;
  readonly admin: AdminConfig;
  readonly logs: LogsConfig;
  /** Undefined = trace context is passed on, and nothing is exported. */
  readonly tracing: TracingConfig | undefined;
  readonly metrics: MetricsConfig;
  /** Edits of every answer's headers, before the route's own. */
  readonly responseHeaders: HeaderEditsConfig;
  readonly database: DatabaseConfig;
  /** What gateways share; undefined = each keeps it in its memory. */
  readonly redis: RedisConfig | undefined;
  readonly cache: CacheConfig;
  /** The built-in user service; undefined when there is none. */
  readonly identity: IdentityConfig | undefined;
  readonly issuers: readonly IssuerConfig[];
  /** Undefined = no API key is accepted. */
  readonly apiKeys: ApiKeysConfig | undefined;
  readonly roles: readonly RoleConfig[];
  readonly upstreams: readonly UpstreamConfig[];
  readonly routes: readonly RouteConfig[];
}

export interface ListenConfig {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
}

export interface ServerConfig {
  readonly listen: ListenConfig;
  /** Undefined = plain HTTP only. */
  readonly tls: ServerTlsConfig | undefined;
  /** Whether plain requests are read from the socket; otherwise all go through `node:http`. */
  readonly fastLane: boolean;
  /** How many processes serve; `auto` = one for each core of the machine. */
  readonly workers: number | 'auto';
  /** CIDRs whose forwarding headers are believed. */
  readonly trustedProxies: readonly string[];
  readonly limits: LimitsConfig;
  readonly timeouts: TimeoutsConfig;
  readonly paths: PathsConfig;
}

export interface LimitsConfig {
  readonly connections: number;
  readonly headerBytes: number;
  readonly uriBytes: number;
  readonly bodyBytes: number;
}

/** In milliseconds; 0 = off. */
export interface TimeoutsConfig {
  readonly headers: number;
  readonly request: number;
  readonly keepAlive: number;
  readonly drainDelay: number;
  readonly drain: number;
}

export interface PathsConfig {
  readonly encodedSlash: 'reject' | 'keep';
  readonly dotSegments: 'reject' | 'normalise';
  readonly duplicateSlash: 'merge' | 'reject';
  readonly trailingSlash: 'strict' | 'ignore' | 'redirect';
}

export interface AdminConfig {
  readonly listen: ListenConfig;
  /** Empty = none. */
  readonly token: string;
  /** Opens nothing but what instances of upstreams register themselves with. Empty = none. */
  readonly registryToken: string;
}

export interface LogsConfig {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** Undefined = pretty on a terminal, JSON elsewhere. */
  readonly format: 'json' | 'pretty' | undefined;
  readonly access: boolean;
}

export interface TracingConfig {
  /** Where spans are posted to: the collector's address with the path for traces. */
  readonly url: string;
  readonly serviceName: string;
  /** The share of the traces begun here that is recorded, from 0 to 1. */
  readonly sampleRatio: number;
}

/** Values may hold templates. Applied in the order remove, set, add. */
export interface HeaderEditsConfig {
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly add: readonly (readonly [name: string, value: string])[];
  readonly remove: readonly string[];
}

export interface UpstreamConfig {
  readonly name: string;
  /** Empty when they are found elsewhere. */
  readonly targets: readonly TargetConfig[];
  /** Undefined = the targets are all there are. */
  readonly discover: DiscoverConfig | undefined;
  readonly connectTimeout: number;
  readonly responseTimeout: number;
  readonly idleTimeout: number;
  /** Sockets kept per endpoint. */
  readonly connections: number;
  readonly host: 'upstream' | 'preserve';
  readonly tls: UpstreamTlsConfig;
  readonly resilience: ResilienceConfig;
}

export interface TargetConfig {
  /** Scheme, host and port: `http://127.0.0.1:9001`. */
  readonly origin: string;
  readonly weight: number;
}

/** Certificates and keys as PEM text: what a file held when the configuration was read. */
export interface UpstreamTlsConfig {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly serverName: string | undefined;
  readonly verify: boolean;
}

export interface RouteConfig {
  readonly name: string;
  /** Where the route is written: `gateway.yaml:12`. */
  readonly source: string;
  /**
   * A hash over the rest of the route, its upstream and, unless it is public, who may call: streams outlive a reload that
   * does not change it.
   */
  readonly fingerprint: string;
  readonly match: MatchConfig;
  readonly access: AccessConfig;
  readonly action: RouteAction;
  readonly rewrite: RewriteConfig | undefined;
  /** From match to the final response headers; 0 = off. */
  readonly timeout: number;
  readonly bodyBytes: number | undefined;
  readonly requestHeaders: HeaderEditsConfig;
  readonly responseHeaders: HeaderEditsConfig;
  readonly websocket: WebSocketConfig | undefined;
  readonly fallback: FallbackConfig | undefined;
  readonly ip: IpConfig | undefined;
  readonly cors: CorsConfig | undefined;
  readonly limits: readonly RouteLimitConfig[];
  readonly mirror: MirrorConfig | undefined;
  /** Undefined = every request goes to the upstream. */
  readonly cache: RouteCacheConfig | undefined;
  readonly requestQuery: QueryEditsConfig | undefined;
  readonly validation: ValidationConfig | undefined;
  /** Undefined = the body goes on as it is. */
  readonly requestBody: BodyEditsConfig | undefined;
  readonly responseBody: BodyEditsConfig | undefined;
}

/** JSON Schemas of the parts of a request, as JSON text; undefined = that part is not judged. */
export interface ValidationConfig {
  readonly body: string | undefined;
  readonly query: string | undefined;
  readonly params: string | undefined;
  readonly headers: string | undefined;
}

/** Changes to a JSON body, by JSON pointer. Applied in the order remove, set; in requests texts may hold templates. */
export interface BodyEditsConfig {
  readonly set: readonly (readonly [pointer: string, value: unknown])[];
  readonly remove: readonly string[];
}

/** Values may hold templates. */
export interface QueryEditsConfig {
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly remove: readonly string[];
}

export interface MatchConfig {
  readonly path: string;
  /** Empty = any. In lower case, without a port. */
  readonly hosts: readonly string[];
  /** Empty = any. */
  readonly methods: readonly string[];
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Who answers: an upstream or the gateway itself. */
export type RouteAction =
  | { readonly kind: 'upstream'; readonly upstream: string }
  | ({ readonly kind: 'split' } & SplitConfig)
  | {
      readonly kind: 'respond';
      readonly status: number;
      readonly headers: readonly (readonly [name: string, value: string])[];
      readonly body: string;
    };

export type RewriteConfig =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'stripPrefix'; readonly prefix: string }
  | { readonly kind: 'addPrefix'; readonly prefix: string };

export interface WebSocketConfig {
  /** Without a byte in either direction; in milliseconds, 0 = off. */
  readonly idleTimeout: number;
  readonly maxConnections: number;
}
