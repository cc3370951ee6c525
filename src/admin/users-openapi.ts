import type { ProblemCode } from '../errors.ts';
import type { Field } from '../users/json-fields.ts';
import {
  closed,
  ID,
  objectOf,
  OPEN_API,
  problemResponses,
  problemSchema,
  reference,
  ROLE,
  SESSION,
  TEXT,
  TIME,
  type Part,
} from '../users/openapi.ts';

/** What a request may ask for behind its question mark. */
export interface QueryParameter {
  readonly name: string;
  /** For people, as the next. */
  readonly description: string;
  readonly expected: string;
  readonly schema: Part;
  /** Whether a value is one that it may have. */
  accepts(text: string): boolean;
}

/** One of the operations on users: what its route obeys and what the OpenAPI document says. */
export interface AdminOperation {
  readonly method: 'GET' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`; `{id}` is a user, `{session}` one of its sessions. */
  readonly path: string;
  /** For people. */
  readonly summary: string;
  /** Whether it is about the users of the gateway, which it may not have. */
  readonly usesUsers: boolean;
  readonly query?: readonly QueryParameter[];
  /** The members of its JSON body, of which there must be at least one; undefined = it takes none. */
  readonly body?: readonly Field[];
  readonly success: { readonly status: 200 | 204; readonly schema?: SchemaName; readonly description: string };
}

export type SchemaName = 'User' | 'Users' | 'Sessions' | 'OpenApi';

/** Where all of it is. */
export const API_PATH = '/api/v1';

/** @param operations by their `operationId` */
export function usersDocument(operations: Readonly<Record<string, AdminOperation>>): Part {
  const paths: Record<string, Record<string, Part>> = {};
  for (const [name, operation] of Object.entries(operations)) {
    const methods = (paths[operation.path] ??= {});
    methods[operation.method.toLowerCase()] = describe(name, operation);
  }
  const problems = new Set([...Object.values(operations).flatMap(problemsOf), ...PROBLEMS_OF_ALL]);
  return {
    openapi: '3.1.0',
    info: {
      title: 'gatewayctl admin',
      version: '1',
      summary: 'What administrators do with users and their sessions',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: API_PATH }],
    tags: [{ name: 'users', description: 'The users of the gateway’s own identity' }],
    security: [{ adminToken: [] }],
    paths,
    components: {
      schemas: { ...SCHEMAS, Problem: problemSchema([...problems]) },
      securitySchemes: { adminToken: { type: 'http', scheme: 'bearer', description: '`admin.token`' } },
    },
  };
}

function describe(name: string, operation: AdminOperation): Part {
  const { summary, query = [], body, success } = operation;
  const parameters = [
    ...PATH_PARAMETERS.filter((parameter) => operation.path.includes(`{${parameter.name}}`)),
    ...query.map(({ name: parameter, description, schema }) => ({ name: parameter, in: 'query', description, schema })),
  ];
  return {
    operationId: name,
    summary,
    tags: ['users'],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { ...objectOf(body), minProperties: 1 } } },
          },
        }),
    responses: {
      [success.status]: {
        description: success.description,
        ...(success.schema === undefined
          ? {}
          : { content: { 'application/json': { schema: reference(success.schema) } } }),
      },
      ...problemResponses(problemsOf(operation)),
    },
  };
}

/** Every problem of an operation: they follow from what it takes. */
function problemsOf({ path, usesUsers, body }: AdminOperation): readonly ProblemCode[] {
  return [
    'invalid-query',
    'unauthorized',
    'misdirected-request',
    ...(usesUsers
      ? ([
          'invalid-target',
          'admin-token-required',
          'identity-not-configured',
          'database-unavailable',
        ] satisfies ProblemCode[])
      : []),
    ...(path.includes('{id}') ? (['user-not-found'] satisfies ProblemCode[]) : []),
    ...(path.includes('{session}') ? (['session-not-found'] satisfies ProblemCode[]) : []),
    ...(body === undefined
      ? []
      : (['invalid-body', 'body-too-large', 'unsupported-media-type'] satisfies ProblemCode[])),
  ];
}

/** What is answered where there is no operation, or where one fails. */
const PROBLEMS_OF_ALL: readonly ProblemCode[] = ['route-not-found', 'method-not-allowed', 'internal-error'];

const PATH_PARAMETERS = [
  { name: 'id', in: 'path', required: true, description: 'The id of a user, or the e-mail address.', schema: TEXT },
  { name: 'session', in: 'path', required: true, description: 'The id of a session.', schema: ID },
];

const SCHEMAS: Readonly<Record<SchemaName, Part>> = {
  User: closed({
    id: ID,
    email: TEXT,
    role: ROLE,
    disabled: { type: 'boolean', description: 'Whether the user is locked out.' },
    created_at: TIME,
    sessions: { type: 'integer', minimum: 0, description: 'How many have not ended.' },
  }),
  Users: closed({
    users: { type: 'array', items: reference('User') },
    next: { type: ['string', 'null'], description: '`after` of the next page; null = this is the last one.' },
  }),
  Sessions: closed({ sessions: { type: 'array', items: closed(SESSION) } }),
  OpenApi: OPEN_API,
};
