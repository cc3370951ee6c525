import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { GatewayConfig } from '../../../src/config/config.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { first as certificate } from '../../support/certificates.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

/** The configuration that a text without errors stands for. */
async function resolved(text: string, env: Readonly<Record<string, string>> = {}): Promise<GatewayConfig> {
  const { config, diagnostics } = await loadConfig('-', { env: (name) => env[name], stdin: once(text) });
  if (config === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return config;
}

const UPSTREAM = { targets: ['http://127.0.0.1:9001'] };
const ROUTE = { name: 'shop', match: { path: '/' }, upstream: 'shop', access: 'public' };

interface Parts {
  readonly top?: object;
  readonly upstream?: object;
  readonly route?: { readonly match?: object; readonly [key: string]: unknown };
}

/** A minimal configuration with more keys for its one upstream, its one route and at the top. */
async function resolveWith(parts: Parts): Promise<GatewayConfig> {
  const upstreams = { shop: { ...UPSTREAM, ...parts.upstream } };
  const match = { ...ROUTE.match, ...parts.route?.match };
  return resolved(
    JSON.stringify({ version: 1, upstreams, routes: [{ ...ROUTE, ...parts.route, match }], ...parts.top }),
  );
}

/** What a part of the configuration has at the least when it is there. */
const LEAST: Readonly<Record<string, object>> = {
  identity: { tokens: { issuer: 'https://gateway.example.com', audience: 'https://api.example.com' } },
  apiKeys: {},
  tracing: { otlp: 'http://127.0.0.1:4318' },
};

/** What a part of an upstream or a route has at the least when it is there. */
const LEAST_WITHIN: Readonly<Record<string, object>> = {
  health: { path: '/' },
  outlier: {},
  breaker: {},
  retry: { attempts: 2 },
  hedge: { after: '1s' },
  bulkhead: { concurrent: 1 },
  fallback: { status: 503 },
  cache: {},
};

/** One object with the members of two, in depth. */
function merged(one: object, other: object): object {
  const result: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const known = result[key];
    const both = [known, value].every((each) => typeof each === 'object' && each !== null && !Array.isArray(each));
    result[key] = both ? merged(Object(known), Object(value)) : value;
  }
  return result;
}

describe('defaults', () => {
  it('are what the schema says', async () => {
    const schema: JsonObject = JSON.parse(
      await readFile(new URL('../../../schemas/gateway.schema.json', import.meta.url), 'utf8'),
    );
    const absent = await resolveWith({});
    const tried: string[] = [];
    for (const [pattern, value] of defaultsIn(schema, schema, '')) {
      // Without users nobody can be authenticated. The format of the log depends on where it goes.
      if (
        pattern.startsWith('issuers[]') ||
        // They stand in the place of targets and of upstream: see resolve-discover.test.ts and resolve-traffic.test.ts.
        pattern.startsWith('upstreams.*.discover') ||
        pattern.startsWith('routes[].split') ||
        // Needs a certificate: see resolve-tls.test.ts.
        pattern.startsWith('server.tls') ||
        pattern === 'routes[].access' ||
        pattern === 'logs.format'
      )
        continue;
      const [first = '', ...path] = pattern.replace('upstreams.*', 'upstream').replace('routes[]', 'route').split('.');
      const isNamed = first === 'upstream' || first === 'route';
      const owner = isNamed ? first : 'top';
      const whole = isNamed ? path : [first, ...path];
      const [part = '', ...below] = whole;
      // Of the part itself the default is that there is none.
      const found = isNamed ? LEAST_WITHIN[part] : LEAST[part];
      const least = found === undefined || below.length === 0 ? {} : { [part]: found };
      const without = Object.keys(least).length === 0 ? absent : await resolveWith({ [owner]: least });
      expect(await resolveWith({ [owner]: merged(least, nest(whole, value)) }), pattern).to.deep.equal(without);
      tried.push(pattern);
    }
    expect(tried).to.include.members([
      'server.listen',
      'server.timeouts.drain',
      'upstreams.*.connections',
      'routes[].timeout',
      'identity.tokens.accessTtl',
      'identity.rateLimit',
      'apiKeys.header',
      'database.pool.max',
      'upstreams.*.retry.backoff.base',
      'upstreams.*.breaker.failureRatio',
      'upstreams.*.health.interval',
      'upstreams.*.bulkhead.queueTimeout',
      'cache.memory',
      'cache.redis',
      'routes[].cache.maxBytes',
    ]);
    expect(tried).to.have.length.greaterThan(20);
  });

  it('make an issuer that grants nothing', async () => {
    const issuer = { name: 'a', issuer: 'https://a', audience: 'b', algorithms: ['HS256'], secret: 'x'.repeat(32) };
    expect((await resolveWith({ top: { issuers: [issuer] } })).issuers).to.deep.equal([
      {
        name: 'a',
        issuer: 'https://a',
        audience: 'b',
        algorithms: ['HS256'],
        keys: { kind: 'secret', secret: issuer.secret },
        claims: { subject: undefined, roles: undefined },
        allowRoles: [],
      },
    ]);
  });

  it('leave the format of the log open', async () => {
    expect((await resolveWith({})).logs.format).to.equal(undefined);
    expect((await resolveWith({ top: { logs: { format: 'json' } } })).logs.format).to.equal('json');
  });

  it('are replaced whole by a key of the route or the upstream', async () => {
    const defaults = {
      upstream: { responseTimeout: '2s', connections: 5, tls: { verify: false, serverName: 'a' } },
      route: {
        timeout: '9s',
        request: { headers: { set: { a: '1' }, remove: ['b'] } },
        websocket: { maxConnections: 1 },
      },
    };
    const inherited = await resolveWith({ top: { defaults } });
    expect(inherited.upstreams[0]).to.deep.include({ responseTimeout: 2000, connections: 5 });
    expect(inherited.upstreams[0]?.tls).to.include({ verify: false, serverName: 'a' });
    expect(inherited.routes[0]?.timeout).to.equal(9000);
    expect(inherited.routes[0]?.requestHeaders).to.deep.equal({ set: [['a', '1']], add: [], remove: ['b'] });

    const own = await resolveWith({
      top: { defaults },
      upstream: { tls: { serverName: 'b' }, connections: 7 },
      route: { request: { headers: { set: { c: '1' } } }, websocket: { idleTimeout: '1m' } },
    });
    expect(own.upstreams[0]?.tls).to.include({ verify: true, serverName: 'b' });
    expect(own.upstreams[0]).to.deep.include({ responseTimeout: 2000, connections: 7 });
    expect(own.routes[0]?.requestHeaders).to.deep.equal({ set: [['c', '1']], add: [], remove: [] });
    expect(own.routes[0]?.websocket).to.deep.equal({ idleTimeout: 60_000, maxConnections: 10_000 });
  });

  it('are taken away by off', async () => {
    const defaults = {
      upstream: { connections: 5, host: 'preserve', tls: { verify: false } },
      route: {
        websocket: {},
        bodyBytes: '1KiB',
        rewrite: { addPrefix: '/v2' },
        request: { headers: { remove: ['a'] } },
        response: { headers: { remove: ['a'] } },
      },
    };
    const off = { websocket: 'off', bodyBytes: 'off', rewrite: 'off', request: 'off', response: 'off' };
    const without = await resolveWith({
      top: { defaults },
      upstream: { connections: 'off', host: 'off', tls: 'off' },
      route: off,
    });
    const plain = await resolveWith({});
    expect(without.upstreams).to.deep.equal(plain.upstreams);
    expect(without.routes).to.deep.equal(plain.routes);
  });
});

describe('a resolved configuration', () => {
  it('holds milliseconds, bytes and addresses', async () => {
    const { server, admin } = await resolveWith({
      top: {
        server: {
          listen: '[::1]:0',
          timeouts: { headers: '250ms', request: 'off', drainDelay: '0s' },
          limits: { headerBytes: '8KiB', bodyBytes: '1GiB' },
        },
        admin: { listen: ':9902', token: 'secret', registryToken: 'another' },
      },
    });
    expect(server.listen).to.deep.equal({ host: '::1', port: 0 });
    expect(server.timeouts).to.include({ headers: 250, request: 0, drainDelay: 0 });
    expect(server.limits).to.include({ headerBytes: 8192, bodyBytes: 2 ** 30 });
    expect(admin).to.deep.equal({ listen: { host: '', port: 9902 }, token: 'secret', registryToken: 'another' });
  });

  it('has no duration that a timer could not wait for', async () => {
    const longest = 2 ** 31 - 1;
    const config = await resolveWith({
      top: { server: { timeouts: { keepAlive: '24d', request: '25d', drain: '999999999d' } } },
      upstream: { responseTimeout: '365d' },
      route: { timeout: '30d', websocket: { idleTimeout: '365d' } },
    });
    expect(config.server.timeouts).to.include({ keepAlive: 24 * 86_400_000, request: longest, drain: longest });
    expect(config.upstreams[0]?.responseTimeout).to.equal(longest);
    expect(config.routes[0]).to.include({ timeout: longest });
    expect(config.routes[0]?.websocket?.idleTimeout).to.equal(longest);
  });

  it('has hosts and header names in lower case, targets as origins and prefixes as requests have them', async () => {
    const { routes, upstreams } = await resolveWith({
      upstream: { targets: ['HTTP://Shop.Example:80', { url: 'https://[::1]:8443', weight: 3 }].map(lower) },
      route: {
        match: { path: '/', host: ['Shop.Example', '*.Shop.Example'], headers: { 'X-Beta': 'Yes' } },
        rewrite: { stripPrefix: '/%61pi/é' },
      },
    });
    expect(upstreams[0]?.targets).to.deep.equal([
      { origin: 'http://shop.example', weight: 1 },
      { origin: 'https://[::1]:8443', weight: 3 },
    ]);
    expect(routes[0]?.match).to.deep.include({
      hosts: ['shop.example', '*.shop.example'],
      headers: [['x-beta', 'Yes']],
    });
    expect(routes[0]?.rewrite).to.deep.equal({ kind: 'stripPrefix', prefix: '/api/%C3%A9' });
  });

  it('says where each route is written', async () => {
    const text =
      'version: 1\nroutes:\n  - respond: { status: 204 }\n    name: a\n    match: { path: / }\n    access: public\n';
    expect((await resolved(text)).routes[0]?.source).to.equal('-:3');
  });

  it('answers itself where a route says so', async () => {
    const respond = { status: 308, headers: { location: '/' } };
    const config = await resolved(
      JSON.stringify({ version: 1, routes: [{ name: 'a', match: { path: '/' }, access: 'public', respond }] }),
    );
    expect(config.routes[0]?.action).to.deep.equal({
      kind: 'respond',
      status: 308,
      headers: [['location', '/']],
      body: '',
    });
  });
});

describe('the hash of a configuration', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewayctl-test-'));
  });

  afterEach(async () => rm(folder, { recursive: true }));

  it('is the same for the same content, however it is written', async () => {
    const block = 'version: 1\nlogs:\n  level: warn\n';
    const flow = '# a comment\n{ logs: { level: "warn" }, version: 1, x-note: 1 }\n';
    expect((await resolved(block)).hash).to.equal((await resolved(flow)).hash);
    expect((await resolved(block)).hash).to.match(/^[0-9a-f]{16}$/);
  });

  it('changes with a value, and with a variable', async () => {
    const text = 'version: 1\nadmin: { token: "${TOKEN}" }\n';
    const hashes = [
      await resolved('version: 1\n'),
      await resolved('version: 1\nlogs: { access: false }\n'),
      await resolved(text, { TOKEN: 'a' }),
      await resolved(text, { TOKEN: 'b' }),
    ].map(({ hash }) => hash);
    expect(new Set(hashes)).to.have.length(4);
  });

  it('changes with the content of a file that the configuration names, and so does the route’s fingerprint', async () => {
    const file = join(folder, 'gateway.yaml');
    const upstreams = { shop: { targets: ['https://127.0.0.1:9001'], tls: { ca: 'ca.pem' } } };
    await writeFile(
      file,
      JSON.stringify({ version: 1, upstreams, routes: [ROUTE], admin: { token: '${file:token}' } }),
    );
    const load = async (pem: string, token: string): Promise<GatewayConfig | undefined> => {
      await writeFile(join(folder, 'ca.pem'), pem);
      await writeFile(join(folder, 'token'), token);
      const { config, diagnostics } = await loadConfig(file, { env: () => undefined });
      expect(diagnostics).to.deep.equal([]);
      return config;
    };
    const before = await load(certificate.cert, 'a');
    const same = await load(certificate.cert, 'a');
    const pem = await load(`${certificate.cert}\n`, 'a');
    const token = await load(certificate.cert, 'b');
    expect(same).to.deep.equal(before);
    expect(new Set([before?.hash, pem?.hash, token?.hash])).to.have.length(3);
    expect(pem?.routes[0]?.fingerprint).to.not.equal(before?.routes[0]?.fingerprint);
    expect(token?.routes[0]?.fingerprint).to.equal(before?.routes[0]?.fingerprint);
  });

  it('leaves a route’s fingerprint alone when other parts change', async () => {
    const plain = await resolveWith({});
    const fingerprint = async (parts: Parts): Promise<string | undefined> =>
      (await resolveWith(parts)).routes[0]?.fingerprint;
    expect(await fingerprint({ top: { logs: { level: 'error' } } })).to.equal(plain.routes[0]?.fingerprint);
    expect(await fingerprint({ route: { timeout: '1s' } })).to.not.equal(plain.routes[0]?.fingerprint);
    expect(await fingerprint({ upstream: { connections: 1 } })).to.not.equal(plain.routes[0]?.fingerprint);
  });
});

function lower(target: Json): Json {
  return typeof target === 'string' ? target.replace('HTTP', 'http') : target;
}

/** The default of each key by its path, through references and all branches; `defaults` repeats the rest. */
function* defaultsIn(schema: JsonObject, root: JsonObject, path: string): Generator<[path: string, value: Json]> {
  if (path === 'defaults') return;
  if (schema['default'] !== undefined) yield [path, schema['default']];
  const ref = schema['$ref'];
  if (typeof ref === 'string') {
    let target: Json | undefined = root;
    for (const key of ref.replace('#/', '').split('/')) target = isObject(target) ? target[key] : undefined;
    if (isObject(target)) yield* defaultsIn(target, root, path);
  }
  const below: [Json | undefined, string][] = [
    [schema['additionalProperties'], `${path}.*`],
    [schema['items'], `${path}[]`],
    [schema['then'], path],
    [schema['else'], path],
  ];
  const { properties } = schema;
  if (isObject(properties)) {
    for (const [key, part] of Object.entries(properties)) below.push([part, path === '' ? key : `${path}.${key}`]);
  }
  for (const [part, at] of below) if (isObject(part)) yield* defaultsIn(part, root, at);
}

function nest(path: readonly string[], value: Json): JsonObject {
  const [key = '', ...rest] = path;
  return { [key]: rest.length === 0 ? value : nest(rest, value) };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
