import { readFileSync } from 'node:fs';
import { isRecord, type Path } from './path.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The schema of the language, to be asked what may stand at a place: a finding tells only which part of it failed. */
export class SchemaTree {
  readonly #root: Schema;

  constructor(root: unknown) {
    this.#root = isRecord(root) ? root : {};
  }

  /** Reads it from its file, which takes a millisecond: only when something was found. */
  static read(): SchemaTree {
    return new SchemaTree(
      JSON.parse(readFileSync(new URL('../../schemas/gateway.schema.json', import.meta.url), 'utf8')),
    );
  }

  /** All that may stand at a path: what the key itself says first, then what it refers to and each of its branches. */
  at(path: Path): readonly Schema[] {
    let found = this.branches(this.#root);
    for (const key of path) {
      found = found.flatMap((schema) => childOf(schema, key)).flatMap((child) => this.branches(child));
    }
    return found;
  }

  /** A schema with what it refers to and what its conditions lead to, in this order. */
  branches(schema: unknown): readonly Schema[] {
    const found = new Set<Schema>();
    const add = (each: unknown): void => {
      if (!isRecord(each) || found.has(each)) return;
      found.add(each);
      add(this.#target(each['$ref']));
      add(each['then']);
      add(each['else']);
    };
    add(schema);
    return [...found];
  }

  /** What a reference within the schema leads to: `#/$defs/route/properties/cors`. */
  #target(reference: unknown): unknown {
    if (typeof reference !== 'string') return undefined;
    let value: unknown = this.#root;
    for (const key of reference.split('/').slice(1)) value = isRecord(value) ? value[key] : undefined;
    return value;
  }
}

function childOf(schema: Schema, key: string | number): unknown[] {
  if (typeof key === 'number') return [schema['items']];
  const { properties } = schema;
  return isRecord(properties) && Object.hasOwn(properties, key) ? [properties[key]] : [schema['additionalProperties']];
}

/** The keys that a place knows, of all mappings that may stand there. */
export function keysOf(schemas: readonly Schema[]): readonly string[] {
  const keys = schemas.flatMap(({ properties }) => (isRecord(properties) ? Object.keys(properties) : []));
  return [...new Set(keys)];
}

/** The examples that are given of a place, or one that is put together of those of its keys. */
export function examplesOf(schemas: readonly Schema[]): readonly unknown[] {
  const examples = schemas.map((schema) => schema['examples']).find((each) => Array.isArray(each));
  if (examples !== undefined) return examples;
  const mapping = schemas.find(({ properties }) => isRecord(properties));
  if (!isRecord(mapping?.['properties'])) return [];
  const { properties, required } = mapping;
  const needed = Array.isArray(required) ? required : Object.keys(properties).slice(0, 1);
  const members = needed.flatMap((key) => {
    const property: unknown = properties[String(key)];
    const [example]: unknown[] = isRecord(property) && Array.isArray(property['examples']) ? property['examples'] : [];
    return example === undefined ? [] : [[String(key), example] as const];
  });
  return members.length === needed.length ? [Object.fromEntries(members)] : [];
}
