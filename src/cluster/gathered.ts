import type { UpstreamView } from '../upstreams/view.ts';
import { mergedMetrics, type ProcessMetrics } from './merged-metrics.ts';
import { mergedUpstreams } from './merged-upstreams.ts';
import type { WorkerProcess } from './worker-process.ts';

/** How often workers are asked how their upstreams are, in milliseconds: who looks sees nothing older. */
const PERIOD = 1000;

/** What workers say of themselves, put together. One that does not answer is left out. */
export class Gathered {
  readonly #workers: () => readonly WorkerProcess[];
  readonly #timer: NodeJS.Timeout;
  #upstreams: readonly UpstreamView[] = [];
  #isLooking = false;

  /** @param workers those that serve */
  constructor(workers: () => readonly WorkerProcess[]) {
    this.#workers = workers;
    this.#timer = setInterval(() => void this.look(), PERIOD).unref();
  }

  /** The state of upstreams at the last look. */
  get upstreams(): readonly UpstreamView[] {
    return this.#upstreams;
  }

  /** Asks all workers for the state of their upstreams. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const views = await answers(this.#workers(), async (worker) => worker.upstreams());
    this.#upstreams = mergedUpstreams(views);
    this.#isLooking = false;
  }

  /** The metrics of all processes, in the text format of Prometheus. @param primary those of the primary */
  async metrics(primary: string): Promise<string> {
    const own: ProcessMetrics = { worker: 0, text: primary };
    const others = await answers(this.#workers(), async (worker): Promise<ProcessMetrics> => ({
      worker: worker.place,
      text: await worker.metrics(),
    }));
    return mergedMetrics([own, ...others]);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

async function answers<Answer>(
  workers: readonly WorkerProcess[],
  ask: (worker: WorkerProcess) => Promise<Answer>,
): Promise<Answer[]> {
  const outcomes = await Promise.allSettled(workers.map(ask));
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}
