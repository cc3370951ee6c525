/** A span that has ended, as OTLP has it in JSON (opentelemetry-proto, trace/v1/trace.proto). */

/** Values that are undefined are left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** SpanKind of OTLP. */
export const SERVER = 2;
export const CLIENT = 3;

/** What is recorded of one thing that was done. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty = it began the trace. */
  readonly parentSpanId: string;
  /** The `tracestate`; empty = none. */
  readonly traceState: string;
  readonly name: string;
  readonly kind: typeof SERVER | typeof CLIENT;
  /** In milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly attributes: Attributes;
  /** What went wrong; undefined = nothing did. */
  readonly error: string | undefined;
}

/** Clients have a say in most texts: more of one than so many characters is cut off. */
const LONGEST_TEXT = 1024;
/** Status code of OTLP. */
const ERROR = 2;

/** @returns the span as a JSON object */
export function spanText(span: Span): string {
  const { traceId, spanId, parentSpanId, traceState, name, kind, error } = span;
  return JSON.stringify({
    traceId,
    spanId,
    parentSpanId,
    ...(traceState === '' ? {} : { traceState }),
    name,
    kind,
    startTimeUnixNano: nanoseconds(span.start),
    endTimeUnixNano: nanoseconds(span.end),
    attributes: keyValues(span.attributes),
    ...(error === undefined ? {} : { status: { code: ERROR, message: error.slice(0, LONGEST_TEXT) } }),
  });
}

/** @returns a list of KeyValue (opentelemetry-proto, common/v1/common.proto) */
export function keyValues(attributes: Attributes): object[] {
  return Object.entries(attributes).flatMap<object>(([key, value]) => {
    if (value === undefined) return [];
    if (typeof value === 'string') return [{ key, value: { stringValue: value.slice(0, LONGEST_TEXT) } }];
    return [{ key, value: typeof value === 'number' ? { intValue: String(value) } : { boolValue: value } }];
  });
}

/** Whole microseconds, with three zeros: no number holds nanoseconds since 1970. */
function nanoseconds(milliseconds: number): string {
  return `${Math.round(milliseconds * 1000)}000`;
}
