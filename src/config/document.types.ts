/* Generated from schemas/gateway.schema.json by npm run generate; do not edit. */

/**
 * A file, a folder or a glob, relative to the file that names it.
 */
export type FilePath = string;
/**
 * An address to listen on, as host:port, as :port for all addresses, or as [IPv6]:port. Port 0 takes any free port.
 */
export type Listen = string;
/**
 * A whole number above zero and a unit, one of ms, s, m, h and d, or `off` for none.
 */
export type DurationOrOff = string;
/**
 * An IPv4 or IPv6 address, or a block of them as address/prefix.
 */
export type Cidr = string;
/**
 * A number of processes, or auto for one per core.
 */
export type Workers = 'auto' | Count;
/**
 * A whole number of at least 1.
 */
export type Count = number;
/**
 * A whole number and a unit, one of B, KiB, MiB and GiB, where 1KiB is 1024 bytes.
 */
export type Size = string;
/**
 * A whole number and a unit, one of ms, s, m, h and d.
 */
export type DurationOrZero = string;
/**
 * A postgres:// URL, or the empty string.
 */
export type DatabaseUrl = string;
/**
 * A whole number of at least 0.
 */
export type CountOrZero = number;
/**
 * A whole number above zero and a unit, one of ms, s, m, h and d.
 */
export type Duration = string;
/**
 * One URL, or a list of the nodes of a cluster.
 */
export type RedisUrls = RedisNode[] | RedisUrl;
/**
 * One node of a Redis cluster, as a redis:// or rediss:// URL or as host:port.
 */
export type RedisNode = string;
/**
 * A redis://, rediss:// or redis+sentinel:// URL, or the empty string.
 */
export type RedisUrl = string;
/**
 * A path that begins with /, without query and fragment.
 */
export type UrlPath = string;
/**
 * Lower-case letters, digits and hyphens, beginning with a letter.
 */
export type Name = string;
/**
 * An origin, one whose host begins with `*.` for all its subdomains, or `*` for every origin.
 */
export type CorsOrigin = string;
/**
 * An HTTP method, in upper case.
 */
export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
/**
 * The name of a header, a token of RFC 9110. Case does not matter.
 */
export type HeaderName = string;
/**
 * What requests are counted by, one of client (the IP address), user, route, header:NAME and claim:NAME.
 */
export type RateLimitKey = string;
/**
 * A JWS signature algorithm.
 */
export type Algorithm =
  'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384' | 'ES512' | 'HS256';
/**
 * A list of the permissions that the role grants, or inherits and permissions.
 */
export type RoleDocument = Grant[] | InheritingRoleDocument;
/**
 * A permission that a role grants. The wildcards orders:* and * cover all below them.
 */
export type Grant = string;
/**
 * An http or https URL.
 */
export type Url = string;
/**
 * A share from 0 to 1.
 */
export type Ratio = number;
/**
 * The value of a header, on one line.
 */
export type HeaderValue = string;
/**
 * How an endpoint is chosen.
 */
export type BalanceDocument = HashBalanceDocument | ('round-robin' | 'least-connections' | 'p2c' | 'random' | 'off');
/**
 * What of a request is hashed, one of client, path, header:NAME and cookie:NAME.
 */
export type HashKey = string;
/**
 * A whole number of at least 1, or `off`.
 */
export type CountOrOff = Off | Count;
/**
 * In a route or an upstream, removes the value that `defaults` sets, as if neither had the key.
 */
export type Off = 'off';
/**
 * A final HTTP status code.
 */
export type Status = number;
/**
 * A failure of the connection, or a status code of the response.
 */
export type RetryCause = ('connect-failure' | 'reset' | 'timeout') | number;
/**
 * A word, one rule, or a list of rules of which any one lets in.
 */
export type AccessDocument =
  AccessRuleDocument[] | AccessRuleDocument | ('authenticated' | 'public' | 'optional' | 'off');
/**
 * A permission that a route asks for, such as orders:read.
 */
export type Permission = string;
/**
 * One rate limit, or a list in which every one holds.
 */
export type RateLimitsDocument = RateLimitDocument[] | RateLimitDocument;
/**
 * A JSON Schema, written in place or as the path of its file.
 */
export type SchemaOrFile =
  | FilePath
  | {
      [k: string]: unknown;
    };
/**
 * A whole number and a unit, one of B, KiB, MiB and GiB, where 1KiB is 1024 bytes, or `off`.
 */
export type SizeOrOff = string;
/**
 * A place in a JSON body as an RFC 6901 pointer, such as /audit/user.
 */
export type JsonPointer = string;
/**
 * An origin, or an origin with a weight.
 */
export type TargetDocument = Origin | WeightedTargetDocument;
/**
 * The scheme, host and port of a server, without a path.
 */
export type Origin = string;
/**
 * A share of the traffic, relative to the other weights of the list. 0 takes none.
 */
export type Weight = number;
/**
 * Where endpoints are found.
 */
export type DiscoverDocument =
  | DiscoverDnsDocument
  | DiscoverRegistryDocument
  | DiscoverConsulDocument
  | DiscoverEtcdDocument
  | DiscoverKubernetesDocument
  | DiscoverFileDocument;
/**
 * A TCP port.
 */
export type Port = number;
/**
 * The scheme that endpoints are spoken to with.
 */
export type Scheme = 'http' | 'https';
/**
 * One host or a list of them.
 */
export type HostPatterns = HostPattern[] | HostPattern;
/**
 * A host name without a port, or `*.` and a domain for all hosts below it.
 */
export type HostPattern = string;
/**
 * What of a request keeps it on one arm, one of client, header:NAME and cookie:NAME, or `off`.
 */
export type StickyKey = string;

/**
 * A gateway.yaml as it is written, after variables are filled in and before defaults are.
 */
export interface GatewayDocument {
  /**
   * The version of the language that this file is written in. It is always 1.
   */
  version: 1;
  /**
   * Globs of further files, relative to this one. Their upstreams, routes and roles are merged in, and the defaults of this file apply to them.
   */
  include?: FilePath[];
  /**
   * The listeners that take requests, their limits and their timeouts.
   */
  server?: ServerDocument;
  /**
   * The admin listener, which carries /healthz, /readyz, /metrics, the status page and /api/v1. It is separate from the listeners that take requests.
   */
  admin?: AdminDocument;
  /**
   * The PostgreSQL database that holds users, sessions and API keys.
   */
  database?: DatabaseDocument;
  /**
   * The Redis that instances and workers share for rate limits, the cache and the registry. While it is slow or down, limits go on in memory and the cache is skipped.
   */
  redis?: RedisDocument;
  /**
   * The built-in user service, with registration, login, tokens and sessions. Without this key it is off.
   */
  identity?: IdentityDocument;
  /**
   * Other issuers whose JWTs are accepted.
   */
  issuers?: IssuerDocument[];
  /**
   * API keys, made and revoked with `gatewayctl key` and stored hashed. Without this key they are off.
   */
  apiKeys?: ApiKeysDocument;
  /**
   * Roles by name. A role grants permissions and may inherit from other roles, but not in a cycle.
   */
  roles?: {
    [k: string]: RoleDocument;
  };
  /**
   * What is logged, and how.
   */
  logs?: LogsDocument;
  /**
   * How the metrics at /metrics of the admin listener are measured.
   */
  metrics?: MetricsDocument;
  /**
   * Where spans are exported to. Without this key the W3C traceparent header is passed on and nothing is exported.
   */
  tracing?: TracingDocument;
  /**
   * Changes to every answer of every route, errors included.
   */
  response?: GlobalResponseDocument;
  /**
   * The store that all route caches share.
   */
  cache?: CacheStoreDocument;
  /**
   * Values for keys that a route or an upstream does not set. A key that it does set replaces the default whole, and `off` there removes the default.
   */
  defaults?: DefaultsDocument;
  /**
   * The services that requests are forwarded to, by name.
   */
  upstreams?: {
    [k: string]: UpstreamDocument;
  };
  /**
   * What is done with which requests. The order does not matter, because the most specific route wins.
   */
  routes?: RouteDocument[];
}
/**
 * The listeners that take requests.
 */
export interface ServerDocument {
  /**
   * Address of the plain HTTP listener as host:port. Port 0 takes any free port, which is printed at start.
   */
  listen?: Listen;
  /**
   * The HTTPS listener. Without this key there is plain HTTP only.
   */
  tls?: ServerTlsDocument;
  /**
   * Addresses and CIDR blocks of proxies whose X-Forwarded-* and Forwarded headers are believed, walked from right to left.
   */
  trustedProxies?: Cidr[];
  /**
   * Whether plain HTTP/1.1 requests are parsed on the socket. With false all go through node:http. A change takes a restart.
   */
  fastLane?: boolean;
  /**
   * Number of processes, or auto for one per core. Without Redis each of several counts rate limits and logins alone; instances that register are known to all. A change takes a restart.
   */
  workers?: Workers;
  /**
   * Limits on connections and on the parts of a request.
   */
  limits?: ServerLimitsDocument;
  /**
   * How long clients may take, and how long a shutdown may.
   */
  timeouts?: ServerTimeoutsDocument;
  /**
   * How the path of a request is made canonical. It is done once, and matching, access, cache, rewriting and log all use the result.
   */
  paths?: PathsDocument;
}
/**
 * The HTTPS listener.
 */
export interface ServerTlsDocument {
  /**
   * Address of the HTTPS listener as host:port.
   */
  listen: Listen;
  /**
   * Certificates with their keys, chosen by SNI. The first is the default, and all are read again when their files change.
   */
  certificates: CertificateDocument[];
  /**
   * The oldest TLS version that is accepted.
   */
  minVersion?: 'TLSv1.2' | 'TLSv1.3';
  /**
   * PEM file of the authorities that client certificates are checked against. Without this key none are asked for.
   */
  clientCa?: FilePath;
  /**
   * Whether a client certificate is required, or requested and optional. It counts only with clientCa.
   */
  clientAuth?: 'require' | 'request';
  /**
   * Whether the plain listener answers 308 to https. A request that a trusted proxy took over https counts as https.
   */
  redirectHttp?: boolean;
  /**
   * The max-age of the Strict-Transport-Security header, or off for no such header.
   */
  hsts?: DurationOrOff;
  /**
   * Whether HTTP/2 is offered by ALPN.
   */
  http2?: boolean;
}
/**
 * A certificate and its private key, both PEM files.
 */
export interface CertificateDocument {
  /**
   * PEM file with the certificate, followed by its chain.
   */
  cert: FilePath;
  /**
   * PEM file with the private key of the certificate.
   */
  key: FilePath;
}
/**
 * Limits on connections and on the parts of a request.
 */
export interface ServerLimitsDocument {
  /**
   * How many connections may be open at once. Further ones are refused, not queued.
   */
  connections?: Count;
  /**
   * The most bytes that a request's header block may have. More is answered with 431.
   */
  headerBytes?: Size;
  /**
   * The most bytes that a request's target may have. More is answered with 414.
   */
  uriBytes?: Size;
  /**
   * The most bytes that a request's body may have, counted while it streams. More is answered with 413, and a route can set its own limit.
   */
  bodyBytes?: Size;
}
/**
 * How long clients may take, and how long a shutdown may.
 */
export interface ServerTimeoutsDocument {
  /**
   * Time from the first byte of a request to the end of its header block. Longer is answered with 408, and off is no limit.
   */
  headers?: DurationOrOff;
  /**
   * Time to receive a whole request, the body included. Longer is answered with 408, and off is no limit.
   */
  request?: DurationOrOff;
  /**
   * How long an idle connection is kept open for the next request, or off for no limit.
   */
  keepAlive?: DurationOrOff;
  /**
   * On SIGTERM, how long /readyz answers 503 while requests are still accepted, so that load balancers notice.
   */
  drainDelay?: DurationOrZero;
  /**
   * How long requests in flight get after drainDelay. Their answers carry Connection close, and no new ones are accepted.
   */
  drain?: DurationOrZero;
}
/**
 * How the path of a request is made canonical.
 */
export interface PathsDocument {
  /**
   * What is done with %2F in a path. Reject answers 400, keep passes it on opaque and never decodes it.
   */
  encodedSlash?: 'reject' | 'keep';
  /**
   * What is done with . and .. segments. Reject answers 400, normalise resolves them.
   */
  dotSegments?: 'reject' | 'normalise';
  /**
   * What is done with // in a path. Merge makes one slash of it, reject answers 400.
   */
  duplicateSlash?: 'merge' | 'reject';
  /**
   * Whether /a and /a/ differ (strict), are the same (ignore), or the one is redirected to the other with 308 (redirect).
   */
  trailingSlash?: 'strict' | 'ignore' | 'redirect';
}
/**
 * The admin listener.
 */
export interface AdminDocument {
  /**
   * Address of the admin listener as host:port.
   */
  listen?: Listen;
  /**
   * Bearer token for /api/v1. It is required when listen is not a loopback address, and the empty string means none. It has neither spaces nor letters beyond those of ASCII.
   */
  token?: string;
  /**
   * Bearer token that opens nothing but /api/v1/upstreams/NAME/instances, for instances that register themselves.
   */
  registryToken?: string;
}
/**
 * The PostgreSQL database that holds users, sessions and API keys. A change takes a restart.
 */
export interface DatabaseDocument {
  /**
   * A postgres:// URL. The empty string means an embedded PostgreSQL that is kept in dataDir.
   */
  url?: DatabaseUrl;
  /**
   * Folder of the embedded PostgreSQL, made when it is missing.
   */
  dataDir?: FilePath;
  /**
   * The connections to PostgreSQL that are kept.
   */
  pool?: DatabasePoolDocument;
}
/**
 * The connections to PostgreSQL that are kept.
 */
export interface DatabasePoolDocument {
  /**
   * The most connections. The embedded PostgreSQL gets at most 5.
   */
  max?: Count;
  /**
   * How many connections are kept open when idle.
   */
  min?: CountOrZero;
  /**
   * Age at which a connection is replaced, or off for never.
   */
  maxLifetime?: DurationOrOff;
  /**
   * How long a connection above min may stay idle, or off for no limit.
   */
  idleTimeout?: DurationOrOff;
  /**
   * How long opening a connection may take.
   */
  connectTimeout?: Duration;
  /**
   * How long one statement may run, or off for no limit.
   */
  statementTimeout?: DurationOrOff;
}
/**
 * The Redis that instances and workers share.
 */
export interface RedisDocument {
  /**
   * A redis://, rediss:// (TLS), redis+sentinel:// or rediss+sentinel:// URL, or a list of cluster nodes. The empty string means process memory instead of Redis.
   */
  url?: RedisUrls;
  /**
   * What every key in Redis begins with.
   */
  keyPrefix?: string;
  /**
   * How long one command may take. After that limits go on in memory and the cache is skipped.
   */
  timeout?: Duration;
}
/**
 * The built-in user service.
 */
export interface IdentityDocument {
  /**
   * Where the service's routes begin. They and /.well-known/jwks.json are reserved, so a route that conflicts with them is an error.
   */
  path?: UrlPath;
  /**
   * Whether anyone may register (open), or users are made only by `gatewayctl user add` (closed).
   */
  registration?: 'open' | 'closed';
  /**
   * The role that a registered user gets.
   */
  defaultRole?: Name;
  /**
   * Which pages of other origins may use the service, as on a route. Without this key none may.
   */
  cors?: CorsDocument;
  /**
   * The rate limit on register, login, refresh and password.
   */
  rateLimit?: RateLimitDocument;
  /**
   * The tokens that the service issues.
   */
  tokens: TokensDocument;
  /**
   * What a password must be like, and how it is hashed.
   */
  passwords?: PasswordsDocument;
  /**
   * When failed logins lock further attempts, which are then answered with 429 and Retry-After.
   */
  lockout?: LockoutDocument;
}
/**
 * Which pages of other origins may read the answers. Preflights are answered by the gateway.
 */
export interface CorsDocument {
  /**
   * Origins that are let in. A host that begins with `*.` stands for all subdomains.
   */
  origins: CorsOrigin[];
  /**
   * Methods that a preflight allows.
   */
  methods?: Method[];
  /**
   * Request headers that a preflight allows.
   */
  headers?: HeaderName[];
  /**
   * Response headers that scripts may read.
   */
  expose?: HeaderName[];
  /**
   * Whether browsers may send cookies and other credentials along.
   */
  credentials?: boolean;
  /**
   * How long browsers may keep the answer to a preflight.
   */
  maxAge?: DurationOrZero;
}
/**
 * A number of requests in a time. What goes over it is answered with 429 and Retry-After.
 */
export interface RateLimitDocument {
  /**
   * How many requests pass in the time that `per` gives.
   */
  requests: Count;
  /**
   * The time that `requests` is counted over. Requests are let in evenly, one each per/requests once the burst is used up.
   */
  per: Duration;
  /**
   * How many requests may pass at once. Without this key it is as many as `requests`.
   */
  burst?: Count;
  /**
   * What has a counter of its own, one of client (the IP address, IPv6 by /64), user, route, header:NAME and claim:NAME. A missing header or claim counts as the client.
   */
  by?: RateLimitKey;
  /**
   * Limits of equal name share one counter across routes. Without a name the counter belongs to the route.
   */
  name?: Name;
}
/**
 * The tokens that the user service issues.
 */
export interface TokensDocument {
  /**
   * The iss claim of the tokens.
   */
  issuer: string;
  /**
   * The aud claim of the tokens.
   */
  audience: string;
  /**
   * How tokens are signed. RS256 and ES256 take keys, HS256 takes secret.
   */
  algorithm?: 'RS256' | 'ES256' | 'HS256';
  /**
   * Folder of PEM private keys that are named by time and key id. The newest published key signs, all verify.
   */
  keys?: FilePath;
  /**
   * The secret of HS256, at least 32 bytes, instead of keys.
   */
  secret?: string;
  /**
   * How long an access token is valid.
   */
  accessTtl?: Duration;
  /**
   * How long a refresh token is valid. It is rotated at every use, and the replay of an old one revokes its whole family.
   */
  refreshTtl?: Duration;
  /**
   * Whether tokens travel in JSON and the Authorization header, or in cookies with CSRF protection.
   */
  transport?: 'header' | 'cookie';
}
/**
 * What a password must be like, and how it is hashed. Over 72 bytes it is refused, never truncated.
 */
export interface PasswordsDocument {
  /**
   * The fewest characters that a password may have.
   */
  minLength?: number;
  /**
   * The cost of bcrypt. Each step up doubles the time of a login.
   */
  bcryptCost?: number;
  /**
   * Whether well-known passwords are refused.
   */
  rejectCommon?: boolean;
}
/**
 * When failed logins lock further attempts.
 */
export interface LockoutDocument {
  /**
   * Failed logins to one account from one client in the window, after which that client is locked out of that account.
   */
  failures?: Count;
  /**
   * Failed logins to one account from anywhere in the window, after which the account is locked.
   */
  accountFailures?: Count;
  /**
   * The time that failures are counted over.
   */
  window?: Duration;
  /**
   * The longest lock. Locks begin short and double up to it.
   */
  duration?: Duration;
}
/**
 * An issuer whose JWTs are accepted.
 */
export interface IssuerDocument {
  /**
   * The name of the issuer in access rules and logs.
   */
  name: Name;
  /**
   * The iss claim that its tokens must have.
   */
  issuer: string;
  /**
   * The aud claim that its tokens must have.
   */
  audience: string;
  /**
   * The signature algorithms that are accepted. The list is never taken from the token, and HS256 goes only with secret.
   */
  algorithms: Algorithm[];
  /**
   * URL or local file of the issuer's public keys as a JSON Web Key Set.
   */
  jwks?: string;
  /**
   * The secret of HS256, at least 32 bytes, instead of jwks.
   */
  secret?: string;
  /**
   * Where in a token the subject and the roles of the caller are.
   */
  claims?: IssuerClaimsDocument;
  /**
   * The roles that this issuer may grant. Other roles in its tokens do not count.
   */
  allowRoles?: Name[];
}
/**
 * Where in a token the subject and the roles of the caller are.
 */
export interface IssuerClaimsDocument {
  /**
   * Template of the caller's subject.
   */
  subject?: string;
  /**
   * Template of the caller's roles, a string or a list. Without this key the caller has no role.
   */
  roles?: string;
}
/**
 * API keys.
 */
export interface ApiKeysDocument {
  /**
   * The request header that carries the key. It is not passed on.
   */
  header?: HeaderName;
}
/**
 * A role that has what other roles have, and more.
 */
export interface InheritingRoleDocument {
  /**
   * Roles whose permissions this one has too. It also satisfies their names in access rules.
   */
  inherits?: Name[];
  /**
   * Permissions that the role grants. orders:* and * are wildcards.
   */
  permissions?: Grant[];
}
/**
 * What is logged, and how.
 */
export interface LogsDocument {
  /**
   * The least severity that is logged.
   */
  level?: 'debug' | 'info' | 'warn' | 'error';
  /**
   * JSON lines, or lines for people. Without this key it is json, and pretty when standard output is a terminal.
   */
  format?: 'json' | 'pretty';
  /**
   * Whether each request is logged in one line.
   */
  access?: boolean;
}
/**
 * How metrics are measured.
 */
export interface MetricsDocument {
  /**
   * Upper bounds of the duration histograms in seconds, each above the one before it. Another list takes effect after a restart.
   *
   * @maxItems 30
   */
  buckets?: number[];
}
/**
 * Where spans are exported to. A change takes effect at the next reload.
 */
export interface TracingDocument {
  /**
   * Address of a collector that takes OTLP over HTTP, in JSON. Spans are posted to /v1/traces below it.
   */
  otlp: Url;
  /**
   * The service.name of the spans.
   */
  serviceName?: string;
  /**
   * The share of traces begun here that are sampled, from 0 to 1. A sampled parent is always followed.
   */
  sampleRatio?: Ratio;
}
/**
 * Changes to every answer of every route.
 */
export interface GlobalResponseDocument {
  /**
   * Changes to the headers of every answer, errors included. Those of a route come after them.
   */
  headers?: HeaderEditsDocument;
}
/**
 * Changes to the headers of a message.
 */
export interface HeaderEditsDocument {
  /**
   * Headers that are given this value, whatever they held before. A template that has no value removes its header.
   */
  set?: HeaderValues;
  /**
   * Header values that are added to those already there.
   */
  add?: HeaderValues;
  /**
   * Headers that are taken out.
   */
  remove?: HeaderName[];
}
/**
 * Header values by header name.
 */
export interface HeaderValues {
  [k: string]: HeaderValue;
}
/**
 * The store that all route caches share.
 */
export interface CacheStoreDocument {
  /**
   * How much memory cached answers may take in each process.
   */
  memory?: Size;
  /**
   * Whether answers are kept in Redis too, when there is one, with the memory in front of it.
   */
  redis?: boolean;
}
/**
 * Values for keys that a route or an upstream does not set.
 */
export interface DefaultsDocument {
  /**
   * Values for every upstream, of all its keys but targets and discover.
   */
  upstream?: UpstreamDefaultsDocument;
  /**
   * Values for every route, of all its keys but name, match, upstream, split and respond.
   */
  route?: RouteDefaultsDocument;
}
/**
 * An upstream without targets and discover.
 */
export interface UpstreamDefaultsDocument {
  /**
   * How an endpoint is chosen. p2c takes the one with fewer requests in flight of two random choices, and hash keeps equal requests on one endpoint.
   */
  balance?: BalanceDocument;
  /**
   * How long a new or healed endpoint takes to grow to its share, or off for its full share at once.
   */
  slowStart?: DurationOrOff;
  /**
   * How long opening a connection to an endpoint may take, TLS included, or off for no limit.
   */
  connectTimeout?: DurationOrOff;
  /**
   * How long each attempt may take, from the last byte of the request to the headers of the response, or off for no limit.
   */
  responseTimeout?: DurationOrOff;
  /**
   * How long a body may pause between two chunks, either way, or off for no limit.
   */
  idleTimeout?: DurationOrOff;
  /**
   * How many sockets are kept to each endpoint.
   */
  connections?: CountOrOff;
  /**
   * The Host header that is sent, the endpoint's own (upstream) or the one of the client (preserve).
   */
  host?: 'upstream' | 'preserve' | 'off';
  /**
   * How https endpoints are verified, and the client certificate that is shown to them.
   */
  tls?: Off | UpstreamTlsDocument;
  /**
   * The active probe of every endpoint. Without this key there is none.
   */
  health?: Off | HealthDocument;
  /**
   * Takes endpoints out for a while when requests to them fail. It never takes out more than a share of them.
   */
  outlier?: Off | OutlierDocument;
  /**
   * The circuit breaker of each endpoint. Without this key there is none.
   */
  breaker?: Off | BreakerDocument;
  /**
   * When and how often a failed attempt is repeated. Without this key only a dead kept-alive socket is retried, once.
   */
  retry?: Off | RetryDocument;
  /**
   * Sends a second attempt when the first is slow, and takes the answer that comes first. Safe methods only.
   */
  hedge?: Off | HedgeDocument;
  /**
   * How many requests the upstream gets at once, and how many may wait. Without this key there is no bound.
   */
  bulkhead?: Off | BulkheadDocument;
}
/**
 * Keeps equal requests on one endpoint.
 */
export interface HashBalanceDocument {
  /**
   * What of a request is hashed, one of client, path, header:NAME and cookie:NAME.
   */
  hash: HashKey;
}
/**
 * How https endpoints are verified, and the client certificate that is shown to them.
 */
export interface UpstreamTlsDocument {
  /**
   * PEM file of the authorities that endpoints are checked against, instead of the well-known ones.
   */
  ca?: FilePath;
  /**
   * PEM file of the client certificate.
   */
  cert?: FilePath;
  /**
   * PEM file with the private key of the client certificate.
   */
  key?: FilePath;
  /**
   * The name that is sent by SNI and looked for in the certificate, instead of the endpoint's host.
   */
  serverName?: string;
  /**
   * Whether the certificate of an endpoint is verified.
   */
  verify?: boolean;
}
/**
 * An active probe. It has either path or tcp.
 */
export interface HealthDocument {
  /**
   * The path that is requested with GET, for a deep probe. The request carries no credentials.
   */
  path?: string;
  /**
   * Probes shallowly, by opening a connection, with https its TLS handshake included, instead of requesting a path.
   */
  tcp?: true;
  /**
   * What the answer to a probe of a path must be like.
   */
  expect?: HealthExpectDocument;
  /**
   * Time between the starts of two probes of an endpoint, give or take a tenth.
   */
  interval?: Duration;
  /**
   * How long one probe may take.
   */
  timeout?: Duration;
  /**
   * Probes in a row that must succeed before an endpoint counts as healthy again.
   */
  healthyAfter?: Count;
  /**
   * Probes in a row that must fail before an endpoint counts as unhealthy.
   */
  unhealthyAfter?: Count;
}
/**
 * What the answer to a probe must be like.
 */
export interface HealthExpectDocument {
  /**
   * The status codes that count as healthy.
   */
  status?: Status[];
  /**
   * Text that the first 64 KiB of the body must contain.
   */
  body?: string;
}
/**
 * When an endpoint is taken out because requests to it fail.
 */
export interface OutlierDocument {
  /**
   * Failures in the window after which an endpoint is taken out.
   */
  failures?: Count;
  /**
   * The time that failures are counted over.
   */
  window?: Duration;
  /**
   * How long the endpoint stays out.
   */
  ejectFor?: Duration;
  /**
   * The largest share of the endpoints that may be out at once, from 0 to 1.
   */
  maxEjected?: Ratio;
}
/**
 * A circuit breaker for each endpoint. An open endpoint is skipped, and when all are open the answer is 503.
 */
export interface BreakerDocument {
  /**
   * The share of failed requests in the window at which the breaker opens, from 0 to 1.
   */
  failureRatio?: Ratio;
  /**
   * How many requests the window must hold before the share counts.
   */
  minimumRequests?: Count;
  /**
   * The time that requests are counted over.
   */
  window?: Duration;
  /**
   * How long the breaker stays open before it lets requests try.
   */
  openFor?: Duration;
  /**
   * How many requests may try at once, and must succeed, before the breaker closes.
   */
  halfOpenRequests?: Count;
}
/**
 * When and how often a failed attempt is repeated.
 */
export interface RetryDocument {
  /**
   * The most attempts in all, the first one included.
   */
  attempts: Count;
  /**
   * What is retried, of connect-failure, reset, timeout and response status codes.
   */
  when?: RetryCause[];
  /**
   * Methods that are retried. Others are only with an Idempotency-Key header.
   */
  methods?: Method[];
  /**
   * The pause before a retry, with full jitter. A Retry-After is obeyed, and no pause goes past the timeout of the route.
   */
  backoff?: BackoffDocument;
  /**
   * How much of a retry every request earns, from 0 to 1. Up to 10 retries are saved up, and a retry takes one.
   */
  budget?: Ratio;
  /**
   * Request bodies up to this size are kept for a retry. Requests with larger ones are not retried.
   */
  bodyBuffer?: Size;
}
/**
 * The pause before a retry.
 */
export interface BackoffDocument {
  /**
   * The longest pause before the first retry. It doubles with every further one.
   */
  base?: DurationOrZero;
  /**
   * The longest pause of all.
   */
  max?: DurationOrZero;
}
/**
 * Further attempts for requests that are slow.
 */
export interface HedgeDocument {
  /**
   * How long an attempt may go without response headers before another is sent.
   */
  after: Duration;
  /**
   * The most further attempts for one request. Each is taken from the budget of retries.
   */
  max?: Count;
}
/**
 * A bound on the requests that an upstream gets at once. What goes over it is answered with 503.
 */
export interface BulkheadDocument {
  /**
   * The most requests in flight at once.
   */
  concurrent: Count;
  /**
   * The most requests that wait for their turn.
   */
  queue?: CountOrZero;
  /**
   * How long a request may wait for its turn.
   */
  queueTimeout?: Duration;
}
/**
 * A route without name, match, upstream, split and respond.
 */
export interface RouteDefaultsDocument {
  /**
   * How the path is changed before it is sent on, by one of path, stripPrefix and addPrefix.
   */
  rewrite?: Off | RewriteDocument;
  /**
   * Who may use the route. Public never reads credentials, optional verifies them when there are any, and of a list of rules any one lets in.
   */
  access?: AccessDocument;
  /**
   * Time from the match to the final response headers, over queue and retries, or off for no limit.
   */
  timeout?: DurationOrOff;
  /**
   * Which pages of other origins may read the answers. Without this key preflights are not answered.
   */
  cors?: Off | CorsDocument;
  /**
   * Client addresses that are let in or kept out.
   */
  ip?: Off | IpRuleDocument;
  /**
   * One rate limit, or a list in which every one holds. What goes over is answered with 429 and Retry-After.
   */
  rateLimit?: Off | RateLimitsDocument;
  /**
   * JSON Schemas for the parts of a request. Faults are answered with 400, each with its JSON pointer.
   */
  validate?: Off | ValidateDocument;
  /**
   * The most bytes that a request's body may have on this route, instead of the server's limit. More is answered with 413.
   */
  bodyBytes?: SizeOrOff;
  /**
   * Changes to the request before it is sent on.
   */
  request?: Off | RequestEditsDocument;
  /**
   * Changes to the answer before it is sent back.
   */
  response?: Off | ResponseEditsDocument;
  /**
   * Keeps answers as a shared cache that follows RFC 9111. Every answer carries Cache-Status.
   */
  cache?: Off | RouteCacheDocument;
  /**
   * What is answered when no attempt succeeded, either a fixed answer or that of another upstream.
   */
  fallback?: Off | FallbackDocument;
  /**
   * Allows upgrades to WebSocket. Without this key an upgrade is refused with 403.
   */
  websocket?: Off | WebsocketDocument;
  /**
   * Sends copies of requests to another upstream and throws the answers away.
   */
  mirror?: Off | MirrorDocument;
}
/**
 * How the path is changed before it is sent on, by one key.
 */
export interface RewriteDocument {
  /**
   * The new path, in which :name and *name stand for the parameters of the match.
   */
  path?: UrlPath;
  /**
   * What is taken away at the beginning of the path.
   */
  stripPrefix?: UrlPath;
  /**
   * What is put before the path.
   */
  addPrefix?: UrlPath;
}
/**
 * A rule lets in those for whom all of its keys hold.
 */
export interface AccessRuleDocument {
  /**
   * The caller has one of these roles.
   */
  roles?: Name[];
  /**
   * The caller has all of these permissions.
   */
  permissions?: Permission[];
  /**
   * The token has all of these scopes.
   */
  scopes?: string[];
  /**
   * The token is from any one of these issuers.
   */
  issuers?: Name[];
  /**
   * Values of the request, each compared with a template. Absent values never match, and a list matches when it contains the value.
   */
  where?: WhereDocument;
}
/**
 * Templates by what they are compared with, such as params.id.
 */
export interface WhereDocument {
  [k: string]: string;
}
/**
 * Client addresses that are let in or kept out.
 */
export interface IpRuleDocument {
  /**
   * Addresses and CIDR blocks that are let in. All others are kept out.
   */
  allow?: Cidr[];
  /**
   * Addresses and CIDR blocks that are kept out, even when allow has them.
   */
  deny?: Cidr[];
}
/**
 * JSON Schemas for the parts of a request.
 */
export interface ValidateDocument {
  /**
   * JSON Schema of the body, as a file or in place. The body must then be application/json.
   */
  body?: SchemaOrFile;
  /**
   * JSON Schema of the query, as a file or in place.
   */
  query?: SchemaOrFile;
  /**
   * JSON Schema of the path's parameters, as a file or in place.
   */
  params?: SchemaOrFile;
  /**
   * JSON Schema of the headers, whose names are in lower case, as a file or in place.
   */
  headers?: SchemaOrFile;
}
/**
 * Changes to a request before it is sent on. Values may hold templates such as {{params.id}} and {{claims.sub}}.
 */
export interface RequestEditsDocument {
  /**
   * Changes to the headers.
   */
  headers?: HeaderEditsDocument;
  /**
   * Changes to the query.
   */
  query?: QueryEditsDocument;
  /**
   * Changes to a JSON body.
   */
  body?: BodyEditsDocument;
}
/**
 * Changes to the query of a request.
 */
export interface QueryEditsDocument {
  /**
   * Parameters that are given this value, whatever they held before. Values may hold templates.
   */
  set?: {
    [k: string]: string;
  };
  /**
   * Parameters that are taken out.
   */
  remove?: string[];
}
/**
 * Changes to a JSON body.
 */
export interface BodyEditsDocument {
  /**
   * JSON values by JSON pointer. In requests strings may hold templates, in responses a `{{` is an error.
   */
  set?: {
    [k: string]: unknown;
  };
  /**
   * JSON pointers of what is taken out.
   */
  remove?: JsonPointer[];
}
/**
 * Changes to an answer before it is sent back.
 */
export interface ResponseEditsDocument {
  /**
   * Changes to the headers, made to every answer of the route, cached ones and errors included.
   */
  headers?: HeaderEditsDocument;
  /**
   * Changes to a JSON body, made before it is cached and without templates.
   */
  body?: BodyEditsDocument;
}
/**
 * A shared cache that follows RFC 9111.
 */
export interface RouteCacheDocument {
  /**
   * How long answers that carry no freshness of their own stay fresh. Without this key only what the origin allows is kept.
   */
  ttl?: DurationOrZero;
  /**
   * How long a stale answer may still be given while a new one is fetched in the background.
   */
  staleWhileRevalidate?: DurationOrZero;
  /**
   * How long a stale answer may still be given when the upstream fails.
   */
  staleIfError?: DurationOrZero;
  /**
   * Request headers that are part of the key, beyond the Vary of the origin.
   */
  vary?: HeaderName[];
  /**
   * The query parameters that are in the key and go upstream, and no others do. Without this key all are, sorted.
   */
  query?: string[];
  /**
   * Whether callers with different credentials share answers. With false the key holds the identity when a request has credentials.
   */
  shareBetweenUsers?: boolean;
  /**
   * Whether answers with Set-Cookie are kept.
   */
  storeSetCookie?: boolean;
  /**
   * Larger answers stream past and are not kept.
   */
  maxBytes?: Size;
}
/**
 * What is answered when no attempt succeeded. It has either status or upstream.
 */
export interface FallbackDocument {
  /**
   * The status code of a fixed answer.
   */
  status?: Status;
  /**
   * The headers of a fixed answer.
   */
  headers?: HeaderValues;
  /**
   * The body of a fixed answer, as text.
   */
  body?: string;
  /**
   * Another upstream that is asked, instead of a fixed answer. It gets only requests that may be sent twice, or that no upstream can have acted on.
   */
  upstream?: Name;
}
/**
 * Bounds on WebSocket connections.
 */
export interface WebsocketDocument {
  /**
   * How long a connection may be silent, both ways, before it is closed, or off for no limit.
   */
  idleTimeout?: DurationOrOff;
  /**
   * The most connections that the route holds open at once.
   */
  maxConnections?: Count;
}
/**
 * Copies of requests to another upstream.
 */
export interface MirrorDocument {
  /**
   * The upstream that gets the copies.
   */
  upstream: Name;
  /**
   * The share of the requests that are copied, from 0 to 1.
   */
  ratio?: Ratio;
}
/**
 * A service that requests are forwarded to. It has either targets or discover.
 */
export interface UpstreamDocument {
  /**
   * The endpoints of the service as origins, without a path. An entry with a weight takes its share of the traffic.
   */
  targets?: TargetDocument[];
  /**
   * Where the endpoints are found, instead of targets. One of dns, registry, consul, etcd, kubernetes and file.
   */
  discover?: DiscoverDocument;
  /**
   * How an endpoint is chosen. p2c takes the one with fewer requests in flight of two random choices, and hash keeps equal requests on one endpoint.
   */
  balance?: BalanceDocument;
  /**
   * How long a new or healed endpoint takes to grow to its share, or off for its full share at once.
   */
  slowStart?: DurationOrOff;
  /**
   * How long opening a connection to an endpoint may take, TLS included, or off for no limit.
   */
  connectTimeout?: DurationOrOff;
  /**
   * How long each attempt may take, from the last byte of the request to the headers of the response, or off for no limit.
   */
  responseTimeout?: DurationOrOff;
  /**
   * How long a body may pause between two chunks, either way, or off for no limit.
   */
  idleTimeout?: DurationOrOff;
  /**
   * How many sockets are kept to each endpoint.
   */
  connections?: CountOrOff;
  /**
   * The Host header that is sent, the endpoint's own (upstream) or the one of the client (preserve).
   */
  host?: 'upstream' | 'preserve' | 'off';
  /**
   * How https endpoints are verified, and the client certificate that is shown to them.
   */
  tls?: Off | UpstreamTlsDocument;
  /**
   * The active probe of every endpoint. Without this key there is none.
   */
  health?: Off | HealthDocument;
  /**
   * Takes endpoints out for a while when requests to them fail. It never takes out more than a share of them.
   */
  outlier?: Off | OutlierDocument;
  /**
   * The circuit breaker of each endpoint. Without this key there is none.
   */
  breaker?: Off | BreakerDocument;
  /**
   * When and how often a failed attempt is repeated. Without this key only a dead kept-alive socket is retried, once.
   */
  retry?: Off | RetryDocument;
  /**
   * Sends a second attempt when the first is slow, and takes the answer that comes first. Safe methods only.
   */
  hedge?: Off | HedgeDocument;
  /**
   * How many requests the upstream gets at once, and how many may wait. Without this key there is no bound.
   */
  bulkhead?: Off | BulkheadDocument;
}
/**
 * An origin with a weight.
 */
export interface WeightedTargetDocument {
  /**
   * The origin of the endpoint, without a path.
   */
  url: Origin;
  /**
   * The share of the traffic that it takes, relative to the others. A target without one counts as 1.
   */
  weight?: Weight;
}
/**
 * Endpoints from DNS, by A and AAAA records or by SRV records.
 */
export interface DiscoverDnsDocument {
  /**
   * The whole name that is looked up. Search domains and /etc/hosts are not looked at.
   */
  dns: string;
  /**
   * The port of the endpoints, 80 or with https 443 when it is not given. With srv the records hold it.
   */
  port?: Port;
  /**
   * The scheme that endpoints are spoken to with.
   */
  scheme?: Scheme;
  /**
   * Whether SRV records are looked up instead of A and AAAA records.
   */
  srv?: boolean;
}
/**
 * Endpoints that register themselves at the admin API.
 */
export interface DiscoverRegistryDocument {
  /**
   * Instances register themselves at /api/v1/upstreams/NAME/instances of the admin listener, and renew it as their heartbeat.
   */
  registry: true;
}
/**
 * Endpoints from a Consul catalogue.
 */
export interface DiscoverConsulDocument {
  /**
   * URL of the Consul agent. A query is sent along, for example ?dc=west.
   */
  consul: Url;
  /**
   * Name of the service in Consul. Its passing instances are the endpoints, over plain http.
   */
  service: string;
  /**
   * Takes only the instances that have this tag.
   */
  tag?: string;
}
/**
 * Endpoints from the keys under a prefix in etcd.
 */
export interface DiscoverEtcdDocument {
  /**
   * URL of an etcd member, of version 3.4 or later.
   */
  etcd: Url;
  /**
   * Prefix of the keys, each of which holds one endpoint, an origin or JSON with url and weight.
   */
  prefix: string;
}
/**
 * Endpoints from the EndpointSlices of a Kubernetes service.
 */
export interface DiscoverKubernetesDocument {
  /**
   * The service whose EndpointSlices are watched.
   */
  kubernetes: KubernetesServiceDocument;
}
/**
 * A Kubernetes service and its port.
 */
export interface KubernetesServiceDocument {
  /**
   * The namespace of the service. Without this key it is the one that the gateway itself runs in.
   */
  namespace?: string;
  /**
   * The name of the service.
   */
  service: string;
  /**
   * Name or number of the port that the pods listen on. Without this key it is the only one. Its appProtocol https makes the endpoints https, which otherwise are http.
   */
  port?: string | Port;
}
/**
 * Endpoints from a file, which is watched.
 */
export interface DiscoverFileDocument {
  /**
   * A YAML or JSON file that holds a list as targets has it, looked at every second.
   */
  file: FilePath;
}
/**
 * What is done with the requests that it matches. It has one of upstream, split and respond.
 */
export interface RouteDocument {
  /**
   * The unique name of the route in logs, metrics and `gatewayctl explain`.
   */
  name: Name;
  /**
   * Which requests the route takes.
   */
  match: MatchDocument;
  /**
   * The upstream that requests are forwarded to.
   */
  upstream?: Name;
  /**
   * Several upstreams that share the requests by weight, instead of one.
   */
  split?: SplitDocument;
  /**
   * An answer that the gateway gives itself, without an upstream.
   */
  respond?: RespondDocument;
  /**
   * How the path is changed before it is sent on, by one of path, stripPrefix and addPrefix.
   */
  rewrite?: Off | RewriteDocument;
  /**
   * Who may use the route. Public never reads credentials, optional verifies them when there are any, and of a list of rules any one lets in.
   */
  access?: AccessDocument;
  /**
   * Time from the match to the final response headers, over queue and retries, or off for no limit.
   */
  timeout?: DurationOrOff;
  /**
   * Which pages of other origins may read the answers. Without this key preflights are not answered.
   */
  cors?: Off | CorsDocument;
  /**
   * Client addresses that are let in or kept out.
   */
  ip?: Off | IpRuleDocument;
  /**
   * One rate limit, or a list in which every one holds. What goes over is answered with 429 and Retry-After.
   */
  rateLimit?: Off | RateLimitsDocument;
  /**
   * JSON Schemas for the parts of a request. Faults are answered with 400, each with its JSON pointer.
   */
  validate?: Off | ValidateDocument;
  /**
   * The most bytes that a request's body may have on this route, instead of the server's limit. More is answered with 413.
   */
  bodyBytes?: SizeOrOff;
  /**
   * Changes to the request before it is sent on.
   */
  request?: Off | RequestEditsDocument;
  /**
   * Changes to the answer before it is sent back.
   */
  response?: Off | ResponseEditsDocument;
  /**
   * Keeps answers as a shared cache that follows RFC 9111. Every answer carries Cache-Status.
   */
  cache?: Off | RouteCacheDocument;
  /**
   * What is answered when no attempt succeeded, either a fixed answer or that of another upstream.
   */
  fallback?: Off | FallbackDocument;
  /**
   * Allows upgrades to WebSocket. Without this key an upgrade is refused with 403.
   */
  websocket?: Off | WebsocketDocument;
  /**
   * Sends copies of requests to another upstream and throws the answers away.
   */
  mirror?: Off | MirrorDocument;
}
/**
 * Which requests a route takes.
 */
export interface MatchDocument {
  /**
   * The path, with :name for one segment and *name at the end for all the rest. /files/*rest takes /files/ and all below, and /*rest takes everything.
   */
  path: UrlPath;
  /**
   * The host, or a list of hosts, without a port. *.example.com takes all hosts below, and without this key any host is taken.
   */
  host?: HostPatterns;
  /**
   * The methods, where GET implies HEAD. Without this key any method is taken, and a known path with another method is answered with 405.
   */
  methods?: Method[];
  /**
   * Headers that must have exactly these values.
   */
  headers?: HeaderValues;
}
/**
 * Several upstreams that share the requests by weight.
 */
export interface SplitDocument {
  /**
   * What keeps a caller on one upstream, one of client, header:NAME and cookie:NAME.
   */
  sticky?: StickyKey;
  /**
   * The upstreams and their weights.
   */
  to: SplitArmDocument[];
}
/**
 * One upstream of a split.
 */
export interface SplitArmDocument {
  /**
   * The upstream.
   */
  upstream: Name;
  /**
   * Its share of the requests, relative to the other weights.
   */
  weight: Weight;
}
/**
 * An answer that the gateway gives itself.
 */
export interface RespondDocument {
  /**
   * The status code.
   */
  status: Status;
  /**
   * The headers.
   */
  headers?: HeaderValues;
  /**
   * The body, as text.
   */
  body?: string;
}
