import { Collector, type Delivery } from './collector.ts';
import { keyValues, type Attributes } from './span.ts';

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

/** How much may wait, in characters: some thousands of spans. */
const MOST_WAITING = 4 * 1024 * 1024;
/** A batch goes out when it has so many spans, or is so long. */
const BATCH_SPANS = 512;
const BATCH_LENGTH = 512 * 1024;
/** And at the latest so long after its first span; in milliseconds. */
const BATCH_AFTER = 1000;
/** How often a batch is sent. */
const TRIES = 5;
/** Before it is sent again; twice as long each time. In milliseconds. */
const FIRST_PAUSE = 500;
/** A collector that asks for a longer pause does not get it. */
const LONGEST_PAUSE = 30_000;
/** What is left at the end has so long to go out; in milliseconds. */
const LAST_WORDS = 2000;

interface Batch {
  readonly text: string;
  readonly spans: number;
}

/**
 * Sends spans to a collector: in batches, one after the other, from a queue that is bounded. Whoever adds a span never
 * waits.
 */
export class Exporter {
  readonly #url: string;
  readonly #collector: Collector;
  readonly #events: ExporterEvents;
  /** What stands around the spans of every batch. */
  readonly #before: string;
  readonly #waiting: string[] = [];
  #length = 0;
  #timer: NodeJS.Timeout | undefined;
  /** While something is sent: until nothing is left to send. */
  #sending: Promise<void> | undefined;
  #isClosed = false;
  #endPause = (): void => undefined;

  /** @param url that spans are posted to @param resource what they are of */
  constructor(url: string, resource: Attributes, events: ExporterEvents) {
    this.#url = url;
    this.#collector = new Collector(url);
    this.#events = events;
    const about = JSON.stringify({ attributes: keyValues(resource) });
    this.#before = `{"resourceSpans":[{"resource":${about},"scopeSpans":[{"scope":{"name":"gatewayctl"},"spans":[`;
  }

  /** @param span as a JSON object */
  add(span: string): void {
    if (this.#length + span.length > MOST_WAITING) {
      this.#events.dropped('queue-full', 1);
      return;
    }
    this.#waiting.push(span);
    this.#length += span.length;
    this.#schedule();
  }

  /** Sends what is left. It takes no longer than two seconds: what has not gone out by then is dropped. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endPause();
    const bound = setTimeout(() => this.#collector.close(), LAST_WORDS);
    if (this.#sending === undefined && this.#waiting.length > 0) this.#send();
    await this.#sending;
    clearTimeout(bound);
    this.#collector.close();
  }

  /** Whether there is enough for a batch. */
  get #isFull(): boolean {
    return this.#waiting.length >= BATCH_SPANS || this.#length >= BATCH_LENGTH;
  }

  #schedule(): void {
    if (this.#sending !== undefined || this.#waiting.length === 0) return;
    if (this.#isFull) this.#send();
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

  /** Sends all that waits, but for what is too little for a batch of its own and may wait for more. */
  async #empty(): Promise<void> {
    do await this.#deliver(this.#take());
    while (this.#isFull || (this.#isClosed && this.#waiting.length > 0));
  }

  #take(): Batch {
    let count = 0;
    let length = 0;
    for (const span of this.#waiting) {
      if (count === BATCH_SPANS || length >= BATCH_LENGTH) break;
      count += 1;
      length += span.length;
    }
    this.#length -= length;
    return { text: `${this.#before}${this.#waiting.splice(0, count).join(',')}]}]}]}`, spans: count };
  }

  async #deliver({ text, spans }: Batch): Promise<void> {
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
