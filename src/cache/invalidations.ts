/** How many may wait for a store that is away; what was invalidated before those is given up. */
const MAX_WAITING = 10_000;
/** Until what has failed is tried once more. In milliseconds. */
const RETRY_INTERVAL = 1000;

/**
 * What this process has invalidated and the shared store may not know: it is on its way there, or the store was away. An
 * answer from there would be the one that was invalidated.
 */
export class Invalidations {
  readonly #send: (uri: string) => Promise<boolean>;
  /** What became of the last try for a URI. */
  readonly #unsettled = new Map<string, Promise<boolean>>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @param send @returns whether the store has it now; never rejects */
  constructor(send: (uri: string) => Promise<boolean>) {
    this.#send = send;
  }

  begin(uri: string): void {
    void this.#try(uri);
  }

  /** Waits for what is on its way, and tries once more what has failed. @returns whether the store knows all of a URI */
  async settle(uri: string): Promise<boolean> {
    const last = this.#unsettled.get(uri);
    if (last === undefined || (await last)) return true;
    return this.#unsettled.has(uri) ? this.#try(uri) : true;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #try(uri: string): Promise<boolean> {
    const sent = this.#send(uri);
    // Behind all others, as the last to be given up.
    this.#unsettled.delete(uri);
    this.#unsettled.set(uri, sent);
    const [oldest] = this.#unsettled.keys();
    if (this.#unsettled.size > MAX_WAITING && oldest !== undefined) this.#unsettled.delete(oldest);
    const isKnown = await sent;
    if (!isKnown) this.#retryLater();
    else if (this.#unsettled.get(uri) === sent) this.#unsettled.delete(uri);
    return isKnown;
  }

  #retryLater(): void {
    if (this.#isClosed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#retry();
    }, RETRY_INTERVAL);
    this.#timer.unref();
  }

  /** One after the other, and no further than to the first that fails: they would all fail. */
  async #retry(): Promise<void> {
    // As they are now: each try puts its own behind all others.
    const waiting = Array.from(this.#unsettled.keys());
    for (const uri of waiting) if (this.#isClosed || !(await this.#try(uri))) return;
  }
}
