import { setTimeout as pause } from 'node:timers/promises';
import type { Health } from '../admin/admin.ts';
import type { UpstreamView } from '../upstreams/view.ts';
import { readOpenMetrics, type Family } from '../observability/exposition.ts';
import { countsOf, mergedMetrics, type ProcessMetrics } from './merged-metrics.ts';
import { mergedHealth } from './merged-health.ts';
import { mergedUpstreams } from './merged-upstreams.ts';
import type { WorkerState } from './messages.ts';

/** How often workers are asked how they fare, in milliseconds: who looks sees nothing older. */
const PERIOD = 1000;
/** How long who looks waits for all workers to answer, in milliseconds: a hundredth of it is usual. */
const PATIENCE = 200;

/** What is asked of a worker. */
export interface Asked {
  readonly place: number;
  readonly hasEnded: boolean;
  /** In OpenMetrics. @throws when it has ended, or does not answer in time; as the next one */
  metrics(): Promise<string>;
  state(): Promise<WorkerState>;
}

/** What workers say of themselves, put together. */
export class Gathered {
  readonly #workers: () => readonly Asked[];
  readonly #timer: NodeJS.Timeout;
  /** What each worker counted when it was last asked. */
  readonly #counted = new Map<Asked, readonly Family[]>();
  /** What those counted that have ended, as far as anybody has seen it: sums must not go down. */
  #departed: readonly Family[] = [];
  #states: readonly WorkerState[] = [];
  #looking: Promise<void> | undefined;

  /** @param workers those that serve */
  constructor(workers: () => readonly Asked[]) {
    this.#workers = workers;
    this.#timer = setInterval(() => void this.look(), PERIOD).unref();
  }

  /** The state of upstreams at the last look. One that did not answer is left out. */
  get upstreams(): readonly UpstreamView[] {
    return mergedUpstreams(this.#states.map(({ upstreams }) => upstreams));
  }

  /** How the workers' database and Redis fared at the last look; undefined when nobody knew. */
  get health(): Health | undefined {
    return mergedHealth(this.#states.map(({ health }) => health));
  }

  /** Asks all workers for their state, and waits for each until it has answered, or not in time. */
  async look(): Promise<void> {
    this.#looking ??= this.#ask().finally(() => (this.#looking = undefined));
    await this.#looking;
  }

  /** The same for who must not wait for one that does not answer: what was known before stands until that is certain. */
  async glance(): Promise<void> {
    await Promise.race([this.look(), pause(PATIENCE, undefined, { ref: false })]);
  }

  async #ask(): Promise<void> {
    const states = await Promise.allSettled(this.#workers().map(async (worker) => worker.state()));
    this.#states = states.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  }

  /**
   * The metrics of all processes. One that does not answer is shown as it was last seen.
   *
   * @param primary those of the primary
   */
  async metrics(primary: readonly Family[]): Promise<Family[]> {
    await Promise.all(
      this.#workers().map(async (worker) => {
        const text = await worker.metrics().catch(() => undefined);
        if (text !== undefined) this.#counted.set(worker, readOpenMetrics(text));
      }),
    );
    for (const [worker, families] of this.#counted)
      if (worker.hasEnded) {
        this.#departed = countsOf([this.#departed, families]);
        this.#counted.delete(worker);
      }
    const others = [...this.#counted].map(([{ place }, families]): ProcessMetrics => ({ worker: place, families }));
    return mergedMetrics([
      { worker: 0, families: primary },
      { worker: 'departed', families: this.#departed },
      ...others,
    ]);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
