import { Counter, Gauge, Registry } from 'prom-client';
import { DEFAULT_BUCKETS, type MetricsConfig } from '../config/metrics-config.ts';
import { CacheCounts, type CacheMetrics, type CacheReading } from './cache-counts.ts';
import { TraceCounts } from './trace-counts.ts';
import { InstanceMetrics, type InstanceReadings } from './instance-metrics.ts';
import { inFlightByRoute } from './in-flight.ts';
import { PeopleCounts } from './people-counts.ts';
import { processMetrics } from './process-metrics.ts';
import { storeStates, type StoreReadings } from './store-states.ts';
import { TrafficCounts } from './traffic-counts.ts';
import { UpstreamStates, type UpstreamReading } from './upstream-states.ts';
import { BoundCounter, BoundHistogram, type BoundCount, type BoundObservations } from './bound.ts';

/** The outcome of an attempt that a bug has ended. */
const FAILURE_BY_BUG = 'internal';
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** What one route counts. Label values are looked up once, when the route is compiled or first used. */
export interface RouteMetrics {
  /**
   * @param method as received; one that is not well known counts as `other`, so that clients cannot make labels
   * @param status of the answer
   * @param seconds from the request's head to the answer's last byte
   * @param traceId of the request's trace, when that was sampled: 32 hexadecimal digits, which become an exemplar
   */
  observe(method: string, status: number, seconds: number, traceId?: string): void;
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
export interface Readings extends StoreReadings, InstanceReadings {
  inFlight(): number;
  /** The same by the names of routes, those that have any. */
  inFlightByRoute?(): ReadonlyMap<string, number>;
  connections(): Promise<number>;
  /** What open exchanges hold of bodies; in bytes. */
  heldBodyBytes?(): number;
  upstreams?(): readonly UpstreamReading[];
  /** What the response cache holds in memory; undefined while nothing is cached. */
  cache?(): CacheReading | undefined;
}

/** All metrics of one process. Names and labels are part of the interface to dashboards: see docs/metrics.md. */
export class Metrics {
  readonly registry = new Registry();
  readonly traffic = new TrafficCounts(this.registry);
  readonly traced = new TraceCounts(this.registry);
  readonly people = new PeopleCounts(this.registry);
  readonly cached: CacheCounts;
  readonly instance: InstanceMetrics;
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
  readonly #routes = new Map<string, RouteMetrics>();
  readonly #upstreams = new Map<string, UpstreamMetrics>();

  /** @param config how durations are measured, as long as the process runs */
  constructor(readings: Readings, { buckets }: MetricsConfig = { buckets: DEFAULT_BUCKETS }) {
    const registers = [this.registry];
    processMetrics(this.registry);
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
      buckets: [...buckets],
      registers,
    });
    this.#inFlight = new Gauge({
      name: 'gateway_requests_in_flight',
      help: 'Requests that are being answered.',
      registers,
      collect: () => this.#inFlight.set(readings.inFlight()),
    });
    inFlightByRoute(this.registry, () => readings.inFlightByRoute?.() ?? new Map());
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
      buckets: [...buckets],
      registers,
    });
    this.#upstreamStates = new UpstreamStates(this.registry, () => readings.upstreams?.() ?? []);
    this.cached = new CacheCounts(this.registry, () => readings.cache?.());
    storeStates(this.registry, readings);
    this.instance = new InstanceMetrics(this.registry, readings);
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
      observe: (method, status, seconds, traceId) => {
        const label = METHODS.has(method) ? method : 'other';
        let counts = methods.get(label);
        if (counts === undefined) methods.set(label, (counts = []));
        const index = Math.trunc(status / 100);
        (counts[index] ??= this.#requests.bind({ route, method: label, status: `${index}xx` })).inc();
        (duration ??= this.#durations.bind({ route })).observe(seconds, traceId);
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
        if (outcome === FAILURE_BY_BUG) this.instance.failed();
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
