import { closed, reference, TEXT, TIME } from '../../users/openapi.ts';
import type { Part } from '../openapi.ts';

const PER_SECOND: Part = { type: 'number', minimum: 0, description: 'In each second of the interval.' };
const SECONDS: Part = { type: ['number', 'null'], minimum: 0, description: 'null = it cannot be said.' };
const RATIO: Part = { type: ['number', 'null'], minimum: 0, maximum: 1, description: 'null = nobody looked into it.' };
const COUNT: Part = { type: 'integer', minimum: 0 };
const COUNT_OR_NULL: Part = { type: ['integer', 'null'], minimum: 0, description: 'null = nothing is cached.' };

const REQUESTS = {
  requests_per_second: PER_SECOND,
  errors_per_second: { ...PER_SECOND, description: 'Those that were answered with 5xx.' },
  p50_seconds: SECONDS,
  p95_seconds: SECONDS,
  p99_seconds: SECONDS,
};

/** What is told live. */
export const LIVE_SCHEMAS: Readonly<Record<string, Part>> = {
  LiveEvents: {
    type: 'string',
    description:
      'Server-Sent Events (WHATWG HTML), whose data is JSON on one line. `status`: as GET /status answers, at once and when it has changed. `upstreams`: as GET /upstreams answers, at once and each second. `traffic`: the schema Traffic, each second, for the first time after one. Who reads too slowly misses some.',
  },
  Traffic: closed({
    at: TIME,
    interval_seconds: { type: 'number', minimum: 0, description: 'What it is about: it ends with `at`.' },
    total: closed({ ...REQUESTS, in_flight: COUNT, connections: COUNT }),
    routes: { type: 'array', items: reference('RouteTraffic') },
    cache: closed({
      hit_ratio: RATIO,
      bytes: COUNT_OR_NULL,
      entries: COUNT_OR_NULL,
      routes: { type: 'array', items: closed({ name: TEXT, hit_ratio: RATIO }) },
    }),
    process: closed({
      cpu_cores: { type: 'number', minimum: 0, description: 'How many were busy, on average.' },
      memory_bytes: COUNT,
      event_loop_lag_seconds: {
        ...SECONDS,
        description: 'How late it was: the 99th percentile; of several processes the worst.',
      },
    }),
  }),
  RouteTraffic: closed({
    name: { type: 'string', description: 'As in metrics: `_none` for requests that no route took.' },
    ...REQUESTS,
    statuses: {
      type: 'object',
      additionalProperties: PER_SECOND,
      description: 'By the class of the status, such as `2xx`.',
    },
  }),
};
