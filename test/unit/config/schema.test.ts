import { readFile } from 'node:fs/promises';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { parse } from 'yaml';
import { generateTypes } from '../../../schemas/generate-types.ts';

const ID = 'https://gatewayctl.dev/schemas/gateway.schema.json';
const INCLUDE_ID = 'https://gatewayctl.dev/schemas/include.schema.json';

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const SUBSCHEMAS = ['items', 'additionalProperties', 'propertyNames', 'if', 'then', 'else'];
const SUBSCHEMA_MAPS = ['properties', 'patternProperties', '$defs'];

const DEFAULTS = {
  'routes[].fallback.body': '',
  'upstreams.*.breaker.failureRatio': 0.5,
  'upstreams.*.breaker.halfOpenRequests': 3,
  'upstreams.*.breaker.minimumRequests': 20,
  'upstreams.*.breaker.openFor': '15s',
  'upstreams.*.breaker.window': '10s',
  'upstreams.*.bulkhead.queue': 0,
  'upstreams.*.bulkhead.queueTimeout': '1s',
  'upstreams.*.discover.scheme': 'http',
  'upstreams.*.discover.srv': false,
  'upstreams.*.health.expect.status': [200],
  'upstreams.*.health.healthyAfter': 2,
  'upstreams.*.health.interval': '5s',
  'upstreams.*.health.timeout': '1s',
  'upstreams.*.health.unhealthyAfter': 3,
  'upstreams.*.hedge.max': 1,
  'upstreams.*.outlier.ejectFor': '30s',
  'upstreams.*.outlier.failures': 5,
  'upstreams.*.outlier.maxEjected': 0.5,
  'upstreams.*.outlier.window': '30s',
  'upstreams.*.retry.backoff.base': '25ms',
  'upstreams.*.retry.backoff.max': '1s',
  include: [],
  'server.listen': '127.0.0.1:8080',
  'server.tls.minVersion': 'TLSv1.2',
  'server.tls.clientAuth': 'require',
  'server.tls.redirectHttp': true,
  'server.tls.hsts': 'off',
  'server.tls.http2': true,
  'server.trustedProxies': [],
  'server.fastLane': true,
  'server.workers': 1,
  'server.limits.connections': 10000,
  'server.limits.headerBytes': '16KiB',
  'server.limits.uriBytes': '8KiB',
  'server.limits.bodyBytes': '10MiB',
  'server.timeouts.headers': '10s',
  'server.timeouts.request': '5m',
  'server.timeouts.keepAlive': '72s',
  'server.timeouts.drainDelay': '5s',
  'server.timeouts.drain': '20s',
  'server.paths.encodedSlash': 'reject',
  'server.paths.dotSegments': 'reject',
  'server.paths.duplicateSlash': 'merge',
  'server.paths.trailingSlash': 'strict',
  'admin.listen': '127.0.0.1:9901',
  'database.url': '',
  'database.dataDir': '.gatewayctl',
  'database.pool.max': 30,
  'database.pool.min': 5,
  'database.pool.maxLifetime': '1h',
  'database.pool.idleTimeout': '30m',
  'database.pool.connectTimeout': '5s',
  'database.pool.statementTimeout': '5s',
  'redis.url': '',
  'redis.keyPrefix': 'gw:',
  'redis.timeout': '50ms',
  'identity.path': '/auth',
  'identity.registration': 'closed',
  'identity.rateLimit': { requests: 10, per: '1m', by: 'client' },
  'identity.tokens.algorithm': 'RS256',
  'identity.tokens.accessTtl': '15m',
  'identity.tokens.refreshTtl': '30d',
  'identity.tokens.transport': 'header',
  'identity.passwords.minLength': 12,
  'identity.passwords.bcryptCost': 12,
  'identity.passwords.rejectCommon': true,
  'identity.lockout.failures': 5,
  'identity.lockout.accountFailures': 50,
  'identity.lockout.window': '15m',
  'identity.lockout.duration': '15m',
  'issuers[].allowRoles': [],
  'apiKeys.header': 'x-api-key',
  'logs.level': 'info',
  'metrics.buckets': [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  'logs.format': 'json',
  'logs.access': true,
  'tracing.serviceName': 'gateway',
  'tracing.sampleRatio': 1,
  'cache.memory': '64MiB',
  'cache.redis': true,
  'upstreams.*.balance': 'round-robin',
  'upstreams.*.slowStart': 'off',
  'upstreams.*.connectTimeout': '1s',
  'upstreams.*.responseTimeout': '30s',
  'upstreams.*.idleTimeout': '60s',
  'upstreams.*.connections': 128,
  'upstreams.*.host': 'upstream',
  'upstreams.*.tls.verify': true,
  'upstreams.*.retry.when': ['connect-failure', 'reset', 'timeout', 502, 503, 504],
  'upstreams.*.retry.methods': ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'],
  'upstreams.*.retry.budget': 0.2,
  'upstreams.*.retry.bodyBuffer': '64KiB',
  'upstreams.*.hedge': 'off',
  'routes[].match.headers': {},
  'routes[].split.sticky': 'off',
  'routes[].access': 'authenticated',
  'routes[].timeout': '30s',
  'routes[].cache.shareBetweenUsers': false,
  'routes[].cache.storeSetCookie': false,
  'routes[].cache.maxBytes': '1MiB',
};

/** One upstream, one route and one issuer with the given keys besides the required ones. */
const upstream = (keys: string): string => `upstreams: { orders: { ${keys} } }`;
const route = (keys: string): string => `routes: [{ name: orders, match: { path: /orders }, ${keys} }]`;
const issuer = (keys: string): string => `issuers: [{ name: a, issuer: b, audience: c, ${keys} }]`;
const identity = (keys: string): string => `identity: { tokens: { issuer: a, audience: b }, ${keys} }`;

const VALID = [
  'x-anchors: { anything: [1, null] }',
  'include: ["routes/*.yaml"]',
  'server: { listen: ":8080" }',
  'server: { listen: "[::]:8080" }',
  'server: { listen: "localhost:0" }',
  'server: { workers: auto }',
  'server: { timeouts: { drainDelay: 0s, drain: 0s, request: off } }',
  'server: { trustedProxies: [10.0.0.0/8, "fd00::/8", "::1", 192.0.2.1] }',
  'server: { tls: { listen: ":8443", certificates: [{ cert: a.crt, key: a.key }], minVersion: TLSv1.3, hsts: off } }',
  'server: { tls: { listen: ":8443", certificates: [{ cert: a.crt, key: a.key }], clientCa: ca.pem, clientAuth: request } }',
  'server: { paths: { encodedSlash: keep, dotSegments: normalise, duplicateSlash: reject, trailingSlash: redirect } }',
  'admin: { token: "" }',
  'database: { url: "postgresql://u:p@db:5432/gateway?sslmode=require" }',
  'redis: { url: "rediss://redis.internal:6380/0" }',
  'redis: { url: "redis+sentinel://s1:26379,s2:26379/main" }',
  'redis: { url: ["redis://10.0.0.1:6379", "10.0.0.2:6379"] }',
  'identity: { tokens: { issuer: a, audience: b, algorithm: HS256, secret: "${SECRET}", transport: cookie } }',
  identity('cors: { origins: ["*"] }, rateLimit: { requests: 5, per: 1m }'),
  issuer('algorithms: [HS256], secret: "${SECRET}"'),
  issuer('algorithms: [RS256], jwks: keys/corporate.json'),
  'apiKeys: {}',
  'roles: { viewer: ["orders:*"], admin: ["*"], editor: { inherits: [viewer] } }',
  'logs: { level: debug, format: pretty }',
  'cache: { memory: 1GiB }',
  'defaults: { upstream: { retry: { attempts: 2 } }, route: { access: public, cors: { origins: ["https://a.example"] } } }',
  upstream('targets: ["https://orders.internal", "http://[::1]:9001", { url: "http://127.0.0.1:9002", weight: 0 }]'),
  upstream('discover: { dns: orders.internal, port: 8080, scheme: http }'),
  upstream('discover: { dns: _http._tcp.orders.internal, srv: true }'),
  upstream('discover: { registry: true }'),
  upstream('discover: { consul: "http://127.0.0.1:8500", service: orders, tag: v2 }'),
  upstream('discover: { etcd: "http://127.0.0.1:2379", prefix: /services/orders/ }'),
  upstream('discover: { kubernetes: { namespace: shop, service: orders, port: http } }'),
  upstream('discover: { kubernetes: { namespace: shop, service: orders, port: 8080 } }'),
  upstream('discover: { file: orders.targets.yaml }'),
  ...['round-robin', 'least-connections', 'p2c', 'random', 'off'].map((balance) => upstream(`balance: ${balance}`)),
  ...['client', 'path', 'header:x-id', 'cookie:sid'].map((key) => upstream(`balance: { hash: "${key}" }`)),
  upstream('host: preserve, slowStart: off, hedge: off, retry: off, connections: off'),
  upstream('health: { tcp: true, interval: 5s }'),
  upstream('retry: { attempts: 2, when: [reset, 429], backoff: { base: 0s } }'),
  route('upstream: orders, access: authenticated'),
  route('upstream: orders, access: { where: { params.id: "{{claims.sub}}" } }'),
  route('upstream: orders, access: [{ roles: [admin] }, { scopes: ["orders:read"] }]'),
  route('upstream: orders, rewrite: { stripPrefix: /api }'),
  route('upstream: orders, rewrite: { addPrefix: /v2 }'),
  route('upstream: orders, rateLimit: { requests: 1, per: 1s, by: "claim:https://x/y" }'),
  route(
    'upstream: orders, rateLimit: [{ requests: 1, per: 1s, by: "header:x-tenant" }, { requests: 9, per: 1h, by: route }]',
  ),
  route('upstream: orders, cors: { origins: ["http://localhost:5173", "https://*.example.org"] }'),
  route('upstream: orders, validate: { body: { type: object, properties: { a: { anyOf: [{}] } } }, query: q.json }'),
  route('upstream: orders, request: { body: { set: { /a~1b: [1, { c: null }] } } }'),
  route('upstream: orders, fallback: { upstream: replica }'),
  route('upstream: orders, cache: {}, websocket: {}, timeout: off, bodyBytes: 0B'),
  route('split: { to: [{ upstream: a, weight: 1 }, { upstream: b, weight: 0 }], sticky: "cookie:sid" }'),
  route('respond: { status: 204 }, access: public'),
  'routes: [{ name: a, match: { path: /*rest, host: [a.example, "*.example.com"], methods: [GET, PATCH] } }]',
  'routes: [{ name: a, match: { path: "/a/:id", host: "*.example.com" } }]',
];

const INVALID: [text: string, error: string][] = [
  ['rotues: []', 'additionalProperties'],
  ['routes: {}', '/routes type'],
  ['upstreams: { Orders: {} }', '/upstreams pattern'],
  ['upstreams: { orders: null }', '/upstreams/orders type'],
  ['include: routes.yaml', '/include type'],
  ['server: { x-note: hello }', '/server additionalProperties'],
  ['server: { listen: 8080 }', '/server/listen type'],
  ['server: { listen: "localhost" }', '/server/listen pattern'],
  ['server: { listen: ":65536" }', '/server/listen pattern'],
  ['server: { workers: many }', '/server/workers enum'],
  ['server: { workers: 0 }', '/server/workers minimum'],
  ['server: { trustedProxies: [10.0.0.0/33] }', '/server/trustedProxies/0 pattern'],
  ['server: { timeouts: { request: 30 } }', '/server/timeouts/request type'],
  ['server: { timeouts: { request: 30 s } }', '/server/timeouts/request pattern'],
  ['server: { timeouts: { request: 0s } }', '/server/timeouts/request pattern'],
  ['server: { limits: { bodyBytes: 10MB } }', '/server/limits/bodyBytes pattern'],
  ['server: { tls: { listen: ":8443" } }', '/server/tls required'],
  ['server: { tls: { listen: ":8443", certificates: [] } }', '/server/tls/certificates minItems'],
  ['server: { paths: { trailingSlash: loose } }', '/server/paths/trailingSlash enum'],
  ['admin: { token: 12345 }', '/admin/token type'],
  ['database: { url: "mysql://db/gateway" }', '/database/url pattern'],
  ['redis: { url: "http://redis" }', '/redis/url pattern'],
  ['redis: { url: ["redis://a:6379", 6379] }', '/redis/url/1 type'],
  ['identity: { tokens: { issuer: a } }', '/identity/tokens required'],
  ['identity: { tokens: { issuer: a, audience: b, secret: short } }', '/identity/tokens/secret minLength'],
  [identity('passwords: { minLength: 100 }'), '/identity/passwords/minLength maximum'],
  [identity('registration: yes'), '/identity/registration enum'],
  [issuer('jwks: keys.json'), '/issuers/0 required'],
  [issuer('algorithms: [none]'), '/issuers/0/algorithms/0 enum'],
  ['apiKeys: { header: "x api key" }', '/apiKeys/header pattern'],
  ['roles: { viewer: [orders read] }', '/roles/viewer/0 pattern'],
  ['roles: { viewer: { inherit: [a] } }', '/roles/viewer additionalProperties'],
  ['tracing: {}', '/tracing required'],
  ['tracing: { otlp: "http://a", sampleRatio: 10 }', '/tracing/sampleRatio maximum'],
  ['response: { headers: { set: { x-count: 1 } } }', '/response/headers/set/x-count type'],
  ['response: { headers: { set: { "x count": a } } }', '/response/headers/set pattern'],
  ['response: { headers: { set: { x-a: "a\\r\\nb: c" } } }', '/response/headers/set/x-a pattern'],
  ['defaults: { upstream: { targets: ["http://a"] } }', '/defaults/upstream additionalProperties'],
  ['defaults: { route: { timeout: fast } }', '/defaults/route/timeout pattern'],
  [upstream('targets: []'), '/upstreams/orders/targets minItems'],
  [upstream('targets: ["http://a/v1"]'), '/upstreams/orders/targets/0 pattern'],
  [upstream('targets: [{ weight: 3 }]'), '/upstreams/orders/targets/0 required'],
  [upstream('targets: [9001]'), '/upstreams/orders/targets/0 type'],
  [upstream('discover: orders'), '/upstreams/orders/discover type'],
  [upstream('discover: {}'), '/upstreams/orders/discover minProperties'],
  [upstream('discover: { dnss: orders }'), '/upstreams/orders/discover additionalProperties'],
  [upstream('discover: { dns: orders, tag: v2 }'), '/upstreams/orders/discover additionalProperties'],
  [upstream('discover: { consul: "http://a" }'), '/upstreams/orders/discover required'],
  [upstream('balance: fastest'), '/upstreams/orders/balance enum'],
  [upstream('balance: { hash: user }'), '/upstreams/orders/balance/hash pattern'],
  [upstream('breaker: on'), '/upstreams/orders/breaker enum'],
  [upstream('breaker: true'), '/upstreams/orders/breaker type'],
  [upstream('breaker: { failureRatio: 50 }'), '/upstreams/orders/breaker/failureRatio maximum'],
  [upstream('tls: { cert: client.crt }'), '/upstreams/orders/tls dependentRequired'],
  [upstream('retry: { attempts: 2, when: [sometimes] }'), '/upstreams/orders/retry/when/0 enum'],
  [upstream('retry: { attempts: 2, when: [200] }'), '/upstreams/orders/retry/when/0 minimum'],
  ['routes: [{ match: { path: / } }]', '/routes/0 required'],
  ['routes: [{ name: a, match: {} }]', '/routes/0/match required'],
  ['routes: [{ name: a, match: { path: api } }]', '/routes/0/match/path pattern'],
  ['routes: [{ name: a, match: { path: /, methods: [get] } }]', '/routes/0/match/methods/0 enum'],
  ['routes: [{ name: a, match: { path: /, methods: [TRACE] } }]', '/routes/0/match/methods/0 enum'],
  ['routes: [{ name: a, match: { path: /, host: "a.example:80" } }]', '/routes/0/match/host pattern'],
  [route('access: anyone'), '/routes/0/access enum'],
  [route('access: []'), '/routes/0/access minItems'],
  [route('access: { role: admin }'), '/routes/0/access additionalProperties'],
  [route('access: [{ roles: admin }]'), '/routes/0/access/0/roles type'],
  [route('access: { where: { id: "{{claims.sub}}" } }'), '/routes/0/access/where pattern'],
  [route('rewrite: { path: /a, addPrefix: /b }'), '/routes/0/rewrite maxProperties'],
  [route('rateLimit: { requests: 10 }'), '/routes/0/rateLimit required'],
  [route('rateLimit: [{ requests: 0, per: 1m }]'), '/routes/0/rateLimit/0/requests minimum'],
  [route('rateLimit: { requests: 1, per: 1m, by: header }'), '/routes/0/rateLimit/by pattern'],
  [route('cors: { origins: ["shop.example.com"] }'), '/routes/0/cors/origins/0 pattern'],
  [route('request: { body: { remove: [internal] } }'), '/routes/0/request/body/remove/0 pattern'],
  [route('respond: { body: hello }'), '/routes/0/respond required'],
  [route('respond: { status: "200" }'), '/routes/0/respond/status type'],
  [route('fallback: { body: hello }'), '/routes/0/fallback dependentRequired'],
  [route('split: { to: [{ upstream: orders }] }'), '/routes/0/split/to/0 required'],
  [route('split: off'), '/routes/0/split type'],
];

describe('the schema of gateway.yaml', () => {
  const complaints: unknown[] = [];
  let schema: AnySchemaObject;
  let include: AnySchemaObject;
  let ajv: Ajv2020;

  before(async () => {
    schema = await readJson('gateway.schema.json');
    include = await readJson('include.schema.json');
    ajv = new Ajv2020({
      strict: true,
      allErrors: true,
      allowUnionTypes: true,
      logger: { log: complain, warn: complain, error: complain },
    });
    ajv.addKeyword({ keyword: 'x-secret', schemaType: 'boolean' });
    ajv.addSchema([schema, include]);
  });

  function complain(...args: unknown[]): void {
    complaints.push(args);
  }

  /** `instancePath keyword` of each error, without those that only say that something inside of them failed. */
  function errors(id: string, text: string): string[] {
    const document: unknown = substitute(parse(text));
    ajv.validate(id, document);
    const inner = (ajv.errors ?? []).filter(({ keyword }) => keyword !== 'if' && keyword !== 'propertyNames');
    return inner.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`.trim());
  }

  it('compiles in strict mode without a warning', () => {
    expect(ajv.getSchema(ID)).to.be.a('function');
    expect(ajv.getSchema(INCLUDE_ID)).to.be.a('function');
    expect(complaints).to.deep.equal([]);
  });

  it('accepts the reference', async () => {
    const text = await readFile(new URL('../../../examples/reference.yaml', import.meta.url), 'utf8');
    expect(errors(ID, text)).to.deep.equal([]);
  });

  it('describes every property and shows what it may hold', () => {
    const bare: string[] = [];
    for (const [pointer, property] of properties()) {
      const target = property['$ref'] === undefined ? {} : resolve(property['$ref']);
      const described = property['description'] ?? target['description'];
      const shown = [property, target].some((part) => 'default' in part || 'examples' in part || isClosedList(part));
      if (typeof described !== 'string' || !described.endsWith('.') || !shown) bare.push(pointer);
    }
    expect(bare).to.deep.equal([]);
  });

  it('has a title and a description for every definition', () => {
    for (const [name, definition] of Object.entries<AnySchemaObject>(schema['$defs'])) {
      expect(definition['title'], name).to.match(/^[A-Z][A-Za-z]+$/);
      expect(definition['description'], name).to.match(/\.$/);
    }
  });

  it('has only defaults and examples that are valid themselves', () => {
    const invalid: string[] = [];
    for (const [pointer, part] of subschemas(schema, '')) {
      const values: unknown[] = [...('default' in part ? [part['default']] : []), ...(part['examples'] ?? [])];
      const validate = values.length === 0 ? undefined : ajv.getSchema(`${ID}#${encodeURI(pointer)}`);
      for (const value of values) {
        if (validate?.(substitute(value)) !== true) invalid.push(`${pointer}: ${JSON.stringify(value)}`);
      }
    }
    expect(invalid).to.deep.equal([]);
  });

  it('has the defaults of the reference and no others', () => {
    expect(collect('default')).to.deep.equal(DEFAULTS);
  });

  it('marks what must not be printed', () => {
    expect(Object.keys(collect('x-secret'))).to.have.members([
      'admin.token',
      'admin.registryToken',
      'database.url',
      'redis.url',
      'identity.tokens.secret',
      'issuers[].secret',
    ]);
  });

  it('lets defaults hold every key of an upstream and a route but those that make it one', () => {
    const without = (name: string, own: string[]): string[] => keys(name).filter((key) => !own.includes(key));
    expect(keys('upstreamDefaults')).to.deep.equal(without('upstream', ['targets', 'discover']));
    expect(keys('routeDefaults')).to.deep.equal(without('route', ['name', 'match', 'upstream', 'split', 'respond']));
  });

  it('takes off for every key that defaults can hold', () => {
    for (const kind of ['upstream', 'route']) {
      for (const key of keys(`${kind}Defaults`)) {
        const validate = ajv.getSchema(`${ID}#/$defs/${kind}/properties/${key}`);
        expect(validate?.('off'), `${kind} ${key}`).to.equal(true);
      }
    }
  });

  it('is what the types were generated from', async () => {
    const types = await readFile(new URL('../../../src/config/document.types.ts', import.meta.url), 'utf8');
    expect(types, 'run npm run generate').to.equal(await generateTypes());
  });

  describe('accepts', () => {
    for (const text of VALID) {
      it(text, () => expect(errors(ID, `version: 1\n${text}`)).to.deep.equal([]));
    }
  });

  describe('reports one error, at its place, for', () => {
    for (const [text, error] of INVALID) {
      it(`${text} → ${error}`, () => expect(errors(ID, `version: 1\n${text}`)).to.deep.equal([error]));
    }

    it('a file without a version', () => {
      expect(errors(ID, 'routes: []')).to.deep.equal(['required']);
    });

    it('a file for another version', () => {
      expect(errors(ID, 'version: 2')).to.deep.equal(['/version const']);
    });
  });

  it('reports every fault of a file, not the first', () => {
    const text = 'version: 1\nserver: { listen: 8080, limits: { bodyBytes: 10MB } }\nroute: []';
    expect(errors(ID, text)).to.have.members([
      '/server/listen type',
      '/server/limits/bodyBytes pattern',
      'additionalProperties',
    ]);
  });

  describe('of an included file', () => {
    it('accepts upstreams, routes, roles and free keys', () => {
      const text = `
        x-common: [anything]
        upstreams: { orders: { targets: ["http://127.0.0.1:9001"] } }
        routes: [{ name: orders, match: { path: /orders }, upstream: orders }]
        roles: { viewer: ["orders:read"] }`;
      expect(errors(INCLUDE_ID, text)).to.deep.equal([]);
      expect(errors(INCLUDE_ID, 'version: 1')).to.deep.equal([]);
    });

    it('refuses what belongs into the file that includes it', () => {
      expect(errors(INCLUDE_ID, 'server: {}')).to.deep.equal(['additionalProperties']);
      expect(errors(INCLUDE_ID, 'include: [more.yaml]')).to.deep.equal(['additionalProperties']);
      expect(errors(INCLUDE_ID, 'routes: [{ name: a }]')).to.deep.equal(['/routes/0 required']);
    });
  });

  /** The keys of an object in `$defs`. */
  function keys(name: string): string[] {
    return Object.keys(schema['$defs'][name]['properties']);
  }

  function resolve(ref: string): AnySchemaObject {
    const path = ref.replace('#/', '').split('/');
    return path.reduce<AnySchemaObject>((found, key) => found[key], schema);
  }

  function* properties(): Generator<[pointer: string, property: AnySchemaObject]> {
    for (const [pointer, part] of subschemas(schema, '')) {
      for (const [name, property] of Object.entries<AnySchemaObject | boolean>(part['properties'] ?? {})) {
        if (typeof property !== 'boolean') yield [`${pointer}/properties/${name}`, property];
      }
    }
  }

  /** The values of a keyword by the path of the key that has it, through references and all branches. */
  function collect(keyword: string): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    const visit = (part: AnySchemaObject | boolean | undefined, path: string): void => {
      if (typeof part !== 'object' || path === 'defaults') return;
      if (keyword in part) found[path] = part[keyword];
      if (part['$ref'] !== undefined) visit(resolve(part['$ref']), path);
      for (const [name, property] of Object.entries<AnySchemaObject>(part['properties'] ?? {})) {
        visit(property, path === '' ? name : `${path}.${name}`);
      }
      visit(part['additionalProperties'], `${path}.*`);
      visit(part['items'], `${path}[]`);
      visit(part['then'], path);
      visit(part['else'], path);
    };
    visit(schema, '');
    return found;
  }
});

async function readJson(file: string): Promise<AnySchemaObject> {
  const schema: AnySchemaObject = JSON.parse(
    await readFile(new URL(`../../../schemas/${file}`, import.meta.url), 'utf8'),
  );
  return schema;
}

/** Fills in `${NAME}` and `${NAME:-default}` as reading the file does, with a made-up value for a name without one. */
function substitute(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{\w+(?::-([^}]*))?\}/g, (_, fallback?: string) => fallback ?? 'x'.repeat(32));
  }
  if (Array.isArray(value)) return value.map(substitute);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, substitute(inner)]));
}

/** A schema and all schemas in it with their JSON pointers; references are not followed. */
function* subschemas(schema: AnySchemaObject, pointer: string): Generator<[pointer: string, part: AnySchemaObject]> {
  yield [pointer, schema];
  for (const keyword of SUBSCHEMAS) {
    if (typeof schema[keyword] === 'object') yield* subschemas(schema[keyword], `${pointer}/${keyword}`);
  }
  for (const keyword of SUBSCHEMA_MAPS) {
    for (const [name, part] of Object.entries<AnySchemaObject | boolean>(schema[keyword] ?? {})) {
      if (typeof part === 'object') yield* subschemas(part, `${pointer}/${keyword}/${name}`);
    }
  }
}

function isClosedList(schema: AnySchemaObject): boolean {
  return 'enum' in schema || 'const' in schema;
}
