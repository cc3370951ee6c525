import type { ServerResponse } from 'node:http';
import type { Router } from '@koa/router';
import type { Logger } from '../../observability/log.ts';
import { addOperation, readTarget, type CallContext, type ProblemAnswer, type Result } from '../call.ts';
import type { Area, Described } from '../openapi.ts';
import { isOpenTo } from '../tokens.ts';
import { EventStream } from './event-stream.ts';
import { Sampler, type Sources } from './sampler.ts';
import { LIVE_SCHEMAS } from './schemas.ts';

export interface LiveOptions extends Omit<Sources, 'failed'> {
  readonly logger: Pick<Logger, 'error'>;
  /** That of the configuration that serves; empty = none. */
  token(): string;
  readonly problem: ProblemAnswer;
}

/** Whoever needs more of them needs something that spreads what it reads. */
const MAX_STREAMS = 16;
/** In seconds. */
const RETRY = 5;

const WATCH: Described = {
  method: 'GET',
  path: '/live',
  summary: 'What happens now, as Server-Sent Events',
  parameters: [],
  successes: [
    {
      status: 200,
      schema: 'LiveEvents',
      type: 'text/event-stream',
      description:
        'Events until the admin listener closes or moves, its token changes, or the client goes. A gateway that stops closes it when its drain is over: until then the status is `draining`',
    },
  ],
  problems: ['busy'],
};

/** What happens now, for those who watch. */
export class Live {
  /** What the OpenAPI document says of it. */
  readonly area: Area = {
    tag: { name: 'live', description: 'What happens now' },
    operations: { watch: WATCH },
    schemas: LIVE_SCHEMAS,
  };
  readonly #options: LiveOptions;
  readonly #sampler: Sampler;
  readonly #streams = new Set<EventStream>();

  constructor(options: LiveOptions) {
    const { logger } = options;
    this.#options = options;
    this.#sampler = new Sampler({
      metrics: async () => options.metrics(),
      status: async () => options.status(),
      upstreams: async () => options.upstreams(),
      failed: (error) => logger.error({ err: error }, 'what is told live cannot be read'),
    });
  }

  /** Adds it. Whoever calls it has shown the admin token already, when there is one. */
  addTo(router: Router): void {
    addOperation(router, WATCH, async (context) => this.#answer(context), this.#options.problem);
  }

  #answer(context: CallContext): Result {
    const query = readTarget(context, []);
    if ('problem' in query) return query;
    if (this.#streams.size >= MAX_STREAMS) {
      const detail = `there are ${MAX_STREAMS} streams already, which is as many as there may be`;
      return { problem: 'busy', detail, headers: [['retry-after', String(RETRY)]] };
    }
    const authorization = context.get('authorization');
    return { type: 'text/event-stream', begin: (response) => this.#begin(response, authorization) };
  }

  #begin(response: ServerResponse, authorization: string): void {
    const stream = new EventStream(response);
    this.#streams.add(stream);
    const stop = this.#sampler.listen((event, data) => {
      // A reload may have brought another token: who has the former one sees no more.
      if (isOpenTo(authorization, [this.#options.token()])) stream.send(event, data);
      else stream.end();
    });
    response.on('close', () => {
      stop();
      this.#streams.delete(stream);
    });
  }

  /** Ends all streams. */
  close(): void {
    for (const stream of this.#streams) stream.end();
  }
}
