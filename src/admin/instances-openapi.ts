import type { ProblemCode } from '../errors.ts';
import { closed, reference, TEXT, TIME } from '../users/openapi.ts';
import { LIMITS } from './instance-fields.ts';
import type { Area, Part, Success } from './openapi.ts';

/** What an instance may be called. */
export const INSTANCE_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** One of the operations on instances: what its route obeys and what the OpenAPI document says. */
export interface InstanceOperation {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Below `/api/v1`; `{name}` is an upstream, `{id}` one of its instances. */
  readonly path: string;
  /** For people. */
  readonly summary: string;
  /** Whether it takes a description of an instance. */
  readonly takesBody: boolean;
  readonly successes: readonly Success<'Instance' | 'Instances' | 'Registration'>[];
  /** In addition to those that follow from what it takes. */
  readonly problems: readonly ProblemCode[];
}

/** @param operations by their `operationId` */
export function instancesArea(operations: Readonly<Record<string, InstanceOperation>>): Area {
  return {
    tag: { name: 'instances', description: 'Instances of services that register themselves' },
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, { method, path, summary, takesBody, successes, problems }]) => [
        name,
        {
          method,
          path,
          summary,
          parameters: PATH_PARAMETERS.filter((parameter) => path.includes(`{${parameter.name}}`)),
          body: takesBody ? BODY : undefined,
          successes,
          problems: [
            'invalid-target',
            'upstream-not-found',
            'registry-not-configured',
            ...(takesBody ? (['invalid-body', 'body-too-large', 'unsupported-media-type'] as const) : []),
            ...problems,
          ],
          // Either will do.
          security: [{ registryToken: [] }, { adminToken: [] }],
        },
      ]),
    ),
    schemas: SCHEMAS,
  };
}

const PATH_PARAMETERS = [
  { name: 'name', in: 'path', required: true, description: 'The name of an upstream.', schema: TEXT },
  {
    name: 'id',
    in: 'path',
    required: true,
    description: 'The instance’s own name, unique within the upstream.',
    schema: { type: 'string', pattern: INSTANCE_ID.source },
  },
];

const { url, weight, metadata, ttl } = LIMITS;

const METADATA: Part = {
  type: 'object',
  description: 'For people; the gateway does nothing with it.',
  maxProperties: metadata.entries,
  propertyNames: { type: 'string', minLength: 1, maxLength: metadata.key },
  additionalProperties: { type: 'string', maxLength: metadata.value },
};

const BODY: Part = {
  type: 'object',
  required: ['url'],
  properties: {
    url: {
      type: 'string',
      description: 'Where it takes requests: scheme, host and port, without a path.',
      maxLength: url.length,
      pattern: url.form.source,
    },
    weight: { type: 'integer', minimum: weight.least, maximum: weight.most, default: weight.unless },
    metadata: { ...METADATA, default: {} },
    ttl: {
      type: 'string',
      description: 'After what time it is taken out unless it is renewed, from 1s to 1h.',
      pattern: ttl.form.source,
      default: ttl.unless,
    },
  },
  additionalProperties: false,
};

const INSTANCE = {
  id: TEXT,
  url: { type: 'string', format: 'uri' },
  weight: { type: 'integer', minimum: weight.least },
  metadata: METADATA,
  expires_at: { ...TIME, description: 'When it is taken out unless it is renewed.' },
};

const SCHEMAS = {
  Instance: closed(INSTANCE),
  Instances: closed({ instances: { type: 'array', items: reference('Instance') } }),
  Registration: closed({ ...INSTANCE, ttl: TEXT }),
};
