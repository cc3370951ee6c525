import { PROBLEMS } from '../../src/errors.ts';
import type { ProblemCode } from '../../src/errors.ts';
import { commandsFor, COMPOSE_FUNCTIONS, FUNCTIONS } from './problem-commands.ts';

/** What helps somebody who sees a problem. A code without an entry does not compile. */
interface Troubleshooting {
  readonly means: string;
  /** What to look at, in this order. */
  readonly check: readonly string[];
  /** Which field of the access line or which metric tells it. */
  readonly tells: string;
}

const BY_CODE: Readonly<Record<ProblemCode, Troubleshooting>> = {
  'invalid-request': {
    means:
      'What came is not HTTP/1.1 as RFC 9112 writes it: two ways of framing a body, a bare line feed, a folded header line, a malformed chunk. The connection closes after the answer.',
    check: [
      'The `detail` of the answer, when there is one, names the fault.',
      'A proxy in front that repairs or merges requests.',
      'TLS sent to the plain port: a client that says https to an http port.',
      'Otherwise somebody probes for request smuggling: look at the clients of such lines.',
    ],
    tells:
      '`route` is `_none` when the head was at fault. With `logs.level: debug` the program log has `request refused by the parser` for what `node:http` did not take.',
  },
  'invalid-target': {
    means:
      'The request target has no canonical form: a bad percent-escape, an escaped slash, a dot segment, a backslash, a control character, or bytes that are not UTF-8.',
    check: [
      'The `detail` of the answer names the fault.',
      '`server.paths`, when clients legitimately send `%2F` or `..`: `encodedSlash: keep`, `dotSegments: normalise`.',
    ],
    tells: '`route` is `_none`, `path` holds the target as it came, without its query.',
  },
  'invalid-host': {
    means:
      'There is no Host header, more than one, one that is not a host and port, or one that differs from the host in the request target.',
    check: ['The client, or the proxy in front of it: one Host, a name or an address, with or without a port.'],
    tells: '`route` is `_none`.',
  },
  'invalid-body': {
    means:
      'The JSON of a request to the identity or to the admin API is not what the operation takes, or the body on a route with `validate.body` or `request.body` cannot be read as JSON that everybody reads in the same way. `errors` has a JSON pointer, a code and words for each fault.',
    check: [
      '`errors` of the answer: the field, and what is wrong with it.',
      '`GET` of `openapi.json` under `identity.path` says what each operation takes.',
      '[validation.md](validation.md#what-is-json) says which JSON is refused: names that stand twice, halves of surrogate pairs, numbers out of range, more than 100 levels, more than 100,000 values.',
    ],
    tells: '`route` is `_identity`, or `error` begins with `invalid-request: body`.',
  },
  'validation-failed': {
    means:
      'Path, query, headers or body are not what the schemas under `validate` ask for, or `request.body` cannot be carried out in the body that came. `errors` tells up to 100 faults at once, each with the part (`in`), a JSON pointer, a code and words.',
    check: [
      '`errors` of the answer: what is wrong, and where.',
      'The schemas of the route, which the access line names.',
      'A value of a query, a path or a header is text: it counts as a number when it is written as JSON writes numbers.',
    ],
    tells: '`error` is `invalid-request:` and the first fault.',
  },
  'invalid-query': {
    means: 'A query parameter of the admin API is not known, or has a value that it cannot have.',
    check: ['The `detail` of the answer names the parameter.'],
    tells: 'Nothing: admin requests are not in the access log.',
  },
  'invalid-credentials': {
    means:
      'No user has this address and this password. Whether the address is unknown, the user is disabled or the password is wrong is not told to anybody who asks.',
    check: ['`gatewayctl user show ADDRESS`: does the user exist, and is it enabled?'],
    tells: '`gateway_logins_total{result="refused"}`.',
  },
  'invalid-refresh-token': {
    means:
      'The refresh token was never issued, has expired, belongs to a session that ended, or was used before. A second use ends the session, since one of the two users may be a thief.',
    check: [
      'A client that refreshes twice at once, or keeps the old token after a refresh.',
      '`gatewayctl user show ADDRESS`: how many sessions are left?',
    ],
    tells: '`route` is `_identity` and `path` ends with `/refresh`.',
  },
  'csrf-refused': {
    means:
      'A request that changes something came with the access cookie and without the `X-CSRF-Token` of its session; or a WebSocket with that cookie was asked for by a page of another origin.',
    check: [
      'The client has to send the value of the cookie `gw_csrf` in `X-CSRF-Token`.',
      'Without a client of your own behind it: another site tried to act for the user.',
    ],
    tells: '`error` is `csrf: ` and the reason.',
  },
  'registration-closed': {
    means: 'Somebody tried to register, and `identity.registration` is `closed`.',
    check: ['`identity.registration: open`, or `gatewayctl user add`.'],
    tells: '`route` is `_identity` and `path` ends with `/register`.',
  },
  'admin-token-required': {
    means:
      'The admin API was asked about users, and `admin.token` is not set. Whoever reached it could make themselves an administrator.',
    check: ['Set `admin.token`, and send it as `Authorization: Bearer`.'],
    tells: 'Nothing: admin requests are not in the access log.',
  },
  'session-not-found': {
    means: 'The user has no such session, or it has ended.',
    check: ['`GET` of `sessions` under `identity.path` lists those that have not.'],
    tells: '`route` is `_identity`.',
  },
  'user-not-found': {
    means: 'The admin API was asked for a user that does not exist.',
    check: ['`GET /api/v1/users?search=…` of the admin API, or `gatewayctl user list --search …`.'],
    tells: 'Nothing: admin requests are not in the access log.',
  },
  'upstream-not-found': {
    means: 'The admin API was asked about an upstream that the configuration does not have.',
    check: ['The name against `upstreams` of the file that serves: an upstream that is new has to be loaded first.'],
    tells: 'Nothing: admin requests are not in the access log.',
  },
  'no-such-route': {
    means: 'Somebody asks the admin API for a route by a name that none has in the configuration that serves.',
    check: [
      '`gatewayctl routes` lists those that there are.',
      'Whether the newest configuration serves: `gatewayctl status`.',
    ],
    tells: 'Nothing: admin requests are not in the access log.',
  },
  'instance-not-found': {
    means: 'The upstream has no such instance: it never registered, it deregistered, or it was not renewed in time.',
    check: ['`GET /api/v1/upstreams/NAME/instances` of the admin API lists those that there are.'],
    tells: 'The program log has `instance registered` and `instance removed`; what expires has no line there.',
  },
  'registry-not-configured': {
    means: 'An instance wants to register with an upstream whose endpoints are found in another way.',
    check: ['Write `discover: { registry: true }` in place of `targets`, or of another `discover`, in that upstream.'],
    tells: 'Nothing: admin requests are not in the access log.',
  },
  'registry-unavailable': {
    means:
      'The registry that the gateways share cannot be asked, or the gateway is about to end. The instances that are known go on to be used.',
    check: ['`redis`, from the gateway’s machine.', 'Instances have to try again, as `Retry-After` says.'],
    tells: 'Nothing: admin requests are not in the access log.',
  },
  'cache-unavailable': {
    means:
      'A purge did not reach all that is stored: Redis gave no answer, or a worker did not. What could be reached was purged, as `detail` says; the rest may go on to be used as long as it is fresh.',
    check: [
      '`detail` of the answer: Redis, or workers.',
      '`redis`, from the gateway’s machine; `GET /readyz` tells how it and the workers fare.',
      'Purge again, as `Retry-After` says: doing so twice does no harm.',
    ],
    tells: 'The log has `cache purged` with how far that went. Admin requests are not in the access log.',
  },
  'registry-full': {
    means:
      'The upstream has 1,000 instances, and takes no further one. Those that are registered can be renewed. It is not 503, since the registry works and waiting alone does not help.',
    check: [
      '`GET /api/v1/upstreams/NAME/instances`: an instance that registers under a new id at each start leaves the old one until its `ttl` is over.',
      'Let instances deregister when they stop, and give them a shorter `ttl`.',
    ],
    tells: 'Nothing: admin requests are not in the access log.',
  },
  'identity-not-configured': {
    means: 'The admin API was asked about users, and the configuration has no `identity`.',
    check: ['Add `identity`, or use the user service of your issuer.'],
    tells: 'Nothing: admin requests are not in the access log.',
  },
  'email-taken': {
    means: 'There is a user with this e-mail address already. Upper and lower case are the same.',
    check: ['`gatewayctl user show ADDRESS`.'],
    tells: '`route` is `_identity`, `status` 409.',
  },
  'unsupported-media-type': {
    means: 'The body of a request to the identity or to the admin API is not `application/json`.',
    check: ['`Content-Type` of the client.'],
    tells: '`route` is `_identity`, `status` 415.',
  },
  'reload-refused': {
    means:
      'The files of the configuration were read by a reload over the admin API and have errors. The former configuration serves on.',
    check: [
      '`diagnostics` of the answer: each error at its line, with a code frame and what to write instead.',
      '`gatewayctl validate` says the same of the files where they are.',
    ],
    tells:
      'The program log has `configuration refused: the former one goes on`, and `gateway_config_last_reload_successful` is 0.',
  },
  'too-many-requests': {
    means:
      'The client made more requests than `identity.rateLimit` allows. `Retry-After` says when the next one passes.',
    check: [
      'One address for many people, such as an office: raise `identity.rateLimit`.',
      'A proxy in front that is not in `server.trustedProxies`: all clients look like one.',
    ],
    tells: '`route` is `_identity`, `status` 429; `client` of the access lines.',
  },
  'too-many-attempts': {
    means:
      'Too many failed logins with this account. The time to wait, in `Retry-After`, doubles with each further failure. Even the right password is not looked at before it is over.',
    check: [
      'One `client` in the access lines: somebody guesses, or a program has an old password.',
      'Many clients: `identity.lockout.accountFailures` was reached by all of them together.',
      '`gatewayctl user set-password`, or `user enable`, forgets the failures.',
    ],
    tells: '`gateway_logins_total{result="locked"}`.',
  },
  'database-unavailable': {
    means:
      'PostgreSQL cannot be asked, and what was asked for needs it: a login, or whether a session still lives that was not seen for a minute. Routes that need no database are not touched.',
    check: [
      'The program’s log: `the database cannot be asked` and why; `/readyz` of the admin listener shows it, too.',
      '`database.url`, from the gateway’s machine: `gatewayctl migrate status`.',
      'A schema of another version: `gatewayctl migrate up`.',
    ],
    tells: '`error` is `unauthorized: database-unavailable`, or `route` is `_identity` with `status` 503.',
  },
  'reload-failed': {
    means:
      'The files are sound, and the gateway could not take them over: an address is taken, a worker was not ready in time, or the gateway stops. The former configuration serves on.',
    check: ['The `detail` of the answer.', 'The program log: `reload failed` has the whole error.'],
    tells: '`gateway_config_last_reload_successful` is 0, and `gatewayctl status` shows why.',
  },
  busy: {
    means:
      'More passwords wait to be hashed than can be hashed soon: hashing is bounded, so that it leaves processor time to requests. On the admin listener: 16 streams of `/api/v1/live` are open.',
    check: [
      'A flood of logins: `client` of the access lines, `gateway_logins_total`.',
      '`identity.passwords.bcryptCost`: each step doubles the time.',
      'At `/api/v1/live`: status pages and `gatewayctl top` that somebody left open.',
    ],
    tells: '`route` is `_identity`, `status` 503 with `Retry-After: 1`.',
  },
  'address-refused': {
    means:
      'The client’s address is not among those that the route’s `ip` lets in, or is among those that it keeps out.',
    check: [
      '`client` of the access line: is it the client, or a proxy in front of the gateway that `server.trustedProxies` does not name?',
      'The CIDR blocks of the route’s `ip`: `deny` wins over `allow`.',
    ],
    tells: '`error` is `address-refused:` and the address.',
  },
  'upgrade-refused': {
    means:
      'The client asked for another protocol on a route that has no `websocket`, or for one that is not WebSocket.',
    check: [
      'The route of the access line: is it the one that you mean? Another may be more specific.',
      'Add `websocket: {}` to the route.',
    ],
    tells: '`status` 403 with the name of the route.',
  },
  forbidden: {
    means: 'The caller is known, and no rule of the route’s `access` lets them in.',
    check: [
      'The `detail` of the answer names what the rules ask for and the caller does not have.',
      '`allowRoles` of the issuer: it grants no other roles, whatever its tokens say.',
      'A rule with `where` and without `issuers` is for callers of the built-in identity only.',
    ],
    tells: '`error` is `forbidden:` and what is missing.',
  },
  unauthorized: {
    means:
      'A route that asks who calls got no credentials, or none that hold: a token that has expired, is for another audience, or is not signed by one of `issuers`. Or the admin API was asked without `admin.token`.',
    check: [
      '`error` of the access line: it says what is wrong with the token, in one word.',
      '`issuers[].audience` and `issuers[].issuer` against `aud` and `iss` of the token, to the letter.',
      'The clocks: 30 seconds of difference are tolerated.',
    ],
    tells: '`error` is `unauthorized:` and the fault. Admin requests are not in the access log.',
  },
  'issuer-unavailable': {
    means: 'The keys of the token’s issuer were never fetched, and cannot be had now.',
    check: ['`issuers[].jwks`, from the gateway’s machine.', 'The program’s log: each fetch that failed is a warning.'],
    tells: '`error` is `unauthorized: keys-unavailable`.',
  },
  'route-not-found': {
    means: 'No route has this host, path and headers.',
    check: [
      'The path of the access line: it is the canonical one that routes are matched with. Case counts, and `/a` and `/a/` differ unless `server.paths.trailingSlash` says otherwise.',
      '`match.host`: the Host that the client sends, without its port. A proxy in front may change it.',
      '`match.headers`: values must be exactly equal.',
      '`gateway_config_last_reload_successful`: at 0 a new route is not in effect yet.',
    ],
    tells: '`route` is `_none`; `gateway_requests_total{route="_none",status="4xx"}`.',
  },
  'method-not-allowed': {
    means: 'Some route has this path, but none takes this method. `Allow` lists what is taken. TRACE is never taken.',
    check: ['`match.methods` of the route. GET takes HEAD, too.', 'The `Allow` of the answer.'],
    tells: '`route` is `_none`, as no route took the request.',
  },
  'request-timeout': {
    means:
      'The request did not come in time: its head within `server.timeouts.headers`, all of it within `server.timeouts.request`, or a body paused for longer than the `idleTimeout` of the upstream.',
    check: [
      'Slow clients or a bad link: one client or all of them?',
      'Large uploads: raise `server.timeouts.request`.',
      'Many at once from a few clients: somebody holds connections open. `gateway_connections` against `server.limits.connections`.',
    ],
    tells:
      '`duration` is near one of the three limits; `gateway_upstream_attempts_total{outcome="request_body"}` when an upstream had been asked.',
  },
  'precondition-failed': {
    means:
      'The request to the admin API has `If-Match` (or `If-None-Match`), and what there is now is not what it names: somebody else has changed it since.',
    check: [
      'Ask for it again with `GET`: its `ETag` is that of the state now.',
      'Whether the change is still what you want, then send it with the new `ETag`.',
      'For a reload: which configuration serves (`gatewayctl status`), and who else rolls out.',
    ],
    tells: 'Nothing: admin requests are not in the access log.',
  },
  'body-too-large': {
    means:
      'The body is larger than `bodyBytes` of the route, or else `server.limits.bodyBytes`. It is counted while it streams. On a route with `validate.body` or `request.body` it also counts decoded, and is then at most 64 KiB or 20 times what came.',
    check: ['Raise `bodyBytes` on the one route that needs it.'],
    tells: '`route` names it. Without `upstream` in the line, Content-Length alone was enough to refuse it.',
  },
  'uri-too-long': {
    means: 'The request target is longer than `server.limits.uriBytes`.',
    check: ['A client that puts into the query what belongs into a body.', '`server.limits.uriBytes`.'],
    tells: '`route` is `_none`.',
  },
  'expectation-failed': {
    means: 'The request has an `Expect` other than `100-continue`.',
    check: ['The client.'],
    tells: '`route` is `_none`.',
  },
  'misdirected-request': {
    means:
      'The admin listener listens on loopback and was called by another name than `localhost`, `127.0.0.1` or `[::1]`, or a page of another site asked (`Origin`, `Sec-Fetch-Site`). This keeps web pages from reaching it, by a name of their own or from where they are.',
    check: [
      'Call it by its address.',
      'A page of yours on another port is another origin: let its server ask.',
      'Listen on another address, with `admin.token`, when other machines have to reach it.',
    ],
    tells: 'Nothing: admin requests are not in the access log.',
  },
  'headers-too-large': {
    means: 'The header fields are larger than `server.limits.headerBytes` in all.',
    check: ['Cookies that grow: look at the size of `Cookie` in the client.', '`server.limits.headerBytes`.'],
    tells: '`route` is `_none`.',
  },
  'internal-error': {
    means: 'A bug in the gateway. No input, and no upstream, should be able to cause it.',
    check: [
      'The program log at level `error`: `request failed`, with the stack and the `requestId`.',
      'Report it with that stack.',
    ],
    tells:
      '`status` 500; `error` begins with `internal` when it happened while an answer was read. `gateway_internal_errors_total`: any rise is worth an alert.',
  },
  'method-not-implemented': {
    means: 'CONNECT: this gateway is no forward proxy.',
    check: ['A client that takes the gateway for a forward proxy, or somebody who looks for an open one.'],
    tells: '`route` is `_none`.',
  },
  'upstream-unreachable': {
    means:
      'No connection to the endpoint: refused, no route, a name that does not resolve, `connectTimeout`, or a TLS handshake that failed.',
    check: [
      '`error` of the access line: `connect: ECONNREFUSED` nobody listens there; `ENOTFOUND` the name does not resolve; `connect-timeout` packets get lost, or the backlog is full; `tls` the certificate does not fit.',
      'From the machine of the gateway: `curl -v` to the target.',
      'For `tls`: `upstreams.*.tls.ca` and `tls.serverName`.',
    ],
    tells: '`gateway_upstream_attempts_total` with `outcome` `connect`, `connect_timeout` or `tls`, by upstream.',
  },
  'upstream-reset': {
    means: 'The connection to the upstream closed before the head of an answer had come.',
    check: [
      'Did the upstream crash or restart? Its log at the time of the line.',
      'Its keep-alive timeout: a kept connection can close at the moment at which it is used. A GET is then sent again by itself, a POST only when no byte of it had left.',
      'A firewall or load balancer between the two that drops idle connections.',
    ],
    tells: '`error` begins with `reset`; `gateway_upstream_attempts_total{outcome="reset"}`.',
  },
  'upstream-invalid-response': {
    means:
      'The upstream sent an answer that RFC 9112 does not allow. It is not repaired: servers that repair differently are how answers get mixed up. Or its body could not be edited as `response.body` says, and so was not passed on.',
    check: [
      '`error` of the access line names the fault, such as `Content-Length and Transfer-Encoding together`.',
      'Is the port an HTTP port? TLS or HTTP/2 behind an `http://` target looks like this.',
      'With `unedited-response`: JSON of more than 1 MiB, in an unknown coding, or no single JSON text. See [validation.md](validation.md#changes-of-bodies).',
      'Mend the upstream.',
    ],
    tells:
      '`error` begins with `invalid-response` or `unedited-response`; `gateway_upstream_attempts_total{outcome="invalid_response"}`.',
  },
  'circuit-open': {
    means:
      'Every endpoint of the upstream has failed so often that its breaker is open. Nothing is sent until one may try again.',
    check: [
      'The lines before: `error` says how the attempts failed.',
      '`upstreams.*.breaker`: `failureRatio` and `minimumRequests` against the traffic; `openFor` is how long it lasts.',
    ],
    tells: '`error` begins with `circuit-open`; `attempts` counts those before the last breaker opened, mostly none.',
  },
  'no-endpoint': {
    means: 'The upstream has no endpoint: nothing was found, or every weight is 0.',
    check: [
      '`gatewayctl upstreams`: what the source of its endpoints found last, when, and why it cannot be asked.',
      '`upstreams.*.targets` and their weights.',
    ],
    tells: '`error` begins with `no-endpoint`.',
  },
  'upstream-busy': {
    means:
      'The upstream has as many requests as `bulkhead.concurrent` allows, and no room or no time was left in the queue.',
    check: [
      '`gateway_upstream_duration_seconds`: has the upstream become slower?',
      '`upstreams.*.bulkhead`: `concurrent`, `queue`, `queueTimeout`.',
    ],
    tells: '`error` is `bulkhead: no room`.',
  },
  'too-many-websockets': {
    means: 'The route has `websocket.maxConnections` open WebSockets.',
    check: [
      '`gateway_websockets` of the route: does it only grow?',
      '`websocket.idleTimeout` and `websocket.maxConnections`.',
    ],
    tells: '`status` 503 with the name of the route; `gateway_websockets{route="…"}`.',
  },
  'not-cached': {
    means: 'The request says `Cache-Control: only-if-cached`, and nothing is stored that may answer it.',
    check: ['Nothing, as a rule: the client has asked for no more than what is stored (RFC 9111 section 5.2.1.7).'],
    tells: '`gateway_cache_requests_total{route="…",result="miss"}`.',
  },
  'upstream-timeout': {
    means:
      'The upstream was connected and silent: past its `responseTimeout`, past the `timeout` of the route, or past `idleTimeout` while it read the request body.',
    check: [
      '`error` of the access line names which of them ran out.',
      '`gateway_upstream_duration_seconds`: all requests, or a few? One route, or all of the upstream?',
      '`upstreams.*.connections`: beyond it, requests wait for a free connection on the route’s clock.',
    ],
    tells:
      '`error` begins with `headers-timeout` or `body-timeout`; `gateway_upstream_attempts_total` with `outcome` `timeout` or `body_timeout`.',
  },
  'http-version-not-supported': {
    means: 'The request is neither HTTP/1.1 nor HTTP/1.0.',
    check: ['A client that speaks HTTP/2 without asking first (prior knowledge).'],
    tells: '`route` is `_none`.',
  },
};

const INTRODUCTION = `# Every problem

Generated from \`src/errors.ts\`, \`docs/generator/problems.ts\` and \`problem-commands.ts\` beside it by \`npx tsx docs/generate.ts\`.

An answer that the gateway makes itself, because it cannot or will not forward the request, is a problem document
([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)) with the media type \`application/problem+json\`:

\`\`\`json
{
  "type": "urn:gatewayctl:problem:upstream-unreachable",
  "title": "The upstream cannot be reached",
  "status": 502,
  "code": "upstream-unreachable",
  "requestId": "19fcad70b5f301ce-100001"
}
\`\`\`

Match on \`code\`, never on \`title\`. Some have a \`detail\`. None says anything about what is behind the gateway: that is
in the access line with the same \`requestId\`, in its field \`error\`; its field \`problem\` is the code. An answer without this media type comes from the
upstream, whatever its status.

When an answer has begun and then breaks off, there is no problem document: the connection is cut, so that the client
sees an incomplete answer as incomplete. The access line then has the status that was sent, and \`error\`.

Status 499 in the log is no answer at all: the client left before there was one. Metrics count it under \`4xx\`.

Below each problem stands what to type, in any folder. It takes three functions of a shell with \`jq\`: lines of the log that match, metrics
by the beginning of their name, and the admin API. What has no line of \`problem\` is answered by the admin listener, which has
no access log. Commands about users, keys and the schema have to [run as the service does](operations.md#users), with its
environment. With \`logs.access: false\` there are no such lines at all.

Under systemd, on the machine of the gateway, with the token of \`admin.token\` in \`GATEWAYCTL_TOKEN\`, which \`gatewayctl\` reads, too:

\`\`\`sh
${FUNCTIONS}
\`\`\`

With [compose](operations.md#compose), in the folder \`deploy\`; \`gatewayctl\` is \`docker compose exec gateway-1 gatewayctl\` there:

\`\`\`sh
${COMPOSE_FUNCTIONS}
\`\`\`

In Kubernetes, \`kubectl port-forward deployment/gateway 9901 &\` brings the admin listener of one pod to
127.0.0.1: \`metric\` and \`admin\` are those of systemd. The log is that of all pods:

\`\`\`sh
lines() { kubectl logs --selector app.kubernetes.io/name=gateway --tail=-1 | jq -cR "fromjson? | select($1)"; }
\`\`\``;

/** The page of every problem. */
export function problems(): string {
  const codes = Object.keys(PROBLEMS)
    .filter(isProblem)
    .toSorted((a, b) => PROBLEMS[a].status - PROBLEMS[b].status);
  const rows = codes.map((code) => `| ${PROBLEMS[code].status} | [\`${code}\`](#${code}) | ${PROBLEMS[code].title} |`);
  const table = ['| Status | Code | Title |', '| --- | --- | --- |', ...rows].join('\n');
  return [INTRODUCTION, table, ...codes.map(section)].join('\n\n') + '\n';
}

function isProblem(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

function section(code: ProblemCode): string {
  const entry = BY_CODE[code];
  const problem = PROBLEMS[code];
  return [
    `## ${code}`,
    `**${problem.status}** ${problem.title}.`,
    entry.means,
    'Check:',
    entry.check.map((item, index) => `${index + 1}. ${item}`).join('\n'),
    ['Type:', '', '```sh', ...commandsFor(code), '```'].join('\n'),
    `Log and metrics: ${entry.tells}`,
  ].join('\n\n');
}
