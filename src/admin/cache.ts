import type { Router } from '@koa/router';
import type { PurgeOutcome } from '../cache/purged.ts';
import type { PurgeSelector } from '../cache/purge.ts';
import type { ConfigState } from '../gateway/config-state.ts';
import type { Family } from '../observability/exposition.ts';
import type { Logger } from '../observability/log.ts';
import { closed } from '../users/openapi.ts';
import { CACHE_SCHEMAS, shownCache } from './cache-state.ts';
import {
  addOperation,
  bodyOf,
  bodyProblem,
  callerOf,
  readTarget,
  type CallContext,
  type ProblemAnswer,
  type Result,
} from './call.ts';
import type { Area, Described } from './openapi.ts';
import { readSelector, SELECTOR } from './purge-fields.ts';

export interface CacheOptions {
  /** Told of every purge. */
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  purge(selector: PurgeSelector): Promise<PurgeOutcome>;
  metrics(): Promise<readonly Family[]>;
  readonly configuration: ConfigState;
  /** How many processes serve. */
  processes(): number;
  readonly problem: ProblemAnswer;
}

const STATE: Described = {
  method: 'GET',
  path: '/cache',
  summary: 'What is stored, and how requests on routes with a cache were answered',
  parameters: [],
  successes: [{ status: 200, schema: 'Cache', description: 'The routes that have a cache now, in their order' }],
  problems: [],
};

/** In seconds: Redis comes back within seconds, and so does another worker. */
const RETRY = 5;

const PURGE: Described = {
  method: 'POST',
  path: '/cache/purge',
  summary: 'Take stored answers away, so that the next request asks the upstream',
  parameters: [],
  body: SELECTOR,
  successes: [{ status: 200, schema: 'Purged', description: 'None of them is used any more' }],
  problems: ['invalid-target', 'invalid-body', 'body-too-large', 'unsupported-media-type', 'cache-unavailable'],
};

/**
 * Adds what there is to see of stored answers, and to do with them. Whoever calls it has shown the admin token already, when there is one;
 * without one everybody who reaches the listener may look and purge.
 *
 * @returns what the OpenAPI document says of it
 */
export function cacheRoutes(router: Router, options: CacheOptions): Area {
  const state = async (context: CallContext): Promise<Result> => {
    const query = readTarget(context, []);
    if ('problem' in query) return query;
    return { json: shownCache(await options.metrics(), options.configuration.config, options.processes()) };
  };
  addOperation(router, STATE, state, options.problem);
  addOperation(router, PURGE, async (context) => answer(context, options), options.problem);
  return {
    tag: { name: 'cache', description: 'The answers that are stored' },
    operations: { getCache: STATE, purgeCache: PURGE },
    schemas: {
      ...CACHE_SCHEMAS,
      Purged: closed({ purged: { type: 'integer', minimum: 0, description: 'How many; copies of one count once.' } }),
    },
  };
}

async function answer(context: CallContext, options: CacheOptions): Promise<Result> {
  const caller = callerOf(context);
  const query = readTarget(context, []);
  if ('problem' in query) return query;
  const body = await bodyOf(context.req);
  if (body === undefined) return { problem: 'invalid-request' };
  const read = readSelector(body, context.get('content-type'));
  if ('errors' in read) return { problem: 'invalid-body', errors: read.errors };
  if ('fault' in read) return bodyProblem(read.fault);
  const outcome = await options.purge(read.selector);
  const detail = missed(outcome);
  const line = { selector: read.selector, purged: outcome.purged, ...caller };
  if (detail === undefined) {
    options.logger.info(line, 'cache purged');
    return { json: { purged: outcome.purged } };
  }
  options.logger.warn({ ...line, missed: detail }, 'cache purged, and not all of it');
  return { problem: 'cache-unavailable', detail, headers: [['retry-after', String(RETRY)]] };
}

/** @returns what a purge did not reach, in words; undefined when it reached everything */
function missed({ shared, silent }: PurgeOutcome): string | undefined {
  if (silent > 0) {
    const workers = silent === 1 ? 'a worker has' : `${silent} workers have`;
    return `${workers} not answered: not all that was to go is gone; purge again`;
  }
  if (shared !== 'unavailable') return undefined;
  return 'Redis has not answered: what this gateway holds in memory was purged, what is in Redis and what other gateways hold in memory was not; purge again';
}
