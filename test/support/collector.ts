import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Arrivals } from './arrivals.ts';
import { portOf } from './upstream.ts';

/** A span as OTLP has it in JSON, with its attributes as one object. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code: number; readonly message: string };
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** What it is a span of. */
  readonly resource: Readonly<Record<string, string | number | boolean>>;
}

/** One attribute, in the three forms that the gateway uses. */
interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: string; readonly boolValue?: boolean };
}

interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<ReceivedSpan, 'attributes' | 'resource'> & {
        readonly attributes: readonly KeyValue[];
      })[];
    }[];
  }[];
}

/** A collector of OTLP over HTTP, which answers as a test says. */
export class TestCollector {
  readonly spans = new Arrivals<ReceivedSpan>(({ name, traceId }) => `${name} of ${traceId}`);
  /** How many batches came. */
  readonly batches = new Arrivals<{ readonly target: string; readonly spans: number }>(({ target }) => target);
  readonly #server: Server;
  /** What happens to a batch, instead of an empty answer with status 200. Its spans count when it is answered with 200. */
  answer: (response: ServerResponse) => void | Promise<void> = (response) => void response.end('{}');

  private constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  static async start(): Promise<TestCollector> {
    const collector = new TestCollector();
    collector.#server.listen(0, '127.0.0.1');
    await once(collector.#server, 'listening');
    return collector;
  }

  get origin(): string {
    return `http://127.0.0.1:${portOf(this.#server)}`;
  }

  /** The spans of a trace, as soon as so many are here. */
  async trace(traceId: string, count: number): Promise<readonly ReceivedSpan[]> {
    const found = (): ReceivedSpan[] => this.spans.items.filter((span) => span.traceId === traceId);
    await this.spans.until(() => found().length >= count, `${count} spans of ${traceId}`);
    return found();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const received = spansOf(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    this.batches.push({ target: request.url ?? '', spans: received.length });
    response.once('finish', () => {
      if (response.statusCode === 200) for (const span of received) this.spans.push(span);
    });
    await this.answer(response);
  }
}

function spansOf({ resourceSpans }: ExportRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...span,
        attributes: valuesOf(span.attributes),
        resource: valuesOf(resource.attributes),
      })),
    ),
  );
}

function valuesOf(pairs: readonly KeyValue[]): ReceivedSpan['attributes'] {
  return Object.fromEntries(
    pairs.map(({ key, value }) => [
      key,
      value.stringValue ?? (value.intValue === undefined ? value.boolValue === true : Number(value.intValue)),
    ]),
  );
}
