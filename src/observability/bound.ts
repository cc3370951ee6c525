import { Counter, Histogram, type LabelValues } from 'prom-client';

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
  observe(value: number): void;
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
}

/** A histogram that only bound label sets observe. */
export class BoundHistogram<Label extends string> extends Histogram<Label> {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #series: Series<Label>[] = [];

  /** @param options as prom-client's, with the buckets' upper bounds in rising order */
  constructor(options: ConstructorParameters<typeof Histogram<Label>>[0] & { readonly buckets: number[] }) {
    super(options);
    this.#name = options.name;
    this.#help = options.help;
    this.#bounds = options.buckets;
  }

  bind(labels: LabelValues<Label>): BoundObservations {
    const bounds = this.#bounds;
    const series = { labels, counts: new Float64Array(bounds.length + 1), sum: 0 };
    this.#series.push(series);
    return {
      observe: (value) => {
        let bucket = 0;
        // A dozen bounds: going through them is quicker than a binary search.
        while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
        series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
        series.sum += value;
      },
    };
  }

  /** What prom-client writes text from. */
  async getForPromString(): Promise<object> {
    const values = this.#series.flatMap((series) => this.#valuesOf(series));
    return { name: this.#name, help: this.#help, type: 'histogram', aggregator: 'sum', values };
  }

  #valuesOf({ labels, counts, sum }: Series<Label>): Awaited<ReturnType<Histogram<Label>['get']>>['values'] {
    const name = this.#name;
    let total = 0;
    const buckets = [...counts].map((count, index) => {
      total += count;
      const le = this.#bounds[index] ?? '+Inf';
      return { labels: { ...labels, le }, value: total, metricName: `${name}_bucket` };
    });
    return [
      ...buckets,
      { labels, value: sum, metricName: `${name}_sum` },
      { labels, value: total, metricName: `${name}_count` },
    ];
  }
}
