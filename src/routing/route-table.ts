import type { Segment } from './pattern.ts';

/** What a route asks of a request, compiled. */
export interface RouteMatch<Target> {
  readonly segments: readonly Segment[];
  /** Lower case; empty = any host; `*.example.com` = every host below example.com. */
  readonly hosts: readonly string[];
  /** Upper case; empty = any method. GET implies HEAD. */
  readonly methods: readonly string[];
  /** Names in lower case; every one must be there with exactly this value. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly target: Target;
}

/** What is matched: one request as the table sees it. */
export interface Lookup {
  readonly method: string;
  /** Canonical. */
  readonly path: string;
  /** Lower case, without a port. */
  readonly host: string;
  /** A request header's value by its lower-case name; asked only for routes that match on headers. */
  header(name: string): string | undefined;
}

export type MatchResult<Target> =
  | { readonly kind: 'found'; readonly target: Target; readonly params: Params }
  /** Some route matches in all but the method. `allow` is sorted. */
  | { readonly kind: 'method'; readonly allow: readonly string[] }
  /** Only the path with its trailing slash added or dropped matches. */
  | { readonly kind: 'slash'; readonly path: string }
  | { readonly kind: 'none' };

/** Raw (still percent-encoded) values by name. */
export type Params = Readonly<Record<string, string>>;

const NO_PARAMS: Params = Object.freeze({});

/** One route at the end of a path in the tree. */
interface Leaf<Target> {
  readonly methods: ReadonlySet<string> | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly names: readonly string[];
  readonly target: Target;
}

/** One segment of the tree. Static children come before the parameter, the parameter before the rest. */
class Node<Target> {
  readonly statics = new Map<string, Node<Target>>();
  param: Node<Target> | undefined;
  leaves: Leaf<Target>[] = [];
  rest: Leaf<Target>[] = [];
}

/** One request on its way through the tree; reused, since matching never waits. */
interface Walk<Target> {
  lookup: Lookup;
  values: string[];
  allow: Set<string> | undefined;
  found: Leaf<Target> | undefined;
}

/**
 * Finds the most specific route for a request: exact host, then `*.`, then any; within a host segment by segment
 * static, `:param`, `*rest`, with backtracking; then the route with more header conditions. A route whose method does
 * not match is passed over, and remembered for `Allow`.
 *
 * A tree node is visited at most once in a look-up, so that no request can make a look-up cost more than the table's
 * depth times its branches; with a Map at each step the number of routes hardly matters.
 */
export class RouteTable<Target> {
  readonly #exact = new Map<string, Node<Target>>();
  readonly #wildcard = new Map<string, Node<Target>>();
  readonly #any = new Node<Target>();
  readonly #trailingSlash: 'strict' | 'ignore' | 'redirect';
  readonly #walk: Walk<Target>;

  /** @param trailingSlash whether `/a` and `/a/` differ, are one, or lead from one to the other */
  constructor(trailingSlash: 'strict' | 'ignore' | 'redirect') {
    this.#trailingSlash = trailingSlash;
    const lookup: Lookup = { method: '', path: '', host: '', header: () => undefined };
    this.#walk = { lookup, values: [], allow: undefined, found: undefined };
  }

  /** Adds a route. Only while the table is built; ties are found before, when the configuration is checked. */
  add(route: RouteMatch<Target>): void {
    if (route.hosts.length === 0) this.#insert(this.#any, route);
    for (const host of route.hosts) {
      const map = host.startsWith('*.') ? this.#wildcard : this.#exact;
      const key = host.startsWith('*.') ? host.slice(1) : host;
      let root = map.get(key);
      if (root === undefined) map.set(key, (root = new Node()));
      this.#insert(root, route);
    }
  }

  #insert(root: Node<Target>, route: RouteMatch<Target>): void {
    const names: string[] = [];
    let node = root;
    let leaves: Leaf<Target>[] | undefined;
    for (const segment of route.segments) {
      if (segment.kind === 'static') {
        let child = node.statics.get(segment.text);
        if (child === undefined) node.statics.set(segment.text, (child = new Node()));
        node = child;
        continue;
      }
      names.push(segment.name);
      if (segment.kind === 'rest') leaves = node.rest;
      else node = node.param ??= new Node();
    }
    leaves ??= node.leaves;
    const methods = new Set(route.methods);
    if (methods.has('GET')) methods.add('HEAD');
    leaves.push({
      methods: route.methods.length === 0 ? undefined : methods,
      headers: route.headers,
      names,
      target: route.target,
    });
    leaves.sort((a, b) => b.headers.length - a.headers.length);
  }

  /** @returns the route for a request, or why there is none */
  match(lookup: Lookup): MatchResult<Target> {
    const walk = this.#walk;
    walk.lookup = lookup;
    walk.allow = undefined;
    walk.found = undefined;
    if (this.#matchHosts(walk, lookup.path)) return found(walk);
    const other = this.#trailingSlash === 'strict' ? undefined : toggleSlash(lookup.path);
    if (other !== undefined && this.#matchHosts(walk, other)) {
      return this.#trailingSlash === 'ignore' ? found(walk) : { kind: 'slash', path: other };
    }
    if (walk.allow !== undefined)
      return { kind: 'method', allow: [...walk.allow].toSorted((a, b) => (a < b ? -1 : 1)) };
    return { kind: 'none' };
  }

  #matchHosts(walk: Walk<Target>, path: string): boolean {
    const host = walk.lookup.host;
    const exact = this.#exact.size === 0 ? undefined : this.#exact.get(host);
    if (exact !== undefined && descend(walk, exact, path, 1, 0)) return true;
    if (this.#wildcard.size > 0) {
      // From the longest suffix to the shortest: the more specific wildcard wins.
      for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
        const root = dot === 0 ? undefined : this.#wildcard.get(host.slice(dot));
        if (root !== undefined && descend(walk, root, path, 1, 0)) return true;
      }
    }
    return descend(walk, this.#any, path, 1, 0);
  }
}

/** Matches the path from `start` on below `node`; `depth` is how many values are bound above. */
function descend<Target>(walk: Walk<Target>, node: Node<Target>, path: string, start: number, depth: number): boolean {
  const slash = path.indexOf('/', start);
  const last = slash === -1;
  const segment = last ? path.slice(start) : path.slice(start, slash);
  const child = node.statics.get(segment);
  if (child !== undefined && proceed(walk, child, path, slash, depth)) return true;
  // A parameter is one segment, and never an empty one: /users/ has no id.
  if (node.param !== undefined && segment !== '') {
    walk.values[depth] = segment;
    if (proceed(walk, node.param, path, slash, depth + 1)) return true;
  }
  if (node.rest.length === 0) return false;
  walk.values[depth] = path.slice(start);
  return choose(walk, node.rest);
}

function proceed<Target>(walk: Walk<Target>, node: Node<Target>, path: string, slash: number, depth: number): boolean {
  return slash === -1 ? choose(walk, node.leaves) : descend(walk, node, path, slash + 1, depth);
}

/** The first leaf whose headers and method match; leaves with more header conditions stand first. */
function choose<Target>(walk: Walk<Target>, leaves: readonly Leaf<Target>[]): boolean {
  const { lookup } = walk;
  for (const leaf of leaves) {
    if (leaf.headers.length > 0 && !leaf.headers.every(([name, value]) => lookup.header(name) === value)) continue;
    if (leaf.methods === undefined || leaf.methods.has(lookup.method)) {
      walk.found = leaf;
      return true;
    }
    walk.allow ??= new Set();
    for (const method of leaf.methods) walk.allow.add(method);
  }
  return false;
}

function found<Target>(walk: Walk<Target>): MatchResult<Target> {
  const leaf = walk.found;
  if (leaf === undefined) return { kind: 'none' };
  if (leaf.names.length === 0) return { kind: 'found', target: leaf.target, params: NO_PARAMS };
  const params: Record<string, string> = {};
  for (let index = 0; index < leaf.names.length; index += 1) {
    const name = leaf.names[index];
    if (name !== undefined) params[name] = walk.values[index] ?? '';
  }
  return { kind: 'found', target: leaf.target, params };
}

function toggleSlash(path: string): string | undefined {
  if (path === '/') return undefined;
  return path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
}
