import type { Slice } from './interleave.ts';

/** The middle of some values and how far they spread. */
export interface Spread {
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
  readonly count: number;
}

/** Summarises values; every figure is NaN when there are none. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    p10: quantile(sorted, 0.1),
    p90: quantile(sorted, 0.9),
    count: sorted.length,
  };
}

/**
 * Divides the CPU time per request of one contender by another's, within each round of each start: what the machine was
 * like at that moment, clock rate and neighbours, is in both and cancels out.
 */
export function pairedRatios(slices: readonly Slice[], numerator: string, denominator: string): number[] {
  return slices
    .filter(({ contender }) => contender === numerator)
    .flatMap((slice) =>
      slices
        .filter(
          (other) => other.contender === denominator && other.start === slice.start && other.round === slice.round,
        )
        .map((other) => slice.cpuMicrosecondsPerRequest / other.cpuMicrosecondsPerRequest),
    );
}

/** A quantile of sorted values, interpolated between the two nearest. */
function quantile(sorted: readonly number[], fraction: number): number {
  const position = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}
