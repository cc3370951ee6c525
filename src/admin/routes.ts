import type { Router } from '@koa/router';
import type { ConfigState } from '../gateway/config-state.ts';
import { closed, reference, TEXT, type Part } from '../users/openapi.ts';
import { addOperation, readTarget, type CallContext, type ProblemAnswer, type Result } from './call.ts';
import type { Area, Described, Success } from './openapi.ts';

export interface RoutesOptions {
  readonly configuration: ConfigState;
  readonly problem: ProblemAnswer;
}

const TEXTS: Part = { type: 'array', items: TEXT };

const SCHEMAS = {
  Routes: closed({ routes: { type: 'array', items: reference('Route') } }),
  Route: closed({
    name: TEXT,
    source: closed({
      file: { type: 'string', description: 'As findings name it.' },
      line: { type: 'integer', minimum: 1 },
    }),
    match: closed({
      hosts: { ...TEXTS, description: 'Empty = any.' },
      path: TEXT,
      methods: { ...TEXTS, description: 'Empty = any.' },
      headers: { ...TEXTS, description: 'The names of those that must have a certain value, which may be a secret.' },
    }),
    access: {
      type: 'string',
      description: '`public`, `optional`, `authenticated`, or rules for people to read, of which any is enough.',
    },
    rules: { ...TEXTS, description: 'What it does with a request, in order, such as `client-limit`, `cors`, `cache`.' },
    upstreams: { ...TEXTS, description: 'Where requests go; several with `split`. Empty = the gateway answers.' },
    respond: { oneOf: [closed({ status: { type: 'integer' } }), { type: 'null' }], description: 'The fixed answer.' },
  }),
} as const satisfies Readonly<Record<string, Part>>;

interface RouteOperation extends Described {
  readonly successes: readonly Success<keyof typeof SCHEMAS>[];
  /** @param name what `{name}` stands for; empty when it is not in the path */
  answer(configuration: ConfigState, name: string): object | undefined;
}

/** By their `operationId`. */
const OPERATIONS: Readonly<Record<string, RouteOperation>> = {
  listRoutes: {
    method: 'GET',
    path: '/routes',
    summary: 'All routes that serve, in the order of the configuration',
    parameters: [],
    successes: [{ status: 200, schema: 'Routes', description: 'All of them' }],
    problems: [],
    answer(configuration) {
      return { routes: configuration.routes };
    },
  },
  getRoute: {
    method: 'GET',
    path: '/routes/{name}',
    summary: 'A route',
    parameters: [{ name: 'name', in: 'path', required: true, description: 'The name of a route.', schema: TEXT }],
    successes: [{ status: 200, schema: 'Route', description: 'The route' }],
    problems: ['invalid-target', 'no-such-route'],
    answer(configuration, name) {
      return configuration.routes.find((each) => each.name === name);
    },
  },
};

/**
 * Adds what there is to see of routes. Whoever calls it has shown the admin token already, when there is one; without one
 * everybody who reaches the listener sees them.
 *
 * @returns what the OpenAPI document says of it
 */
export function routesRoutes(router: Router, { configuration, problem }: RoutesOptions): Area {
  for (const operation of Object.values(OPERATIONS)) {
    const answer = async (context: CallContext): Promise<Result> => {
      const query = readTarget(context, []);
      if ('problem' in query) return query;
      const json = operation.answer(configuration, context.params['name'] ?? '');
      return json === undefined ? { problem: 'no-such-route' } : { json };
    };
    addOperation(router, operation, answer, problem);
  }
  return { tag: { name: 'routes', description: 'The routes that serve' }, operations: OPERATIONS, schemas: SCHEMAS };
}
