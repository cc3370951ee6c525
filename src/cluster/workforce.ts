import type { Health } from '../admin/admin.ts';
import type { GatewayConfig } from '../config/config.ts';
import type { Prepared } from '../gateway/generations.ts';
import type { Logger } from '../observability/log.ts';
import { WorkerFault } from './fault.ts';
import { checkFree } from './free-addresses.ts';
import type { Addresses, Notice } from './messages.ts';
import { Pulse } from './pulse.ts';
import { RestartPace } from './restart-pace.ts';
import { rollOut } from './roll-out.ts';
import type { StartOptions, WorkerProcess } from './worker-process.ts';

/** How often workers are asked for a sign of life, in milliseconds. */
const PERIOD = 1000;

/** What a worker does. */
export type WorkerActivity = NonNullable<Health['workers']>[string];

export interface WorkforceOptions {
  readonly logger: Logger;
  /** Starts a process that waits to be told what to do. @param place from 1 */
  fork(place: number): WorkerProcess;
  /** What else a worker that starts now is told, beside the configuration. */
  startOptions(): Omit<StartOptions, 'config' | 'workers'>;
  /** Told when a configuration failed for a worker that was silent or ended, and all workers answer again. */
  readonly tryAgain: () => void;
}

/** One of the workers that there are to be, and who is it now. */
interface Place {
  readonly number: number;
  readonly pace: RestartPace;
  process: WorkerProcess | undefined;
  /** The hash of what it serves; undefined while it does not. */
  serves: string | undefined;
  /** When it began to; in milliseconds of a steady clock. */
  since: number | undefined;
  timer: NodeJS.Timeout | undefined;
}

/**
 * As many workers as there are to be: one that ends, or does not answer any more, is replaced. All of them serve one
 * configuration.
 */
export class Workforce {
  readonly #options: WorkforceOptions;
  readonly #places: readonly Place[];
  readonly #pulse = new Pulse<WorkerProcess>();
  readonly #timer: NodeJS.Timeout;
  #config: GatewayConfig;
  /** The hash of a configuration that failed for a worker that is gone or silent. */
  #missed: string | undefined;
  /** The one that was tried again. Once is enough: it may be what workers die of. */
  #triedAgain: string | undefined;
  #restarts = 0;
  #isStopping = false;

  /** Starts nothing yet. */
  constructor(count: number, config: GatewayConfig, options: WorkforceOptions) {
    this.#options = options;
    this.#config = config;
    this.#places = Array.from({ length: count }, (_, index) => ({
      number: index + 1,
      pace: new RestartPace(),
      process: undefined,
      serves: undefined,
      since: undefined,
      timer: undefined,
    }));
    this.#timer = setInterval(() => this.#beat(), PERIOD).unref();
  }

  /** How many there are to be. */
  get count(): number {
    return this.#places.length;
  }

  /** Those that serve, as far as anybody knows. */
  get ready(): readonly WorkerProcess[] {
    return this.#serving.filter((process) => this.#answers(process));
  }

  /** Those that have not ended, whatever they do. */
  get alive(): readonly WorkerProcess[] {
    return this.#places.flatMap(({ process }) => (process === undefined || process.hasEnded ? [] : [process]));
  }

  /** What each of them does, by its number. */
  get states(): Record<string, WorkerActivity> {
    return Object.fromEntries(this.#places.map((place) => [place.number, this.#stateOf(place)]));
  }

  /** How many have taken the place of one that had ended. */
  get restarts(): number {
    return this.#restarts;
  }

  /**
   * Starts all of them.
   *
   * @param givenUp kills them while they start
   * @returns where they take clients
   * @throws the system's error when an address is taken, WorkerFault of the first worker that cannot; then none is left
   */
  async open(givenUp: AbortSignal): Promise<Addresses> {
    await checkFree(undefined, this.#config);
    givenUp.throwIfAborted();
    givenUp.addEventListener('abort', () => this.kill());
    try {
      // The first that fails is enough: nobody waits for the others.
      const [addresses] = await Promise.all(this.#places.map(async (place) => this.#start(place)));
      if (addresses === undefined) throw new Error('there are to be no workers');
      for (const place of this.#places) this.#watchOver(place);
      return addresses;
    } catch (error) {
      const ended = this.stop();
      this.kill();
      await ended;
      throw error;
    }
  }

  /**
   * Makes a configuration ready in all that serve: see {@link rollOut}. Those that start meanwhile follow.
   *
   * @throws the system's error when an address is taken, WorkerFault when a worker does not do it
   */
  async prepare(config: GatewayConfig): Promise<Prepared> {
    await checkFree(this.#config, config);
    const asked = this.#serving;
    const failed = (error: unknown): never => {
      const isRefusal = !(error instanceof WorkerFault) || error.isRefusal;
      // One that answers, and only was not ready in time, would not be the next time either.
      const isMissed = !isRefusal && !asked.every((process) => this.#answers(process));
      if (isMissed && config.hash !== this.#triedAgain) this.#missed = config.hash;
      throw error;
    };
    const { abort, commit } = await rollOut(config, asked, {
      decided: () => {
        this.#config = config;
        this.#missed = undefined;
        this.#triedAgain = undefined;
      },
      lost: (process, error) => this.#giveUp(process, error),
    }).catch(failed);
    return {
      abort,
      commit: async () => {
        await commit().catch(failed);
        for (const place of this.#places) {
          const { process, serves } = place;
          if (process !== undefined && serves !== undefined && asked.includes(process)) place.serves = config.hash;
        }
        await Promise.all(this.#places.map(async (place) => this.#catchUp(place)));
      },
    };
  }

  /** Tells all of them. */
  tell(notice: Notice): void {
    for (const { process } of this.#places) process?.tell(notice);
  }

  /** Lets them end by themselves, and replaces nobody any more. Resolves when all have ended. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    const endings = this.#places.map(async ({ process, timer }) => {
      clearTimeout(timer);
      process?.stop();
      await process?.ended;
    });
    await Promise.all(endings);
  }

  kill(): void {
    for (const { process } of this.#places) process?.kill();
  }

  get #serving(): readonly WorkerProcess[] {
    return this.#places.flatMap(({ process, serves }) =>
      process === undefined || serves === undefined ? [] : [process],
    );
  }

  #answers(process: WorkerProcess): boolean {
    return !process.isGone && this.#pulse.feels(process);
  }

  #stateOf({ process, serves }: Place): WorkerActivity {
    if (process === undefined || process.hasEnded) return 'ended';
    if (serves === undefined) return 'starting';
    return this.#answers(process) ? 'serving' : 'not answering';
  }

  #beat(): void {
    const { logger, tryAgain } = this.#options;
    for (const process of this.#pulse.beat(this.#serving)) {
      logger.error({ worker: process.place, pid: process.pid }, 'a worker does not answer any more: it is replaced');
      process.kill();
    }
    // With nobody to ask, all would begin with what may have been their end.
    if (this.#missed === undefined || this.ready.length < this.count) return;
    this.#triedAgain = this.#missed;
    this.#missed = undefined;
    logger.info(
      { hash: this.#triedAgain },
      'all workers answer again: the configuration that failed is tried once more',
    );
    tryAgain();
  }

  async #start(place: Place): Promise<Addresses> {
    const config = this.#config;
    place.serves = undefined;
    place.since = undefined;
    const process = this.#options.fork(place.number);
    place.process = process;
    const addresses = await process.start({ config, workers: this.count, ...this.#options.startOptions() });
    let serves = config;
    // Another configuration may have taken over meanwhile.
    while (serves.hash !== this.#config.hash) serves = await follow(process, this.#config);
    place.serves = serves.hash;
    place.since = performance.now();
    return addresses;
  }

  /** One that began to serve while a configuration was made ready in the others does not have that yet. */
  async #catchUp(place: Place): Promise<void> {
    const { process, serves } = place;
    if (process === undefined || serves === undefined || serves === this.#config.hash) return;
    try {
      const { hash } = await follow(process, this.#config);
      if (place.process === process) place.serves = hash;
    } catch (error) {
      this.#giveUp(process, error);
    }
  }

  #giveUp(process: WorkerProcess, error: unknown): void {
    const { place: worker, pid } = process;
    this.#options.logger.error(
      { worker, pid, err: error },
      'a worker does not follow the configuration: it is replaced',
    );
    process.kill();
  }

  /** Replaces whoever is at a place when it has ended, and whoever comes then. */
  #watchOver(place: Place): void {
    const { process } = place;
    if (process === undefined) return;
    void process.ended.then(({ code, signal }) => {
      place.serves = undefined;
      if (this.#isStopping) return;
      const now = performance.now();
      const { pause, keepsDying } = place.pace.died(now - (place.since ?? now), now);
      const about = { worker: place.number, pid: process.pid, code, signal, pause };
      if (keepsDying) this.#options.logger.error(about, 'a worker keeps ending: the next one has to wait');
      else this.#options.logger.warn(about, 'a worker has ended: it is replaced');
      place.timer = setTimeout(() => this.#replace(place), pause);
    });
  }

  #replace(place: Place): void {
    this.#restarts += 1;
    const { logger } = this.#options;
    const serving = this.#start(place);
    const { process } = place;
    serving.then(
      () => logger.info({ worker: place.number, pid: process?.pid }, 'a worker serves'),
      (error: unknown) => {
        logger.error({ worker: place.number, pid: process?.pid, err: error }, 'a worker cannot serve');
        process?.kill();
      },
    );
    this.#watchOver(place);
  }
}

async function follow(process: WorkerProcess, config: GatewayConfig): Promise<GatewayConfig> {
  await process.prepare(config);
  await process.commit();
  return config;
}
