import { Counter, Gauge, type Registry } from 'prom-client';

/** What the state of endpoints and upstreams is, when metrics are asked for. */
export interface UpstreamReading {
  readonly name: string;
  readonly panic: boolean;
  readonly bulkhead: { readonly inside: number; readonly queued: number } | undefined;
  readonly endpoints: readonly EndpointReading[];
}

export interface EndpointReading {
  readonly origin: string;
  readonly isHealthy: boolean;
  readonly isEjected: boolean;
  readonly breaker: 'closed' | 'open' | 'half-open' | undefined;
  readonly inFlight: number;
  /** Connections that are open, idle ones included. */
  readonly connections: number;
  readonly idle: number;
  /** Requests that wait for a connection. */
  readonly waiting: number;
}

interface Reading<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}

const BREAKER = { closed: 0, 'half-open': 1, open: 2 } as const;

/**
 * The metrics of what heals: states are read when they are asked for, so that nothing is left of an endpoint that is
 * gone; counters have no endpoint among their labels, since endpoints come and go without end.
 */
export class UpstreamStates {
  readonly #retries: Counter<'upstream' | 'cause'>;
  readonly #hedges: Counter<'upstream'>;
  readonly #refusals: Counter<'upstream' | 'reason'>;
  readonly #transitions: Counter<'upstream' | 'to'>;
  readonly #ejections: Counter<'upstream'>;
  readonly #fallbacks: Counter<'route'>;

  /** @param read what serves now */
  constructor(registry: Registry, read: () => readonly UpstreamReading[]) {
    const registers = [registry];
    this.#retries = new Counter({
      name: 'gateway_retries_total',
      help: 'Attempts that repeated another one, by what had become of that.',
      labelNames: ['upstream', 'cause'],
      registers,
    });
    this.#hedges = new Counter({
      name: 'gateway_hedges_total',
      help: 'Attempts that were sent while another one of the same request had not been answered.',
      labelNames: ['upstream'],
      registers,
    });
    this.#refusals = new Counter({
      name: 'gateway_upstream_refusals_total',
      help: 'Requests that were not sent, by the problem: circuit-open, no-endpoint or upstream-busy.',
      labelNames: ['upstream', 'reason'],
      registers,
    });
    this.#transitions = new Counter({
      name: 'gateway_breaker_transitions_total',
      help: 'Changes of state of the breakers of an upstream’s endpoints.',
      labelNames: ['upstream', 'to'],
      registers,
    });
    this.#ejections = new Counter({
      name: 'gateway_endpoint_ejections_total',
      help: 'Endpoints that were left out for a while because their requests failed.',
      labelNames: ['upstream'],
      registers,
    });
    this.#fallbacks = new Counter({
      name: 'gateway_fallbacks_total',
      help: 'Requests that were answered by the fallback of their route.',
      labelNames: ['route'],
      registers,
    });
    this.#gauges(registers, readOnce(read));
  }

  #gauges(registers: Registry[], read: () => readonly UpstreamReading[]): void {
    const gauge = <Label extends string>(
      name: string,
      help: string,
      labelNames: Label[],
      readings: (upstream: UpstreamReading) => readonly Reading<Label>[],
    ): void => {
      const one: Gauge<Label> = new Gauge({
        name,
        help,
        labelNames,
        registers,
        collect: () => {
          one.reset();
          for (const upstream of read()) for (const { labels, value } of readings(upstream)) one.set(labels, value);
        },
      });
    };
    const each = (
      value: (endpoint: EndpointReading) => number | undefined,
    ): ((upstream: UpstreamReading) => Reading<'upstream' | 'endpoint'>[]) => {
      return ({ name, endpoints }) =>
        endpoints.flatMap((endpoint) => {
          const found = value(endpoint);
          return found === undefined ? [] : [{ labels: { upstream: name, endpoint: endpoint.origin }, value: found }];
        });
    };
    gauge(
      'gateway_breaker_state',
      '0 closed, 1 half-open, 2 open.',
      ['upstream', 'endpoint'],
      each(({ breaker }) => breaker && BREAKER[breaker]),
    );
    gauge(
      'gateway_endpoint_healthy',
      '1 when neither a probe nor its answers speak against an endpoint, 0 otherwise.',
      ['upstream', 'endpoint'],
      each(({ isHealthy, isEjected }) => (isHealthy && !isEjected ? 1 : 0)),
    );
    gauge(
      'gateway_endpoint_requests_in_flight',
      'Requests that are under way at an endpoint.',
      ['upstream', 'endpoint'],
      each(({ inFlight }) => inFlight),
    );
    gauge(
      'gateway_endpoint_requests_waiting',
      'Requests that wait for a connection to an endpoint.',
      ['upstream', 'endpoint'],
      each(({ waiting }) => waiting),
    );
    gauge(
      'gateway_endpoint_connections',
      'Connections to an endpoint: idle or used.',
      ['upstream', 'endpoint', 'state'],
      ({ name: upstream, endpoints }) =>
        endpoints.flatMap(({ origin: endpoint, connections, idle }) => [
          { labels: { upstream, endpoint, state: 'idle' }, value: idle },
          { labels: { upstream, endpoint, state: 'used' }, value: connections - idle },
        ]),
    );
    gauge(
      'gateway_upstream_panic',
      '1 while endpoints that are not well are asked, since no other is left.',
      ['upstream'],
      ({ name, panic }) => [{ labels: { upstream: name }, value: panic ? 1 : 0 }],
    );
    gauge('gateway_bulkhead_in_use', 'Requests that are inside a bulkhead.', ['upstream'], ({ name, bulkhead }) =>
      bulkhead === undefined ? [] : [{ labels: { upstream: name }, value: bulkhead.inside }],
    );
    gauge(
      'gateway_bulkhead_queued',
      'Requests that wait for room in a bulkhead.',
      ['upstream'],
      ({ name, bulkhead }) => (bulkhead === undefined ? [] : [{ labels: { upstream: name }, value: bulkhead.queued }]),
    );
  }

  /** The counters of an upstream. Bound on first use: an upstream that never fails costs nothing in a scrape. */
  counts(upstream: string): {
    retry(cause: string | number): void;
    hedge(): void;
    refused(reason: string): void;
  } {
    return {
      retry: (cause) => this.#retries.inc({ upstream, cause }),
      hedge: () => this.#hedges.inc({ upstream }),
      refused: (reason) => this.#refusals.inc({ upstream, reason }),
    };
  }

  breakerChanged(upstream: string, to: string): void {
    this.#transitions.inc({ upstream, to });
  }

  ejected(upstream: string): void {
    this.#ejections.inc({ upstream });
  }

  fallback(route: string): void {
    this.#fallbacks.inc({ route });
  }
}

/** All gauges of a scrape are collected in one turn, and see the same. */
function readOnce(read: () => readonly UpstreamReading[]): () => readonly UpstreamReading[] {
  let last: readonly UpstreamReading[] | undefined;
  return () => {
    if (last === undefined) queueMicrotask(() => (last = undefined));
    return (last ??= read());
  };
}
