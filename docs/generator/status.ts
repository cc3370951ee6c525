import { NOT_IMPLEMENTED } from '../../src/config/implemented.ts';

interface Area {
  readonly name: string;
  readonly works: string;
  /** The beginnings of the keys that belong to it. */
  readonly keys: readonly string[];
}

const AREAS: readonly Area[] = [
  {
    name: 'The file',
    works: '`include`, `defaults`, `x-` keys, `${NAME}`, `${NAME:-default}`, `${file:…}`, hot reload',
    keys: [],
  },
  {
    name: '`server`',
    works: '`listen`, `tls` (HTTP/1.1 and HTTP/2), `fastLane`, `trustedProxies`, `limits`, `timeouts`, `paths`',
    keys: ['server.'],
  },
  {
    name: '`admin`',
    works:
      '`listen`, `token`, `registryToken`; `/healthz`, `/readyz`, `/metrics`, `/api/v1/users`, `/api/v1/upstreams` with its instances',
    keys: ['admin.'],
  },
  {
    name: 'Logs, metrics',
    works: '`logs`; `metrics`, as Prometheus text and OpenMetrics',
    keys: ['metrics', 'tracing'],
  },
  {
    name: '`upstreams`',
    works:
      'all of it: `targets`, `discover`, `balance`, the timeouts, `health`, `outlier`, `breaker`, `retry`, `hedge`, `bulkhead`',
    keys: ['upstreams.*.', 'defaults.upstream.'],
  },
  {
    name: '`routes`',
    works:
      'all of it: `match`, `upstream`, `split`, `respond`, `rewrite`, `access`, `timeout`, `cors`, `ip`, `rateLimit`, `validate`, `bodyBytes`, `request`, `response`, `cache`, `fallback`, `websocket`, `mirror`',
    keys: ['routes[].', 'defaults.route.'],
  },
  {
    name: 'Login and roles',
    works: 'all of `identity`, `issuers`, `apiKeys`, `roles`, `database`, and of `access`',
    keys: ['identity', 'issuers', 'apiKeys', 'roles', 'database'],
  },
  {
    name: 'Shared state',
    works: 'rate limits, the registry of instances, and `cache`, in memory and over Redis',
    keys: ['redis', 'cache'],
  },
];

/** What works and what is refused, from the list that the program refuses by. */
export function status(): string {
  const rows = AREAS.map((area) => `| ${area.name} | ${area.works} | ${refused(area)} |`);
  const homeless = NOT_IMPLEMENTED.filter((entry) => !AREAS.some((area) => belongs(entry, area)));
  if (homeless.length > 0) throw new Error(`docs/generator/status.ts has no area for ${homeless.join(', ')}`);
  return ['| Area | What works today | What is refused until it does |', '| --- | --- | --- |', ...rows].join('\n');
}

function belongs(entry: string, { keys }: Area): boolean {
  return keys.some((key) => (key.endsWith('.') ? entry.startsWith(key) : entry === key || entry.startsWith(`${key}.`)));
}

function refused(area: Area): string {
  const entries = NOT_IMPLEMENTED.filter((entry) => belongs(entry, area)).map((entry) => {
    const prefix = area.keys.find((key) => key.endsWith('.') && entry.startsWith(key)) ?? '';
    return entry.slice(prefix.length).replace('={}', ': { … }').replace('=', ': ');
  });
  const names = [...new Set(entries)].map((entry) => `\`${entry}\``);
  return names.length === 0 ? '–' : names.join(', ');
}
