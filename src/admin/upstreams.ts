import type { Router } from '@koa/router';
import { shownUpstream, shownUpstreams } from '../upstreams/shown.ts';
import type { UpstreamView } from '../upstreams/view.ts';
import { closed, reference, TEXT } from '../users/openapi.ts';
import { addOperation, readTarget, type ProblemAnswer } from './call.ts';
import type { Area, Described, Part, Success } from './openapi.ts';

export interface UpstreamsOptions {
  /** Those of the configuration that serves. */
  upstreams(): Promise<readonly UpstreamView[]> | readonly UpstreamView[];
  readonly problem: ProblemAnswer;
}

const COUNT: Part = { type: 'integer', minimum: 0 };
const FLAG: Part = { type: 'boolean' };

const SCHEMAS = {
  Upstreams: closed({ upstreams: { type: 'array', items: reference('Upstream') } }),
  Upstream: closed({
    name: TEXT,
    balance: { type: 'string', description: 'How an endpoint is chosen.' },
    panic: { type: 'boolean', description: 'Whether endpoints that are not well are asked, since no other is left.' },
    source: closed({
      kind: { enum: ['targets', 'dns', 'registry', 'consul', 'etcd', 'kubernetes', 'file'] },
      updated_at: {
        type: ['string', 'null'],
        format: 'date-time',
        description: 'Of the last good answer; null = none yet, or targets.',
      },
      age_seconds: { type: ['number', 'null'], minimum: 0, description: 'Since `updated_at`.' },
      fault: {
        type: ['string', 'null'],
        description: 'Why it cannot be asked: the endpoints are the last known ones. null = it can.',
      },
    }),
    bulkhead: {
      oneOf: [closed({ inside: COUNT, queued: COUNT }), { type: 'null' }],
      description: 'Requests under way and requests that wait; null = as many at once as come.',
    },
    endpoints: { type: 'array', items: reference('Endpoint') },
  }),
  Endpoint: closed({
    url: { type: 'string', description: 'Scheme, host and port.' },
    weight: COUNT,
    condition: { enum: ['available', 'unhealthy', 'ejected', 'circuit-open', 'half-open'] },
    why: { type: 'string', description: 'What the condition comes from; empty when it is available.' },
    healthy: FLAG,
    ejected: FLAG,
    breaker: { enum: ['closed', 'open', 'half-open', null], description: 'null = there is none.' },
    in_flight: { ...COUNT, description: 'Requests under way.' },
    connections: { ...COUNT, description: 'Those that are open, idle ones included.' },
    latency_seconds: {
      type: ['number', 'null'],
      minimum: 0,
      description: 'To the head of an answer, as a moving average; null = none has answered yet.',
    },
    share: { type: 'number', minimum: 0, maximum: 1, description: 'How much of its weight it gets yet.' },
  }),
} as const satisfies Readonly<Record<string, Part>>;

interface UpstreamOperation extends Described {
  readonly successes: readonly Success<keyof typeof SCHEMAS>[];
  /** @param name what `{name}` stands for; empty when it is not in the path */
  answer(views: readonly UpstreamView[], name: string): object | undefined;
}

/** By their `operationId`. */
const OPERATIONS: Readonly<Record<string, UpstreamOperation>> = {
  listUpstreams: {
    method: 'GET',
    path: '/upstreams',
    summary: 'The state of all upstreams, in the order of the configuration',
    parameters: [],
    successes: [{ status: 200, schema: 'Upstreams', description: 'All of them' }],
    problems: [],
    answer: (views) => shownUpstreams(views, Date.now()),
  },
  getUpstream: {
    method: 'GET',
    path: '/upstreams/{name}',
    summary: 'The state of an upstream',
    parameters: [{ name: 'name', in: 'path', required: true, description: 'The name of an upstream.', schema: TEXT }],
    successes: [{ status: 200, schema: 'Upstream', description: 'The upstream' }],
    problems: ['invalid-target', 'upstream-not-found'],
    answer(views, name) {
      const view = views.find((each) => each.name === name);
      return view === undefined ? undefined : shownUpstream(view, Date.now());
    },
  },
};

/**
 * Adds what there is to see of upstreams. Whoever calls it has shown the admin token already, when there is one; without
 * one everybody who reaches the listener sees them.
 *
 * @returns what the OpenAPI document says of it
 */
export function upstreamsRoutes(router: Router, options: UpstreamsOptions): Area {
  for (const operation of Object.values(OPERATIONS)) {
    addOperation(
      router,
      operation,
      async (context) => {
        const query = readTarget(context, []);
        if ('problem' in query) return query;
        const json = operation.answer(await options.upstreams(), context.params['name'] ?? '');
        return json === undefined ? { problem: 'upstream-not-found' } : { json };
      },
      options.problem,
    );
  }
  return {
    tag: { name: 'upstreams', description: 'The upstreams and their endpoints' },
    operations: OPERATIONS,
    schemas: SCHEMAS,
  };
}
