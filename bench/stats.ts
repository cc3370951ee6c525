/** One figure of one contender. Those of the same start and round belong together. */
export interface Sample {
  readonly contender: string;
  readonly start: number;
  readonly round: number;
  readonly value: number;
}

/** The middle of some values and how far they spread. */
export interface Spread {
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
  readonly count: number;
}

/** Some quantiles of values; NaN when there are none. */
export function quantiles(values: readonly number[], fractions: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return fractions.map((fraction) => quantile(sorted, fraction));
}

/** Summarises values; every figure is NaN when there are none. */
export function spread(values: readonly number[]): Spread {
  const [median = NaN, p10 = NaN, p90 = NaN] = quantiles(values, [0.5, 0.1, 0.9]);
  return { median, p10, p90, count: values.length };
}

/**
 * Divides a figure of one contender by another's, within each round of each start: what the machine was
 * like at that moment, clock rate and neighbours, is in both and cancels out.
 */
export function pairedRatios(samples: readonly Sample[], numerator: string, denominator: string): number[] {
  return samples
    .filter(({ contender }) => contender === numerator)
    .flatMap((sample) =>
      samples
        .filter(
          (other) => other.contender === denominator && other.start === sample.start && other.round === sample.round,
        )
        .map((other) => sample.value / other.value),
    );
}

/** A quantile of sorted values, interpolated between the two nearest. */
function quantile(sorted: readonly number[], fraction: number): number {
  const position = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}
