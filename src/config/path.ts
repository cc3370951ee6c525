/** Where a value stands in a document: keys and indexes from the root on. */
export type Path = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z_][\w-]*$/;

/**
 * Writes a path the way `yq` takes it, so that it can be pasted: `routes[0].match.path`.
 *
 * @param path keys and indexes from the root on
 * @returns the path; empty for the root
 */
export function formatPath(path: Path): string {
  let out = '';
  for (const part of path) {
    if (typeof part === 'number') out += `[${part}]`;
    else if (!PLAIN_KEY.test(part)) out += `[${JSON.stringify(part)}]`;
    else out += out === '' ? part : `.${part}`;
  }
  return out;
}

/**
 * Reads a JSON Pointer, resolving array indexes by looking at the value that it points into.
 *
 * @param pointer a JSON Pointer (RFC 6901), as Ajv gives it
 * @param root the value that the pointer points into
 */
export function parsePointer(pointer: string, root: unknown): (string | number)[] {
  const path: (string | number)[] = [];
  let value = root;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) {
      const index = Number(key);
      path.push(index);
      value = value[index];
    } else {
      path.push(key);
      value = isRecord(value) ? value[key] : undefined;
    }
  }
  return path;
}

/** Whether a value is a mapping of string keys, and neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
