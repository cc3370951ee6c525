import { jsonString } from '../json-string.ts';

/**
 * A span that has ended, as OTLP has it in JSON (opentelemetry-proto, trace/v1/trace.proto). It is put together as text:
 * a general serialiser, and the objects for it, cost several times as much.
 */

/** SpanKind of OTLP. */
export const INTERNAL = 1;
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
  readonly kind: typeof INTERNAL | typeof SERVER | typeof CLIENT;
  /** In milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  /** The text of {@link textAttribute} and the like, one behind the other. */
  readonly attributes: string;
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
  const state = traceState === '' ? '' : `,"traceState":${jsonString(traceState)}`;
  const status = error === undefined ? '' : `,"status":{"code":${ERROR},"message":${shortString(error)}}`;
  return (
    `{"traceId":"${traceId}","spanId":"${spanId}","parentSpanId":"${parentSpanId}"${state},` +
    `"name":${shortString(name)},"kind":${kind},"startTimeUnixNano":"${nanoseconds(span.start)}",` +
    `"endTimeUnixNano":"${nanoseconds(span.end)}","attributes":${attributeList(span.attributes)}${status}}`
  );
}

/** An attribute with a text (KeyValue of opentelemetry-proto, common/v1/common.proto). Undefined = it is left out. */
export function textAttribute(key: string, value: string | undefined): string {
  return value === undefined ? '' : `,{"key":"${key}","value":{"stringValue":${shortString(value)}}}`;
}

/** An attribute with a whole number. Undefined = it is left out. */
export function numberAttribute(key: string, value: number | undefined): string {
  return value === undefined ? '' : `,{"key":"${key}","value":{"intValue":"${value}"}}`;
}

/** An attribute that is true, or left out. */
export function flagAttribute(key: string, isSet: boolean): string {
  return isSet ? `,{"key":"${key}","value":{"boolValue":true}}` : '';
}

/** @param attributes one behind the other @returns the list of them */
export function attributeList(attributes: string): string {
  return `[${attributes.slice(1)}]`;
}

function shortString(text: string): string {
  return jsonString(text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text);
}

/** Whole microseconds, with three zeros: no number holds nanoseconds since 1970. */
function nanoseconds(milliseconds: number): string {
  return `${Math.round(milliseconds * 1000)}000`;
}
