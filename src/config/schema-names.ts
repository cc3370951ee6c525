import { isRecord, parsePointer, type Path } from './path.ts';

/** The name of a member that a schema says something of, and where in the schema. */
export interface SchemaName {
  readonly name: string;
  readonly path: Path;
  readonly at: 'key' | 'value';
}

/** Keywords whose schemas judge the same value: JSON Schema 2020-12, core, section 10.2. */
const SAME_VALUE = ['if', 'then', 'else', 'not'];
const SAME_VALUE_LISTS = ['allOf', 'anyOf', 'oneOf'];

/**
 * The names of members that a schema speaks of for the very value that it judges, not for what is inside of that value.
 * Patterns are left alone.
 *
 * @param schema what is no schema has no names
 */
export function namesInSchema(schema: unknown): SchemaName[] {
  const found: SchemaName[] = [];
  const seen = new Set<unknown>();
  const tellList = (names: unknown, path: Path): void => {
    for (const [index, name] of (Array.isArray(names) ? names : []).entries())
      if (typeof name === 'string') found.push({ name, path: [...path, index], at: 'value' });
  };
  const visit = (value: unknown, path: Path): void => {
    if (!isRecord(value) || seen.has(value)) return;
    seen.add(value);
    for (const [key, inner] of Object.entries(value)) {
      const here = [...path, key];
      if (key === 'required') tellList(inner, here);
      else if (SAME_VALUE.includes(key)) visit(inner, here);
      else if (SAME_VALUE_LISTS.includes(key) && Array.isArray(inner))
        for (const [index, item] of inner.entries()) visit(item, [...here, index]);
      else if (key === '$ref' && typeof inner === 'string' && inner.startsWith('#')) {
        const to = parsePointer(inner.slice(1), schema);
        visit(valueAt(schema, to), to);
      }
      if (!['properties', 'dependentRequired', 'dependentSchemas'].includes(key) || !isRecord(inner)) continue;
      for (const [name, member] of Object.entries(inner)) {
        found.push({ name, path: [...here, name], at: 'key' });
        if (key === 'dependentRequired') tellList(member, [...here, name]);
        if (key === 'dependentSchemas') visit(member, [...here, name]);
      }
    }
  };
  visit(schema, []);
  return found;
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (Array.isArray(value)) value = value[Number(part)];
    else value = isRecord(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}
