import type { BodyEditsConfig, ValidationConfig } from '../config/config.ts';
import type { JsonBodyOptions } from '../forwarding/json-body.ts';
import type { Stage } from '../stages/stage.ts';
import { transform } from '../stages/transform.ts';
import { validate } from '../stages/validate.ts';
import { compileValidator, type Validator } from '../validation/validator.ts';
import { compileBodyEdits } from './compile-edits.ts';
import type { Leases } from './leases.ts';
import type { Shared } from './shared.ts';

/** A schema, as JSON text, and what its values are. */
export interface ValidatorSettings {
  readonly schema: string;
  readonly coerce: boolean;
}

/** Compiled, and kept for as long as a route has the schema: routes share it, and so do generations. */
export interface HeldValidator {
  readonly validator: Validator;
  close(): void;
}

export function holdValidator({ schema, coerce }: ValidatorSettings): HeldValidator {
  const value: unknown = JSON.parse(schema);
  if (typeof value !== 'object' || value === null) throw new Error('a JSON Schema is no object');
  return { validator: compileValidator({ ...value }, { coerce }), close: () => undefined };
}

/** @returns undefined when the route judges nothing */
export function validateStage(
  config: ValidationConfig | undefined,
  body: JsonBodyOptions,
  validators: Shared<ValidatorSettings, HeldValidator>,
  leases: () => Leases,
): Stage | undefined {
  if (config === undefined) return undefined;
  const held = leases();
  const compiled = (schema: string | undefined, coerce: boolean): Validator | undefined =>
    schema === undefined ? undefined : held.add(validators.acquire({ schema, coerce })).validator;
  return validate({
    ...body,
    body: compiled(config.body, false),
    query: compiled(config.query, true),
    params: compiled(config.params, true),
    headers: compiled(config.headers, true),
  });
}

/** @returns undefined when the route edits no bodies */
export function transformStage(
  request: BodyEditsConfig | undefined,
  response: BodyEditsConfig | undefined,
  body: JsonBodyOptions,
): Stage | undefined {
  if (request === undefined && response === undefined) return undefined;
  return transform({
    ...body,
    request: compileBodyEdits(request, 'templates'),
    response: compileBodyEdits(response, 'literal'),
  });
}
