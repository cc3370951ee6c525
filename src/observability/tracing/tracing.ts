import type { TracingConfig } from '../../config/config.ts';
import type { HeaderList } from '../../exchange.ts';
import { combined } from '../../fields.ts';
import { Exporter, type ExporterEvents } from './exporter.ts';
import { TraceIds } from './ids.ts';
import { RequestTrace } from './request-trace.ts';
import { ratioSampler } from './sampler.ts';
import { attributeList, spanText, textAttribute, type Span } from './span.ts';
import {
  hasTraceContext,
  parseTraceparent,
  parseTracestate,
  RANDOM,
  SAMPLED,
  traceparent,
  withTraceContext,
  type TraceParent,
} from './trace-context.ts';

/** What is done with traces by one configuration. */
interface Settings {
  readonly config: TracingConfig;
  readonly isSampled: (traceId: string) => boolean;
  readonly exporter: Exporter;
}

/**
 * The traces of one process. Without `tracing` in the configuration it has nothing to do with any request, and the trace
 * context goes on as it came.
 */
export class Tracing {
  readonly #ids = new TraceIds();
  readonly #process: string;
  readonly #events: ExporterEvents;
  /** Exporters that still send what they hold. */
  readonly #closing = new Set<Promise<void>>();
  readonly #ended = (span: Span): void => {
    const exporter = this.#settings?.exporter;
    if (exporter === undefined) this.#events.dropped('stopped', 1);
    else exporter.add(spanText(span));
  };
  #settings: Settings | undefined;

  /** @param process what tells this process from others: attributes of the resource, behind `service.name` */
  constructor(process: string, events: ExporterEvents) {
    this.#process = process;
    this.#events = events;
  }

  /** Brings `tracing` of a configuration into effect. Spans of requests that have begun go where the next ones go. */
  apply(config: TracingConfig | undefined): void {
    const former = this.#settings;
    const stays = former?.config.url === config?.url && former?.config.serviceName === config?.serviceName;
    if (!stays) this.#close(former);
    this.#settings = config && {
      config,
      isSampled: ratioSampler(config.sampleRatio),
      exporter: (stays ? former?.exporter : undefined) ?? this.#open(config),
    };
  }

  /**
   * A request begins, or goes on with, a trace.
   *
   * @param headers of the request
   * @returns undefined without `tracing`
   */
  begin(headers: HeaderList): RequestTrace | undefined {
    return this.#settings === undefined ? undefined : this.#trace(headers, this.#settings);
  }

  /** Sends what is left, within a bound. */
  async close(): Promise<void> {
    this.#close(this.#settings);
    this.#settings = undefined;
    await Promise.all(this.#closing);
  }

  #trace(headers: HeaderList, { isSampled }: Settings): RequestTrace {
    const ids = this.#ids;
    const isFirst = !hasTraceContext(headers);
    const sent = isFirst ? undefined : combined(headers, 'traceparent');
    const parent = sent === undefined ? undefined : parseTraceparent(sent);
    if (parent === undefined) {
      const context = { traceId: ids.traceId(), spanId: ids.spanId(), flags: RANDOM };
      if (isSampled(context.traceId)) return this.#record(headers, { ...context, flags: RANDOM | SAMPLED }, '', '');
      // Upstreams are told of the decision, so that they do not come to one of their own.
      const told = traceparent(context);
      const fields = isFirst ? [...headers, 'traceparent', told] : withTraceContext(headers, told, '');
      return RequestTrace.unsampled(context.traceId, fields);
    }
    // Whoever records nothing has nothing to add (Trace Context level 2, section 4.3): it goes on as it came.
    if ((parent.flags & SAMPLED) === 0) return RequestTrace.unsampled(parent.traceId, headers);
    const state = parseTracestate(combined(headers, 'tracestate') ?? '');
    return this.#record(headers, { ...parent, spanId: ids.spanId() }, parent.spanId, state);
  }

  #record(headers: HeaderList, context: TraceParent, parentSpanId: string, traceState: string): RequestTrace {
    return RequestTrace.sampled(headers, { context, parentSpanId, traceState, ids: this.#ids, ended: this.#ended });
  }

  #open({ url, serviceName }: TracingConfig): Exporter {
    return new Exporter(url, attributeList(textAttribute('service.name', serviceName) + this.#process), this.#events);
  }

  #close(settings: Settings | undefined): void {
    if (settings === undefined) return;
    const closed = settings.exporter.close().finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }
}
