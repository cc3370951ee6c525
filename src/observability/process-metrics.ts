import { collectDefaultMetrics, type Registry } from 'prom-client';

/** Gauges that are named like counters, and only say the sum of the one without `_total`: OpenMetrics allows no such name. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/**
 * How often prom-client looks whether the event loop is late, in milliseconds; its gauges have this interval in them: one
 * that is never late is at least this much.
 */
export const EVENT_LOOP_RESOLUTION = 10;

/** What a process is made of: CPU, memory, file descriptors, the event loop, garbage collection. */
export function processMetrics(register: Registry): void {
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: EVENT_LOOP_RESOLUTION });
  for (const name of MISNAMED) register.removeSingleMetric(name);
}
