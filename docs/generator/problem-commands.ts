import type { ProblemCode } from '../../src/errors.ts';

/** Shell functions that the commands below use. */
export const FUNCTIONS = `lines() { journalctl -u gatewayctl -o cat | jq -cR "fromjson? | select($1)"; }
metric() { curl -s http://127.0.0.1:9901/metrics | grep "^$1"; }
admin() { curl -s -H "authorization: Bearer $GATEWAYCTL_TOKEN" "http://127.0.0.1:9901/api/v1$1"; }`;

const ASKED = (path: string, options = ''): string =>
  `docker compose exec -T gateway-1 node -e "fetch('http://127.0.0.1:9901${path}'${options}).then(async (a) => console.log(await a.text()))"`;
const SECRET = `require('fs').readFileSync('/run/secrets/admin-token', 'utf8').trim()`;

/** The same where the gateway runs as deploy/compose.yaml has it: nobody outside reaches the admin listener. */
export const COMPOSE_FUNCTIONS = `lines() { docker compose logs --no-log-prefix gateway-1 gateway-2 | jq -cR "fromjson? | select($1)"; }
metric() { ${ASKED('/metrics')} | grep "^$1"; }
admin() { ${ASKED('/api/v1$1', `, { headers: { authorization: 'Bearer ' + ${SECRET} } }`)}; }`;

const attempts = (outcome: string): string => `metric 'gateway_upstream_attempts_total.*outcome="${outcome}'`;

/** What only the admin listener answers with, which has no access log. */
const OF_ADMIN: ReadonlySet<ProblemCode> = new Set([
  'admin-token-required',
  'cache-unavailable',
  'identity-not-configured',
  'instance-not-found',
  'invalid-query',
  'misdirected-request',
  'no-such-route',
  'precondition-failed',
  'registry-full',
  'registry-not-configured',
  'registry-unavailable',
  'reload-failed',
  'reload-refused',
  'upstream-not-found',
  'user-not-found',
]);

/** What to type when a problem is to be looked into: the lines of the requests that got it, then what is behind it. */
export function commandsFor(code: ProblemCode): readonly string[] {
  return [...(OF_ADMIN.has(code) ? [] : [`lines '.problem == "${code}"'`]), ...COMMANDS[code]];
}

/** What else to type. A code without an entry does not compile. */
const COMMANDS: Readonly<Record<ProblemCode, readonly string[]>> = {
  'invalid-request': [],
  'invalid-target': [],
  'invalid-host': ['curl -v http://127.0.0.1:8080/ -H "Host: www.example.com"'],
  'invalid-body': ['curl -s http://127.0.0.1:8080/auth/openapi.json'],
  'validation-failed': [],
  'invalid-query': ['admin /openapi.json'],
  unauthorized: [`metric 'gateway_auth_total'`, 'gatewayctl keys list'],
  'invalid-credentials': ['gatewayctl user show ADDRESS', `metric 'gateway_logins_total.*refused'`],
  'invalid-refresh-token': ['gatewayctl user show ADDRESS'],
  forbidden: ['gatewayctl role list', 'gatewayctl user show ADDRESS'],
  'address-refused': [],
  'upgrade-refused': [],
  'csrf-refused': [],
  'registration-closed': ['gatewayctl user add ADDRESS --role ROLE'],
  'admin-token-required': ['grep -n -A3 "^admin:" /etc/gatewayctl/gateway.yaml', 'openssl rand -hex 24'],
  'route-not-found': [
    'gatewayctl validate --allow-missing-env /etc/gatewayctl/gateway.yaml',
    `metric 'gateway_config_info'`,
  ],
  'session-not-found': ['gatewayctl user show ADDRESS'],
  'user-not-found': ['gatewayctl user list'],
  'upstream-not-found': ['gatewayctl upstreams'],
  'instance-not-found': [
    'gatewayctl upstreams NAME',
    `lines '.msg == "instance registered" or .msg == "instance removed"'`,
  ],
  'identity-not-configured': ['grep -n "^identity:" /etc/gatewayctl/gateway.yaml'],
  'method-not-allowed': ['curl -si -X METHOD http://127.0.0.1:8080/PATH | grep -i "^allow:"'],
  'request-timeout': [attempts('request_body')],
  'email-taken': ['gatewayctl user show ADDRESS'],
  'registry-not-configured': ['gatewayctl upstreams NAME', 'grep -n -B2 -A2 "registry" /etc/gatewayctl/gateway.yaml'],
  'body-too-large': ['grep -rn "bodyBytes" /etc/gatewayctl'],
  'uri-too-long': ['grep -n "uriBytes" /etc/gatewayctl/gateway.yaml'],
  'unsupported-media-type': [],
  'expectation-failed': [],
  'misdirected-request': [
    'curl -si http://127.0.0.1:9901/healthz',
    'grep -n -A3 "^admin:" /etc/gatewayctl/gateway.yaml',
  ],
  'too-many-requests': [
    `lines '.problem == "too-many-requests"' | jq -r .client | sort | uniq -c | sort -rn | head`,
    `metric 'gateway_rate_limited_total'`,
  ],
  'too-many-attempts': [`metric 'gateway_logins_total.*locked'`, 'gatewayctl user enable ADDRESS'],
  'headers-too-large': ['grep -n "headerBytes" /etc/gatewayctl/gateway.yaml'],
  'internal-error': [`lines '.level == "error"'`, `metric 'gateway_internal_errors_total'`],
  'method-not-implemented': [],
  'upstream-unreachable': ['gatewayctl upstreams NAME', attempts('connect'), attempts('tls')],
  'upstream-reset': [attempts('reset')],
  'upstream-invalid-response': [attempts('invalid_response')],
  'circuit-open': ['gatewayctl upstreams NAME', `metric 'gateway_breaker_state'`],
  'no-endpoint': ['gatewayctl upstreams NAME', `metric 'gateway_endpoint_healthy'`],
  'upstream-busy': [`metric 'gateway_bulkhead_in_use'`, `metric 'gateway_bulkhead_queued'`],
  'too-many-websockets': [`metric 'gateway_websockets'`],
  'issuer-unavailable': ['curl -si JWKS_URL'],
  'database-unavailable': [
    'curl -s http://127.0.0.1:9901/readyz',
    'gatewayctl migrate status',
    `metric 'gateway_database_up'`,
  ],
  'registry-unavailable': [
    'curl -s http://127.0.0.1:9901/readyz',
    `metric 'gateway_redis_up'`,
    'redis-cli -u REDIS_URL ping',
  ],
  'cache-unavailable': [
    `lines '.msg == "cache purged"'`,
    'curl -s http://127.0.0.1:9901/readyz',
    `metric 'gateway_redis_up'`,
  ],
  busy: [`metric 'gateway_held_body_bytes'`, `metric 'gateway_logins_total.*busy'`],
  'not-cached': [`metric 'gateway_cache_requests_total'`],
  'upstream-timeout': ['gatewayctl upstreams NAME', attempts('timeout'), `metric 'gateway_upstream_duration_seconds'`],
  'http-version-not-supported': [],
  'registry-full': ['gatewayctl upstreams NAME'],
  'no-such-route': ['gatewayctl routes', 'gatewayctl status'],
  'precondition-failed': [
    'curl -si -H "authorization: Bearer $GATEWAYCTL_TOKEN" http://127.0.0.1:9901/api/v1/config | grep -i etag',
  ],
  'reload-refused': ['gatewayctl status', 'gatewayctl validate --allow-missing-env /etc/gatewayctl/gateway.yaml'],
  'reload-failed': ['gatewayctl status', `lines '.msg == "reload failed: the former configuration goes on"'`],
};
