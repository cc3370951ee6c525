interface Area {
  readonly name: string;
  readonly works: string;
}

const AREAS: readonly Area[] = [
  {
    name: 'The file',
    works: '`include`, `defaults`, `x-` keys, `${NAME}`, `${NAME:-default}`, `${file:…}`, hot reload',
  },
  {
    name: '`server`',
    works: '`listen`, `tls` (HTTP/1.1 and HTTP/2), `fastLane`, `trustedProxies`, `limits`, `timeouts`, `paths`',
  },
  {
    name: '`admin`',
    works:
      '`listen`, `token`, `registryToken`; the status page at `/`, `/healthz`, `/readyz`, `/metrics`, and [the API](docs/operations.md#the-admin-api) below `/api/v1`',
  },
  {
    name: 'Logs, metrics, traces',
    works: '`logs`, `tracing`; `metrics`, as Prometheus text and OpenMetrics',
  },
  {
    name: '`upstreams`',
    works:
      'all of it: `targets`, `discover`, `balance`, the timeouts, `health`, `outlier`, `breaker`, `retry`, `hedge`, `bulkhead`',
  },
  {
    name: '`routes`',
    works:
      'all of it: `match`, `upstream`, `split`, `respond`, `rewrite`, `access`, `timeout`, `cors`, `ip`, `rateLimit`, `validate`, `bodyBytes`, `request`, `response`, `cache`, `fallback`, `websocket`, `mirror`',
  },
  {
    name: 'Login and roles',
    works: 'all of `identity`, `issuers`, `apiKeys`, `roles`, `database`, and of `access`',
  },
  {
    name: 'Shared state',
    works: 'rate limits, the registry of instances, and `cache`, in memory and over Redis',
  },
];

/** What there is of the language. */
export function status(): string {
  const rows = AREAS.map(({ name, works }) => `| ${name} | ${works} |`);
  return ['| Area | What there is |', '| --- | --- |', ...rows].join('\n');
}
