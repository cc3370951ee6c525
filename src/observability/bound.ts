import { Counter, Histogram, type LabelValues } from 'prom-client';
import type { Exemplar } from './exposition.ts';

/**
 * Metrics whose label sets are bound once and then counted in plain fields. prom-client looks a label set up by a hash
 * of its text at every count, which costs more than matching the route; here it reads the fields when it is asked.
 */

/** One label set of a counter. */
export interface BoundCount {
  inc(): void;
}

/** One label set of a histogram. */
export interface BoundObservations {
  /** @param traceId of the trace that it was made in, when that was sampled: 32 hexadecimal digits */
  observe(value: number, traceId?: string): void;
}

/** A counter that only bound label sets count. */
export class BoundCounter<Label extends string> extends Counter<Label> {
  readonly #counts: { readonly labels: LabelValues<Label>; value: number }[] = [];

  bind(labels: LabelValues<Label>): BoundCount {
    const count = { labels, value: 0 };
    this.#counts.push(count);
    return {
      inc: () => {
        count.value += 1;
      },
    };
  }

  override async get(): ReturnType<Counter<Label>['get']> {
    return { ...(await super.get()), values: this.#counts };
  }
}

interface Series<Label extends string> {
  readonly labels: LabelValues<Label>;
  /** By bucket, not yet added up; the last is above all bounds. */
  readonly counts: Float64Array;
  sum: number;
  /** The last one of each bucket; undefined while no trace was sampled. */
  exemplars: (Exemplar | undefined)[] | undefined;
}

/** A histogram that only bound label sets observe. */
export class BoundHistogram<Label extends string> extends Histogram<Label> {
  readonly #name: string;
  readonly #bounds: readonly number[];
  readonly #series: Series<Label>[] = [];

  /** @param options as prom-client's, with the buckets' upper bounds in rising order */
  constructor(options: ConstructorParameters<typeof Histogram<Label>>[0] & { readonly buckets: number[] }) {
    super(options);
    this.#name = options.name;
    this.#bounds = options.buckets;
  }

  bind(labels: LabelValues<Label>): BoundObservations {
    const bounds = this.#bounds;
    const counts = new Float64Array(bounds.length + 1);
    const series: Series<Label> = { labels, counts, sum: 0, exemplars: undefined };
    this.#series.push(series);
    return {
      observe: (value, traceId) => {
        let bucket = 0;
        // A dozen bounds: going through them is quicker than a binary search.
        while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
        counts[bucket] = (counts[bucket] ?? 0) + 1;
        series.sum += value;
        if (traceId !== undefined) (series.exemplars ??= [])[bucket] = { traceId, value, time: Date.now() / 1000 };
      },
    };
  }

  override async get(): ReturnType<Histogram<Label>['get']> {
    return { ...(await super.get()), values: this.#series.flatMap((series) => this.#valuesOf(series)) };
  }

  #valuesOf({ labels, counts, sum, exemplars }: Series<Label>): Awaited<ReturnType<Histogram<Label>['get']>>['values'] {
    const name = this.#name;
    let total = 0;
    const buckets = [...counts].map((count, index) => {
      total += count;
      const le = this.#bounds[index] ?? '+Inf';
      return { labels: { ...labels, le }, value: total, metricName: `${name}_bucket`, exemplar: exemplars?.[index] };
    });
    return [
      ...buckets,
      { labels, value: sum, metricName: `${name}_sum` },
      { labels, value: total, metricName: `${name}_count` },
    ];
  }
}
