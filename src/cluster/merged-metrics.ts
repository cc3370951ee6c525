/**
 * The metrics of all processes as one text. It works on the text format of Prometheus, version 0.0.4, which is what a
 * process has anyway: prom-client's own aggregation knows nothing of counters that are kept in plain fields.
 */

type Rule = 'sum' | 'min' | 'max' | 'first';

/** What a gauge of several workers is. Counters and histograms are summed. */
const GAUGES: Readonly<Record<string, Rule>> = {
  gateway_requests_in_flight: 'sum',
  gateway_connections: 'sum',
  gateway_held_body_bytes: 'sum',
  gateway_websockets: 'sum',
  gateway_endpoint_requests_in_flight: 'sum',
  gateway_bulkhead_in_use: 'sum',
  gateway_bulkhead_queued: 'sum',
  gateway_cache_bytes: 'sum',
  gateway_cache_entries: 'sum',
  // One worker that cannot ask is one that has to be looked at.
  gateway_database_up: 'min',
  gateway_redis_up: 'min',
  gateway_endpoint_healthy: 'min',
  gateway_breaker_state: 'max',
  gateway_upstream_panic: 'max',
};

/** What only the primary knows: it reads the configuration, workers follow it, and it is asked to purge. */
const OF_PRIMARY = /^gateway_(?:config|worker|cache_purged)/;
/** What belongs to one process, and would mean nothing in a sum. */
const OF_PROCESS = /^(?:process|nodejs)_/;

interface Family {
  readonly name: string;
  /** Its lines of help and type. */
  readonly head: string[];
  type: string;
  readonly samples: Map<string, number>;
}

/** What one process tells. */
export interface ProcessMetrics {
  /** `0` is the primary. What those counted that have ended is shown as well: see {@link countsOf}. */
  readonly worker: number | 'departed';
  readonly text: string;
}

/** How a gauge is merged; undefined for what nobody has thought of yet. */
export function gaugeRule(name: string): Rule | undefined {
  return OF_PRIMARY.test(name) ? 'first' : GAUGES[name];
}

/** @param processes the primary and its workers */
export function mergedMetrics(processes: readonly ProcessMetrics[]): string {
  return textOfAll(merged(processes).values());
}

/** What only ever grows in the metrics of workers, summed: that is left of them when they have ended. */
export function countsOf(texts: readonly string[]): string {
  const families = merged(texts.map((text) => ({ worker: 'departed', text })));
  return textOfAll(
    [...families.values()].filter(
      ({ name, type }) => type !== 'gauge' && !OF_PROCESS.test(name) && !OF_PRIMARY.test(name),
    ),
  );
}

function merged(processes: readonly ProcessMetrics[]): Map<string, Family> {
  const families = new Map<string, Family>();
  for (const { worker, text } of processes) {
    let family: Family | undefined;
    for (const line of text.split('\n')) {
      if (line.startsWith('# ')) family = headed(families, line);
      else if (family !== undefined && line !== '') add(family, line, worker);
    }
  }
  return families;
}

function headed(families: Map<string, Family>, line: string): Family {
  const [, keyword, name = '', type = ''] = line.split(' ');
  const family = families.get(name) ?? { name, head: [], type: 'untyped', samples: new Map<string, number>() };
  families.set(name, family);
  if (!family.head.includes(line)) family.head.push(line);
  if (keyword === 'TYPE') family.type = type;
  return family;
}

function add(family: Family, line: string, worker: ProcessMetrics['worker']): void {
  const space = line.lastIndexOf(' ');
  const series = line.slice(0, space);
  const value = numberOf(line.slice(space + 1));
  const isPrimary = worker === 0;
  if (OF_PROCESS.test(family.name)) {
    family.samples.set(labelled(series, worker), value);
    return;
  }
  // The primary serves nobody: its zeroes would be the worst of all, and its own metrics nobody else has.
  if (isPrimary !== OF_PRIMARY.test(family.name)) return;
  const before = family.samples.get(series);
  family.samples.set(series, before === undefined ? value : merge(ruleOf(family), before, value));
}

function ruleOf({ name, type }: Family): Rule {
  return type === 'gauge' ? (gaugeRule(name) ?? 'sum') : 'sum';
}

function merge(rule: Rule, one: number, other: number): number {
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

/** A series with one more label. */
function labelled(series: string, worker: ProcessMetrics['worker']): string {
  const label = `worker="${worker}"`;
  return series.endsWith('}') ? `${series.slice(0, -1)},${label}}` : `${series}{${label}}`;
}

function numberOf(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}

function textOfAll(families: Iterable<Family>): string {
  return [...families].map(textOf).join('\n');
}

function textOf({ head, samples }: Family): string {
  const lines = [...samples].map(([series, value]) => `${series} ${written(value)}`);
  return [...head, ...lines, ''].join('\n');
}

function written(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
