import type { AttemptedRequest, AttemptTrace, Exchange, HeaderList, Trace, WaitingStage } from '../../exchange.ts';
import type { TraceIds } from './ids.ts';
import { methodAttributes, methodInName, serverAttributes } from './http-names.ts';
import { CLIENT, flagAttribute, INTERNAL, numberAttribute, SERVER, textAttribute, type Span } from './span.ts';
import { traceparent, withTraceContext, type TraceParent } from './trace-context.ts';

/** A request that was answered, or whose client is gone. */
export type EndedRequest = Pick<
  Exchange,
  | 'id'
  | 'method'
  | 'httpVersion'
  | 'path'
  | 'authority'
  | 'client'
  | 'upstream'
  | 'problem'
  | 'cacheResult'
  | 'failure'
  | 'header'
> & {
  readonly route: { readonly name: string; readonly path: string } | undefined;
  /** Of the answer; 0 when there was none. */
  readonly sentStatus: number;
  /** Whether the whole answer went out. */
  readonly complete: boolean;
};

/** What the spans of a request have in common. */
interface Recording {
  readonly context: TraceParent;
  /** The span of the caller; empty = there is none. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly ids: TraceIds;
  ended(span: Span): void;
}

/** The part of a trace that a request is. Only one that is sampled records anything. */
export class RequestTrace implements Trace {
  readonly id: string;
  /** The request's fields as they go on: upstreams are told where they stand in the trace. */
  readonly headers: HeaderList;
  readonly #recording: Recording | undefined;
  readonly #parent: string;
  readonly #startedAt: number;
  /** What a time of the steady clock lacks to one since 1970: the same for all spans, so that they fit together. */
  readonly #epoch: number;
  /** What ends the spans of stages that wait. */
  #waits: readonly (() => void)[] = [];

  private constructor(id: string, headers: HeaderList, recording: Recording | undefined, parent: string) {
    this.id = id;
    this.headers = headers;
    this.#recording = recording;
    this.#parent = parent;
    this.#startedAt = recording === undefined ? 0 : performance.now();
    this.#epoch = recording === undefined ? 0 : Date.now() - this.#startedAt;
  }

  /** A trace that nobody records. @param headers of the request, as they are to go on */
  static unsampled(id: string, headers: HeaderList): RequestTrace {
    return new RequestTrace(id, headers, undefined, '');
  }

  /** A trace that is recorded. @param headers of the request, as they came */
  static sampled(headers: HeaderList, recording: Recording): RequestTrace {
    const { context, traceState } = recording;
    const parent = traceparent(context);
    return new RequestTrace(context.traceId, withTraceContext(headers, parent, traceState), recording, parent);
  }

  get sampledId(): string | undefined {
    return this.#recording === undefined ? undefined : this.id;
  }

  attempt(request: AttemptedRequest): AttemptTrace | undefined {
    const recording = this.#recording;
    if (recording === undefined) return undefined;
    const { ids, context, traceState } = recording;
    const spanId = ids.spanId();
    const startedAt = performance.now();
    return {
      fields: (fields) => replaced(fields, this.#parent, traceparent({ ...context, spanId })),
      ended: (status, failure) => {
        const isUnwanted = failure === 'superseded';
        const error = isUnwanted ? undefined : (failure ?? (status >= 400 ? String(status) : undefined));
        recording.ended({
          traceId: this.id,
          spanId,
          parentSpanId: context.spanId,
          traceState,
          name: methodInName(request.method),
          kind: CLIENT,
          start: this.#epoch + startedAt,
          end: this.#epoch + performance.now(),
          attributes:
            attemptAttributes(request) +
            numberAttribute('http.response.status_code', status === 0 ? undefined : status) +
            textAttribute('error.type', error) +
            flagAttribute('gateway.superseded', isUnwanted),
          error: error === undefined ? undefined : '',
        });
      },
    };
  }

  wait(stage: WaitingStage): (() => void) | undefined {
    const recording = this.#recording;
    if (recording === undefined) return undefined;
    const startedAt = performance.now();
    const waited = (): void => {
      if (!this.#waits.includes(waited)) return;
      this.#waits = this.#waits.filter((other) => other !== waited);
      recording.ended({
        traceId: this.id,
        spanId: recording.ids.spanId(),
        parentSpanId: recording.context.spanId,
        traceState: recording.traceState,
        name: stage,
        kind: INTERNAL,
        start: this.#epoch + startedAt,
        end: this.#epoch + performance.now(),
        attributes: '',
        error: undefined,
      });
    };
    this.#waits = [...this.#waits, waited];
    return waited;
  }

  /** The request is over: its own span is complete. */
  end(request: EndedRequest): void {
    const recording = this.#recording;
    if (recording === undefined) return;
    for (const waited of this.#waits) waited();
    const { route, failure, sentStatus, method } = request;
    const error = errorOf(request);
    recording.ended({
      traceId: this.id,
      spanId: recording.context.spanId,
      parentSpanId: recording.parentSpanId,
      traceState: recording.traceState,
      name: route === undefined ? methodInName(method) : `${methodInName(method)} ${route.path}`,
      kind: SERVER,
      start: this.#epoch + this.#startedAt,
      end: this.#epoch + performance.now(),
      attributes:
        requestAttributes(request) +
        textAttribute('http.route', route?.path) +
        numberAttribute('http.response.status_code', sentStatus === 0 ? undefined : sentStatus) +
        textAttribute('error.type', error) +
        textAttribute('gateway.request.id', request.id) +
        textAttribute('gateway.route', route?.name) +
        textAttribute('gateway.upstream', request.upstream || undefined) +
        textAttribute('gateway.cache', request.cacheResult || undefined) +
        textAttribute('gateway.problem', request.problem),
      // A fallback may have answered in place of a failure, and then nothing went wrong in the end.
      error: error === undefined ? undefined : (failure?.cause ?? ''),
    });
  }
}

/** What went wrong on the way to the client; what a client is to blame for (4xx) is no error of a server. */
function errorOf({ sentStatus, complete, failure }: EndedRequest): string | undefined {
  if (!complete) return failure?.kind ?? 'incomplete';
  return sentStatus >= 500 ? (failure?.kind ?? String(sentStatus)) : undefined;
}

/** Without the query, which may hold secrets. */
function requestAttributes(request: EndedRequest): string {
  const { method, client, authority, path, httpVersion } = request;
  return (
    methodAttributes(method) +
    textAttribute('url.scheme', client.scheme) +
    textAttribute('url.path', path) +
    serverAttributes(authority, client.scheme) +
    textAttribute('network.protocol.version', httpVersion) +
    textAttribute('client.address', client.address) +
    textAttribute('user_agent.original', request.header('user-agent'))
  );
}

function attemptAttributes({ method, origin, path, upstream, resends }: AttemptedRequest): string {
  const [scheme = '', authority = ''] = origin.split('://', 2);
  return (
    methodAttributes(method) +
    serverAttributes(authority, scheme) +
    textAttribute('url.full', origin + path) +
    textAttribute('network.protocol.version', '1.1') +
    numberAttribute('http.request.resend_count', resends === 0 ? undefined : resends) +
    textAttribute('gateway.upstream', upstream)
  );
}

/** The fields with another value in the place of this one: a route may have taken it away, or set one of its own. */
function replaced(fields: HeaderList, value: string, other: string): HeaderList {
  return fields.map((field) => (field === value ? other : field));
}
