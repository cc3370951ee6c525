import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Family } from '../../observability/exposition.ts';
import { Reader, type Reading } from '../../observability/reading.ts';
import { trafficBetween } from '../../observability/traffic.ts';

/** What is watched. */
export interface Sources {
  metrics(): Promise<readonly Family[]>;
  /** What the API shows at this moment. */
  status(): Promise<object> | object;
  upstreams(): Promise<object>;
  failed(error: unknown): void;
}

export type LiveEvent = 'status' | 'upstreams' | 'traffic';

/** Takes what happens. @param data JSON */
export type Listener = (event: LiveEvent, data: string) => void;

/** From one reading to the next, in milliseconds. */
const PERIOD = 1000;
/** What is left to others at least when a reading takes that long; in milliseconds. */
const REST = 200;

/**
 * Reads once a second what all listeners are told; while nobody listens it does nothing. In a gateway of one process it works
 * beside the requests, and lets them go on between its steps: with 5,000 busy routes all of them take some 70 ms.
 */
export class Sampler {
  readonly #sources: Sources;
  /** With the status that each of them knows. */
  readonly #listeners = new Map<Listener, string>();
  #ended = new AbortController();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** @returns what ends it */
  listen(listener: Listener): () => void {
    this.#listeners.set(listener, '');
    if (this.#listeners.size === 1) {
      this.#ended = new AbortController();
      void this.#run(this.#ended.signal);
    }
    void this.#greet(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#ended.abort();
    };
  }

  /** Tells one who has just come how things stand. */
  async #greet(listener: Listener): Promise<void> {
    try {
      this.#tellStatus(listener, JSON.stringify(await this.#sources.status()));
      const upstreams = await this.#sources.upstreams();
      if (this.#listeners.has(listener)) listener('upstreams', JSON.stringify(upstreams));
    } catch (error) {
      this.#sources.failed(error);
    }
  }

  async #run(over: AbortSignal): Promise<void> {
    // What is known of series goes with the last listener.
    const reader = new Reader();
    let former: Reading | undefined;
    while (!over.aborted) {
      const began = performance.now();
      try {
        former = await this.#tick(reader, former, over);
      } catch (error) {
        this.#sources.failed(error);
      }
      const rest = Math.max(REST, PERIOD - (performance.now() - began));
      await pause(rest, undefined, { signal: over }).catch(() => undefined);
    }
  }

  /** @returns what was read */
  async #tick(reader: Reader, former: Reading | undefined, over: AbortSignal): Promise<Reading> {
    // Whoever began it was told how things stand.
    if (former !== undefined) await this.#tellState(over);
    const families = await this.#sources.metrics();
    const [at, clock] = [Date.now(), performance.now() / 1000];
    await nextTurn();
    const now = reader.read(families, at, clock);
    if (former === undefined) return now;
    await nextTurn();
    const traffic = trafficBetween(former, now);
    await nextTurn();
    const text = JSON.stringify(traffic);
    if (!over.aborted) for (const listener of this.#listeners.keys()) listener('traffic', text);
    return now;
  }

  /** It waits for no metrics: they take longer, above all where a worker does not answer. */
  async #tellState(over: AbortSignal): Promise<void> {
    const status = JSON.stringify(await this.#sources.status());
    const upstreams = JSON.stringify(await this.#sources.upstreams());
    if (over.aborted) return;
    for (const listener of this.#listeners.keys()) {
      this.#tellStatus(listener, status);
      listener('upstreams', upstreams);
    }
  }

  /** Only what has changed. */
  #tellStatus(listener: Listener, text: string): void {
    const known = this.#listeners.get(listener);
    if (known === undefined || known === text) return;
    this.#listeners.set(listener, text);
    listener('status', text);
  }
}
