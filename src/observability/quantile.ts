/** A bucket of a histogram: how many observations were at most its bound. */
export interface Bucket {
  readonly bound: number;
  readonly count: number;
}

/**
 * Estimates a quantile as Prometheus' `histogram_quantile` does: within a bucket observations are taken to be spread
 * evenly, the lowest bucket begins at 0, and what is above the highest bound counts as that bound.
 *
 * @param rank 0 to 1
 * @param buckets cumulated, in rising order; the last has the bound `Infinity`
 * @returns in the unit of the bounds; undefined when there is no observation, or no bound
 */
export function quantileOf(rank: number, buckets: readonly Bucket[]): number | undefined {
  const total = buckets.at(-1)?.count ?? 0;
  const highest = buckets.at(-2)?.bound;
  if (total <= 0 || highest === undefined) return undefined;
  const wanted = rank * total;
  let start = 0;
  let below = 0;
  for (const { bound, count } of buckets) {
    if (count >= wanted && count > below)
      return bound === Infinity ? highest : start + (bound - start) * ((wanted - below) / (count - below));
    start = bound;
    below = count;
  }
  return highest;
}
