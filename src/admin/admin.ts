import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Router } from '@koa/router';
import Koa, { type Context, type Next } from 'koa';
import type { AdminConfig, ListenConfig } from '../config/config.ts';
import { PROBLEM_TYPE, PROBLEMS, problemBody, type ProblemCode, type ProblemDetails } from '../errors.ts';
import type { PurgeOutcome } from '../cache/purged.ts';
import type { PurgeSelector } from '../cache/purge.ts';
import type { Family } from '../observability/exposition.ts';
import type { Logger } from '../observability/log.ts';
import { listen } from '../server/listen.ts';
import type { Registry } from '../upstreams/registry/registry.ts';
import { shownUpstreams } from '../upstreams/shown.ts';
import type { SourceView, UpstreamView } from '../upstreams/view.ts';
import type { Administration } from '../users/administration.ts';
import { cacheRoutes } from './cache.ts';
import { configRoutes } from './config.ts';
import { addOperation, readTarget, type CallContext, type Result } from './call.ts';
import { instancesRoutes, isForInstances } from './instances.ts';
import { Live } from './live/live.ts';
import { answerMetrics } from './metrics.ts';
import { adminDocument, GET_OPEN_API, type Area } from './openapi.ts';
import { pageRoutes, readPage, type PageFile } from './page.ts';
import { reloadRoutes, type ReloadOptions } from './reload.ts';
import { routesRoutes } from './routes.ts';
import { shownStatus, statusRoutes, type StatusOptions } from './status.ts';
import { isOpenTo } from './tokens.ts';
import { upstreamsRoutes } from './upstreams.ts';
import { usersRoutes } from './users.ts';

/** How what the gateway leans on fares, as far as there is any. It makes nobody unready. */
export interface Health {
  /** `ready`, or why it cannot be asked. */
  readonly database?: string | undefined;
  readonly redis?: 'up' | 'down' | undefined;
  /** By their numbers. */
  readonly workers?: Readonly<Record<string, 'starting' | 'serving' | 'not answering' | 'ended'>> | undefined;
}

/** What the admin listener shows. */
export interface AdminOptions extends StatusOptions, Pick<ReloadOptions, 'reload'> {
  /** What has been counted and measured up to now. */
  metrics(): Promise<readonly Family[]>;
  readonly logger: Logger;
  /** Counts a bug that was caught. */
  internalError(): void;
  /** The configuration that serves. */
  config(): AdminConfig;
  /** Undefined when the gateway has no users of its own. */
  administration(): Administration | undefined;
  /** Those of the configuration that serves. */
  upstreams(): Promise<readonly UpstreamView[]> | readonly UpstreamView[];
  /** Where the endpoints of an upstream come from; undefined when there is no such upstream. */
  sourceOf(upstream: string): SourceView['kind'] | undefined;
  readonly registry: Registry;
  /** Takes stored answers away, in all processes of the gateway. */
  purge(selector: PurgeSelector): Promise<PurgeOutcome>;
}

/** How long those are let who are being answered when the listener moves to another address; in milliseconds. */
const RETIREMENT = 5000;
const REQUEST_ID = 'x-request-id';
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** The admin listener: health, readiness, metrics, the admin API and the status page on a port of their own, so that no route can expose them. */
export class AdminListener {
  readonly #server: Server;
  readonly #live: Live;

  private constructor(server: Server, live: Live) {
    this.#server = server;
    this.#live = live;
  }

  /** @throws the system's error when the address cannot be bound, or the files of the status page are not there */
  static async open(config: ListenConfig, options: AdminOptions): Promise<AdminListener> {
    const live = new Live({
      logger: options.logger,
      metrics: async () => options.metrics(),
      upstreams: async () => shownUpstreams(await options.upstreams(), Date.now()),
      status: () => shownStatus(options),
      token: () => options.config().token,
      problem,
    });
    const callback = createApp(options, live, await readPage()).callback();
    const server = createServer((request, response) => {
      // Of a listener that has moved nothing stays open for another request.
      response.on('close', () => {
        if (!server.listening) server.closeIdleConnections();
      });
      void callback(request, response);
    });
    await listen(server, config);
    return new AdminListener(server, live);
  }

  get address(): AddressInfo {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the admin listener is closed');
    return address;
  }

  /** Takes nobody new, and lets those end who are being answered: one of them may be who waits for this. */
  async retire(): Promise<void> {
    this.#live.close();
    const cut = setTimeout(() => this.#server.closeAllConnections(), RETIREMENT);
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
    });
    clearTimeout(cut);
  }

  async close(): Promise<void> {
    this.#live.close();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

function createApp(options: AdminOptions, live: Live, page: readonly PageFile[]): Koa {
  const router = new Router({ sensitive: true, strict: true });
  pageRoutes(router, page);
  router.get('/healthz', (context) => {
    context.body = { status: 'ok' };
  });
  router.get('/readyz', (context) => {
    const reason = options.notReady();
    context.status = reason === undefined ? 200 : 503;
    // What a database says of a failure names users and hosts: it is not for everybody who comes from another machine.
    const isTold = isLocal(options) || isOpenTo(context.get('authorization'), [options.config().token]);
    const health = isTold ? options.health() : {};
    const detail = Object.values(health).every((each) => each === undefined) ? undefined : health;
    context.body = { status: reason === undefined ? 'ready' : 'not-ready', reason, detail };
  });
  router.get('/metrics', async (context) => answerMetrics(context, await options.metrics()));
  const status = statusRoutes(router, { ...options, problem });
  const config = configRoutes(router, { configuration: options.configuration, problem });
  const routes = routesRoutes(router, { configuration: options.configuration, problem });
  const reload = reloadRoutes(router, {
    logger: options.logger,
    configuration: options.configuration,
    reload: async (mayReplace) => options.reload(mayReplace),
    problem,
  });
  const users = usersRoutes(router, {
    logger: options.logger,
    administration: () => options.administration(),
    config: () => options.config(),
    problem,
  });
  const instances = instancesRoutes(router, {
    logger: options.logger,
    registry: options.registry,
    sourceOf: (upstream) => options.sourceOf(upstream),
    problem,
  });
  const upstreams = upstreamsRoutes(router, { upstreams: () => options.upstreams(), problem });
  const cache = cacheRoutes(router, {
    logger: options.logger,
    purge: async (selector) => options.purge(selector),
    metrics: async () => options.metrics(),
    configuration: options.configuration,
    processes: () => Object.keys(options.health().workers ?? { 1: 'serving' }).length,
    problem,
  });
  live.addTo(router);
  documentRoute(router, [status, config, routes, reload, users, instances, upstreams, cache, live.area]);
  const app = new Koa();
  app.on('error', (error: unknown, context?: Context) => {
    if (context !== undefined && isClientGone(error)) return;
    options.internalError();
    options.logger.error({ err: error }, 'admin request failed');
  });
  app.use(async (context, next) => {
    context.set(REQUEST_ID, randomUUID());
    context.set('x-content-type-options', 'nosniff');
    context.set('cross-origin-resource-policy', 'same-origin');
    try {
      await next();
    } catch (error) {
      app.emit('error', error);
      problem(context, 'internal-error');
    }
  });
  app.use(async (context, next) => {
    await next();
    drain(context.req);
  });
  app.use(async (context, next) => {
    // Koa takes the target apart as a URL, and fails on what is none.
    if (context.req.url?.startsWith('/') === true) await next();
    else problem(context, 'invalid-target');
  });
  app.use(async (context, next) => checkHost(context, next, options));
  app.use(async (context, next) => checkToken(context, next, options, router));
  app.use(router.routes());
  app.use((context) => {
    const methods = router.match(context.path, context.method).path.flatMap((layer) => layer.methods);
    const known = methods.length > 0;
    if (known) context.set('allow', methods.toSorted().join(', '));
    problem(context, known ? 'method-not-allowed' : 'route-not-found');
  });
  return app;
}

/** Whether Koa, which names the request then, tells of a client that went in the middle of an answer. */
function isClientGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

/** Of a body that nobody read so much is thrown away, so that the connection can go on; who sends more loses it. In bytes. */
const DRAINED = 4 * 1024 * 1024;

function drain(request: IncomingMessage): void {
  if (request.complete) return;
  let rest = 0;
  request.on('data', (chunk: Buffer) => {
    rest += chunk.length;
    if (rest > DRAINED) request.socket.destroy();
  });
}

/**
 * On loopback only names of loopback are answered: a page in a browser on this machine could otherwise reach this port
 * through a name of its own that it lets point here (DNS rebinding).
 */
async function checkHost(context: Context, next: Next, options: AdminOptions): Promise<void> {
  const isMisdirected = isLocal(options) && !LOOPBACK_HOST.test(context.host);
  if (isMisdirected || isOfAnotherSite(context)) problem(context, 'misdirected-request');
  else await next();
}

/** Whether nobody can reach the listener but from this machine. */
function isLocal(options: AdminOptions): boolean {
  const { host } = options.config().listen;
  return LOOPBACK_HOST.test(host) || host === '::1';
}

/**
 * Whether a page of another origin asks: it has no business here, even where it cannot read the answer. Browsers tell it by
 * Origin, or by Sec-Fetch-Site alone (W3C Fetch Metadata, section 2.3) where a page loads something as an image. A link to
 * the status page is followed.
 */
function isOfAnotherSite(context: Context): boolean {
  const origin = context.get('origin');
  if (origin !== '' && origin !== `http://${context.host}`) return true;
  const visits = context.get('sec-fetch-mode') === 'navigate' && context.get('sec-fetch-dest') === 'document';
  const toPage = ['GET', 'HEAD'].includes(context.method) && context.path === '/';
  return ['cross-site', 'same-site'].includes(context.get('sec-fetch-site')) && !(visits && toPage);
}

/**
 * Everything under /api needs the admin token when there is one; what is for instances may have the registry token, too.
 * Which of them a request is for says the router that will answer it: no other reading of its path can differ from that.
 */
async function checkToken(context: Context, next: Next, options: AdminOptions, router: Router): Promise<void> {
  const guarded = context.path === '/api' || context.path.startsWith('/api/');
  const { token, registryToken } = options.config();
  const forInstances = isForInstances(router.match(context.path, context.method).path);
  if (!guarded || isOpenTo(context.get('authorization'), forInstances ? [token, registryToken] : [token])) await next();
  else {
    context.set('www-authenticate', 'Bearer realm="gatewayctl admin"');
    problem(context, 'unauthorized');
  }
}

/** The document of all that there is under /api/v1. */
function documentRoute(router: Router, areas: readonly Area[]): void {
  const json = adminDocument(areas);
  const answer = async (context: CallContext): Promise<Result> => {
    const query = readTarget(context, []);
    return 'problem' in query ? query : { json };
  };
  addOperation(router, GET_OPEN_API, answer, problem);
}

function problem(context: Context, code: ProblemCode, details: ProblemDetails = {}): void {
  context.status = PROBLEMS[code].status;
  context.body = problemBody(code, context.response.get(REQUEST_ID), details);
  context.type = PROBLEM_TYPE;
  context.set('cache-control', 'no-store');
}
