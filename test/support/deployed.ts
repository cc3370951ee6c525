/** Files of the repository as tests of what is shipped read them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** @param path from the root of the repository */
export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Paths of the files below a folder, from the root. @param ending of their names, as `.yml` */
export function filesBelow(folder: string, ending = ''): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .toSorted();
}

/** The documents of a YAML file. @throws when one of them is no YAML, or has a key twice */
export function documentsOf(path: string): readonly unknown[] {
  const parsed = parseAllDocuments(textOf(path), { merge: true });
  if ('empty' in parsed) throw new Error(`${path} is empty`);
  return parsed.map((document): unknown => {
    const [fault] = document.errors;
    if (fault !== undefined) throw new Error(`${path}: ${fault.message}`);
    return document.toJS();
  });
}

/** The only document of a YAML file. */
export function documentOf(path: string): unknown {
  const documents = documentsOf(path);
  if (documents.length !== 1) throw new Error(`${path} has ${documents.length} documents`);
  return documents[0];
}

/** What is at a path of keys and indices; undefined where it ends before. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const key of path) found = typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined;
  return found;
}

/** The list at a path. @throws when there is none */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  if (!Array.isArray(found)) throw new Error(`no list at ${path.join('.')}`);
  return found;
}

/** The entries of the mapping at a path. @throws when there is none */
export function entriesAt(value: unknown, ...path: readonly (string | number)[]): readonly [string, unknown][] {
  const found = at(value, ...path);
  if (typeof found !== 'object' || found === null || Array.isArray(found))
    throw new Error(`no mapping at ${path.join('.')}`);
  return Object.entries(found);
}

/** What a mapping of texts has; what is no text is left out. */
export function textsAt(value: unknown, ...path: readonly (string | number)[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entriesAt(value, ...path).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
