import { hasDuplicateMembers } from '../auth/json-members.ts';
import type { FieldFault } from '../errors.ts';

/** A member of a body. */
export interface Field {
  readonly name: string;
  readonly type: 'string' | 'boolean';
  readonly required: boolean;
  /** For people. */
  readonly description: string;
  /** `format` of JSON Schema, for documents and not for checks. */
  readonly format?: string;
}

/** What a body may be at the most; in bytes. */
export const MAX_BODY_BYTES = 16 * 1024;

/** The members of a body that there were; each of its field's type. */
export class FieldValues {
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(values: ReadonlyMap<string, unknown>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Empty when it is not there. */
  text(name: string): string {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : '';
  }

  flag(name: string): boolean {
    return this.#values.get(name) === true;
  }
}

export type BodyResult =
  | { readonly values: FieldValues }
  | { readonly fault: 'too-large' | 'media-type' }
  | { readonly errors: readonly FieldFault[] };

/**
 * Reads a body of JSON: an object with these members and no others, none of them twice. All faults are found, not the
 * first one alone.
 *
 * Only `application/json` is taken: a form of another site cannot send it without being asked for first (CORS).
 *
 * @param body undefined = none, which is an empty object unless a field is required
 */
export function readFields(
  body: Buffer | undefined,
  contentType: string | undefined,
  fields: readonly Field[],
): BodyResult {
  if (body === undefined || body.length === 0) return checked({}, fields);
  if (body.length > MAX_BODY_BYTES) return { fault: 'too-large' };
  if (!isJson(contentType)) return { fault: 'media-type' };
  let json;
  let value: unknown;
  try {
    json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    value = JSON.parse(json);
  } catch {
    return { errors: [{ pointer: '', code: 'invalid-json', detail: 'is not JSON in UTF-8' }] };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { errors: [{ pointer: '', code: 'wrong-type', detail: 'must be an object' }] };
  if (hasDuplicateMembers(json))
    return { errors: [{ pointer: '', code: 'duplicate-member', detail: 'has a member twice' }] };
  return checked(value, fields);
}

function checked(object: object, fields: readonly Field[]): BodyResult {
  const values = new Map<string, unknown>(Object.entries(object));
  const errors: FieldFault[] = [];
  for (const { name, type, required } of fields) {
    const value = values.get(name);
    const pointer = `/${name}`;
    if (!values.has(name)) {
      if (required) errors.push({ pointer, code: 'required', detail: 'must be there' });
    } else if (typeof value !== type) {
      errors.push({ pointer, code: 'wrong-type', detail: `must be a ${type}` });
    }
  }
  for (const name of values.keys()) {
    if (fields.some((field) => field.name === name)) continue;
    errors.push({ pointer: `/${escaped(name)}`, code: 'unknown-member', detail: 'is not known here' });
  }
  return errors.length > 0 ? { errors } : { values: new FieldValues(values) };
}

/** RFC 8259 section 11: there is no charset parameter; UTF-8 is what it would say. */
function isJson(contentType: string | undefined): boolean {
  return /^application\/json[ \t]*(?:;[ \t]*charset="?utf-8"?[ \t]*)?$/i.test(contentType ?? '');
}

/** RFC 6901 section 3. */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
