import cluster from 'node:cluster';
import { fstatSync } from 'node:fs';
import type { AdminOptions } from '../admin/admin.ts';
import { AnnouncedRegistry } from '../cluster/announced-registry.ts';
import { Followed, registryUpstreams } from '../cluster/followed.ts';
import { Gathered } from '../cluster/gathered.ts';
import { HandedConnections } from '../cluster/handed-connections.ts';
import type { Addresses } from '../cluster/messages.ts';
import { purgeWorkers } from '../cluster/purged-workers.ts';
import { workerMetrics } from '../cluster/worker-metrics.ts';
import { WorkerProcess } from '../cluster/worker-process.ts';
import { Workforce } from '../cluster/workforce.ts';
import type { GatewayConfig } from '../config/config.ts';
import { ConfigState } from '../gateway/config-state.ts';
import { logDiagnostics, Reloader } from '../gateway/reload.ts';
import type { Stores } from '../gateway/stores.ts';
import { ConfigWatcher } from '../gateway/watch.ts';
import { familiesOf } from '../observability/exposition.ts';
import { Logs, type LogDestination } from '../observability/logs.ts';
import { Metrics } from '../observability/metrics.ts';
import type { ConfigFile } from './config-file.ts';
import { Hurry } from './hurry.ts';
import { Later } from './later.ts';
import { AdminPort } from './admin-port.ts';
import { adminParts, createLoggedResources, healthOf, openLoggedStores } from './parts.ts';
import { readManifest } from './manifest.ts';
import { PeopleService } from './people-service.ts';
import { prepareAll } from './prepare-all.ts';
import { newTicketSecret } from './serving.ts';

/** How much longer than they have to drain workers may take to end, in milliseconds: then they are killed. */
const GRACE = 5000;

interface Parts {
  readonly logs: Logs;
  readonly workforce: Workforce;
  readonly reloader: Reloader;
  readonly watcher: ConfigWatcher;
  readonly stores: Stores;
  readonly people: PeopleService;
  readonly gathered: Gathered;
  readonly admin: AdminPort;
  readonly configuration: ConfigState;
  readonly state: { draining: boolean };
}

/**
 * A gateway that serves in several processes, seen from the one that serves nothing itself: the primary reads the
 * configuration, has the admin listener, and looks after its workers.
 */
export class RunningWorkers {
  readonly #parts: Parts;
  readonly #hurry = new Hurry();
  #stopped: Promise<void> | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Starts the workers of a configuration.
   *
   * @param count how many
   * @param destination where logs go, theirs included
   * @param onBroken told, after the start, that the embedded database is of no use: it takes a while to find out
   * @param givenUp ends the start with an exception, and the workers with it
   * @throws UnusableDatabase, KeyRingFault, the system's error when the address of the admin listener cannot be bound, or
   *   WorkerFault with its code when the other one cannot
   */
  static async open(
    file: ConfigFile,
    count: number,
    destination: LogDestination,
    onBroken: (error: unknown) => void,
    givenUp: AbortSignal,
  ): Promise<RunningWorkers> {
    const { config, first } = file;
    const logs = new Logs(destination);
    const { logger } = logs;
    logs.apply(config.logs);
    logDiagnostics(first.diagnostics, logger);
    const state = { draining: false };
    const started = new Later();
    const configuration = new ConfigState(file.file, config, first);
    const stores = openLoggedStores(config, logger);
    const metrics = new Metrics({
      version: readManifest().version,
      inFlight: () => 0,
      connections: async () => 0,
      droppedLogLines: () => destination.droppedLines?.() ?? 0,
    });
    const people = new PeopleService(createLoggedResources(stores, logger, metrics));
    const registry =
      stores.redis === undefined
        ? new AnnouncedRegistry(stores.registry, (notice) => workforce.tell(notice))
        : stores.registry;
    const registrations = registry instanceof AnnouncedRegistry ? registry : undefined;
    // Into a file they may write by themselves: the system does one write after the other. Into a pipe it does so up to
    // 4 KiB (pipe(7), PIPE_BUF), and lines would be torn: they come here first.
    const output = fstatSync(1).isFile() ? 'inherit' : 'pipe';
    cluster.setupPrimary({ stdio: ['ignore', output, 'inherit', 'ipc'] });
    cluster.schedulingPolicy = cluster.SCHED_RR;
    const ticketSecret = newTicketSecret();
    const handed = new HandedConnections();
    const workforce = new Workforce(count, config, {
      logger,
      fork: (place) => new WorkerProcess(handed.watch(cluster.fork()), place, (bytes) => destination.write(bytes)),
      startOptions: () => ({
        isTerminal: destination.isTerminal,
        ticketSecret,
        measured: config.metrics,
        registrations: () => registrations?.known(registryUpstreams(configuration.config), Date.now()) ?? [],
      }),
      tryAgain: () => void reloader.reload(),
    });
    const gathered = new Gathered(() => workforce.ready);
    workerMetrics(metrics.registry, () => workforce);
    const notReady = (): string | undefined => {
      if (state.draining) return 'draining';
      return workforce.ready.length === 0 ? 'no worker serves' : undefined;
    };
    const options: AdminOptions = {
      ...adminParts(registry, configuration, metrics),
      metrics: async () => gathered.metrics(await familiesOf(metrics.registry)),
      logger,
      notReady,
      health: () => ({ ...(gathered.health ?? healthOf(stores)), workers: workforce.states }),
      reload: async (mayReplace) => reloader.reload(mayReplace),
      administration: () => people.administration,
      upstreams: async () => {
        await gathered.glance();
        return gathered.upstreams;
      },
      purge: async (selector) => {
        const outcome = await purgeWorkers(workforce, selector);
        metrics.cached.purged(outcome.purged);
        return outcome;
      },
    };
    const watcher = new ConfigWatcher(() => void reloader.reload(), file.before);
    const reloader = new Reloader(configuration, {
      metrics,
      logger,
      users: stores.users,
      // Who asks the admin listener may be quicker than the workers that start.
      load: async (signal) => {
        await started.promise;
        return file.read(signal);
      },
      prepare: async (next) => {
        const { commit, abort } = await prepareAll(next, workforce, [admin, people]);
        return {
          abort,
          commit: async () => {
            await commit();
            logs.apply(next.logs);
            followed.follow(registryUpstreams(next));
          },
        };
      },
      watch: async (list, began) => watcher.watch(list, began),
    });
    const opened = await openOrClose(config, { stores, people, workforce, gathered }, options, givenUp);
    const { admin, address, httpsAddress } = opened;
    const followed = new Followed(registry);
    followed.follow(registryUpstreams(config));
    await watcher.watch(first.watch, file.since);
    metrics.reloaded(config.hash);
    started.happen();
    await gathered.look();
    stores.users.check('embedded').catch(onBroken);
    const running = new RunningWorkers({
      logs,
      workforce,
      reloader,
      watcher,
      stores,
      people,
      gathered,
      admin,
      configuration,
      state,
    });
    const about = { listen: address, tls: httpsAddress, admin: admin.address };
    logger.info({ ...about, routes: config.routes.length, workers: count }, 'serving');
    return running;
  }

  /** Reads the configuration again, changed or not. */
  async reload(): Promise<void> {
    await this.#parts.reloader.reload();
  }

  /** Writes what is left of the logs, synchronously. */
  flushLogs(): void {
    this.#parts.logs.flushSync();
  }

  /**
   * Stops: announces it to load balancers while the workers still accept, then lets the workers take nothing new and end
   * what is in flight, then cuts off what is left.
   *
   * @param options `announce: false` when no load balancer has to notice first
   * @returns whether everything in flight could end
   */
  async stop(options: { announce: boolean } = { announce: true }): Promise<boolean> {
    this.#stopped ??= this.#stop(options.announce);
    await this.#stopped;
    return !this.#hurry.isOn;
  }

  /** Ends a stop that is under way at once. */
  hurry(): void {
    this.#hurry.begin();
  }

  async #stop(announce: boolean): Promise<void> {
    const { logs, workforce, reloader, watcher, stores, people, gathered, admin, configuration, state } = this.#parts;
    const { timeouts } = configuration.config.server;
    watcher.close();
    state.draining = true;
    const drainDelay = announce ? timeouts.drainDelay : 0;
    logs.logger.info({ drainDelay, drain: timeouts.drain }, 'stopping');
    const settled = reloader.stop();
    await this.#hurry.wait(drainDelay);
    await settled;
    const ended = workforce.stop();
    // They cut off by themselves what is left after `drain`. What comes then is for those that do nothing any more.
    await this.#hurry.wait(timeouts.drain + GRACE, ended);
    workforce.tell({ kind: 'hurry' });
    await new Hurry().wait(GRACE, ended);
    workforce.kill();
    await ended;
    gathered.close();
    await admin.close();
    people.close();
    await stores.close();
    logs.logger.info('stopped');
    logs.flush();
  }
}

/** Starts what a configuration needs, or gives back all of it. A database of another version is found before. */
async function openOrClose(
  config: GatewayConfig,
  { stores, people, workforce, gathered }: Pick<Parts, 'stores' | 'people' | 'workforce' | 'gathered'>,
  options: AdminOptions,
  givenUp: AbortSignal,
): Promise<Addresses & { readonly admin: AdminPort }> {
  let admin: AdminPort | undefined;
  try {
    const { commit } = await people.prepare(config);
    await commit();
    await stores.users.check('server');
    admin = await AdminPort.open(config.admin, options);
    return { ...(await workforce.open(givenUp)), admin };
  } catch (error) {
    gathered.close();
    await admin?.close();
    people.close();
    await stores.close();
    throw error;
  }
}
