import { Counter, type Registry } from 'prom-client';

/** What the rules of routes for what comes in count. */
export class TrafficCounts {
  readonly #limited: Counter<'route' | 'by'>;
  readonly #alone: Counter;
  readonly #mirrored: Counter<'route' | 'result'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#limited = new Counter({
      name: 'gateway_rate_limited_total',
      help: 'Requests that went over a limit, by what they are counted by.',
      labelNames: ['route', 'by'],
      registers,
    });
    this.#alone = new Counter({
      name: 'gateway_rate_limit_local_total',
      help: 'Requests that were counted by this gateway alone, since Redis gave no answer in time.',
      registers,
    });
    this.#mirrored = new Counter({
      name: 'gateway_mirrored_total',
      help: 'Copies of requests: sent, or left out because there was too much to do or too much to copy.',
      labelNames: ['route', 'result'],
      registers,
    });
  }

  /** A request went over a limit. @param by what it is counted by, of a closed list */
  rateLimited(route: string, by: string): void {
    this.#limited.inc({ route, by });
  }

  /** A limit that gateways share was counted by this one alone. */
  countedAlone(): void {
    this.#alone.inc();
  }

  /** A request was to be copied. @param result of a closed list */
  mirrored(route: string, result: string): void {
    this.#mirrored.inc({ route, result });
  }
}
