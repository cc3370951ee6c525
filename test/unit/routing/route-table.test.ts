import { expect } from 'chai';
import * as fc from 'fast-check';
import { parsePattern, type Segment } from '../../../src/routing/pattern.ts';
import { RouteTable, type Lookup, type MatchResult } from '../../../src/routing/route-table.ts';

interface Rule {
  readonly path: string;
  readonly hosts?: readonly string[];
  readonly methods?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

interface Request {
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Slash = 'strict' | 'ignore' | 'redirect';

function segmentsOf(path: string): readonly Segment[] {
  const pattern = parsePattern(path);
  if ('fault' in pattern) throw new Error(pattern.fault);
  return pattern.segments;
}

function tableOf(rules: Readonly<Record<string, Rule>>, slash: Slash = 'strict'): RouteTable<string> {
  const table = new RouteTable<string>(slash);
  for (const [target, { path, hosts = [], methods = [], headers = {} }] of Object.entries(rules)) {
    table.add({ segments: segmentsOf(path), hosts, methods, headers: Object.entries(headers), target });
  }
  return table;
}

function lookup(path: string, { method = 'GET', host = 'shop.example', headers = {} }: Request): Lookup {
  return { method, path, host, header: (name) => headers[name] };
}

/** The name of the route, `405 GET, POST`, `→ /path` or `404`. */
function outcome(result: MatchResult<string>): string {
  switch (result.kind) {
    case 'found':
      return result.target;
    case 'method':
      return `405 ${result.allow.join(', ')}`;
    case 'slash':
      return `→ ${result.path}`;
    case 'none':
      return '404';
  }
}

function match(table: RouteTable<string>, path: string, request: Request = {}): string {
  return outcome(table.match(lookup(path, request)));
}

describe('a route', () => {
  it('is found by its exact path, whose case matters', () => {
    const table = tableOf({ home: { path: '/' }, a: { path: '/a' }, slash: { path: '/a/' }, ab: { path: '/a/b' } });
    const paths = ['/', '/a', '/a/', '/a/b', '/A', '/b', '/a/b/', '/a/b/c'];
    expect(paths.map((path) => match(table, path))).to.deep.equal([
      'home',
      'a',
      'slash',
      'ab',
      '404',
      '404',
      '404',
      '404',
    ]);
  });

  it('binds a parameter to one segment that is not empty', () => {
    const table = tableOf({ user: { path: '/users/:id' }, orders: { path: '/users/:user/orders/:order' } });
    expect(table.match(lookup('/users/7', {}))).to.deep.equal({ kind: 'found', target: 'user', params: { id: '7' } });
    expect(table.match(lookup('/users/7/orders/%C3%A9', {}))).to.deep.equal({
      kind: 'found',
      target: 'orders',
      params: { user: '7', order: '%C3%A9' },
    });
    expect(['/users/', '/users', '/users/7/', '/users/7/orders/'].map((path) => match(table, path))).to.deep.equal(
      Array(4).fill('404'),
    );
  });

  it('binds a rest to everything below, which may be nothing', () => {
    const table = tableOf({ files: { path: '/files/*rest' }, user: { path: '/:user/x/*rest' } });
    expect(table.match(lookup('/files/a/b/', {}))).to.have.deep.property('params', { rest: 'a/b/' });
    expect(table.match(lookup('/files/', {}))).to.have.deep.property('params', { rest: '' });
    expect(table.match(lookup('/me/x/a', {}))).to.have.deep.property('params', { user: 'me', rest: 'a' });
    expect(match(table, '/files')).to.equal('404');
    expect(match(tableOf({ all: { path: '/*rest' } }), '/')).to.equal('all');
  });

  it('gives its parameters their own names, whatever others at the same place are called', () => {
    const table = tableOf({ a: { path: '/:x/a' }, b: { path: '/:y/b' }, proto: { path: '/:constructor/c' } });
    expect(table.match(lookup('/1/a', {}))).to.have.deep.property('params', { x: '1' });
    expect(table.match(lookup('/1/b', {}))).to.have.deep.property('params', { y: '1' });
    const found = table.match(lookup('/1/c', {}));
    expect(found).to.have.deep.property('params', { constructor: '1' });
  });

  it('keeps its parameters when another request is matched', () => {
    const table = tableOf({ user: { path: '/users/:id' } });
    const found = table.match(lookup('/users/1', {}));
    table.match(lookup('/users/2', {}));
    expect(found).to.have.deep.property('params', { id: '1' });
  });
});

describe('of several routes, the one is found', () => {
  it('that is static before a parameter, and that before a rest, segment by segment from the left', () => {
    const table = tableOf({
      static: { path: '/a/b' },
      staticParam: { path: '/a/:x' },
      paramStatic: { path: '/:x/b' },
      staticRest: { path: '/a/*rest' },
      paramParam: { path: '/:x/:y' },
      rest: { path: '/*rest' },
    });
    const paths = ['/a/b', '/a/c', '/c/b', '/a/b/c', '/c/c', '/c/c/c', '/a', '/'];
    expect(paths.map((path) => match(table, path))).to.deep.equal([
      'static',
      'staticParam',
      'paramStatic',
      'staticRest',
      'paramParam',
      'rest',
      'rest',
      'rest',
    ]);
  });

  it('after going back, when what looked more specific leads nowhere', () => {
    const table = tableOf({
      deep: { path: '/a/b/c/d' },
      back: { path: '/a/:x/c/e' },
      further: { path: '/:x/b/c/f' },
      rest: { path: '/a/*rest' },
    });
    expect(table.match(lookup('/a/b/c/e', {}))).to.deep.include({ target: 'back', params: { x: 'b' } });
    expect(match(table, '/a/b/c/g')).to.equal('rest');
    // The rest below /a is nearer than a parameter in place of /a.
    expect(match(table, '/a/b/c/f')).to.equal('rest');
    expect(table.match(lookup('/z/b/c/f', {}))).to.deep.include({ target: 'further', params: { x: 'z' } });
  });

  it('whose host is exact, then the longest wildcard, then any', () => {
    const table = tableOf({
      exact: { path: '/', hosts: ['a.b.example'] },
      long: { path: '/', hosts: ['*.b.example'] },
      short: { path: '/', hosts: ['*.example'] },
      any: { path: '/' },
    });
    const hosts = ['a.b.example', 'c.b.example', 'x.a.b.example', 'b.example', 'q.example', 'example', '', '[::1]'];
    expect(hosts.map((host) => match(table, '/', { host }))).to.deep.equal([
      'exact',
      'long',
      'long',
      'short',
      'short',
      'any',
      'any',
      'any',
    ]);
  });

  it('of another host, when the more specific host has no such path', () => {
    const table = tableOf({
      exact: { path: '/a', hosts: ['a.example'] },
      wildcard: { path: '/b', hosts: ['*.example'] },
      any: { path: '/:x' },
    });
    const found = (path: string): string => match(table, path, { host: 'a.example' });
    expect(['/a', '/b', '/c'].map(found)).to.deep.equal(['exact', 'wildcard', 'any']);
  });

  it('under a host, however unspecific its path', () => {
    const table = tableOf({ host: { path: '/*rest', hosts: ['a.example'] }, any: { path: '/a' } });
    expect(match(table, '/a', { host: 'a.example' })).to.equal('host');
  });

  it('that is one for each of its hosts', () => {
    const table = tableOf({ both: { path: '/', hosts: ['a.example', '*.b.example'] } });
    const hosts = ['a.example', 'x.b.example', 'b.example', '.b.example', 'xb.example'];
    expect(hosts.map((host) => match(table, '/', { host }))).to.deep.equal(['both', 'both', '404', '404', '404']);
  });

  it('with more header conditions, all of which hold exactly', () => {
    const table = tableOf({
      none: { path: '/' },
      one: { path: '/', headers: { 'x-a': '1' } },
      two: { path: '/', headers: { 'x-a': '1', 'x-b': '2' } },
      other: { path: '/', headers: { 'x-a': '2' } },
    });
    const found = (headers: Record<string, string>): string => match(table, '/', { headers });
    expect(found({})).to.equal('none');
    expect(found({ 'x-a': '1' })).to.equal('one');
    expect(found({ 'x-a': '1', 'x-b': '2' })).to.equal('two');
    expect(found({ 'x-a': '1', 'x-b': '3' })).to.equal('one');
    expect(found({ 'x-a': '2' })).to.equal('other');
    expect(found({ 'x-a': '1 ' })).to.equal('none');
    expect(found({ 'x-b': '2' })).to.equal('none');
  });

  it('whose path is more specific, before header conditions count', () => {
    const table = tableOf({ path: { path: '/a' }, header: { path: '/:x', headers: { 'x-a': '1' } } });
    expect(match(table, '/a', { headers: { 'x-a': '1' } })).to.equal('path');
  });
});

describe('a method', () => {
  it('of another route at the same path makes no difference', () => {
    const table = tableOf({ read: { path: '/a', methods: ['GET'] }, write: { path: '/a', methods: ['POST', 'PUT'] } });
    expect(['GET', 'POST', 'PUT'].map((method) => match(table, '/a', { method }))).to.deep.equal([
      'read',
      'write',
      'write',
    ]);
  });

  it('lets a more specific route be passed over', () => {
    const table = tableOf({
      host: { path: '/a', hosts: ['a.example'], methods: ['PUT'] },
      header: { path: '/a', headers: { 'x-a': '1' }, methods: ['DELETE'] },
      static: { path: '/a', methods: ['GET'] },
      param: { path: '/:x', methods: ['POST'] },
      rest: { path: '/*rest', methods: ['PATCH'] },
    });
    const found = (method: string): string =>
      match(table, '/a', { method, host: 'a.example', headers: { 'x-a': '1' } });
    expect(['PUT', 'DELETE', 'GET', 'POST', 'PATCH'].map(found)).to.deep.equal([
      'host',
      'header',
      'static',
      'param',
      'rest',
    ]);
  });

  it('that no matching route has is answered with all that they have', () => {
    const table = tableOf({
      host: { path: '/a', hosts: ['a.example'], methods: ['PUT'] },
      read: { path: '/a', methods: ['GET'] },
      param: { path: '/:x', methods: ['POST', 'GET'] },
      elsewhere: { path: '/b', methods: ['PATCH'] },
      header: { path: '/a', methods: ['OPTIONS'], headers: { 'x-a': '1' } },
    });
    expect(match(table, '/a', { method: 'DELETE' })).to.equal('405 GET, HEAD, POST');
    expect(match(table, '/a', { method: 'DELETE', host: 'a.example' })).to.equal('405 GET, HEAD, POST, PUT');
    expect(match(table, '/a', { method: 'DELETE', headers: { 'x-a': '1' } })).to.equal('405 GET, HEAD, OPTIONS, POST');
    expect(match(table, '/a/b', { method: 'DELETE' })).to.equal('404');
  });

  it('is not remembered for the next request', () => {
    const table = tableOf({ a: { path: '/a', methods: ['GET'] }, b: { path: '/b', methods: ['PUT'] } });
    match(table, '/a', { method: 'POST' });
    expect(match(table, '/b', { method: 'POST' })).to.equal('405 PUT');
    expect(match(table, '/c', { method: 'POST' })).to.equal('404');
  });

  it('GET implies HEAD, and HEAD does not imply GET', () => {
    const table = tableOf({ get: { path: '/get', methods: ['GET'] }, head: { path: '/head', methods: ['HEAD'] } });
    expect(match(table, '/get', { method: 'HEAD' })).to.equal('get');
    expect(match(table, '/head', { method: 'GET' })).to.equal('405 HEAD');
  });

  it('can be any for a route that names none, and is written as it is', () => {
    const table = tableOf({ any: { path: '/a' }, get: { path: '/b', methods: ['GET'] } });
    expect(match(table, '/a', { method: 'PROPFIND' })).to.equal('any');
    expect(match(table, '/b', { method: 'get' })).to.equal('405 GET, HEAD');
  });
});

describe('a trailing slash', () => {
  const rules: Record<string, Rule> = {
    a: { path: '/a' },
    b: { path: '/b/' },
    both: { path: '/c' },
    bothSlash: { path: '/c/' },
    param: { path: '/p/:x' },
    rest: { path: '/r/*rest' },
    home: { path: '/' },
    post: { path: '/m', methods: ['POST'] },
  };
  const PATHS = ['/a/', '/b', '/c', '/c/', '/p/1/', '/p/', '/r', '/', '/a//', '/x/'];
  const EXPECTED: [slash: Slash, outcomes: string[]][] = [
    ['strict', ['404', '404', 'both', 'bothSlash', '404', '404', '404', 'home', '404', '404']],
    ['ignore', ['a', 'b', 'both', 'bothSlash', 'param', '404', 'rest', 'home', '404', '404']],
    ['redirect', ['→ /a', '→ /b/', 'both', 'bothSlash', '→ /p/1', '404', '→ /r/', 'home', '404', '404']],
  ];
  for (const [slash, outcomes] of EXPECTED) {
    it(`is treated as ${slash} says`, () => {
      const table = tableOf(rules, slash);
      expect(PATHS.map((path) => match(table, path))).to.deep.equal(outcomes);
    });
  }

  it('gives the parameters of the path that matched', () => {
    expect(tableOf(rules, 'ignore').match(lookup('/p/1/', {}))).to.have.deep.property('params', { x: '1' });
  });

  it('leads to 405 with the methods of the other form, too', () => {
    for (const slash of ['ignore', 'redirect'] as const)
      expect(match(tableOf(rules, slash), '/m/')).to.equal('405 POST');
    expect(match(tableOf(rules, 'strict'), '/m/')).to.equal('404');
  });
});

/* The rules once more, as plainly as they can be written: every route is tried, and the matches are ranked. */

interface Candidate {
  readonly name: string;
  readonly rule: Rule;
  /** Per segment: 0 static, 1 parameter, 2 rest. */
  readonly kinds: readonly number[];
  readonly hostRank: number;
}

function reference(rules: Readonly<Record<string, Rule>>, path: string, request: Required<Request>): string {
  const candidates = Object.entries(rules).flatMap(([name, rule]): Candidate[] => {
    const kinds = matchPath(segmentsOf(rule.path), path.slice(1).split('/'));
    const { hosts = [], headers = {} } = rule;
    const ranks = hosts.length === 0 ? [1000] : hosts.flatMap((host) => hostRank(host, request.host));
    const fulfilled = Object.entries(headers).every(([header, value]) => request.headers[header] === value);
    if (kinds === undefined || ranks.length === 0 || !fulfilled) return [];
    return [{ name, rule, kinds, hostRank: Math.min(...ranks) }];
  });
  const allowed = ({ rule: { methods = [] } }: Candidate): boolean =>
    methods.length === 0 || methods.includes(request.method) || (request.method === 'HEAD' && methods.includes('GET'));
  const [best] = candidates.filter(allowed).toSorted(compare);
  if (best !== undefined) return best.name;
  const methods = candidates.flatMap(({ rule }) => rule.methods ?? []);
  const allow = [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
  return allow.length === 0 ? '404' : `405 ${allow.toSorted().join(', ')}`;
}

function matchPath(segments: readonly Segment[], parts: readonly string[]): readonly number[] | undefined {
  const kinds: number[] = [];
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if (segment.kind === 'rest') return [...kinds, 2];
    if (segment.kind === 'static' ? segment.text !== part : part === '') return undefined;
    kinds.push(segment.kind === 'static' ? 0 : 1);
  }
  return segments.length === parts.length ? kinds : undefined;
}

/** 0 for the exact host; less for longer wildcards than for shorter ones. */
function hostRank(pattern: string, host: string): number[] {
  if (pattern === host) return [0];
  return pattern.startsWith('*.') && host.endsWith(pattern.slice(1)) ? [100 - pattern.length] : [];
}

function compare(a: Candidate, b: Candidate): number {
  if (a.hostRank !== b.hostRank) return a.hostRank - b.hostRank;
  for (let index = 0; index < Math.min(a.kinds.length, b.kinds.length); index += 1) {
    const difference = (a.kinds[index] ?? 0) - (b.kinds[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return Object.keys(b.rule.headers ?? {}).length - Object.keys(a.rule.headers ?? {}).length;
}

/** What two routes that tie have in common; ties are faults of the configuration, so none are tried. */
function shapeOf({ path, hosts = [], headers = {} }: Rule): string {
  return `${path.replaceAll(/([:*])\w+/g, '$1')} ${hosts.join()} ${Object.keys(headers).length}`;
}

describe('the route table', () => {
  const segment = fc.constantFrom('a', 'b', 'c');
  const path = fc
    .tuple(fc.array(fc.oneof(segment, fc.constant(':')), { maxLength: 3 }), fc.constantFrom('', '/', '/*rest'))
    .map(([parts, end]) => {
      const named = parts.map((part, index) => `/${part === ':' ? `:p${index}` : part}`).join('') + end;
      return named === '' ? '/' : named;
    });
  const methods = fc.subarray(['GET', 'HEAD', 'POST', 'PUT']);
  const hosts = fc.constantFrom([], [], ['a.example'], ['*.example'], ['*.a.example'], ['b.a.example', '*.b.example']);
  const headers = fc.constantFrom({}, {}, { 'x-a': '1' }, { 'x-a': '1', 'x-b': '1' });
  const rules = fc.uniqueArray(fc.record({ path, hosts, methods, headers }), { selector: shapeOf, maxLength: 12 });
  const requested = fc
    .array(fc.constantFrom('a', 'b', 'c', 'd', ''), { minLength: 1, maxLength: 5 })
    .map((parts) => `/${parts.join('/')}`.replaceAll(/\/{2,}/g, '/'));
  const request = fc.record({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE'),
    host: fc.constantFrom('a.example', 'b.a.example', 'c.b.a.example', 'x.b.example', 'example', ''),
    headers: fc.constantFrom({}, { 'x-a': '1' }, { 'x-a': '1', 'x-b': '1' }, { 'x-a': '2' }),
  });

  it('finds what trying every route finds', () => {
    const requests = fc.array(fc.tuple(requested, request), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(rules, requests, (list, tries) => {
        const named = Object.fromEntries(list.map((rule, index) => [`r${index}`, rule]));
        const table = tableOf(named);
        for (const [to, by] of tries)
          expect(match(table, to, by), `${by.method} ${by.host}${to}`).to.equal(reference(named, to, by));
      }),
      { numRuns: 1000 },
    );
  });

  it('finds the same in whatever order the routes were added', () => {
    fc.assert(
      fc.property(rules, requested, request, (list, to, by) => {
        const entries = list.map((rule, index): [string, Rule] => [`r${index}`, rule]);
        const forwards = match(tableOf(Object.fromEntries(entries)), to, by);
        expect(match(tableOf(Object.fromEntries(entries.toReversed())), to, by)).to.equal(forwards);
      }),
    );
  });
});
