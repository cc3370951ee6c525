import type { Worker } from 'node:cluster';
import type { PurgeSelector } from '../cache/purge.ts';
import type { Purged, PurgeScope } from '../cache/purged.ts';
import type { GatewayConfig } from '../config/config.ts';
import type { MetricsConfig } from '../config/metrics-config.ts';
import { BATCH } from '../gateway/load.ts';
import { WorkerFault } from './fault.ts';
import { passLines } from './lines.ts';
import {
  GREETING,
  type Addresses,
  type Answer,
  type FromWorker,
  type Notice,
  type Registration,
  type Request,
  type ToWorker,
  type WorkerState,
} from './messages.ts';

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface StartOptions {
  readonly config: GatewayConfig;
  /** What has registered by then. */
  readonly registrations: () => readonly Registration[];
  readonly workers: number;
  readonly isTerminal: boolean;
  /** What keys of TLS session tickets are derived from. */
  readonly ticketSecret: string;
  /** How durations are measured, the same in all. */
  readonly measured: MetricsConfig;
}

/**
 * How long a worker may take until it serves, to make a configuration ready, to let it take over, to tell what it sees or
 * to purge its memory, and to purge what is shared; in milliseconds. The first two may wait for sources of endpoints. A
 * late sign of life is one, too.
 */
const PATIENCE = { start: 60_000, prepare: 8000, commit: 8000, look: 2000, purge: 10_000, ping: 60_000 };

/** A worker, seen from the primary. */
export class WorkerProcess {
  /** Its place among the workers, from 1. */
  readonly place: number;
  /** When it has ended, and its log has been read to the end. */
  readonly ended: Promise<Ending>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (answer: Answer | WorkerFault) => void>();
  readonly #greeting: Promise<Answer>;
  #lastId = GREETING;
  #ending: Ending | undefined;
  #isKilled = false;
  #hasGreeted = false;

  /** @param write takes whole lines of its log */
  constructor(worker: Worker, place: number, write: (bytes: Buffer) => unknown) {
    this.#worker = worker;
    this.place = place;
    this.#greeting = this.#answerTo(GREETING, PATIENCE.start);
    // Whoever starts it hears of it when there is none.
    this.#greeting.then(
      () => (this.#hasGreeted = true),
      () => undefined,
    );
    worker.on('message', ({ id, ...answer }: FromWorker) => this.#waiting.get(id)?.(answer));
    const { stdout } = worker.process;
    if (stdout !== null) passLines(stdout, write);
    this.ended = new Promise((resolve) => {
      const end = (ending: Ending): void => {
        this.#ending = ending;
        resolve(ending);
        for (const settle of this.#waiting.values()) settle(this.#gone());
      };
      // And not `exit`: what it wrote last is to be read before.
      worker.process.on('close', (code, signal) => end({ code, signal }));
      worker.on('error', () => {
        // It could not be started. Otherwise a message could not be sent any more, and its end will say why.
        if (this.pid === undefined) end({ code: null, signal: null });
      });
    });
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  get hasEnded(): boolean {
    return this.#ending !== undefined;
  }

  /** Whether it is at its end, or will be in a moment. */
  get isGone(): boolean {
    return this.#isKilled || !this.#worker.isConnected();
  }

  /** Makes it serve. @returns where it takes clients */
  async start({ config, registrations, ...rest }: StartOptions): Promise<Addresses> {
    await this.#greeting;
    const rump = await this.#sendParts(config, PATIENCE.start);
    const request = {
      kind: 'start',
      config: rump,
      worker: this.place,
      registrations: registrations(),
      ...rest,
    } as const;
    const answer = await this.#ask(request, PATIENCE.start);
    if (answer.kind !== 'started') throw this.#gone();
    return answer;
  }

  async prepare(config: GatewayConfig): Promise<void> {
    const rump = await this.#sendParts(config, PATIENCE.prepare);
    await this.#ask({ kind: 'prepare', config: rump }, PATIENCE.prepare);
  }

  async commit(): Promise<void> {
    await this.#ask({ kind: 'commit' }, PATIENCE.commit);
  }

  /** Gives a configuration up that it has prepared, or will have. */
  async abort(): Promise<void> {
    await this.#ask({ kind: 'abort' }, PATIENCE.commit);
  }

  /** In the text format of Prometheus. */
  async metrics(): Promise<string> {
    const answer = await this.#ask({ kind: 'metrics' }, PATIENCE.look);
    return answer.kind === 'metrics' ? answer.text : '';
  }

  /** How it sees its upstreams, and what else it leans on. */
  async state(): Promise<WorkerState> {
    const answer = await this.#ask({ kind: 'state' }, PATIENCE.look);
    if (answer.kind !== 'state') throw this.#gone();
    return answer;
  }

  /** Lets stored answers go. One that does not listen yet has none: what it is sent before that is lost. */
  async purge(selector: PurgeSelector, scope: PurgeScope): Promise<Purged> {
    if (!this.#hasGreeted) return { memory: 0 };
    const limit = scope === 'memory' ? PATIENCE.look : PATIENCE.purge;
    const answer = await this.#ask({ kind: 'purge', selector, scope }, limit);
    if (answer.kind !== 'purged') throw this.#gone();
    const { kind: _kind, ...purged } = answer;
    return purged;
  }

  /** Waits for a sign of life. */
  async ping(): Promise<void> {
    await this.#ask({ kind: 'ping' }, PATIENCE.ping);
  }

  tell(notice: Notice): void {
    if (this.#worker.isConnected()) this.#worker.send(notice);
  }

  /** Lets it end by itself: it drains. */
  stop(): void {
    // What it is told before it listens is lost; one that never does has ended.
    this.#greeting.then(
      () => this.tell({ kind: 'stop' }),
      () => undefined,
    );
  }

  kill(): void {
    this.#isKilled = true;
    this.#worker.process.kill('SIGKILL');
  }

  /** Sends upstreams and routes a batch at a time. @returns the rest of the configuration */
  async #sendParts(config: GatewayConfig, limit: number): Promise<GatewayConfig> {
    const { upstreams, routes } = config;
    for (let start = 0; start < Math.max(upstreams.length, routes.length); start += BATCH) {
      const end = start + BATCH;
      const part = { upstreams: upstreams.slice(start, end), routes: routes.slice(start, end) };
      await this.#ask({ kind: 'part', ...part }, limit);
    }
    return { ...config, upstreams: [], routes: [] };
  }

  /** @throws WorkerFault when it refuses, has ended, or does not answer in time */
  async #ask(request: Request, limit: number): Promise<Answer> {
    if (!this.#worker.isConnected()) throw this.#gone();
    this.#lastId += 1;
    const id = this.#lastId;
    this.#post({ ...request, id });
    return this.#answerTo(id, limit);
  }

  async #answerTo(id: number, limit: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const settle = (answer: Answer | WorkerFault): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        if (answer instanceof WorkerFault) reject(answer);
        else if (answer.kind === 'refused')
          reject(new WorkerFault(answer.message, { isRefusal: true, code: answer.code }));
        else resolve(answer);
      };
      const late = `worker ${this.place} has not answered within ${limit / 1000} s`;
      const timer = setTimeout(() => settle(new WorkerFault(late, { isRefusal: false })), limit);
      this.#waiting.set(id, settle);
    });
  }

  #gone(): WorkerFault {
    const { code, signal } = this.#ending ?? { code: null, signal: null };
    const how = signal ?? (code === null ? '' : `code ${code}`);
    return new WorkerFault(`worker ${this.place} has ended${how && ` with ${how}`}`, { isRefusal: false });
  }

  #post(message: ToWorker): void {
    this.#worker.send(message);
  }
}
