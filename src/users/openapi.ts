import { PROBLEM_TYPE, PROBLEMS, type ProblemCode } from '../errors.ts';
import { CSRF_HEADER, ACCESS_COOKIE, REFRESH_COOKIE } from './cookies.ts';
import type { Field } from './json-fields.ts';
import { operations, problemsOf, type Operation, type SchemaName, type Transport } from './operations.ts';
import { USER_PROBLEMS } from './problems.ts';

export interface OpenApiOptions {
  /** Of the identity. */
  readonly path: string;
  readonly transport: Transport;
  readonly registration: 'open' | 'closed';
}

/** A JSON Schema (2020-12), or any other part of the document. */
export type Part = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of the identity API, made of the table that its handlers obey. */
export function openApiDocument({ path, transport, registration }: OpenApiOptions): Part {
  const paths: Record<string, Record<string, Part>> = {};
  for (const [name, operation] of Object.entries(operations(transport))) {
    if (name === 'register' && registration === 'closed') continue;
    const methods = (paths[operation.path] ??= {});
    methods[operation.method.toLowerCase()] = describe(name, operation, transport);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'gatewayctl identity',
      version: '1',
      summary: 'Users, their sessions and tokens',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: path }],
    tags: [{ name: 'identity', description: 'What users do with their own accounts' }],
    paths,
    components: {
      schemas: { ...schemas(transport), Problem: problemSchema(USER_PROBLEMS) },
      securitySchemes: {
        access:
          transport === 'header'
            ? { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }
            : { type: 'apiKey', in: 'cookie', name: ACCESS_COOKIE },
        ...(transport === 'header' ? {} : { refresh: { type: 'apiKey', in: 'cookie', name: REFRESH_COOKIE } }),
      },
    },
  };
}

/** The schemes of which any one will do. */
const SECURITY: Readonly<Record<Operation['credentials'], readonly ('access' | 'refresh')[]>> = {
  access: ['access'],
  'refresh-cookie': ['refresh'],
  'access-or-refresh-cookie': ['access', 'refresh'],
  none: [],
};

function describe(name: string, operation: Operation, transport: Transport): Part {
  const { method, credentials, body, success } = operation;
  const needsCsrf = transport === 'cookie' && method !== 'GET' && credentials !== 'none';
  const parameters = [
    ...(operation.path.includes('{id}')
      ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }]
      : []),
    ...(needsCsrf
      ? [
          {
            name: CSRF_HEADER,
            in: 'header',
            required: true,
            description: 'The value of the cookie gw_csrf.',
            schema: { type: 'string' },
          },
        ]
      : []),
  ];
  return {
    operationId: name,
    summary: operation.summary,
    tags: ['identity'],
    security: SECURITY[credentials].map((scheme) => ({ [scheme]: [] })),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: body.some(({ required }) => required),
            content: { 'application/json': { schema: objectOf(body) } },
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

/** One response for each status: it may stand for several problems. They are of the schema `Problem`. */
export function problemResponses(codes: readonly ProblemCode[]): Part {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      String(status),
      {
        description: group.map((code) => `${code}: ${PROBLEMS[code].title}`).join('; '),
        ...(status === 429 || status === 503
          ? { headers: { 'Retry-After': { description: 'In seconds.', schema: { type: 'integer' } } } }
          : {}),
        content: { [PROBLEM_TYPE]: { schema: reference('Problem') } },
      },
    ]),
  );
}

/** The JSON Schema of a body. */
export function objectOf(fields: readonly Field[]): Part {
  const properties = fields.map(({ name, type, description, format }) => [
    name,
    { type, description, ...(format === undefined ? {} : { format }) },
  ]);
  return {
    type: 'object',
    required: fields.filter(({ required }) => required).map(({ name }) => name),
    properties: Object.fromEntries(properties),
    additionalProperties: false,
  };
}

export function reference(name: string): Part {
  return { $ref: `#/components/schemas/${name}` };
}

/** An object all of whose members are there. */
export function closed(properties: Part): Part {
  return { type: 'object', required: Object.keys(properties), properties, additionalProperties: false };
}

export const ID: Part = { type: 'string', format: 'uuid' };
export const TEXT: Part = { type: 'string' };
export const TIME: Part = { type: 'string', format: 'date-time' };
const SECONDS: Part = { type: 'integer', minimum: 1, description: 'In seconds.' };
export const ROLE: Part = { type: ['string', 'null'], description: 'null = none' };

function schemas(transport: Transport): Record<SchemaName, Part> {
  return {
    User: closed({ id: ID, email: TEXT, role: ROLE, created_at: TIME }),
    Me: closed({ id: ID, email: TEXT, role: ROLE, created_at: TIME, session_id: ID }),
    Tokens:
      transport === 'header'
        ? closed({ access_token: TEXT, refresh_token: TEXT, token_type: { const: 'Bearer' }, expires_in: SECONDS })
        : closed({ token_type: { const: 'Cookie' }, expires_in: SECONDS, csrf_token: TEXT }),
    Sessions: closed({
      sessions: {
        type: 'array',
        items: closed({
          ...SESSION,
          current: { type: 'boolean', description: 'Whether it is that of the token.' },
        }),
      },
    }),
    OpenApi: OPEN_API,
  };
}

/** The members of a session, whoever looks at it. */
export const SESSION: Part = {
  id: ID,
  created_at: TIME,
  last_used_at: TIME,
  expires_at: TIME,
  client: { type: 'string', description: 'The address that logged in.' },
  user_agent: TEXT,
};

/** A document such as this one. */
export const OPEN_API: Part = {
  type: 'object',
  required: ['openapi', 'info', 'paths'],
  properties: { openapi: TEXT, info: { type: 'object' }, paths: { type: 'object' } },
};

/**
 * RFC 9457, with what the gateway adds.
 *
 * @param codes all that there are
 * @param more members that some of them have
 */
export function problemSchema(codes: readonly ProblemCode[], more: Part = {}): Part {
  return {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'requestId'],
    properties: {
      type: { type: 'string', format: 'uri' },
      title: TEXT,
      status: { type: 'integer' },
      detail: TEXT,
      code: { type: 'string', enum: codes },
      requestId: TEXT,
      errors: {
        type: 'array',
        items: closed({
          pointer: { type: 'string', description: 'A JSON pointer into the body (RFC 6901).' },
          code: TEXT,
          detail: TEXT,
        }),
      },
      ...more,
    },
  };
}
