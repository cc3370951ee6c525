import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GatewayConfig, HeaderEditsConfig, RewriteConfig, RouteConfig, UpstreamConfig } from '../config/config.ts';
import { planRequestHeaders, type HeaderEdits, type Withheld } from '../forwarding/headers.ts';
import { identityHeaders } from '../forwarding/identity.ts';
import { compileRewrite, type Rewrite } from '../forwarding/rewrite.ts';
import type { Metrics } from '../observability/metrics.ts';
import { segmentsOf } from '../routing/pattern.ts';
import { RouteTable } from '../routing/route-table.ts';
import { forward, forwardInstead, type Fallback, type ForwardOptions } from '../stages/forward.ts';
import { respond } from '../stages/respond.ts';
import { compose, type Handler, type Stage } from '../stages/stage.ts';
import { webSocket } from '../stages/websocket.ts';
import { parseTemplate, type Template } from '../template.ts';
import { CSRF_HEADER, GATEWAY_COOKIES } from '../users/cookies.ts';
import { compileUpstream, type CompiledUpstream } from './compile-upstream.ts';
import { accessStage, compilePeople, identityRoutes, type People } from './compile-people.ts';
import { Gateway, type Holding, type Route } from './gateway.ts';
import { Leases } from './leases.ts';
import type { Resources } from './resources.ts';

/** How long compiling may keep the event loop from requests before it lets them in; in milliseconds. */
const SLICE = 5;

/**
 * Compiles a configuration: everything that can be decided before a request comes is decided here. It yields to the
 * event loop as it goes, so that ten thousand routes do not hold up the requests of the gateway that is serving.
 *
 * @param config without faults
 * @param resources what generations share; when compiling fails, everything taken from it is given back
 */
export async function compileGateway(config: GatewayConfig, resources: Resources, metrics: Metrics): Promise<Gateway> {
  const compiler = new Compiler(config, resources, metrics);
  try {
    return await compiler.run();
  } catch (error) {
    compiler.release();
    throw error;
  }
}

class Compiler {
  readonly #config: GatewayConfig;
  readonly #resources: Resources;
  readonly #metrics: Metrics;
  readonly #holdings: Holding[] = [];
  #sliceEnd = performance.now() + SLICE;

  constructor(config: GatewayConfig, resources: Resources, metrics: Metrics) {
    this.#config = config;
    this.#resources = resources;
    this.#metrics = metrics;
  }

  release(): void {
    for (const holding of this.#holdings) holding.release();
  }

  async run(): Promise<Gateway> {
    const config = this.#config;
    const held = new Leases();
    this.#holdings.push(held);
    const people = await compilePeople(config, this.#resources, held);
    const globalEdits = compileEdits(config.responseHeaders);
    const upstreams = new Map<string, CompiledUpstream>();
    for (const upstream of config.upstreams) {
      upstreams.set(upstream.name, this.#upstream(upstream));
      await this.#breathe();
    }
    // A gateway that takes over before it knows where its endpoints are would fail requests that the former one served.
    await Promise.all([...upstreams.values()].map(async ({ discovered }) => discovered?.first));
    const table = new RouteTable<Route>(config.server.paths.trailingSlash);
    const fingerprints = new Map<string, string>();
    const requestEdits: HeaderEdits[] = [];
    for (const route of config.routes) {
      const edits = compileEdits(route.requestHeaders);
      if (edits !== undefined) requestEdits.push(edits);
      const target = this.#route(route, upstreams, edits, globalEdits, people);
      table.add({ ...route.match, segments: segmentsOf(route.match.path), target });
      fingerprints.set(route.name, route.fingerprint);
      await this.#breathe();
    }
    for (const route of identityRoutes(config, people, this.#metrics, globalEdits)) table.add(route);
    return new Gateway({
      config,
      table,
      upstreams: [...upstreams.values()].map(({ upstream }) => upstream),
      administration: people.builtIn?.service.administration(config.roles),
      responseEdits: globalEdits,
      identityHeaders: identityHeaders(requestEdits),
      fingerprints,
      holdings: this.#holdings,
    });
  }

  async #breathe(): Promise<void> {
    if (performance.now() < this.#sliceEnd) return;
    await nextTurn();
    this.#sliceEnd = performance.now() + SLICE;
  }

  /** What is for the gateway alone, and no upstream may see. */
  #withheld(): Withheld {
    const { apiKeys, identity } = this.#config;
    const key = apiKeys === undefined ? [] : [apiKeys.header];
    const csrf = identity?.tokens.transport === 'cookie' ? [CSRF_HEADER] : [];
    return { headers: [...key, ...csrf], cookies: identity === undefined ? [] : GATEWAY_COOKIES };
  }

  #upstream(config: UpstreamConfig): CompiledUpstream {
    return compileUpstream(config, this.#resources, this.#metrics, this.#holdings);
  }

  #route(
    config: RouteConfig,
    upstreams: ReadonlyMap<string, CompiledUpstream>,
    requestEdits: HeaderEdits | undefined,
    globalEdits: HeaderEdits | undefined,
    people: People,
  ): Route {
    return {
      name: config.name,
      source: config.source,
      fingerprint: config.fingerprint,
      metrics: this.#metrics.route(config.name),
      bodyBytes: config.bodyBytes ?? this.#config.server.limits.bodyBytes,
      takesUpgrades: config.websocket !== undefined,
      responseEdits: mergeEdits(globalEdits, compileEdits(config.responseHeaders)),
      cors: undefined,
      ...this.#answer(config, upstreams, requestEdits, accessStage(config, people, this.#metrics)),
    };
  }

  #answer(
    config: RouteConfig,
    upstreams: ReadonlyMap<string, CompiledUpstream>,
    requestEdits: HeaderEdits | undefined,
    asked: Stage | undefined,
  ): { readonly handle: Handler; readonly holdings: readonly Holding[] } {
    const { action, websocket, name } = config;
    if (action.kind === 'respond') return { handle: compose([asked], respond(action)), holdings: [] };
    const held = upstreams.get(action.upstream);
    if (held === undefined) throw new Error(`the route ${name} names the unknown upstream ${action.upstream}`);
    const options: ForwardOptions = {
      upstream: held.upstream,
      path: compileRewrite(rewriteOf(config.rewrite)),
      headers: planRequestHeaders(requestEdits, this.#withheld()),
      timeout: config.timeout,
      deadlines: this.#resources.deadlines,
      fallback: this.#fallback(config, upstreams, requestEdits),
    };
    const holdings = [held.holding, ...fallbackHolding(config, upstreams)];
    if (websocket === undefined) return { handle: compose([asked], forward(options)), holdings };
    const holding = new Leases();
    this.#holdings.push(holding);
    const count = holding.add(this.#resources.webSockets.acquire({ route: name }));
    const opened = (): (() => void) => this.#metrics.webSocket(name);
    // The one place in which the order of stages is written down.
    const handle = compose([asked, webSocket({ ...options, ...websocket, count, opened })], forward(options));
    return { handle, holdings: [...holdings, holding] };
  }

  /** What answers when no attempt of the route's own upstream did. */
  #fallback(
    { fallback, rewrite, timeout, name }: RouteConfig,
    upstreams: ReadonlyMap<string, CompiledUpstream>,
    requestEdits: HeaderEdits | undefined,
  ): Fallback | undefined {
    if (fallback === undefined) return undefined;
    const count = (): void => this.#metrics.fallback(name);
    if (fallback.kind === 'respond') {
      const answer = respond(fallback);
      return counted({ forwards: false, answer: (exchange) => void answer(exchange) }, count);
    }
    const held = upstreams.get(fallback.upstream);
    if (held === undefined) throw new Error(`the fallback names the unknown upstream ${fallback.upstream}`);
    const instead = forwardInstead({
      upstream: held.upstream,
      path: compileRewrite(rewriteOf(rewrite)),
      headers: planRequestHeaders(requestEdits, this.#withheld()),
      timeout,
      deadlines: this.#resources.deadlines,
      fallback: undefined,
    });
    return counted(instead, count);
  }
}

/** An answer may come from the fallback's upstream after another gateway has taken over. */
function fallbackHolding(
  { fallback, action }: RouteConfig,
  upstreams: ReadonlyMap<string, CompiledUpstream>,
): readonly Holding[] {
  if (fallback?.kind !== 'upstream' || action.kind !== 'upstream' || fallback.upstream === action.upstream) return [];
  const held = upstreams.get(fallback.upstream);
  return held === undefined ? [] : [held.holding];
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

function rewriteOf(config: RewriteConfig | undefined): Rewrite | undefined {
  return config?.kind === 'path' ? { kind: 'path', segments: segmentsOf(config.path) } : config;
}

/** @returns undefined when there is nothing to edit, so that it costs nothing */
function compileEdits({ set, add, remove }: HeaderEditsConfig): HeaderEdits | undefined {
  if (set.length + add.length + remove.length === 0) return undefined;
  const names = [...remove, ...set.map(([name]) => name)];
  return {
    dropped: new Set(names.map((name) => name.toLowerCase())),
    added: [...set, ...add].map(([name, value]) => [name, templateOf(value)] as const),
  };
}

function templateOf(text: string): Template {
  const template = parseTemplate(text);
  if ('fault' in template) throw new Error(template.fault);
  return template;
}

/** One set of edits that does what the first and then the second would. */
function mergeEdits(first: HeaderEdits | undefined, second: HeaderEdits | undefined): HeaderEdits | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const surviving = first.added.filter(([name]) => !second.dropped.has(name.toLowerCase()));
  return { dropped: new Set([...first.dropped, ...second.dropped]), added: [...surviving, ...second.added] };
}
