import type { LabelValues, Registry } from 'prom-client';

/**
 * Metrics as text, in both formats that Prometheus reads. prom-client writes exemplars in OpenMetrics only, and renames
 * counters when its registry is switched to that: here both are written from one reading, with the same names.
 */

/** An observation, and the trace that it was made in. */
export interface Exemplar {
  readonly traceId: string;
  readonly value: number;
  /** In seconds since 1970. */
  readonly time: number;
}

export interface Sample {
  /** Name and labels: `gateway_requests_total{route="any"}`. */
  readonly series: string;
  readonly value: number;
  readonly exemplar?: Exemplar | undefined;
}

/** What a metric with bound labels says of one series, for prom-client and as a sample. */
export class BoundValue<Label extends string = string> implements Sample {
  readonly labels: LabelValues<Label>;
  readonly metricName: string;
  readonly series: string;
  readonly value: number;
  readonly exemplar: Exemplar | undefined;

  constructor({ labels, metricName, series }: BoundSeries<Label>, value: number, exemplar?: Exemplar) {
    this.labels = labels;
    this.metricName = metricName;
    this.series = series;
    this.value = value;
    this.exemplar = exemplar;
  }
}

/** A series with its text. */
export interface BoundSeries<Label extends string> {
  readonly labels: LabelValues<Label>;
  readonly metricName: string;
  readonly series: string;
}

/** A metric with all of its series. */
export interface Family {
  /** As OpenMetrics has it: that of a counter is without the `_total` that its samples end with. */
  readonly name: string;
  /** `counter`, `gauge` or `histogram`. */
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** What a registry holds now. */
export async function familiesOf(registry: Registry): Promise<Family[]> {
  const metrics = await registry.getMetricsAsJSON();
  return metrics.map(({ name, help, values, ...metric }) => {
    const type = String(metric.type);
    const samples = values.map((sample) =>
      // Bound ones know their text, which does not change; of those there may be a hundred thousand.
      sample instanceof BoundValue
        ? sample
        : {
            series: ('metricName' in sample ? String(sample.metricName) : name) + labelsText(sample.labels),
            value: sample.value,
          },
    );
    return { name: type === 'counter' ? name.replace(/_total$/, '') : name, type, help, samples };
  });
}

/** Labels as they stand behind the name of a metric. */
export function labelsText(labels: Partial<Record<string, string | number>>): string {
  let text = '';
  for (const name in labels) {
    const value = String(labels[name]);
    text += `${text === '' ? '{' : ','}${name}="${name === 'le' ? boundText(value) : quotable(value)}"`;
  }
  return text === '' ? '' : `${text}}`;
}

/** Most texts need no escapes, and there may be ten thousands of them. */
function quotable(text: string): string {
  return /[\\"\n]/.test(text) ? escaped(text).replaceAll('"', String.raw`\"`) : text;
}

/** OpenMetrics writes 1 as `1.0`, and a label with another text would be another series. */
function boundText(bound: string): string {
  return /^\d+$/.test(bound) ? `${bound}.0` : bound;
}

/** In the text format of Prometheus, version 0.0.4, which has no exemplars. */
export function prometheusText(families: Iterable<Family>): string {
  const parts: string[] = [];
  for (const { name, type, help, samples } of families) {
    const full = type === 'counter' ? `${name}_total` : name;
    parts.push(`# HELP ${full} ${escaped(help)}\n# TYPE ${full} ${type}\n`);
    for (const { series, value } of samples) parts.push(`${series} ${numberText(value)}\n`);
    parts.push('\n');
  }
  return parts.join('');
}

/** In OpenMetrics 1.0.0. */
export function openMetricsText(families: Iterable<Family>): string {
  const parts: string[] = [];
  for (const { name, type, help, samples } of families) {
    const unit = /_(seconds|bytes)$/.exec(name)?.[1];
    parts.push(`# TYPE ${name} ${type}\n`);
    if (unit !== undefined) parts.push(`# UNIT ${name} ${unit}\n`);
    parts.push(`# HELP ${name} ${quotable(help)}\n`);
    for (const { series, value, exemplar } of samples) {
      parts.push(`${series} ${numberText(value)}${exemplar === undefined ? '' : exemplarText(exemplar)}\n`);
    }
  }
  parts.push('# EOF\n');
  return parts.join('');
}

function exemplarText({ traceId, value, time }: Exemplar): string {
  return ` # {trace_id="${traceId}"} ${numberText(value)} ${time.toFixed(3)}`;
}

/** A line with a sample: quotes may hold anything, braces and spaces as well. */
const SAMPLE = /^([^{ ]+(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?) (\S+)(?: # \{trace_id="([^"]*)"\} (\S+) (\S+))?$/;

/** Reads what {@link openMetricsText} has written, in another process. */
export function readOpenMetrics(text: string): Family[] {
  const families: Family[] = [];
  let type = '';
  let samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (TYPE|HELP) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === 'TYPE') type = rest;
    else if (keyword === 'HELP') {
      samples = [];
      families.push({ name, type, help: unescaped(rest), samples });
    } else if (!line.startsWith('#')) {
      const [, series, value = '', traceId, observed = '', time = ''] = SAMPLE.exec(line) ?? [];
      if (series === undefined) continue;
      const exemplar = traceId === undefined ? undefined : { traceId, value: Number(observed), time: Number(time) };
      samples.push({ series, value: numberOf(value), exemplar });
    }
  }
  return families;
}

function escaped(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`);
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

function numberOf(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}
