import type { GatewayConfig, RouteConfig } from '../config/config.ts';
import type { Exchange } from '../exchange.ts';
import { planRequestHeaders, type HeaderEdits, type RequestHeaderPlan, type Withheld } from '../forwarding/headers.ts';
import { compileQueryEdits } from '../forwarding/query.ts';
import { compileRewrite } from '../forwarding/rewrite.ts';
import type { Metrics } from '../observability/metrics.ts';
import { canonicalQuery } from '../cache/key.ts';
import { compileCors, cors } from '../stages/cors.ts';
import { forward, forwardInstead, type Fallback, type ForwardOptions } from '../stages/forward.ts';
import { gather } from '../stages/gather.ts';
import { ip } from '../stages/ip.ts';
import { mirror } from '../stages/mirror.ts';
import { rateLimit, type LimitOptions } from '../stages/rate-limit.ts';
import { respond } from '../stages/respond.ts';
import { split } from '../stages/split.ts';
import { compose, type Handler, type Stage } from '../stages/stage.ts';
import { webSocket } from '../stages/websocket.ts';
import { CSRF_HEADER, GATEWAY_COOKIES } from '../users/cookies.ts';
import { compileHashKey } from '../upstreams/hash-key.ts';
import { compileEdits, mergeEdits, rewriteOf, templateOf } from './compile-edits.ts';
import { compileLimits } from './compile-limits.ts';
import { accessStage, type People } from './compile-people.ts';
import type { CompiledUpstream } from './compile-upstream.ts';
import { cacheStage, invalidateStage, type CacheSurroundings } from './compile-cache.ts';
import { transformStage, validateStage } from './compile-validation.ts';
import type { Holding, Route } from './gateway.ts';
import { Leases } from './leases.ts';
import type { Resources } from './resources.ts';

/** What the routes of one generation have in common. */
export interface RouteSurroundings {
  readonly config: GatewayConfig;
  readonly resources: Resources;
  readonly metrics: Metrics;
  readonly people: People;
  readonly upstreams: ReadonlyMap<string, CompiledUpstream>;
  /** Edits of every answer. */
  readonly responseEdits: HeaderEdits | undefined;
  /** Undefined when no route stores anything. */
  readonly caches: CacheSurroundings | undefined;
  /** Gets all that a route takes, so that it can be given back also when compiling fails. */
  readonly holdings: Holding[];
}

/** @param requestEdits those of the route's request headers */
export function compileRoute(
  config: RouteConfig,
  requestEdits: HeaderEdits | undefined,
  around: RouteSurroundings,
): Route {
  return new RouteCompiler(config, requestEdits, around).compile();
}

/** Of a body for which there is no upstream; in milliseconds. */
const IDLE_TIMEOUT = 60_000;

class RouteCompiler {
  readonly #config: RouteConfig;
  readonly #around: RouteSurroundings;
  readonly #path: (exchange: Exchange) => string;
  readonly #query: (exchange: Exchange) => string;
  readonly #headers: RequestHeaderPlan;
  /** What the route needs as long as an exchange on it is open. */
  readonly #held = new Set<Holding>();

  constructor(config: RouteConfig, requestEdits: HeaderEdits | undefined, around: RouteSurroundings) {
    this.#config = config;
    this.#around = around;
    this.#path = compileRewrite(rewriteOf(config.rewrite));
    this.#query = queryOf(config);
    this.#headers = planRequestHeaders(requestEdits, withheld(around.config));
  }

  compile(): Route {
    const { metrics, responseEdits } = this.#around;
    const config = this.#config;
    const rule = config.cors && compileCors(config.cors);
    return {
      name: config.name,
      source: config.source,
      fingerprint: config.fingerprint,
      metrics: metrics.route(config.name),
      bodyBytes: this.#bodyBytes(),
      takesUpgrades: config.websocket !== undefined,
      responseEdits: mergeEdits(responseEdits, compileEdits(config.responseHeaders)),
      cors: rule,
      // Before the holdings are looked at: it is what takes them.
      handle: this.#handler(rule && cors(rule)),
      holdings: [...this.#held],
    };
  }

  /** The one place in which the order of stages is written down. */
  #handler(allowOrigins: Stage | undefined): Handler {
    const { metrics, people, resources } = this.#around;
    const config = this.#config;
    const leases = config.limits.length === 0 ? undefined : this.#leases();
    const limits = leases && compileLimits(config.limits, config.name, resources, metrics, leases);
    const stages = [
      config.ip && ip(config.ip),
      limited(limits?.early),
      allowOrigins,
      accessStage(config, people, metrics),
      limited(limits?.late),
      this.#validate(),
      this.#around.caches && invalidateStage(this.#around.caches),
    ];
    return compose(stages, this.#action());
  }

  #action(): Handler {
    const { action } = this.#config;
    const transform = this.#transform();
    if (action.kind === 'respond') return compose([transform], respond(action));
    const stages = [transform, gather({ idleTimeout: this.#idleTimeout() }), this.#mirror()];
    const through = (upstream: string): Handler => compose([this.#cache(upstream), ...stages], this.#forward(upstream));
    if (action.kind === 'upstream') return through(action.upstream);
    // What one upstream has answered is not stored for another: the choice comes first.
    const arms = action.to.map(({ upstream, weight }) => ({ weight, handle: through(upstream) }));
    return split(arms, action.sticky && compileHashKey({ kind: 'hash', by: action.sticky }));
  }

  #cache(upstream: string): Stage | undefined {
    const { caches, metrics } = this.#around;
    const route = this.#config;
    const config = route.cache;
    if (config === undefined || caches === undefined) return undefined;
    const own = {
      route,
      config,
      upstream,
      headers: this.#headers,
      query: this.#query,
      metrics: metrics.cache(route.name),
    };
    return cacheStage(own, caches);
  }

  #forward(upstream: string): Handler {
    const { metrics, resources } = this.#around;
    const { name, websocket } = this.#config;
    const options = { ...this.#options(upstream), fallback: this.#fallback(upstream) };
    if (websocket === undefined) return forward(options);
    const count = this.#leases().add(resources.webSockets.acquire({ route: name }));
    const opened = (): (() => void) => metrics.webSocket(name);
    return compose([webSocket({ ...options, ...websocket, count, opened })], forward(options));
  }

  #mirror(): Stage | undefined {
    const { mirror: config, name } = this.#config;
    if (config === undefined) return undefined;
    const { metrics } = this.#around;
    return mirror({
      ...this.#options(config.upstream),
      ratio: config.ratio,
      count: (result) => metrics.traffic.mirrored(name, result),
    });
  }

  /** What answers when no attempt of an upstream did: not the same one once more, as an arm of a split may have it. */
  #fallback(upstream: string): Fallback | undefined {
    const { fallback, name } = this.#config;
    if (fallback === undefined || (fallback.kind === 'upstream' && fallback.upstream === upstream)) return undefined;
    const { metrics } = this.#around;
    const count = (): void => metrics.fallback(name);
    if (fallback.kind === 'respond') {
      const answer = respond(fallback);
      return counted({ forwards: false, answer: (exchange) => void answer(exchange) }, count);
    }
    return counted(forwardInstead({ ...this.#options(fallback.upstream), fallback: undefined }), count);
  }

  #options(upstream: string): Omit<ForwardOptions, 'fallback'> {
    const held = this.#around.upstreams.get(upstream);
    if (held === undefined) throw new Error(`the route ${this.#config.name} names the unknown upstream ${upstream}`);
    this.#held.add(held.holding);
    return {
      upstream: held.upstream,
      path: this.#path,
      query: this.#query,
      headers: this.#headers,
      timeout: this.#config.timeout,
      deadlines: this.#around.resources.deadlines,
    };
  }

  #validate(): Stage | undefined {
    const { validators } = this.#around.resources;
    return validateStage(this.#config.validation, this.#body(), validators, () => this.#leases());
  }

  #transform(): Stage | undefined {
    const { requestBody, responseBody } = this.#config;
    return transformStage(requestBody, responseBody, this.#body());
  }

  #body(): { readonly limit: number; readonly idleTimeout: number } {
    return { limit: this.#bodyBytes(), idleTimeout: this.#idleTimeout() };
  }

  /** The most bytes of a request body. */
  #bodyBytes(): number {
    return this.#config.bodyBytes ?? this.#around.config.server.limits.bodyBytes;
  }

  /** Between two chunks of a body that is read before it is known where it goes: as long as an upstream would wait. */
  #idleTimeout(): number {
    const { action } = this.#config;
    const names = action.kind === 'split' ? action.to.map(({ upstream }) => upstream) : [];
    if (action.kind === 'upstream') names.push(action.upstream);
    const { upstreams } = this.#around.config;
    const timeouts = upstreams.filter(({ name }) => names.includes(name)).map(({ idleTimeout }) => idleTimeout);
    if (timeouts.length === 0) return IDLE_TIMEOUT;
    return timeouts.includes(0) ? 0 : Math.max(...timeouts);
  }

  #leases(): Leases {
    const leases = new Leases();
    this.#around.holdings.push(leases);
    this.#held.add(leases);
    return leases;
  }
}

/** What is for the gateway alone, and no upstream may see. */
function withheld({ apiKeys, identity }: GatewayConfig): Withheld {
  const key = apiKeys === undefined ? [] : [apiKeys.header];
  const csrf = identity?.tokens.transport === 'cookie' ? [CSRF_HEADER] : [];
  return { headers: [...key, ...csrf], cookies: identity === undefined ? [] : GATEWAY_COOKIES };
}

function queryOf({ requestQuery, cache }: RouteConfig): (exchange: Exchange) => string {
  // What is not in the key goes nowhere: an upstream that saw it could answer others by it.
  const names = cache?.query && new Set(cache.query);
  const kept = ({ query }: Pick<Exchange, 'query'>): string =>
    names === undefined ? query : canonicalQuery(query, names);
  if (requestQuery === undefined) return kept;
  const set = requestQuery.set.map(([name, value]) => [name, templateOf(value)] as const);
  const edited = compileQueryEdits({ set, remove: requestQuery.remove });
  return (exchange) => edited(exchange, kept(exchange));
}

/** @returns undefined when there is nothing to count */
function limited(limits: readonly LimitOptions[] | undefined): Stage | undefined {
  return limits === undefined || limits.length === 0 ? undefined : rateLimit(limits);
}

function counted({ forwards, answer }: Fallback, count: () => void): Fallback {
  return {
    forwards,
    answer: (exchange, body) => {
      count();
      answer(exchange, body);
    },
  };
}
