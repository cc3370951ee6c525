/**
 * The keys of the language that this version does not carry out yet. A configuration that uses one is refused, so that
 * a rule that somebody wrote is never served as if it were not there. `[]` stands for every item of a list, `*` for
 * every key. After `=` stands the one value that is refused, `{}` for any mapping.
 */
export const NOT_IMPLEMENTED: readonly string[] = [
  'server.tls',
  'server.workers',
  'admin.registryToken',
  'redis',
  'metrics',
  'tracing',
  'cache',
  ...upstreamKeys('upstreams.*'),
  ...upstreamKeys('defaults.upstream'),
  ...routeKeys('routes[]'),
  ...routeKeys('defaults.route'),
];

function upstreamKeys(prefix: string): string[] {
  const keys = ['discover', 'slowStart', 'health', 'outlier', 'breaker', 'retry', 'hedge', 'bulkhead'];
  const balances = ['least-connections', 'p2c', 'random', '{}'].map((value) => `${prefix}.balance=${value}`);
  return [...keys.map((key) => `${prefix}.${key}`), ...balances];
}

function routeKeys(prefix: string): string[] {
  const keys = ['split', 'cors', 'ip', 'rateLimit', 'validate', 'cache', 'fallback', 'mirror'];
  const edits = ['request.query', 'request.body', 'response.body'];
  return [...keys, ...edits].map((key) => `${prefix}.${key}`);
}
