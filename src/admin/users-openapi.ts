import type { ProblemCode } from '../errors.ts';
import type { Field } from '../users/json-fields.ts';
import { closed, ID, objectOf, reference, ROLE, SESSION, TEXT, TIME, type Part } from '../users/openapi.ts';
import type { QueryParameter } from './call.ts';
import { IF_MATCH, IF_NONE_MATCH, NOT_MODIFIED } from './conditions.ts';
import type { Area, Described, Success } from './openapi.ts';

/** One of the operations on users: what its route obeys and what the OpenAPI document says. */
export interface AdminOperation {
  readonly method: 'GET' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`; `{id}` is a user, `{session}` one of its sessions. */
  readonly path: string;
  /** For people. */
  readonly summary: string;
  readonly query?: readonly QueryParameter[];
  /** The members of its JSON body, of which there must be at least one; undefined = it takes none. */
  readonly body?: readonly Field[];
  /** What of If-Match and If-None-Match it obeys, beside what is the same everywhere; undefined = it has no state of its own. */
  readonly conditions?: 'match' | 'none-match';
  readonly success: Success<keyof typeof SCHEMAS>;
}

/** @param operations by their `operationId` */
export function usersArea(operations: Readonly<Record<string, AdminOperation>>): Area {
  return {
    tag: { name: 'users', description: 'The users of the gateway’s own identity' },
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [name, described(operation)] as const),
    ),
    schemas: SCHEMAS,
  };
}

function described(operation: AdminOperation): Described {
  const { method, path, summary, query = [], body, conditions, success } = operation;
  return {
    method,
    path,
    summary,
    parameters: [
      ...PATH_PARAMETERS.filter(({ name }) => path.includes(`{${name}}`)),
      ...query.map(({ name, description, schema }) => ({ name, in: 'query', description, schema })),
      ...(conditions === undefined ? [] : [conditions === 'match' ? IF_MATCH : IF_NONE_MATCH]),
    ],
    body: body === undefined ? undefined : { ...objectOf(body), minProperties: 1 },
    successes: [success, ...(conditions === 'none-match' ? [NOT_MODIFIED] : [])],
    problems: problemsOf(operation),
  };
}

/** Every problem of an operation: they follow from what it takes. */
function problemsOf({ path, body, conditions }: AdminOperation): readonly ProblemCode[] {
  return [
    'invalid-target',
    'admin-token-required',
    'identity-not-configured',
    'database-unavailable',
    ...(path.includes('{id}') ? (['user-not-found'] satisfies ProblemCode[]) : []),
    ...(path.includes('{session}') ? (['session-not-found'] satisfies ProblemCode[]) : []),
    ...(conditions === undefined ? [] : (['invalid-request', 'precondition-failed'] satisfies ProblemCode[])),
    ...(body === undefined
      ? []
      : (['invalid-body', 'body-too-large', 'unsupported-media-type'] satisfies ProblemCode[])),
  ];
}

const PATH_PARAMETERS = [
  { name: 'id', in: 'path', required: true, description: 'The id of a user, or the e-mail address.', schema: TEXT },
  { name: 'session', in: 'path', required: true, description: 'The id of a session.', schema: ID },
];

const SCHEMAS = {
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
} as const satisfies Readonly<Record<string, Part>>;
