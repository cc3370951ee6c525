import type { Case, Figure } from './cases.ts';
import type { Contender } from './contenders/contender.ts';
import type { Measurements, Plan, Slice } from './interleave.ts';
import { pairedRatios, spread, type Sample, type Spread } from './stats.ts';

/** The medians of one contender. */
interface Absolute {
  readonly contender: string;
  readonly version: string;
  readonly cpuMicrosecondsPerRequest: number;
  readonly requestsPerSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly sentLateMilliseconds: number;
  /** NaN for contenders that have no workers. */
  readonly busiestWorkerPercent: number;
  /** NaN where it was not measured. */
  readonly memoryKibPerConnection: number;
  /** Of all slices together. */
  readonly errors: number;
}

/** How a figure of one contender relates to the same of another. */
interface Ratio extends Spread {
  readonly figure: Figure;
  readonly numerator: string;
  readonly denominator: string;
  /** Whether both are the same thing, so that the ratio shows the noise. */
  readonly control: boolean;
}

/** How figures are called in a sentence. */
const NAMES: Readonly<Record<Figure, string>> = {
  cpu: 'CPU per request, each of two slices of the same round',
  p50: 'p50, each of two slices of the same round',
  p99: 'p99, each of two slices of the same round',
  memory: 'memory per idle connection, each of the same start',
};

/** The result of one case, as it stands in the JSON file. */
export interface CaseReport {
  readonly case: string;
  readonly summary: string;
  readonly plan: Plan;
  readonly skipped: readonly { readonly contender: string; readonly reason: string }[];
  readonly absolute: readonly Absolute[];
  readonly ratios: readonly Ratio[];
  readonly figures: readonly Figure[];
  readonly slices: readonly Slice[];
  readonly memory: readonly Sample[];
}

/** A contender that was measured, and what exactly that was. */
export interface Measured {
  readonly contender: Contender;
  readonly version: string;
}

/**
 * Condenses the slices of a case. Where the reference of the case was not measured, the first contender takes its place.
 */
export function reportCase(
  benchCase: Case,
  plan: Plan,
  measured: readonly Measured[],
  skipped: CaseReport['skipped'],
  measurements: Measurements,
): CaseReport {
  const names = measured.map(({ contender }) => contender.name);
  const reference = names.find((name) => name === benchCase.reference) ?? names[0] ?? '';
  const others = measured.filter(({ contender }) => contender.name !== reference);
  const { figures } = benchCase;
  return {
    case: benchCase.name,
    summary: benchCase.summary,
    plan,
    skipped,
    absolute: measured.map(({ contender, version }) => absolute(contender.name, version, measurements)),
    ratios: figures.flatMap((figure) =>
      others.map(({ contender }) => ratio(figure, reference, contender, samples(figure, measurements))),
    ),
    figures,
    ...measurements,
  };
}

/** Prints the result of a case as text. */
export function renderCase(report: CaseReport): string {
  const { case: name, summary, plan, skipped, absolute: rows, figures, ratios } = report;
  const failed = rows.filter(({ errors }) => errors > 0);
  return [
    `${name}: ${summary}; ${plan.connections} connections, ${plan.starts} × ${plan.rounds} slices of ${plan.seconds} s`,
    '',
    ...failed.map(({ contender, errors }) => `!!! ${contender}: ${errors} ERRORS, its figures do not count`),
    ...skipped.map(({ contender, reason }) => `skipped ${contender}: ${reason}`),
    ...(failed.length + skipped.length > 0 ? [''] : []),
    'Medians of all slices',
    '',
    ...renderAbsolute(rows, figures),
    '',
    ...figures.flatMap((figure) => [
      `Ratios of ${NAMES[figure]}`,
      '',
      ...renderRatios(ratios.filter((entry) => entry.figure === figure)),
      '',
    ]),
  ].join('\n');
}

function renderAbsolute(rows: readonly Absolute[], figures: readonly Figure[]): string[] {
  const latency = figures.includes('p50');
  const columns: readonly {
    readonly head: string;
    readonly cell: (row: Absolute) => string;
    readonly shown?: boolean;
  }[] = [
    { head: '', cell: (row) => `${row.contender} (${row.version})` },
    { head: 'CPU µs/request', cell: (row) => row.cpuMicrosecondsPerRequest.toFixed(1) },
    { head: 'requests/s', cell: (row) => row.requestsPerSecond.toFixed(0) },
    { head: 'p50 ms', cell: (row) => row.p50Milliseconds.toFixed(2), shown: latency },
    { head: 'p99 ms', cell: (row) => row.p99Milliseconds.toFixed(2) },
    { head: 'sent late ms', cell: (row) => row.sentLateMilliseconds.toFixed(2), shown: latency },
    {
      head: 'KiB/connection',
      cell: (row) => row.memoryKibPerConnection.toFixed(1),
      shown: figures.includes('memory'),
    },
    {
      head: 'busiest worker %',
      cell: (row) => (Number.isNaN(row.busiestWorkerPercent) ? '' : row.busiestWorkerPercent.toFixed(1)),
      shown: rows.some((row) => !Number.isNaN(row.busiestWorkerPercent)),
    },
    { head: 'errors', cell: (row) => String(row.errors) },
  ];
  const shown = columns.filter((column) => column.shown !== false);
  return table(
    shown.map(({ head }) => head),
    rows.map((row) => shown.map(({ cell }) => cell(row))),
  );
}

function renderRatios(ratios: readonly Ratio[]): string[] {
  return table(
    ['', 'median', 'p10', 'p90', 'pairs'],
    ratios.map(({ numerator, denominator, control, median, p10, p90, count }) => [
      `${numerator} ÷ ${denominator}${control ? ' (A/A control)' : ''}`,
      ...[median, p10, p90].map((value) => value.toFixed(3)),
      String(count),
    ]),
  );
}

function absolute(contender: string, version: string, { slices, memory }: Measurements): Absolute {
  const own = slices.filter((slice) => slice.contender === contender);
  const median = (figure: (slice: Slice) => number): number => spread(own.map(figure)).median;
  return {
    contender,
    version,
    cpuMicrosecondsPerRequest: median((slice) => slice.cpuMicrosecondsPerRequest),
    requestsPerSecond: median((slice) => slice.requestsPerSecond),
    p50Milliseconds: median((slice) => slice.p50Milliseconds),
    p99Milliseconds: median((slice) => slice.p99Milliseconds),
    sentLateMilliseconds: median((slice) => slice.sentLateMilliseconds),
    busiestWorkerPercent: median((slice) => slice.busiestWorkerPercent),
    memoryKibPerConnection: spread(memory.filter((sample) => sample.contender === contender).map(({ value }) => value))
      .median,
    errors: own.reduce((sum, { errors }) => sum + errors, 0),
  };
}

/** What the ratios of a figure are made of. */
function samples(figure: Figure, { slices, memory }: Measurements): readonly Sample[] {
  if (figure === 'memory') return memory;
  const key = ({ cpu: 'cpuMicrosecondsPerRequest', p50: 'p50Milliseconds', p99: 'p99Milliseconds' } as const)[figure];
  return slices.map((slice) => ({ ...slice, value: slice[key] }));
}

function ratio(figure: Figure, numerator: string, { name, copyOf }: Contender, values: readonly Sample[]): Ratio {
  const control = copyOf === numerator;
  return { figure, numerator, denominator: name, control, ...spread(pairedRatios(values, numerator, name)) };
}

/** Lines of a table whose first column is text and whose others are figures. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
