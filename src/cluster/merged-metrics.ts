import type { Exemplar, Family, Sample } from '../observability/exposition.ts';

/**
 * The metrics of all processes as one: prom-client's own aggregation knows nothing of counters that are kept in plain
 * fields.
 */

type Rule = 'sum' | 'min' | 'max' | 'first';

/** What a gauge of several workers is. Counters and histograms are summed. */
const GAUGES: Readonly<Record<string, Rule>> = {
  gateway_requests_in_flight: 'sum',
  gateway_route_requests_in_flight: 'sum',
  gateway_connections: 'sum',
  gateway_connections_limit: 'sum',
  gateway_held_body_bytes: 'sum',
  gateway_websockets: 'sum',
  gateway_endpoint_requests_in_flight: 'sum',
  gateway_endpoint_requests_waiting: 'sum',
  gateway_endpoint_connections: 'sum',
  gateway_database_pool_connections: 'sum',
  gateway_database_pool_waiting: 'sum',
  gateway_bulkhead_in_use: 'sum',
  gateway_bulkhead_queued: 'sum',
  gateway_cache_bytes: 'sum',
  gateway_cache_entries: 'sum',
  // The certificate that one worker still shows.
  gateway_tls_certificate_expiry_timestamp_seconds: 'min',
  // One worker that cannot ask is one that has to be looked at.
  gateway_database_up: 'min',
  gateway_redis_up: 'min',
  gateway_endpoint_healthy: 'min',
  gateway_breaker_state: 'max',
  gateway_upstream_panic: 'max',
};

/** What only the primary knows: it reads the configuration, workers follow it, and it is asked to purge. */
const OF_PRIMARY = /^gateway_(?:build|config|worker|cache_purged)/;
/** What happens to the primary as well as to workers. */
const OF_ALL = /^gateway_(?:internal_errors|log_dropped)$/;
/** What belongs to one process, and would mean nothing in a sum. */
const OF_PROCESS = /^(?:process|nodejs)_/;

/** A metric with its samples by their series. */
interface Merging extends Omit<Family, 'samples'> {
  readonly samples: Map<string, Sample>;
}

/** What one process tells. */
export interface ProcessMetrics {
  /** `0` is the primary. What those counted that have ended is shown as well: see {@link countsOf}. */
  readonly worker: number | 'departed';
  readonly families: readonly Family[];
}

/** How a gauge is merged; undefined for what nobody has thought of yet. */
export function gaugeRule(name: string): Rule | undefined {
  return OF_PRIMARY.test(name) ? 'first' : GAUGES[name];
}

/** @param processes the primary and its workers */
export function mergedMetrics(processes: readonly ProcessMetrics[]): Family[] {
  const merging = new Map<string, Merging>();
  for (const { worker, families } of processes) {
    for (const { name, type, help, samples } of families) {
      let family = merging.get(name);
      if (family === undefined) merging.set(name, (family = { name, type, help, samples: new Map() }));
      for (const sample of samples) add(family, sample, worker);
    }
  }
  return [...merging.values()].map((family) => ({ ...family, samples: [...family.samples.values()] }));
}

/** What only ever grows in the metrics of workers, summed: that is left of them when they have ended. */
export function countsOf(workers: readonly (readonly Family[])[]): Family[] {
  return mergedMetrics(workers.map((families) => ({ worker: 'departed', families }))).filter(
    ({ name, type }) => type !== 'gauge' && !OF_PROCESS.test(name) && !OF_PRIMARY.test(name),
  );
}

function add({ name, type, samples }: Merging, sample: Sample, worker: ProcessMetrics['worker']): void {
  const isPrimary = worker === 0;
  if (OF_PROCESS.test(name)) {
    const series = labelled(sample.series, worker);
    samples.set(series, { ...sample, series });
    return;
  }
  // The primary serves nobody: its zeroes would be the worst of all, and its own metrics nobody else has.
  if (isPrimary !== OF_PRIMARY.test(name) && !OF_ALL.test(name)) return;
  const before = samples.get(sample.series);
  const rule = type === 'gauge' ? (gaugeRule(name) ?? 'sum') : 'sum';
  samples.set(sample.series, before === undefined ? sample : merge(rule, before, sample));
}

function merge(rule: Rule, one: Sample, other: Sample): Sample {
  return {
    series: one.series,
    value: mergeValues(rule, one.value, other.value),
    exemplar: latest(one.exemplar, other.exemplar),
  };
}

function mergeValues(rule: Rule, one: number, other: number): number {
  switch (rule) {
    case 'sum':
      return one + other;
    case 'min':
      return Math.min(one, other);
    case 'max':
      return Math.max(one, other);
    case 'first':
      return one;
  }
}

function latest(one: Exemplar | undefined, other: Exemplar | undefined): Exemplar | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.time > one.time ? other : one;
}

/** A series with one more label. */
function labelled(series: string, worker: ProcessMetrics['worker']): string {
  const label = `worker="${worker}"`;
  return series.endsWith('}') ? `${series.slice(0, -1)},${label}}` : `${series}{${label}}`;
}
