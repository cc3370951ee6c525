import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EmbeddedFailure } from './failure.ts';
import type { ServerMessage, ServerRequest, ServerSource } from './messages.ts';
import { oneLine, tell } from './tell.ts';

/** How long the database may take to write everything down when it is stopped. It loses nothing when it is cut short. */
const STOP_LIMIT = 5_000;

/** The thread that the embedded database runs on. */
export class EmbeddedServer {
  /** When it has ended: why. */
  readonly ended: Promise<string>;
  readonly #worker: Worker;
  #watch: NodeJS.Timeout | undefined;
  #why = 'its thread ended';

  private constructor(worker: Worker) {
    this.#worker = worker;
    // Not once(): an 'error' comes first when it crashes.
    this.ended = new Promise((resolve) => worker.on('exit', () => resolve(this.#why)));
    worker.on('error', (error) => (this.#why = tell(error)));
  }

  /**
   * Starts it, up to where it takes connections.
   *
   * @param options `signal` says that nobody waits for it any more; `stallLimit` is how long a statement may keep it from
   *   listening, in milliseconds
   * @throws EmbeddedFailure
   */
  static async start(
    source: ServerSource,
    { signal, stallLimit }: { readonly signal: AbortSignal; readonly stallLimit: number },
  ): Promise<EmbeddedServer> {
    const script = import.meta.url.endsWith('.ts') ? './server-thread-source.mjs' : './server-thread.js';
    const worker = new Worker(new URL(script, import.meta.url), { workerData: source, execArgv: [] });
    const server = new EmbeddedServer(worker);
    const abandon = (): void => void worker.terminate();
    signal.addEventListener('abort', abandon);
    try {
      await new Promise<void>((resolve, reject) => {
        const fail = (why: string): void =>
          reject(
            new EmbeddedFailure(
              'failed',
              `the embedded database in ${dirname(source.cluster)} could not be started: ${oneLine(why)}; if its files are damaged, put a backup in their place, or move the folder away to begin anew`,
            ),
          );
        worker.on('error', (error) => fail(tell(error)));
        worker.on('exit', () => fail('its thread ended'));
        worker.on('message', (message: ServerMessage) => {
          if (message.kind === 'listening') resolve();
          else if (message.kind === 'failed') fail(message.message);
        });
      });
    } catch (error) {
      await worker.terminate();
      throw error;
    } finally {
      signal.removeEventListener('abort', abandon);
    }
    server.#watchOver(stallLimit);
    return server;
  }

  /** Stops it: statements that run end, and everything is written down. */
  async stop(): Promise<void> {
    clearInterval(this.#watch);
    const stopped = new Promise<void>((resolve) => {
      this.#worker.on('message', ({ kind }: ServerMessage) => {
        if (kind === 'stopped') resolve();
      });
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOP_LIMIT);
    });
    this.#say('stop');
    await Promise.race([stopped, late, this.ended]);
    clearTimeout(timer);
    await this.#worker.terminate();
  }

  /**
   * Ends the thread when it has not listened for too long: the embedded database cannot cancel a statement, and one
   * that never ends would keep everybody else out for good.
   */
  #watchOver(limit: number): void {
    let heard = performance.now();
    this.#worker.on('message', () => (heard = performance.now()));
    this.#watch = setInterval(() => {
      if (performance.now() - heard <= limit) return this.#say('ping');
      this.#why = `a statement ran for more than ${limit / 1000} s`;
      void this.#worker.terminate();
    }, limit / 5).unref();
    void this.ended.then(() => clearInterval(this.#watch));
  }

  #say(request: ServerRequest): void {
    this.#worker.postMessage(request);
  }
}
