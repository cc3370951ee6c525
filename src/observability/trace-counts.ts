import { Counter, type Registry } from 'prom-client';
import { DROP_REASONS, type DropReason } from './tracing/exporter.ts';

/** What becomes of the spans of traces. */
export class TraceCounts {
  readonly #exported: Counter;
  readonly #dropped: Counter<'reason'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#exported = new Counter({
      name: 'gateway_traces_exported_total',
      help: 'Spans that a collector has taken.',
      registers,
    });
    this.#dropped = new Counter({
      name: 'gateway_traces_dropped_total',
      help: 'Spans that no collector has, by why.',
      labelNames: ['reason'],
      registers,
    });
    // There from the start: what rises from nothing to one is no rise for rate().
    for (const reason of DROP_REASONS) this.#dropped.inc({ reason }, 0);
  }

  /** A collector has taken so many spans. */
  exported(spans: number): void {
    this.#exported.inc(spans);
  }

  /** So many spans are lost. */
  dropped(reason: DropReason, spans: number): void {
    this.#dropped.inc({ reason }, spans);
  }
}
