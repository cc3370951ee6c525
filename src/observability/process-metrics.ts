import { collectDefaultMetrics, type Registry } from 'prom-client';

/** Gauges that are named like counters, and only say the sum of the one without `_total`: OpenMetrics allows no such name. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** What a process is made of: CPU, memory, file descriptors, the event loop, garbage collection. */
export function processMetrics(register: Registry): void {
  collectDefaultMetrics({ register });
  for (const name of MISNAMED) register.removeSingleMetric(name);
}
