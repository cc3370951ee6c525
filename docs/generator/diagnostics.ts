import { DIAGNOSTIC_CODES, type DiagnosticCode } from '../../src/config/diagnostic.ts';
import { check } from './check.ts';

/** What to do about a finding, and the smallest configuration that has it. */
interface Advice {
  readonly mend: string;
  /** Nothing where a few lines cannot show it. */
  readonly example?: string;
}

const ROUTE = '  - { name: home, match: { path: / }, access: public, respond: { status: 204 } }\n';

const BY_CODE: Readonly<Record<DiagnosticCode, Advice>> = {
  'unreadable-file': { mend: 'Name a file that exists and that the user of the process may read. The exit code is 2.' },
  'too-large': { mend: 'Split it with `include`. 10,000 routes fit into the limit.' },
  'too-deep': { mend: 'A configuration nests about ten levels. Look for a bracket that is never closed.' },
  'invalid-utf8': { mend: 'Save the file as UTF-8.' },
  'yaml-syntax': {
    mend: 'Mend the place that is shown. What follows the first syntax error is not looked at.',
    example: 'version: 1\nroutes:\n\t- name: home\n',
  },
  'duplicate-key': {
    mend: 'Remove one of the two, or rename it.',
    example: 'version: 1\nlogs:\n  level: info\n  level: debug\n',
  },
  'alias-expansion': {
    mend: 'Write the value out, or put a value that begins with `*` in quotes.',
    example: 'version: 1\nroutes: *common\n',
  },
  'empty-file': { mend: '`gatewayctl init` writes a file to begin with.', example: '# nothing yet\n' },
  'missing-variable': {
    mend: 'Set it, or give a default: `${NAME:-default}`. In CI, `--allow-missing-env` accepts it.',
    example: 'version: 1\nadmin: { token: "${ADMIN_TOKEN}" }\n',
  },
  'invalid-interpolation': {
    mend: 'Write `${NAME}`, `${NAME:-default}` or `${file:/path}`; `$${` for a literal `${`.',
    example: 'version: 1\nlogs: { level: "${LOG LEVEL}" }\n',
  },
  'unknown-version': { mend: 'Write `version: 1`, without quotes.', example: 'version: 2\n' },
  'unknown-key': {
    mend: 'Correct its name. Keys that begin with `x-` are allowed at the top level, for anchors and notes.',
    example: 'version: 1\nserver:\n  timeouts: { header: 5s }\n',
  },
  'missing-key': {
    mend: 'Add it.',
    example: 'version: 1\nroutes:\n  - { name: home, access: public, respond: { status: 204 } }\n',
  },
  'wrong-type': {
    mend: 'Write the form that is expected. YAML reads `8080` as a number and `yes` as text.',
    example: 'version: 1\nserver: { listen: 8080 }\n',
  },
  'invalid-value': {
    mend: 'Write a value that the key takes: see [configuration.md](configuration.md).',
    example: 'version: 1\nserver: { limits: { bodyBytes: 10MB } }\n',
  },
  'duplicate-name': {
    mend: 'Rename one of them. Both places are named, also across included files.',
    example: `version: 1\nroutes:\n${ROUTE}${ROUTE.replace('path: /', 'path: /b')}`,
  },
  'unknown-reference': {
    mend: 'Correct the name, or define it.',
    example: 'version: 1\nroutes:\n  - { name: home, match: { path: / }, access: public, upstream: orders }\n',
  },
  'route-conflict': {
    mend: 'Tell them apart by host, method or header, or remove one. The order of routes never decides.',
    example: `version: 1\nroutes:\n${ROUTE}${ROUTE.replace('name: home', 'name: start')}`,
  },
  'access-without-identity': {
    mend: 'Name the `issuers` whose tokens are accepted: see [access.md](access.md). Or add `access: public`, on the route or under `defaults.route`.',
    example: `version: 1\nroutes:\n${ROUTE.replace(' access: public,', '')}`,
  },
  'admin-token-required': {
    mend: 'Give `admin.token` a value from the environment or a file, or listen on loopback.',
    example: 'version: 1\nadmin: { listen: "0.0.0.0:9901" }\n',
  },
  'invalid-file': {
    mend: 'Correct the path: it is relative to the file that it is written in. Certificates and keys are PEM.',
    example: `version: 1\nupstreams:\n  orders:\n    targets: [https://orders.internal]\n    tls: { ca: ca.pem }\nroutes:\n  - { name: orders, match: { path: /orders }, access: public, upstream: orders }\n`,
  },
  'invalid-schema': {
    mend: 'Schemas are JSON Schema 2020-12. Every keyword and every format has to be known, and references stay within the document. In a schema of a query, of parameters or of headers each rule needs a `type` beside it. Names of headers are in lower case.',
    example: `version: 1\nroutes:\n  - name: orders\n    match: { path: / }\n    access: public\n    validate:\n      query:\n        type: object\n        properties: { page: { type: integer, minimun: 1 } }\n    respond: { status: 200 }\n`,
  },
  'unreachable-route': {
    mend: 'Remove it, or change what keeps requests from it.',
    example: `version: 1\nroutes:\n${ROUTE.replace('path: /', 'path: /a%2Fb')}`,
  },
  'unused-upstream': {
    mend: 'Remove it, or route something to it. Often the name in a route is another one.',
    example: `version: 1\nupstreams:\n  orders: { targets: [http://127.0.0.1:9001] }\nroutes:\n${ROUTE}`,
  },
  'retries-exceed-timeout': {
    mend: 'Lower `retry.attempts` or `responseTimeout`, or raise the `timeout` of the route.',
  },
  'public-mutation': {
    mend: 'Remove `access: public` from the route, or limit its methods.',
  },
  'claims-on-public-route': {
    mend: 'Make the route `access: optional`, which knows callers who say who they are, or remove what uses claims.',
    example: `version: 1\nupstreams: { orders: { targets: [http://127.0.0.1:9001] } }\nroutes:\n  - name: orders\n    match: { path: /orders }\n    access: public\n    upstream: orders\n    request: { headers: { set: { x-user: '{{claims.sub}}' } } }\n`,
  },
  'mirror-to-itself': {
    mend: 'Mirror to an upstream of its own, with a database of its own, or remove `mirror`.',
    example: `version: 1\nupstreams: { orders: { targets: [http://127.0.0.1:9001] } }\nroutes:\n  - name: orders\n    match: { path: /orders }\n    access: public\n    upstream: orders\n    mirror: { upstream: orders }\n`,
  },
  'certificate-not-valid-now': {
    mend: 'Renew the certificate. It is read again when its file changes, and `serve` starts with it until then.',
  },
  'plain-http-credentials': {
    mend: 'Add `server.tls`, let a proxy in front end TLS and name it in `server.trustedProxies`, or listen on loopback.',
    example: `version: 1\nserver: { listen: "0.0.0.0:8080" }\napiKeys: {}\nroutes:\n${ROUTE}`,
  },
  'address-within-block': {
    mend: 'Write the first address of the block, or the whole length of an address (32, or 128 of IPv6) for that one alone.',
    example: `version: 1\nroutes:\n  - name: home\n    match: { path: / }\n    access: public\n    ip: { allow: [10.0.0.1/8] }\n    respond: { status: 204 }\n`,
  },
  'tls-verification-off': {
    mend: 'Give `tls.ca` the certificate that signs the one of the upstream, and leave `verify` on.',
    example: `version: 1\nupstreams:\n  orders:\n    targets: [https://orders.internal]\n    tls: { verify: false }\nroutes:\n  - { name: orders, match: { path: /orders }, access: public, upstream: orders }\n`,
  },
  'workers-without-redis': {
    mend: 'Add `redis.url`, so that workers share what they count and keep, or leave `server.workers` at 1. `cache.redis: false` says that a cache for each is meant.',
    example: `version: 1\nserver: { workers: 2 }\nroutes:\n  - name: home\n    match: { path: / }\n    access: public\n    respond: { status: 204 }\n    rateLimit: { requests: 10, per: 1s }\n`,
  },
  'cache-without-effect': {
    mend: 'Remove it, or give it something to keep: a route with an upstream that takes GET, and memory or a Redis that is large enough. Keep `maxBytes` below what answers are collected in: see [cache.md](cache.md#what-is-kept-and-for-how-long).',
    example: `version: 1\nroutes:\n  - name: home\n    match: { path: / }\n    access: public\n    respond: { status: 204 }\n    cache: { ttl: 30s }\n`,
  },
  'cache-across-callers': {
    mend: 'Let each caller have answers of their own, or put what an answer depends on into `cache.vary`. See [cache.md](cache.md#credentials-and-cookies).',
    example: `version: 1\nupstreams: { shop: { targets: [http://127.0.0.1:9001] } }\nroutes:\n  - name: shop\n    match: { path: / }\n    access: public\n    upstream: shop\n    cache: { ttl: 30s, storeSetCookie: true }\n`,
  },
  'vary-on-credentials': {
    mend: 'Remove the header from `cache.vary`. The key holds the identity of who calls unless `shareBetweenUsers` is set.',
    example: `version: 1\nupstreams: { shop: { targets: [http://127.0.0.1:9001] } }\nroutes:\n  - name: shop\n    match: { path: / }\n    access: public\n    upstream: shop\n    cache: { vary: [cookie] }\n`,
  },
  'otlp-grpc-port': {
    mend: 'Name the port on which the collector takes OTLP over HTTP: 4318, unless it is told otherwise.',
    example: `version: 1\ntracing: { otlp: "http://127.0.0.1:4317" }\nroutes:\n${ROUTE}`,
  },
  'include-without-match': {
    mend: 'Correct the glob. An empty folder is no mistake: new files in it are picked up.',
    example: `version: 1\ninclude: [services/*.yaml]\nroutes:\n${ROUTE}`,
  },
};

const INTRODUCTION = `# Every diagnostic

Generated from \`src/config/diagnostic.ts\` and \`docs/generator/diagnostics.ts\` by \`npx tsx docs/generate.ts\`. The
output under each code is what \`gatewayctl validate --strict\` prints about a small \`gateway.yaml\`.

A finding has a code, a severity, a place and mostly a hint. Match on the code: messages may change. An error makes the
file invalid, a warning only with \`--strict\`.`;

/** The page of every diagnostic, with examples as the program prints them now. */
export async function diagnostics(): Promise<string> {
  const sections = await Promise.all(Object.entries(BY_CODE).map(async ([code, advice]) => section(code, advice)));
  const rows = Object.entries(DIAGNOSTIC_CODES).map(([code, text]) => `| [\`${code}\`](#${code}) | ${text} |`);
  const table = ['| Code | What it means |', '| --- | --- |', ...rows].join('\n');
  return [INTRODUCTION, table, ...sections].join('\n\n') + '\n';
}

async function section(code: string, { mend, example }: Advice): Promise<string> {
  const meaning = Object.entries(DIAGNOSTIC_CODES).find(([key]) => key === code)?.[1] ?? '';
  const parts = [`## ${code}`, meaning, mend];
  if (example !== undefined) {
    const { printed, codes } = await check(example);
    if (!codes.some((found) => found === code)) throw new Error(`the example of ${code} shows ${codes.join(', ')}`);
    parts.push(`\`\`\`text\n${printed}\n\`\`\``);
  }
  return parts.join('\n\n');
}
