import { Batch } from './batch.ts';
import { Collector, type Delivery } from './collector.ts';

/**
 * Why a span did not reach a collector. `queue-full`: too many wait already. `unreachable`: it did not take them, however
 * often it was asked. `refused`: it does not want them. `stopped`: there was no time, or no collector, any more.
 */
export const DROP_REASONS = ['queue-full', 'unreachable', 'refused', 'stopped'] as const;

export type DropReason = (typeof DROP_REASONS)[number];

export interface ExporterEvents {
  exported(spans: number): void;
  dropped(reason: DropReason, spans: number): void;
  /** A delivery went wrong. @param why for the log */
  failed(url: string, why: string): void;
}

/** So many full batches may wait, beside the one that is sent: of 256 KiB, and some hundred spans, each. */
const MOST_WAITING = 16;
/** A batch that is not full goes out so long after its first span; in milliseconds. */
const BATCH_AFTER = 1000;
/** How often a batch is sent. */
const TRIES = 5;
/** Before it is sent again; twice as long each time. In milliseconds. */
const FIRST_PAUSE = 500;
/** A collector that asks for a longer pause does not get it. */
const LONGEST_PAUSE = 30_000;
/** What is left at the end has so long to go out; in milliseconds. */
const LAST_WORDS = 2000;

/**
 * Sends spans to a collector: in batches, one after the other, from a queue that is bounded. Whoever adds a span never
 * waits.
 */
export class Exporter {
  readonly #url: string;
  readonly #collector: Collector;
  readonly #events: ExporterEvents;
  /** What stands before the spans of every batch. */
  readonly #before: string;
  readonly #full: Batch[] = [];
  /** The one that spans are added to. */
  #open: Batch | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** While something is sent: until nothing is left to send. */
  #sending: Promise<void> | undefined;
  #isClosed = false;
  #endPause = (): void => undefined;

  /**
   * @param url that spans are posted to
   * @param resource what they are of: a JSON list of attributes
   */
  constructor(url: string, resource: string, events: ExporterEvents) {
    this.#url = url;
    this.#collector = new Collector(url);
    this.#events = events;
    const scope = '{"name":"gatewayctl"}';
    this.#before = `{"resourceSpans":[{"resource":{"attributes":${resource}},"scopeSpans":[{"scope":${scope},"spans":[`;
  }

  /** @param span as a JSON object */
  add(span: string): void {
    if (this.#open?.add(span) === true) return;
    if (this.#open !== undefined) {
      if (this.#full.length === MOST_WAITING) {
        this.#events.dropped('queue-full', 1);
        return;
      }
      this.#full.push(this.#open);
    }
    this.#open = new Batch(this.#before, span);
    this.#schedule();
  }

  /** Sends what is left. It takes no longer than two seconds: what has not gone out by then is dropped. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endPause();
    const bound = setTimeout(() => this.#collector.close(), LAST_WORDS);
    if (this.#sending === undefined && this.#open !== undefined) this.#send();
    await this.#sending;
    clearTimeout(bound);
    this.#collector.close();
  }

  #schedule(): void {
    if (this.#sending !== undefined || this.#open === undefined) return;
    if (this.#full.length > 0) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), BATCH_AFTER).unref();
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending = this.#empty().finally(() => {
      this.#sending = undefined;
      this.#schedule();
    });
  }

  /** Sends all full batches, and one that is not full when there is no full one or never will be. */
  async #empty(): Promise<void> {
    do {
      const batch = this.#full.shift() ?? this.#takeOpen();
      if (batch !== undefined) await this.#deliver(batch);
    } while (this.#full.length > 0 || (this.#isClosed && this.#open !== undefined));
  }

  #takeOpen(): Batch | undefined {
    const batch = this.#open;
    this.#open = undefined;
    return batch;
  }

  async #deliver(batch: Batch): Promise<void> {
    const { spans } = batch;
    const text = batch.end();
    for (let tries = 1; ; tries += 1) {
      const delivery = await this.#collector.post(text);
      if (delivery.kind === 'taken') {
        this.#taken(spans, delivery.rejected);
        return;
      }
      this.#events.failed(this.#url, delivery.why);
      const reason = this.#givenUp(delivery, tries);
      if (reason !== undefined) {
        this.#events.dropped(reason, spans);
        return;
      }
      await this.#pause(pauseFor(delivery.retryAfter, tries));
    }
  }

  #taken(spans: number, rejected: number): void {
    const kept = Math.max(0, spans - rejected);
    if (kept > 0) this.#events.exported(kept);
    if (rejected > 0) this.#events.dropped('refused', spans - kept);
  }

  /** @returns undefined while it is worth another try */
  #givenUp(delivery: Delivery, tries: number): DropReason | undefined {
    if (delivery.kind === 'refused') return 'refused';
    if (this.#isClosed) return 'stopped';
    return tries === TRIES ? 'unreachable' : undefined;
  }

  async #pause(milliseconds: number): Promise<void> {
    if (this.#isClosed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds).unref();
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** A half of it is left to chance, so that gateways that lost a collector together do not come back together. */
function pauseFor(asked: number | undefined, tries: number): number {
  const pause = FIRST_PAUSE * 2 ** (tries - 1) * (0.5 + Math.random() / 2);
  return Math.min(LONGEST_PAUSE, Math.max(pause, asked ?? 0));
}
