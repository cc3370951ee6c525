import { parsePattern } from '../routing/pattern.ts';
import type { RouteDocument } from './document.types.ts';
import { inside, lineOf, type Located, type Reporter, type WrittenConfig } from './located.ts';

/** A route as far as precedence sees it: two with the same shape and an overlap in the rest tie. */
interface Shape {
  readonly route: Located<RouteDocument>;
  readonly methods: ReadonlySet<string> | undefined;
  readonly headers: ReadonlyMap<string, string>;
}

/**
 * Reports every pair of routes that match the same requests and of which neither is more specific: the same host
 * pattern, the same path but for the names of parameters, a method in common, and header conditions that are equally
 * many and do not exclude each other.
 */
export function findConflicts(written: WrittenConfig, reporter: Reporter): void {
  // Only routes of one shape are compared with each other: ten thousand routes rarely share one.
  const groups = new Map<string, Shape[]>();
  for (const route of written.routes) {
    const shape = shapeOf(route);
    const path = pathShape(route.value.match.path);
    if (path === undefined) continue;
    const { host } = route.value.match;
    const hosts = host === undefined ? ['*'] : Array.isArray(host) ? host : [host];
    for (const name of new Set(hosts.map((text) => text.toLowerCase()))) {
      const key = `${name} ${path}`;
      const group = groups.get(key) ?? [];
      const other = group.find((candidate) => tie(candidate, shape));
      if (other !== undefined) report(other, shape, reporter);
      group.push(shape);
      groups.set(key, group);
    }
  }
}

function shapeOf(route: Located<RouteDocument>): Shape {
  const { methods, headers } = route.value.match;
  const set = methods === undefined ? undefined : new Set<string>(methods);
  if (set?.has('GET') === true) set.add('HEAD');
  const conditions = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { route, methods: set, headers: new Map(conditions) };
}

function pathShape(path: string): string | undefined {
  const pattern = parsePattern(path);
  if ('fault' in pattern) return undefined;
  return pattern.segments
    .map((segment) => (segment.kind === 'static' ? `/${segment.text}` : segment.kind === 'param' ? '/:' : '/*'))
    .join('');
}

function tie(a: Shape, b: Shape): boolean {
  if (a.headers.size !== b.headers.size) return false;
  for (const [name, value] of a.headers) {
    const other = b.headers.get(name);
    if (other !== undefined && other !== value) return false;
  }
  if (a.methods === undefined || b.methods === undefined) return true;
  return [...a.methods].some((method) => b.methods?.has(method) === true);
}

function report(first: Shape, second: Shape, reporter: Reporter): void {
  const a = first.route.value;
  const b = second.route.value;
  const shared = [...(first.methods ?? second.methods ?? [])].filter((method) => second.methods?.has(method) ?? true);
  const methods = shared.length === 0 ? 'every method' : shared.join(', ');
  const place = lineOf(first.route);
  reporter.error(
    'route-conflict',
    inside(second.route, 'match', 'path'),
    `the routes "${a.name}" (${place}) and "${b.name}" both match ${b.match.path} for ${methods}, and neither is more specific`,
    'tell them apart by match.methods, match.host or match.headers, or remove one',
  );
}
