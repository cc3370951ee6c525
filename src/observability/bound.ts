import { Counter, Histogram, type LabelValues } from 'prom-client';
import { BoundValue, labelsText, type BoundSeries, type Exemplar } from './exposition.ts';

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
  readonly #name: string;
  readonly #counts: (BoundSeries<Label> & { value: number })[] = [];

  constructor(options: ConstructorParameters<typeof Counter<Label>>[0]) {
    super(options);
    this.#name = options.name;
  }

  bind(labels: LabelValues<Label>): BoundCount {
    const count = { ...seriesOf(this.#name, labels), value: 0 };
    this.#counts.push(count);
    return {
      inc: () => {
        count.value += 1;
      },
    };
  }

  override async get(): ReturnType<Counter<Label>['get']> {
    return { ...(await super.get()), values: this.#counts.map((count) => new BoundValue(count, count.value)) };
  }
}

/** @param labels in the order in which they are written */
function seriesOf<Label extends string>(metricName: string, labels: LabelValues<Label>): BoundSeries<Label> {
  return { metricName, labels, series: metricName + labelsText(labels) };
}

interface Series<Label extends string> {
  readonly labels: LabelValues<Label>;
  /** By bucket, not yet added up; the last is above all bounds. */
  readonly counts: Float64Array;
  sum: number;
  /** Of each bucket, then of the sum and of the count; undefined before they were asked for. */
  texts: readonly BoundSeries<Label>[] | undefined;
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
    const series: Series<Label> = { labels, counts, sum: 0, texts: undefined, exemplars: undefined };
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
    const values: BoundValue<Label>[] = [];
    for (const series of this.#series) this.#add(series, values);
    return { ...(await super.get()), values };
  }

  #add(series: Series<Label>, values: BoundValue<Label>[]): void {
    const { counts, sum, exemplars } = series;
    const texts = (series.texts ??= this.#textsOf(series.labels));
    let total = 0;
    for (const [index, text] of texts.entries()) {
      if (index < counts.length) {
        total += counts[index] ?? 0;
        values.push(new BoundValue(text, total, exemplars?.[index]));
      } else values.push(new BoundValue(text, index === counts.length ? sum : total));
    }
  }

  #textsOf(labels: LabelValues<Label>): readonly BoundSeries<Label>[] {
    const name = this.#name;
    return [
      ...[...this.#bounds, '+Inf'].map((le) => seriesOf<Label>(`${name}_bucket`, { ...labels, le })),
      seriesOf<Label>(`${name}_sum`, labels),
      seriesOf<Label>(`${name}_count`, labels),
    ];
  }
}
