import { readFile, writeFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';
import { format, resolveConfig } from 'prettier';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const SCHEMA = new URL('gateway.schema.json', import.meta.url);
const TYPES = new URL('../src/config/document.types.ts', import.meta.url);
const CONDITIONS = ['if', 'then', 'else'];
const ANNOTATIONS = ['$comment', 'default', 'examples', 'x-secret'];
const CONSTRAINTS = ['propertyNames', 'dependentRequired', 'minItems', 'uniqueItems'];
const WITHOUT_TYPE = new Set(['$ref'].concat(CONDITIONS, ANNOTATIONS, CONSTRAINTS));
const BANNER = '/* Generated from schemas/gateway.schema.json by npm run generate; do not edit. */';

/** The text of `src/config/document.types.ts` as the schema has it now. */
export async function generateTypes(): Promise<string> {
  const schema: JsonObject = JSON.parse(await readFile(SCHEMA, 'utf8'));
  // Keys that begin with x- are free-form: an index signature for them would let every misspelt key through.
  const { patternProperties: _, ...closed } = schema;
  const text = await compile(forCompiler(closed, closed), 'GatewayDocument', {
    additionalProperties: false,
    bannerComment: BANNER,
    format: false,
    unknownAny: true,
  });
  const path = fileURLToPath(TYPES);
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

/**
 * The same schema in the words that json-schema-to-typescript knows:
 *
 * 1. `if … then … else` tells the members of a union apart, which it does not see: here they are an `anyOf`.
 * 2. A `$ref` with a description beside it would copy the type under a new name: here the `$ref` stands in an `allOf`.
 * 3. Keywords without a bearing on types are left out; `minItems` would make tuples.
 */
function forCompiler(schema: JsonObject, root: JsonObject): { [key: string]: unknown } {
  const { $ref } = schema;
  const result: { [key: string]: unknown } = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (!WITHOUT_TYPE.has(keyword)) {
      result[keyword] = forKeyword(keyword, value, root);
    }
  }
  if ('if' in schema) {
    result['anyOf'] = members(schema, root).map((member) => forCompiler(member, root));
  }
  if ($ref !== undefined) {
    if (Object.keys(result).length === 0) {
      return { $ref };
    }
    result['allOf'] = [{ $ref }];
  }
  return result;
}

function forKeyword(keyword: string, value: Json, root: JsonObject): unknown {
  if (!isObject(value)) {
    return value;
  }
  if (keyword === 'properties' || keyword === '$defs') {
    return Object.fromEntries(
      Object.entries(value).map(([name, schema]) => [name, isObject(schema) ? forCompiler(schema, root) : schema]),
    );
  }
  return forCompiler(value, root);
}

/** The branches of a chain of conditions, without the one that is there for its error message only. */
function members(schema: JsonObject, root: JsonObject): JsonObject[] {
  if (!('if' in schema)) {
    return isUnmeetable(schema, root) ? [] : [schema];
  }
  const { then: met, else: unmet } = schema;
  if (!isObject(met) || !isObject(unmet)) {
    throw new TypeError('A condition in the schema lacks its then or its else');
  }
  return [...members(met, root), ...members(unmet, root)];
}

/** Whether a branch allows no key at all and asks for one. */
function isUnmeetable(schema: JsonObject, root: JsonObject): boolean {
  const target = typeof schema['$ref'] === 'string' ? resolve(schema['$ref'], root) : schema;
  const properties = target['properties'];
  return target['minProperties'] === 1 && isObject(properties) && Object.values(properties).every((s) => s === false);
}

function resolve(ref: string, root: JsonObject): JsonObject {
  let found: Json | undefined = root;
  for (const key of ref.replace('#/', '').split('/')) {
    found = isObject(found) ? found[key] : undefined;
  }
  if (!isObject(found)) {
    throw new TypeError(`The schema refers to ${ref}, which it does not hold`);
  }
  return found;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  // Not awaited here: under mocha this file is loaded by require, which takes no top-level await.
  void generateTypes().then((text) => writeFile(TYPES, text));
}
