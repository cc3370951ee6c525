export interface MetricsConfig {
  /** Upper bounds of the duration histograms, in seconds and in rising order. */
  readonly buckets: readonly number[];
}

/** In seconds; those of Prometheus' own clients. */
export const DEFAULT_BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
