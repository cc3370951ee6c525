import { Counter, type Registry } from 'prom-client';

/** Why a limit that gateways share was counted by one of them alone. */
const ALONE_REASONS = ['timeout', 'away', 'refused'] as const;

/** What the rules of routes for what comes in count. */
export class TrafficCounts {
  readonly #limited: Counter<'route' | 'by'>;
  readonly #alone: Counter<'reason'>;
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
      help: 'Requests that were counted by this gateway alone, since Redis gave no answer in time, was away, or refused to count.',
      labelNames: ['reason'],
      registers,
    });
    // There from the start: what rises from nothing to one is no rise for rate().
    for (const reason of ALONE_REASONS) this.#alone.inc({ reason }, 0);
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
  countedAlone(reason: (typeof ALONE_REASONS)[number]): void {
    this.#alone.inc({ reason });
  }

  /** A request was to be copied. @param result of a closed list */
  mirrored(route: string, result: string): void {
    this.#mirrored.inc({ route, result });
  }
}
