import { Counter, Gauge, type Registry } from 'prom-client';

/** What is read of the process itself when metrics are asked for. */
export interface InstanceReadings {
  /** Of the program. */
  readonly version?: string;
  /** How many connections of clients the process takes; undefined when it takes none. */
  connectionsLimit?(): number;
  /** How many lines of the logs were given up since the start. */
  droppedLogLines?(): number;
}

/** What says how one instance fares by itself, whatever it is asked for. */
export class InstanceMetrics {
  readonly #internalErrors: Counter;
  readonly #refused: Counter;
  readonly #expiry: Gauge<'certificate'>;

  constructor(registry: Registry, readings: InstanceReadings) {
    const registers = [registry];
    new Gauge({
      name: 'gateway_build_info',
      help: 'The version of the program.',
      labelNames: ['version'],
      registers,
    }).set({ version: readings.version ?? 'unknown' }, 1);
    // Without labels these are there from the start: what rises from nothing to one is no rise for increase().
    this.#internalErrors = new Counter({
      name: 'gateway_internal_errors_total',
      help: 'Bugs of the gateway that were caught.',
      registers,
    });
    this.#refused = new Counter({
      name: 'gateway_connections_refused_total',
      help: 'Connections of clients that were closed at once, since there were as many as there may be.',
      registers,
    });
    const limit: Gauge = new Gauge({
      name: 'gateway_connections_limit',
      help: 'How many connections of clients there may be.',
      registers,
      collect: () => limit.set(readings.connectionsLimit?.() ?? 0),
    });
    const dropped: Counter = new Counter({
      name: 'gateway_log_dropped_total',
      help: 'Lines of the logs that were given up, since nobody read standard output fast enough.',
      registers,
      collect: () => {
        dropped.reset();
        dropped.inc(readings.droppedLogLines?.() ?? 0);
      },
    });
    this.#expiry = new Gauge({
      name: 'gateway_tls_certificate_expiry_timestamp_seconds',
      help: 'When a certificate that the gateway shows expires.',
      labelNames: ['certificate'],
      registers,
    });
  }

  /** A bug was caught. */
  failed(): void {
    this.#internalErrors.inc();
  }

  /** A connection was closed, since there were as many as there may be. */
  connectionRefused(): void {
    this.#refused.inc();
  }

  /** @param expiries of all that are shown from now on, by what they are called; in seconds since 1970 */
  certificates(expiries: ReadonlyMap<string, number>): void {
    this.#expiry.reset();
    for (const [certificate, seconds] of expiries) this.#expiry.set({ certificate }, seconds);
  }
}
