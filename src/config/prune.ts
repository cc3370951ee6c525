import type { ErrorObject } from 'ajv';
import { isRecord, parsePointer } from './path.ts';

/** A document's value without its faulty parts, so that the sound ones can still be checked against each other. */
export interface Pruned {
  readonly value: Record<string, unknown>;
  /** Where the routes that are left stand in the document. */
  readonly routeIndexes: readonly number[];
  /** Upstreams that are defined, but not as they should be. */
  readonly brokenUpstreams: readonly string[];
}

/**
 * Takes out each route, each upstream and each default that the schema found a fault in, and any other top-level key
 * with one.
 *
 * @param value what was checked
 * @param errors the schema's findings
 */
export function prune(value: unknown, errors: readonly ErrorObject[]): Pruned {
  const pruned: Record<string, unknown> = isRecord(value) ? { ...value } : {};
  const routes = new Set<number>();
  const upstreams = new Set<string>();
  for (const error of errors) {
    // Repeats for the whole mapping what is wrong with one of its keys.
    if (error.keyword === 'propertyNames') continue;
    const [key, name] = parsePointer(error.instancePath, value);
    if (key === undefined) {
      delete pruned[String(error.params['additionalProperty'])];
      if (error.params['missingProperty'] === 'version') pruned['version'] = 1;
    } else if (key === 'version') pruned['version'] = 1;
    else if (key === 'defaults') pruned['defaults'] = pruneDefaults(pruned['defaults'], error, value);
    else if (key === 'routes' && typeof name === 'number') routes.add(name);
    else if (key === 'upstreams' && name !== undefined) upstreams.add(String(name));
    else if (key === 'upstreams' && error.propertyName !== undefined) upstreams.add(error.propertyName);
    else delete pruned[key];
  }
  const allRoutes: unknown[] = Array.isArray(pruned['routes']) ? pruned['routes'] : [];
  const routeIndexes = allRoutes.map((_, index) => index).filter((index) => !routes.has(index));
  if ('routes' in pruned) pruned['routes'] = routeIndexes.map((index) => allRoutes[index]);
  if (isRecord(pruned['upstreams'])) {
    pruned['upstreams'] = Object.fromEntries(
      Object.entries(pruned['upstreams']).filter(([name]) => !upstreams.has(name)),
    );
  }
  return { value: pruned, routeIndexes, brokenUpstreams: [...upstreams] };
}

/** Takes out the one key that is at fault: without the others, routes would seem to lack what the defaults give them. */
function pruneDefaults(defaults: unknown, error: ErrorObject, root: unknown): Record<string, unknown> {
  const [, kind, key = error.params['additionalProperty']] = parsePointer(error.instancePath, root);
  if (!isRecord(defaults) || kind === undefined) return {};
  const part = defaults[kind];
  if (!isRecord(part) || typeof key !== 'string') return { ...defaults, [kind]: {} };
  return { ...defaults, [kind]: Object.fromEntries(Object.entries(part).filter(([name]) => name !== key)) };
}
