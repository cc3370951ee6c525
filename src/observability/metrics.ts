import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { CacheCounts, type CacheMetrics, type CacheReading } from './cache-counts.ts';
import { TrafficCounts } from './traffic-counts.ts';
import { UpstreamStates, type UpstreamReading } from './upstream-states.ts';
import { BoundCounter, BoundHistogram, type BoundCount, type BoundObservations } from './bound.ts';

/** Seconds; Prometheus' own default buckets. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** What one route counts. Label values are looked up once, when the route is compiled or first used. */
export interface RouteMetrics {
  /**
   * @param method as received; one that is not well known counts as `other`, so that clients cannot make labels
   * @param status of the answer
   * @param seconds from the request's head to the answer's last byte
   */
  observe(method: string, status: number, seconds: number): void;
}

/** What one upstream counts. */
export interface UpstreamMetrics {
  /** @param outcome a status class such as `2xx`, or a failure's label */
  attempt(outcome: string): void;
  /** @param seconds from the attempt's start to the answer's head */
  headersAfter(seconds: number): void;
  /** An attempt is repeated. @param cause as `retry.when` calls it: a failure, or a status */
  retry(cause: string | number): void;
  /** A further attempt is sent while another has not been answered. */
  hedge(): void;
  /** A request is not sent. @param reason the problem that it is answered with */
  refused(reason: string): void;
}

/** What is read when metrics are asked for. */
export interface Readings {
  inFlight(): number;
  connections(): Promise<number>;
  /** What open exchanges hold of bodies; in bytes. */
  heldBodyBytes?(): number;
  /** Whether the last that was heard of the database was good; undefined while no configuration needs one. */
  databaseUp?(): boolean | undefined;
  /** Whether Redis answered when it was last heard of; undefined when there is none, and before it was first asked. */
  redisUp?(): boolean | undefined;
  upstreams?(): readonly UpstreamReading[];
  /** What the response cache holds in memory; undefined while nothing is cached. */
  cache?(): CacheReading | undefined;
}

/** All metrics of one process. Names and labels are part of the interface to dashboards: see docs/metrics.md. */
export class Metrics {
  readonly registry = new Registry();
  readonly traffic = new TrafficCounts(this.registry);
  readonly cached: CacheCounts;
  readonly #requests: BoundCounter<'route' | 'method' | 'status'>;
  readonly #durations: BoundHistogram<'route'>;
  readonly #inFlight: Gauge;
  readonly #attempts: BoundCounter<'upstream' | 'outcome'>;
  readonly #upstreamDurations: BoundHistogram<'upstream'>;
  readonly #upstreamStates: UpstreamStates;
  readonly #reloadSuccessful: Gauge;
  readonly #reloadTime: Gauge;
  readonly #configInfo: Gauge<'hash'>;
  readonly #restartRequired: Gauge;
  readonly #connections: Gauge;
  readonly #heldBodies: Gauge;
  readonly #webSockets: Gauge<'route'>;
  readonly #handshakes: Counter<'result'>;
  readonly #databaseUp: Gauge;
  readonly #redisUp: Gauge;
  readonly #auth: BoundCounter<'result'>;
  readonly #registrations: Counter;
  readonly #logins: Counter<'result'>;
  readonly #authResults = new Map<string, BoundCount>();
  readonly #routes = new Map<string, RouteMetrics>();
  readonly #upstreams = new Map<string, UpstreamMetrics>();

  constructor(readings: Readings) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new BoundCounter({
      name: 'gateway_requests_total',
      help: 'Requests answered, by route, method and status class.',
      labelNames: ['route', 'method', 'status'],
      registers,
    });
    this.#durations = new BoundHistogram({
      name: 'gateway_request_duration_seconds',
      help: 'From the head of a request to the last byte of its answer.',
      labelNames: ['route'],
      buckets: BUCKETS,
      registers,
    });
    this.#inFlight = new Gauge({
      name: 'gateway_requests_in_flight',
      help: 'Requests that are being answered.',
      registers,
      collect: () => this.#inFlight.set(readings.inFlight()),
    });
    this.#connections = new Gauge({
      name: 'gateway_connections',
      help: 'Open client connections.',
      registers,
      collect: async () => this.#connections.set(await readings.connections()),
    });
    this.#heldBodies = new Gauge({
      name: 'gateway_held_body_bytes',
      help: 'Bytes of bodies that are held to be judged, edited or sent again.',
      registers,
      collect: () => this.#heldBodies.set(readings.heldBodyBytes?.() ?? 0),
    });
    this.#handshakes = new Counter({
      name: 'gateway_tls_handshakes_total',
      help: 'TLS handshakes with clients by how they ended: ok or failed.',
      labelNames: ['result'],
      registers,
    });
    this.#webSockets = new Gauge({
      name: 'gateway_websockets',
      help: 'Open WebSocket connections.',
      labelNames: ['route'],
      registers,
    });
    this.#attempts = new BoundCounter({
      name: 'gateway_upstream_attempts_total',
      help: 'Attempts at upstreams by outcome: the status class of the answer, or how the attempt failed.',
      labelNames: ['upstream', 'outcome'],
      registers,
    });
    this.#upstreamDurations = new BoundHistogram({
      name: 'gateway_upstream_duration_seconds',
      help: 'From the start of an attempt to the head of the upstream’s answer.',
      labelNames: ['upstream'],
      buckets: BUCKETS,
      registers,
    });
    this.#upstreamStates = new UpstreamStates(this.registry, () => readings.upstreams?.() ?? []);
    this.cached = new CacheCounts(this.registry, () => readings.cache?.());
    this.#databaseUp = new Gauge({
      name: 'gateway_database_up',
      help: '1 when the last that was heard of the database was good, 0 otherwise.',
      registers,
      collect: () => {
        const up = readings.databaseUp?.();
        // A database that nobody needs is not down: without a series no alert can take it for one that is.
        if (up === undefined) this.#databaseUp.remove();
        else this.#databaseUp.set(up ? 1 : 0);
      },
    });
    this.#redisUp = new Gauge({
      name: 'gateway_redis_up',
      help: '1 when Redis answered when it was last heard of, 0 otherwise.',
      registers,
      collect: () => {
        const up = readings.redisUp?.();
        if (up === undefined) this.#redisUp.remove();
        else this.#redisUp.set(up ? 1 : 0);
      },
    });
    this.#auth = new BoundCounter({
      name: 'gateway_auth_total',
      help: 'Requests on routes that ask who calls, by how that ended.',
      labelNames: ['result'],
      registers,
    });
    this.#registrations = new Counter({
      name: 'gateway_registrations_total',
      help: 'Users that have registered.',
      registers,
    });
    this.#logins = new Counter({
      name: 'gateway_logins_total',
      help: 'Logins by how they ended: ok, refused, locked or busy.',
      labelNames: ['result'],
      registers,
    });
    this.#reloadSuccessful = new Gauge({
      name: 'gateway_config_last_reload_successful',
      help: '1 when the newest configuration is the one that serves, 0 when it was refused.',
      registers,
    });
    this.#reloadTime = new Gauge({
      name: 'gateway_config_last_reload_success_timestamp_seconds',
      help: 'When the configuration that serves was loaded.',
      registers,
    });
    this.#configInfo = new Gauge({
      name: 'gateway_config_info',
      help: 'The hash of the configuration that serves.',
      labelNames: ['hash'],
      registers,
    });
    this.#restartRequired = new Gauge({
      name: 'gateway_config_restart_required',
      help: '1 when the configuration holds a change that only a restart brings into effect.',
      registers,
    });
    this.restartRequired(false);
  }

  /** The counters of a route; the same object for the same name, so that counts survive reloads. */
  route(name: string): RouteMetrics {
    let metrics = this.#routes.get(name);
    if (metrics === undefined) this.#routes.set(name, (metrics = this.#createRoute(name)));
    return metrics;
  }

  #createRoute(route: string): RouteMetrics {
    // Bound on first use: a configured route that nobody calls costs nothing in a scrape.
    const methods = new Map<string, (BoundCount | undefined)[]>();
    let duration: BoundObservations | undefined;
    return {
      observe: (method, status, seconds) => {
        const label = METHODS.has(method) ? method : 'other';
        let counts = methods.get(label);
        if (counts === undefined) methods.set(label, (counts = []));
        const index = Math.trunc(status / 100);
        (counts[index] ??= this.#requests.bind({ route, method: label, status: `${index}xx` })).inc();
        (duration ??= this.#durations.bind({ route })).observe(seconds);
      },
    };
  }

  /** The counters of an upstream; the same object for the same name. */
  upstream(name: string): UpstreamMetrics {
    let metrics = this.#upstreams.get(name);
    if (metrics === undefined) this.#upstreams.set(name, (metrics = this.#createUpstream(name)));
    return metrics;
  }

  #createUpstream(upstream: string): UpstreamMetrics {
    const attempts = new Map<string, BoundCount>();
    let duration: BoundObservations | undefined;
    return {
      attempt: (outcome) => {
        let count = attempts.get(outcome);
        if (count === undefined) attempts.set(outcome, (count = this.#attempts.bind({ upstream, outcome })));
        count.inc();
      },
      headersAfter: (seconds) => {
        (duration ??= this.#upstreamDurations.bind({ upstream })).observe(seconds);
      },
      ...this.#upstreamStates.counts(upstream),
    };
  }

  /** The counters of a route's cache; the same object for the same name. */
  cache(route: string): CacheMetrics {
    return this.cached.route(route);
  }

  /** Counts a breaker that has changed its state. */
  breakerChanged(upstream: string, to: string): void {
    this.#upstreamStates.breakerChanged(upstream, to);
  }

  /** Counts an endpoint that was ejected. */
  ejected(upstream: string): void {
    this.#upstreamStates.ejected(upstream);
  }

  /** Counts an answer that came from a fallback. */
  fallback(route: string): void {
    this.#upstreamStates.fallback(route);
  }

  /** Counts a request on a route that asks who calls. @param result of a closed list */
  auth(result: string): void {
    let count = this.#authResults.get(result);
    if (count === undefined) this.#authResults.set(result, (count = this.#auth.bind({ result })));
    count.inc();
  }

  /** Counts a user who has registered. */
  registration(): void {
    this.#registrations.inc();
  }

  /** Counts a login. @param result of a closed list */
  login(result: string): void {
    this.#logins.labels(result).inc();
  }

  /** Counts a TLS handshake with a client. */
  handshake(result: 'ok' | 'failed'): void {
    this.#handshakes.labels(result).inc();
  }

  /** Counts an open WebSocket until the returned function is called. */
  webSocket(route: string): () => void {
    const gauge = this.#webSockets.labels(route);
    gauge.inc();
    return () => gauge.dec();
  }

  /** A configuration took over. */
  reloaded(hash: string): void {
    this.#configInfo.reset();
    this.#configInfo.labels(hash).set(1);
    this.#reloadSuccessful.set(1);
    this.#reloadTime.set(Math.round(Date.now() / 1000));
  }

  /** @param is whether the configuration that serves holds a change that only a restart brings into effect */
  restartRequired(is: boolean): void {
    this.#restartRequired.set(is ? 1 : 0);
  }

  /** A configuration was refused; the former one goes on. */
  reloadFailed(): void {
    this.#reloadSuccessful.set(0);
  }
}
