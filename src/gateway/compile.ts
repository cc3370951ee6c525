import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GatewayConfig } from '../config/config.ts';
import { identityHeaders } from '../forwarding/identity.ts';
import type { Metrics } from '../observability/metrics.ts';
import { segmentsOf } from '../routing/pattern.ts';
import { RouteTable } from '../routing/route-table.ts';
import type { CacheSurroundings } from './compile-cache.ts';
import { compileEdits } from './compile-edits.ts';
import { compilePeople, identityRoutes } from './compile-people.ts';
import { compileRoute, type RouteSurroundings } from './compile-route.ts';
import { compileUpstream, type CompiledUpstream } from './compile-upstream.ts';
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
      upstreams.set(upstream.name, compileUpstream(upstream, this.#resources, this.#metrics, this.#holdings));
      await this.#breathe();
    }
    // A gateway that takes over before it knows where its endpoints are would fail requests that the former one served.
    await Promise.all([...upstreams.values()].map(async ({ discovered }) => discovered?.first));
    const table = new RouteTable<Route>(config.server.paths.trailingSlash);
    const fingerprints = new Map<string, string>();
    const requestEdits = config.routes.map(({ requestHeaders }) => compileEdits(requestHeaders));
    const identifying = identityHeaders(requestEdits.filter((edits) => edits !== undefined));
    const caches = this.#caches(held, identifying);
    const around: RouteSurroundings = {
      config,
      resources: this.#resources,
      metrics: this.#metrics,
      people,
      upstreams,
      responseEdits: globalEdits,
      caches,
      holdings: this.#holdings,
    };
    for (const [index, route] of config.routes.entries()) {
      const target = compileRoute(route, requestEdits[index], around);
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
      cache: caches?.cache,
      identityHeaders: identifying,
      fingerprints,
      holdings: this.#holdings,
    });
  }

  /** @returns undefined when no route stores anything */
  #caches(held: Leases, identifying: ReadonlySet<string>): CacheSurroundings | undefined {
    const { routes, cache, server } = this.#config;
    if (!routes.some((route) => route.cache !== undefined)) return undefined;
    const { caches, deadlines } = this.#resources;
    return {
      cache: held.add(caches.acquire(cache)),
      deadlines,
      identityHeaders: identifying,
      paths: server.paths,
    };
  }

  async #breathe(): Promise<void> {
    if (performance.now() < this.#sliceEnd) return;
    await nextTurn();
    this.#sliceEnd = performance.now() + SLICE;
  }
}
