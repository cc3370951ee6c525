import type { Layer, Router } from '@koa/router';
import { formatDuration } from '../config/units.ts';
import type { Logger } from '../observability/log.ts';
import type { Registered, Registry } from '../upstreams/registry/registry.ts';
import type { SourceView } from '../upstreams/view.ts';
import {
  addOperation,
  bodyOf,
  bodyProblem,
  callerOf,
  readTarget,
  routerPath,
  told,
  type CallContext,
  type Caller,
  type Problem,
  type ProblemAnswer,
  type Result,
} from './call.ts';
import { readInstance, type InstanceFields } from './instance-fields.ts';
import { INSTANCE_ID, instancesArea, type InstanceOperation } from './instances-openapi.ts';
import type { Area } from './openapi.ts';

export interface InstancesOptions {
  /** Told of every instance that comes, changes or deregisters; not of heartbeats. */
  readonly logger: Pick<Logger, 'info'>;
  readonly registry: Registry;
  /** Where the endpoints of an upstream come from; undefined when there is no such upstream. */
  sourceOf(upstream: string): SourceView['kind'] | undefined;
  readonly problem: ProblemAnswer;
}

/** A request that is what its operation takes. */
interface Call {
  /** Of an upstream that takes registrations. */
  readonly upstream: string;
  /** Empty when it is about all instances. */
  readonly id: string;
  readonly caller: Caller;
}

type Operation = InstanceOperation &
  (
    | { readonly takesBody: false; handle(options: InstancesOptions, call: Call): Promise<Result> }
    | {
        readonly takesBody: true;
        handle(options: InstancesOptions, call: Call, fields: InstanceFields): Promise<Result>;
      }
  );

const INSTANCES = '/upstreams/{name}/instances';
const INSTANCE = `${INSTANCES}/{id}`;

/** In seconds: an instance should be back long before its time is over. */
const RETRY = 1;
const UNAVAILABLE: Problem = { problem: 'registry-unavailable', headers: [['retry-after', String(RETRY)]] };

/** By their `operationId`. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  listInstances: {
    method: 'GET',
    path: INSTANCES,
    summary: 'The instances of an upstream, by id',
    takesBody: false,
    successes: [{ status: 200, schema: 'Instances', description: 'Those that have not expired' }],
    problems: [],
    async handle({ registry }, { upstream }) {
      return { json: { instances: registry.instances(upstream).map(shown) } };
    },
  },
  getInstance: {
    method: 'GET',
    path: INSTANCE,
    summary: 'An instance',
    takesBody: false,
    successes: [{ status: 200, schema: 'Instance', description: 'The instance' }],
    problems: ['instance-not-found'],
    async handle({ registry }, { upstream, id }) {
      const found = find(registry, upstream, id);
      return found === undefined ? { problem: 'instance-not-found' } : { json: shown(found) };
    },
  },
  putInstance: {
    method: 'PUT',
    path: INSTANCE,
    summary: 'Register an instance, or renew it: this is the heartbeat too',
    takesBody: true,
    successes: [
      { status: 200, schema: 'Registration', description: 'Renewed, with what was sent' },
      {
        status: 201,
        schema: 'Registration',
        description: 'Registered',
        headers: { Location: { description: 'The instance.', schema: { type: 'string', format: 'uri-reference' } } },
      },
    ],
    problems: ['registry-unavailable', 'registry-full'],
    async handle({ registry, logger }, { upstream, id, caller }, { ttl, ...instance }) {
      const before = find(registry, upstream, id);
      // Told too early rather than too late: it has to be renewed before.
      const expiresAt = Date.now() + ttl;
      const outcome = await registry.put(upstream, { id, ...instance }, ttl);
      if (outcome === 'unavailable') return UNAVAILABLE;
      if (outcome === 'full') return { problem: 'registry-full' };
      const line = { upstream, instance: id, url: instance.origin, weight: instance.weight, ...caller };
      const json = { ...shown({ id, ...instance, expiresAt }), ttl: formatDuration(ttl) };
      if (outcome === 'created') {
        logger.info(line, 'instance registered');
        return { json, status: 201, headers: [['location', locationOf(upstream, id)]] };
      }
      // A heartbeat that sends requests elsewhere is more than a heartbeat.
      if (before?.origin !== instance.origin || before.weight !== instance.weight)
        logger.info(line, 'instance changed');
      return { json };
    },
  },
  removeInstance: {
    method: 'DELETE',
    path: INSTANCE,
    summary: 'Deregister an instance; it may be gone already',
    takesBody: false,
    successes: [{ status: 204, description: 'There is no such instance any more' }],
    problems: ['registry-unavailable'],
    async handle({ registry, logger }, { upstream, id, caller }) {
      const before = find(registry, upstream, id);
      const outcome = await registry.remove(upstream, id);
      if (outcome === 'unavailable') return UNAVAILABLE;
      if (outcome) logger.info({ upstream, instance: id, url: before?.origin, ...caller }, 'instance removed');
      return undefined;
    },
  },
};

const ROUTER_PATHS = Object.values(OPERATIONS).map(({ path }) => routerPath(path));

/**
 * Whether a request is for instances and nothing else, whatever its method.
 *
 * @param layers all routes that the router matches its path with: those that would answer it, and no reading of one's own
 */
export function isForInstances(layers: readonly Pick<Layer, 'path'>[]): boolean {
  return layers.length > 0 && layers.every(({ path }) => typeof path === 'string' && ROUTER_PATHS.includes(path));
}

/**
 * Adds how instances of services register themselves. Whoever calls it has shown a token for it, when there is one.
 *
 * @returns what the OpenAPI document says of it
 */
export function instancesRoutes(router: Router, options: InstancesOptions): Area {
  for (const operation of Object.values(OPERATIONS)) {
    const answer = async (context: CallContext): Promise<Result> => {
      const call = callOf(context, operation, options);
      if ('problem' in call) return call;
      if (!operation.takesBody) return operation.handle(options, call);
      const body = await bodyOf(context.req);
      if (body === undefined) return { problem: 'invalid-request' };
      const read = readInstance(body, context.get('content-type'));
      if ('errors' in read) return { problem: 'invalid-body', errors: read.errors };
      return 'fault' in read ? bodyProblem(read.fault) : operation.handle(options, call, read.fields);
    };
    addOperation(router, operation, answer, options.problem);
  }
  return instancesArea(OPERATIONS);
}

function callOf(context: CallContext, { path }: Operation, options: InstancesOptions): Call | Problem {
  const caller = callerOf(context);
  const query = readTarget(context, []);
  if ('problem' in query) return query;
  const { name = '', id = '' } = context.params;
  const source = options.sourceOf(name);
  if (source === undefined) return { problem: 'upstream-not-found' };
  if (source !== 'registry') {
    const detail = `write discover: { registry: true } into the upstream ${name} of gateway.yaml, in place of what it has`;
    return { problem: 'registry-not-configured', detail };
  }
  if (path === INSTANCE && !INSTANCE_ID.test(id)) {
    const expected = 'a letter or digit, and up to 127 more, or any of . _ : -';
    return { problem: 'invalid-target', detail: `the id: found ${told(id)}, expected ${expected}` };
  }
  return { upstream: name, id, caller };
}

function find(registry: Registry, upstream: string, id: string): Registered | undefined {
  return registry.instance(upstream, id);
}

function shown({ id, origin, weight, metadata, expiresAt }: Registered): object {
  return { id, url: origin, weight, metadata, expires_at: new Date(expiresAt).toISOString() };
}

function locationOf(upstream: string, id: string): string {
  return routerPath(INSTANCE).replace(':name', encodeURIComponent(upstream)).replace(':id', encodeURIComponent(id));
}
