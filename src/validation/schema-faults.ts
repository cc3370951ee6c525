import { createAjv, type SchemaOptions } from './ajv.ts';

/** A fault of a schema. */
export interface SchemaFault {
  /** Where it is in the schema. */
  readonly path: readonly (string | number)[];
  readonly at: 'key' | 'value';
  /** The end of a sentence about it. */
  readonly message: string;
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
/** Keywords whose value is a schema, a list of them, or an object of them: JSON Schema 2020-12, core, section 10. */
const ONE = [
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
];
const NO_PATTERN = 'a pattern is no regular expression (ECMA-262, with the flag u)';
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const OBJECTS = ['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties'];

/**
 * Finds what is wrong with JSON Schemas of the dialect 2020-12: keywords and formats that nobody knows, references that
 * lead out of the document (nothing is ever fetched), and whatever else does not compile.
 */
export class SchemaChecker {
  // The schema of schemas takes a tenth of a second to compile.
  readonly #checking = createAjv({ coerce: false }, true);

  faults(schema: unknown, options: SchemaOptions): readonly SchemaFault[] {
    if (!isRecord(schema)) return [{ path: [], at: 'value', message: 'a schema is a mapping' }];
    const found: SchemaFault[] = [];
    this.#visit(schema, [], found);
    // Another dialect would be looked for, and not found.
    void this.#checking.validateSchema({ ...schema, $schema: DIALECT });
    for (const { instancePath, message } of this.#checking.errors ?? [])
      found.push({ path: pathIn(schema, instancePath), at: 'value', message: message ?? 'it is not valid' });
    return found.length > 0 ? found : compiled(schema, options);
  }

  #visit(schema: unknown, path: readonly (string | number)[], found: SchemaFault[]): void {
    if (!isRecord(schema)) return;
    for (const [key, value] of Object.entries(schema)) {
      const here = [...path, key];
      const tell = (at: 'key' | 'value', message: string): void => void found.push({ path: here, at, message });
      if (!Object.hasOwn(this.#checking.RULES.keywords, key)) tell('key', `the keyword "${key}" is not known`);
      else if (key === '$schema' && value !== DIALECT && value !== `${DIALECT}#`)
        tell('value', `the dialect must be ${DIALECT}`);
      else if ((key === '$ref' || key === '$dynamicRef') && typeof value === 'string' && !leadsInside(value))
        tell('value', 'a reference leads out of the document, and nothing is fetched');
      else if (key === 'format' && typeof value === 'string' && !Object.hasOwn(this.#checking.formats, value))
        tell('value', `the format "${value}" is not known`);
      else if (key === 'pattern' && typeof value === 'string' && !isPattern(value)) tell('value', NO_PATTERN);
      else if (key === 'patternProperties' && isRecord(value) && !Object.keys(value).every(isPattern))
        tell('value', NO_PATTERN);
      else if (ONE.includes(key)) this.#visit(value, here, found);
      else if (LISTS.includes(key) && Array.isArray(value))
        for (const [index, item] of value.entries()) this.#visit(item, [...here, index], found);
      else if (OBJECTS.includes(key) && isRecord(value))
        for (const [name, member] of Object.entries(value)) this.#visit(member, [...here, name], found);
    }
  }
}

/** What is still wrong when it is compiled: a reference to nothing, or keywords that contradict each other. */
function compiled(schema: Record<string, unknown>, options: SchemaOptions): readonly SchemaFault[] {
  try {
    const validate = createAjv(options, false).compile(schema);
    // One that refers to itself, and to nothing else, never comes to an end.
    for (const value of [null, true, 0, '', [], {}]) validate(value);
    return [];
  } catch (error) {
    const message = error instanceof RangeError ? 'it refers to itself without an end' : textOf(error);
    return [{ path: [], at: 'value', message }];
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^strict mode: /, '') : String(error);
}

/** An expression of ECMA-262, with the flag u: core, section 6.4. */
function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== '';
  } catch {
    return false;
  }
}

function leadsInside(reference: string): boolean {
  return reference.startsWith('#');
}

/** @param pointer into the schema (RFC 6901) */
function pathIn(schema: unknown, pointer: string): (string | number)[] {
  const path: (string | number)[] = [];
  let value = schema;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(key) : key);
    value = Array.isArray(value) ? value[Number(key)] : isRecord(value) ? value[key] : undefined;
  }
  return path;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
