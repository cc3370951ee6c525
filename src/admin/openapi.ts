import type { ProblemCode } from '../errors.ts';
import { OPEN_API, problemResponses, problemSchema, reference, type Part } from '../users/openapi.ts';

export type { Part } from '../users/openapi.ts';

/** Where all of it is. */
export const API_PATH = '/api/v1';

/** What one operation of the API takes and answers. */
export interface Described {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, with `{name}` for what varies. */
  readonly path: string;
  /** For people. */
  readonly summary: string;
  readonly parameters: readonly Part[];
  /** The JSON Schema of its body; undefined = it takes none. */
  readonly body?: Part | undefined;
  readonly successes: readonly Success[];
  /** In addition to those of everything: see {@link PROBLEMS_OF_EACH}. */
  readonly problems: readonly ProblemCode[];
  /** Undefined = the admin token alone opens it. */
  readonly security?: readonly Part[];
}

/** @typeParam Name of a schema of the area */
export interface Success<Name extends string = string> {
  readonly status: 200 | 201 | 204 | 304;
  /** For people. */
  readonly description: string;
  readonly schema?: Name;
  /** JSON unless it says otherwise. */
  readonly type?: 'application/json' | 'text/event-stream';
  readonly headers?: Part;
}

/** Operations that belong together. */
export interface Area {
  readonly tag: { readonly name: string; readonly description: string };
  /** By their `operationId`. */
  readonly operations: Readonly<Record<string, Described>>;
  /** The schemas that they refer to, by name. */
  readonly schemas: Readonly<Record<string, Part>>;
}

/** The operation of the document itself. */
export const GET_OPEN_API: Described = {
  method: 'GET',
  path: '/openapi.json',
  summary: 'This document',
  parameters: [],
  successes: [{ status: 200, description: 'An OpenAPI 3.1 document', schema: 'OpenApi' }],
  problems: [],
};

const DOCUMENT: Area = {
  tag: { name: 'document', description: 'What this API is' },
  operations: { getOpenApi: GET_OPEN_API },
  schemas: { OpenApi: OPEN_API },
};

const PROBLEM_MEMBERS: Part = {
  diagnostics: {
    type: 'array',
    items: reference('Diagnostic'),
    description: 'What was found in a configuration: errors first, at most 100.',
  },
};

/** What any operation may answer. */
const PROBLEMS_OF_EACH: readonly ProblemCode[] = ['invalid-query', 'unauthorized', 'misdirected-request'];
/** What is answered where there is no operation, or where one fails. */
const PROBLEMS_OF_ALL: readonly ProblemCode[] = ['route-not-found', 'method-not-allowed', 'internal-error'];

/** The OpenAPI 3.1 document of the admin API, made of the tables that its handlers obey. */
export function adminDocument(parts: readonly Area[]): Part {
  const areas = [...parts, DOCUMENT];
  const paths: Record<string, Record<string, Part>> = {};
  const problems = new Set([...PROBLEMS_OF_EACH, ...PROBLEMS_OF_ALL]);
  for (const { tag, operations } of areas) {
    for (const [name, operation] of Object.entries(operations)) {
      const methods = (paths[operation.path] ??= {});
      methods[operation.method.toLowerCase()] = describe(name, operation, tag.name);
      for (const code of operation.problems) problems.add(code);
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'gatewayctl admin',
      version: '1',
      summary: 'What administrators do, and how instances of services register themselves',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: API_PATH }],
    tags: areas.map(({ tag }) => tag),
    security: [{ adminToken: [] }],
    paths,
    components: {
      schemas: {
        ...Object.assign({}, ...areas.map(({ schemas }) => schemas)),
        Problem: problemSchema([...problems], PROBLEM_MEMBERS),
      },
      securitySchemes: {
        adminToken: { type: 'http', scheme: 'bearer', description: '`admin.token`' },
        registryToken: { type: 'http', scheme: 'bearer', description: '`admin.registryToken`' },
      },
    },
  };
}

function describe(name: string, operation: Described, tag: string): Part {
  const { summary, parameters, body, successes, problems, security } = operation;
  return {
    operationId: name,
    summary,
    tags: [tag],
    ...(security === undefined ? {} : { security }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      ...Object.fromEntries(successes.map((success) => [success.status, responseOf(success)])),
      ...problemResponses([...PROBLEMS_OF_EACH, ...problems]),
    },
  };
}

function responseOf({ description, schema, type = 'application/json', headers }: Success): Part {
  return {
    description,
    ...(headers === undefined ? {} : { headers }),
    ...(schema === undefined ? {} : { content: { [type]: { schema: reference(schema) } } }),
  };
}
