import cluster from 'node:cluster';
import type { PurgeSelector } from '../cache/purge.ts';
import type { Purged, PurgeScope } from '../cache/purged.ts';
import type { GatewayConfig, RouteConfig, UpstreamConfig } from '../config/config.ts';
import type { Prepared } from '../gateway/generations.ts';
import {
  GREETING,
  type Addresses,
  type Answer,
  type ConfigRequest,
  type FromWorker,
  type Notice,
  type PurgeRequest,
  type Registration,
  type Request,
  type ToWorker,
  type WorkerState,
} from './messages.ts';

/** Before it serves. */
const UNKNOWN: WorkerState = { upstreams: [], health: {} };

/** What a worker begins with. */
export type WorkerStart = Omit<Extract<Request, { kind: 'start' }>, 'kind'>;

/** What a worker does, whoever asks for it. */
export interface WorkerGateway extends Addresses {
  prepare(config: GatewayConfig): Promise<Prepared>;
  /** In OpenMetrics. */
  metrics(): Promise<string>;
  state(): WorkerState;
  purge(selector: PurgeSelector, scope: PurgeScope): Promise<Purged>;
  registered(registration: Registration): void;
  removed(upstream: string, id: string): void;
  /** Takes nothing new, lets requests end, then cuts off what is left. */
  stop(): Promise<void>;
  /** Ends a stop at once, also one that is still to come. */
  hurry(): void;
}

/**
 * The worker's end of the channel to the primary. When the primary is gone, the worker stops by itself: nobody would
 * replace it, stop it or change its configuration any more.
 */
export class WorkerSide {
  readonly #open: (start: WorkerStart) => Promise<WorkerGateway>;
  #gateway: WorkerGateway | undefined;
  #prepared: Prepared | undefined;
  #upstreams: UpstreamConfig[] = [];
  #routes: RouteConfig[] = [];
  /** What has to do with configurations is done in the order in which it came. */
  #last: Promise<unknown> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  /** @param open begins to serve */
  constructor(open: (start: WorkerStart) => Promise<WorkerGateway>) {
    this.#open = open;
  }

  /** Does what it is told to. Resolves when the worker may end. */
  async run(): Promise<void> {
    await new Promise<void>((resolve) => {
      const stop = async (): Promise<void> => {
        await this.#last;
        await this.#stop();
        resolve();
      };
      process.on('message', (message: ToWorker) => {
        if (message.id !== undefined)
          void this.#answer(message).then((answer) => this.#say({ ...answer, id: message.id }));
        else if (message.kind === 'stop') void stop();
        // What is told while it starts is not known to it yet, and must not be lost.
        else if (this.#gateway === undefined) this.#last = this.#last.then(() => this.#hear(message));
        else this.#hear(message);
      });
      this.#say({ kind: 'done', id: GREETING });
      cluster.worker?.once('disconnect', () => {
        // Without the primary it cannot begin to listen: node:cluster ends the process in this turn.
        if (this.#gateway === undefined || cluster.worker === undefined) return;
        // Otherwise it would do so with all requests in it. What it waits for from the primary does not come any more.
        cluster.worker.exitedAfterDisconnect = true;
        void this.#stop().then(resolve);
      });
    });
    if (process.connected) process.disconnect();
  }

  async #answer(request: Request): Promise<Answer> {
    try {
      if (request.kind === 'metrics') return { kind: 'metrics', text: (await this.#gateway?.metrics()) ?? '' };
      if (request.kind === 'state') return { kind: 'state', ...(this.#gateway?.state() ?? UNKNOWN) };
      if (request.kind === 'ping') return { kind: 'done' };
      if (request.kind === 'purge') return { kind: 'purged', ...(await this.#purge(request)) };
      const done = this.#last.then(async () => this.#configure(request));
      this.#last = done.catch(() => undefined);
      return await done;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
      return { kind: 'refused', message, code };
    }
  }

  async #purge({ selector, scope }: PurgeRequest): Promise<Purged> {
    if (this.#gateway !== undefined) return this.#gateway.purge(selector, scope);
    // While it starts it may take its first requests before this is known here: what they have stored goes then.
    this.#last = this.#last.then(async () => this.#gateway?.purge(selector, 'memory'));
    return { memory: 0 };
  }

  async #configure(request: ConfigRequest): Promise<Answer> {
    switch (request.kind) {
      case 'part':
        this.#upstreams.push(...request.upstreams);
        this.#routes.push(...request.routes);
        break;
      case 'start':
        this.#gateway = await this.#open({ ...request, config: this.#whole(request.config) });
        return { kind: 'started', address: this.#gateway.address, httpsAddress: this.#gateway.httpsAddress };
      case 'prepare':
        this.#prepared = await this.#gateway?.prepare(this.#whole(request.config));
        break;
      case 'commit':
        await this.#take()?.commit();
        break;
      case 'abort':
        // Of a configuration that did not come whole.
        this.#forgetParts();
        await this.#take()?.abort();
        break;
    }
    return { kind: 'done' };
  }

  /** The configuration with the parts that came before; they are forgotten. */
  #whole(config: GatewayConfig): GatewayConfig {
    const whole = { ...config, upstreams: this.#upstreams, routes: this.#routes };
    this.#forgetParts();
    return whole;
  }

  #forgetParts(): void {
    this.#upstreams = [];
    this.#routes = [];
  }

  #take(): Prepared | undefined {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    return prepared;
  }

  #hear(notice: Exclude<Notice, { kind: 'stop' }>): void {
    switch (notice.kind) {
      case 'registered':
        this.#gateway?.registered(notice);
        break;
      case 'removed':
        this.#gateway?.removed(notice.upstream, notice.instance);
        break;
      case 'hurry':
        this.#gateway?.hurry();
    }
  }

  async #stop(): Promise<void> {
    this.#stopped ??= this.#gateway?.stop() ?? Promise.resolve();
    await this.#stopped;
  }

  #say(answer: FromWorker): void {
    // The primary may be gone meanwhile; then nobody wants to know.
    if (process.connected) process.send?.(answer, undefined, undefined, () => undefined);
  }
}
