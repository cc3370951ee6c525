import type { Case } from './cases.ts';
import type { Contender } from './contenders/contender.ts';
import type { Plan, Slice } from './interleave.ts';
import { pairedRatios, spread, type Spread } from './stats.ts';

/** The medians of one contender. */
interface Absolute {
  readonly contender: string;
  readonly version: string;
  readonly cpuMicrosecondsPerRequest: number;
  readonly requestsPerSecond: number;
  readonly p99Milliseconds: number;
  /** Of all slices together. */
  readonly errors: number;
}

/** How one contender's CPU time per request relates to another's. */
interface Ratio extends Spread {
  readonly numerator: string;
  readonly denominator: string;
  /** Whether both are the same thing, so that the ratio shows the noise. */
  readonly control: boolean;
}

/** The result of one case, as it stands in the JSON file. */
export interface CaseReport {
  readonly case: string;
  readonly summary: string;
  readonly plan: Plan;
  readonly skipped: readonly { readonly contender: string; readonly reason: string }[];
  readonly absolute: readonly Absolute[];
  readonly ratios: readonly Ratio[];
  readonly slices: readonly Slice[];
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
  slices: readonly Slice[],
): CaseReport {
  const names = measured.map(({ contender }) => contender.name);
  const reference = names.find((name) => name === benchCase.reference) ?? names[0];
  return {
    case: benchCase.name,
    summary: benchCase.summary,
    plan,
    skipped,
    absolute: measured.map(({ contender, version }) => absolute(contender.name, version, slices)),
    ratios: measured.flatMap(({ contender }) =>
      reference === undefined || contender.name === reference ? [] : [ratio(reference, contender, slices)],
    ),
    slices,
  };
}

/** Prints the result of a case as text. */
export function renderCase({ case: name, summary, plan, skipped, absolute: rows, ratios }: CaseReport): string {
  const failed = rows.filter(({ errors }) => errors > 0);
  return [
    `${name}: ${summary}; ${plan.connections} connections, ${plan.starts} × ${plan.rounds} slices of ${plan.seconds} s`,
    '',
    ...failed.map(({ contender, errors }) => `!!! ${contender}: ${errors} ERRORS, its figures do not count`),
    ...skipped.map(({ contender, reason }) => `skipped ${contender}: ${reason}`),
    ...(failed.length + skipped.length > 0 ? [''] : []),
    'Medians of all slices',
    '',
    ...table(
      ['', 'CPU µs/request', 'requests/s', 'p99 ms', 'errors'],
      rows.map((row) => [
        `${row.contender} (${row.version})`,
        row.cpuMicrosecondsPerRequest.toFixed(1),
        row.requestsPerSecond.toFixed(0),
        row.p99Milliseconds.toFixed(2),
        String(row.errors),
      ]),
    ),
    '',
    'Ratios of CPU per request, each of two slices of the same round',
    '',
    ...table(
      ['', 'median', 'p10', 'p90', 'pairs'],
      ratios.map(({ numerator, denominator, control, median, p10, p90, count }) => [
        `${numerator} ÷ ${denominator}${control ? ' (A/A control)' : ''}`,
        ...[median, p10, p90].map((value) => value.toFixed(3)),
        String(count),
      ]),
    ),
    '',
  ].join('\n');
}

function absolute(contender: string, version: string, slices: readonly Slice[]): Absolute {
  const own = slices.filter((slice) => slice.contender === contender);
  const median = (figure: (slice: Slice) => number): number => spread(own.map(figure)).median;
  return {
    contender,
    version,
    cpuMicrosecondsPerRequest: median((slice) => slice.cpuMicrosecondsPerRequest),
    requestsPerSecond: median((slice) => slice.requestsPerSecond),
    p99Milliseconds: median((slice) => slice.p99Milliseconds),
    errors: own.reduce((sum, { errors }) => sum + errors, 0),
  };
}

function ratio(numerator: string, { name, copyOf }: Contender, slices: readonly Slice[]): Ratio {
  const control = copyOf === numerator;
  return { numerator, denominator: name, control, ...spread(pairedRatios(slices, numerator, name)) };
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
