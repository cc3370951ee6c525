import type { ServerResponse } from 'node:http';

/** How long a reader may take nothing, in milliseconds. */
const PATIENCE = 30_000;

/**
 * An answer as Server-Sent Events (WHATWG HTML, section 9.2). A reader that is slower than the events misses some: of each kind
 * only the newest waits for it, and one that takes nothing for half a minute is cut off.
 */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #now: () => number;
  /** The newest of each kind, while the reader has not taken what was written. */
  readonly #waiting = new Map<string, string>();
  /** Since when the reader has taken nothing; undefined while it keeps up. */
  #stalledAt: number | undefined;
  #isOver = false;

  /**
   * @param response with its status and header fields, which are sent now
   * @param now a clock that nobody sets, in milliseconds
   */
  constructor(response: ServerResponse, now: () => number = () => performance.now()) {
    this.#response = response;
    this.#now = now;
    response.on('drain', () => this.#resume());
    response.flushHeaders();
  }

  /** @param data one line */
  send(event: string, data: string): void {
    if (this.#isOver || this.#response.destroyed) return;
    const text = `event: ${event}\ndata: ${data}\n\n`;
    if (this.#stalledAt === undefined) this.#write(text);
    else if (this.#now() - this.#stalledAt > PATIENCE) this.#response.destroy();
    else {
      // In the order in which they came: a place in a map stays with its key.
      this.#waiting.delete(event);
      this.#waiting.set(event, text);
    }
  }

  /** Ends it: at once for a reader that has not even taken what it was sent. */
  end(): void {
    this.#isOver = true;
    this.#waiting.clear();
    if (this.#stalledAt === undefined) this.#response.end();
    else this.#response.destroy();
  }

  #resume(): void {
    this.#stalledAt = undefined;
    if (this.#waiting.size === 0) return;
    const text = [...this.#waiting.values()].join('');
    this.#waiting.clear();
    this.#write(text);
  }

  #write(text: string): void {
    if (!this.#response.write(text)) this.#stalledAt = this.#now();
  }
}
