import { createAjv, type SchemaOptions } from './ajv.ts';

/** A fault of a schema. */
export interface SchemaFault {
  /** Where it is in the schema. */
  readonly path: readonly (string | number)[];
  readonly at: 'key' | 'value';
  /** The end of a sentence about it. */
  readonly message: string;
  /** Where one of several names was to stand: what stands there, and what could. */
  readonly choice?: { readonly found: string; readonly names: readonly string[] };
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
/** JSON Schema 2020-12, validation, section 6.1.1. */
const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];
const ALL_TYPES = TYPES.join(', ');
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
    for (const { instancePath, message } of this.#checking.errors ?? []) {
      // Of a faulty type it tells what is wrong with it as a name, as a list, and as one of both.
      if (/\/type(?:\/\d+)?$/.test(instancePath) && isTold(pathIn(schema, instancePath), found)) continue;
      found.push({ path: pathIn(schema, instancePath), at: 'value', message: message ?? 'it is not valid' });
    }
    return found.length > 0 ? found : compiled(schema, options);
  }

  #visit(schema: unknown, path: readonly (string | number)[], found: SchemaFault[]): void {
    if (!isRecord(schema)) return;
    for (const [key, value] of Object.entries(schema)) {
      const here = [...path, key];
      const tell = (at: 'key' | 'value', message: string): void => void found.push({ path: here, at, message });
      if (!Object.hasOwn(this.#checking.RULES.keywords, key)) tell('key', `the keyword "${key}" is not known`);
      else if (key === 'type') found.push(...typeFaults(value, here));
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

/** @param path of the value of `type` */
function typeFaults(value: unknown, path: readonly (string | number)[]): SchemaFault[] {
  if (!Array.isArray(value)) return nameFaults(value, path);
  const isList = value.length > 0 && new Set(value).size === value.length;
  if (!isList) return [{ path, at: 'value', message: `a list of types names each once, out of ${ALL_TYPES}` }];
  return value.flatMap((name, index) => nameFaults(name, [...path, index]));
}

function nameFaults(name: unknown, path: readonly (string | number)[]): SchemaFault[] {
  if (typeof name === 'string' && TYPES.includes(name)) return [];
  if (typeof name !== 'string') return [{ path, at: 'value', message: `a type is one of ${ALL_TYPES}` }];
  const message = `the type "${name}" is not one of ${ALL_TYPES}`;
  return [{ path, at: 'value', message, choice: { found: name, names: TYPES } }];
}

/** Whether a fault was found at that place, around it or inside of it. */
function isTold(path: readonly (string | number)[], found: readonly SchemaFault[]): boolean {
  const isNear = ({ path: told }: SchemaFault): boolean =>
    path.slice(0, told.length).every((part, index) => told[index] === part);
  return found.some(isNear);
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
