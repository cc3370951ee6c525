import type { ProblemCode } from '../../src/errors.ts';

/** Shell functions that the commands below use. */
export const FUNCTIONS = `lines() { journalctl -u gatewayctl -o cat | jq -cR "fromjson? | select($1)"; }
metric() { curl -s http://127.0.0.1:9901/metrics | grep "^$1"; }
admin() { curl -s -H "authorization: Bearer $GATEWAYCTL_TOKEN" "http://127.0.0.1:9901/api/v1$1"; }`;

const error = (start: string): string => `lines '(.error // "") | startswith("${start}")'`;
const unrouted = (status: number): string => `lines '.route == "_none" and .status == ${status}'`;
const identity = (status: number): string => `lines '.route == "_identity" and .status == ${status}'`;
const attempts = (outcome: string): string => `metric 'gateway_upstream_attempts_total.*outcome="${outcome}'`;

/** What to type when a problem is to be looked into. A code without an entry does not compile. */
export const COMMANDS: Readonly<Record<ProblemCode, readonly string[]>> = {
  'invalid-request': [unrouted(400), `lines '.msg == "request refused by the parser"'`],
  'invalid-target': [unrouted(400)],
  'invalid-host': [unrouted(400), 'curl -v http://127.0.0.1:8080/ -H "Host: www.example.com"'],
  'invalid-body': [identity(400), error('invalid-request: body'), 'curl -s http://127.0.0.1:8080/auth/openapi.json'],
  'validation-failed': [error('invalid-request:')],
  'invalid-query': ['admin /openapi.json'],
  unauthorized: [error('unauthorized:'), `metric 'gateway_auth_total'`, 'gatewayctl keys list'],
  'invalid-credentials': ['gatewayctl user show ADDRESS', `metric 'gateway_logins_total.*refused'`],
  'invalid-refresh-token': ['gatewayctl user show ADDRESS', identity(401)],
  forbidden: [error('forbidden:'), 'gatewayctl role list', 'gatewayctl user show ADDRESS'],
  'address-refused': [error('address-refused:')],
  'upgrade-refused': [`lines '.status == 403 and .error == null'`],
  'csrf-refused': [error('csrf: ')],
  'registration-closed': [identity(403), 'gatewayctl user add ADDRESS --role ROLE'],
  'admin-token-required': ['grep -n -A3 "^admin:" /etc/gatewayctl/gateway.yaml', 'openssl rand -hex 24'],
  'route-not-found': [
    unrouted(404),
    'gatewayctl validate --allow-missing-env /etc/gatewayctl/gateway.yaml',
    `metric 'gateway_config_info'`,
  ],
  'session-not-found': [identity(404), 'gatewayctl user show ADDRESS'],
  'user-not-found': ['gatewayctl user list'],
  'upstream-not-found': ['gatewayctl upstreams'],
  'instance-not-found': [
    'gatewayctl upstreams NAME',
    `lines '.msg == "instance registered" or .msg == "instance removed"'`,
  ],
  'identity-not-configured': ['grep -n "^identity:" /etc/gatewayctl/gateway.yaml'],
  'method-not-allowed': [unrouted(405), 'curl -si -X METHOD http://127.0.0.1:8080/PATH | grep -i "^allow:"'],
  'request-timeout': [`lines '.status == 408'`, attempts('request_body')],
  'email-taken': ['gatewayctl user show ADDRESS', identity(409)],
  'registry-not-configured': ['gatewayctl upstreams NAME', 'grep -n -B2 -A2 "registry" /etc/gatewayctl/gateway.yaml'],
  'body-too-large': [`lines '.status == 413'`, 'grep -rn "bodyBytes" /etc/gatewayctl'],
  'uri-too-long': [unrouted(414), 'grep -n "uriBytes" /etc/gatewayctl/gateway.yaml'],
  'unsupported-media-type': [`lines '.status == 415'`],
  'expectation-failed': [unrouted(417)],
  'misdirected-request': [
    'curl -si http://127.0.0.1:9901/healthz',
    'grep -n -A3 "^admin:" /etc/gatewayctl/gateway.yaml',
  ],
  'too-many-requests': [
    `lines '.status == 429' | jq -r .client | sort | uniq -c | sort -rn | head`,
    `metric 'gateway_rate_limited_total'`,
  ],
  'too-many-attempts': [`metric 'gateway_logins_total.*locked'`, 'gatewayctl user enable ADDRESS'],
  'headers-too-large': [unrouted(431), 'grep -n "headerBytes" /etc/gatewayctl/gateway.yaml'],
  'internal-error': [`lines '.status == 500'`, `lines '.level == "error"'`],
  'method-not-implemented': [unrouted(501)],
  'upstream-unreachable': ['gatewayctl upstreams NAME', attempts('connect'), attempts('tls')],
  'upstream-reset': [attempts('reset'), error('reset')],
  'upstream-invalid-response': [`lines '.status == 502'`, attempts('invalid_response')],
  'circuit-open': ['gatewayctl upstreams NAME', error('circuit-open'), `metric 'gateway_breaker_state'`],
  'no-endpoint': ['gatewayctl upstreams NAME', error('no-endpoint'), `metric 'gateway_endpoint_healthy'`],
  'upstream-busy': [`metric 'gateway_bulkhead_in_use'`, `metric 'gateway_bulkhead_queued'`, error('bulkhead')],
  'too-many-websockets': [`metric 'gateway_websockets'`, `lines '.status == 503 and .upstream == null'`],
  'issuer-unavailable': [error('unauthorized: keys-unavailable'), 'curl -si JWKS_URL'],
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
  'not-cached': [`lines '.status == 504 and .cache != null'`],
  'upstream-timeout': ['gatewayctl upstreams NAME', attempts('timeout'), `metric 'gateway_upstream_duration_seconds'`],
  'http-version-not-supported': [unrouted(505)],
  'registry-full': ['gatewayctl upstreams NAME'],
  'no-such-route': ['gatewayctl routes', 'gatewayctl status'],
  'precondition-failed': [
    'curl -si -H "authorization: Bearer $GATEWAYCTL_TOKEN" http://127.0.0.1:9901/api/v1/config | grep -i etag',
  ],
  'reload-refused': ['gatewayctl status', 'gatewayctl validate --allow-missing-env /etc/gatewayctl/gateway.yaml'],
  'reload-failed': ['gatewayctl status', `lines '.msg == "reload failed: the former configuration goes on"'`],
};
