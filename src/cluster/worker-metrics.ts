import { Counter, Gauge, type Registry } from 'prom-client';
import type { Workforce } from './workforce.ts';

/** How the workers fare, as metrics of the primary. */
export function workerMetrics(
  registry: Registry,
  workforce: () => Pick<Workforce, 'count' | 'ready' | 'restarts'>,
): void {
  const registers = [registry];
  const workers: Gauge = new Gauge({
    name: 'gateway_workers',
    help: 'Workers that there are to be.',
    registers,
    collect: () => workers.set(workforce().count),
  });
  const ready: Gauge = new Gauge({
    name: 'gateway_workers_ready',
    help: 'Workers that serve and answer.',
    registers,
    collect: () => ready.set(workforce().ready.length),
  });
  const restarts: Counter = new Counter({
    name: 'gateway_worker_restarts_total',
    help: 'Workers that took the place of one that had ended unasked.',
    registers,
    collect: () => {
      restarts.reset();
      restarts.inc(workforce().restarts);
    },
  });
}
