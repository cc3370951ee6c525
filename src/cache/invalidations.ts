import { detachedTexts } from './detached.ts';

/** What may wait for a store that is away. */
const MAX_WAITING = 10_000;
/** In bytes: a URI is as long as its client likes. */
const MAX_BYTES = 4 * 1_048_576;
/** What keeps one URI in its place; in bytes. */
const OVERHEAD = 128;
/** Until what has failed is tried once more. In milliseconds. */
const RETRY_INTERVAL = 1000;

/** Tells the store. It says whether the store has it now, and never rejects. */
export interface InvalidationSender {
  send(uri: string): Promise<boolean>;
  /** Takes all that is in the store away. */
  sendAll(): Promise<boolean>;
}

/**
 * What this process has invalidated and the shared store may not know: it is on its way there, or the store was away. An
 * answer from there would be the one that was invalidated. When there are more of them than can be remembered, nothing in
 * the store is to be trusted any more: it is not asked until all of it was taken away.
 */
export class Invalidations {
  readonly #sender: InvalidationSender;
  /** What became of the last try for a URI. */
  readonly #unsettled = new Map<string, Promise<boolean>>();
  /** Of the URIs, with what holds them. */
  #bytes = 0;
  /** How often there were too many, and how often there had been when all was last taken away. */
  #overflows = 0;
  #overcome = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(sender: InvalidationSender) {
    this.#sender = sender;
  }

  begin(uri: string): void {
    const [own = uri] = detachedTexts([uri]);
    void this.#try(own);
  }

  /** Waits for what is on its way, and tries once more what has failed. @returns whether the store knows all of a URI */
  async settle(uri: string): Promise<boolean> {
    if (this.#hasForgotten) return false;
    const last = this.#unsettled.get(uri);
    if (last === undefined) return true;
    const isKnown = (await last) || !this.#unsettled.has(uri) || (await this.#try(uri));
    return isKnown && !this.#hasForgotten;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** Whether something was invalidated of which neither this process nor the store knows. */
  get #hasForgotten(): boolean {
    return this.#overflows > this.#overcome;
  }

  async #try(uri: string): Promise<boolean> {
    const sent = this.#sender.send(uri);
    this.#remember(uri, sent);
    const isKnown = await sent;
    if (!isKnown) this.#retryLater();
    else if (this.#unsettled.get(uri) === sent) this.#forget(uri);
    return isKnown;
  }

  #remember(uri: string, sent: Promise<boolean>): void {
    this.#forget(uri);
    this.#unsettled.set(uri, sent);
    this.#bytes += uri.length + OVERHEAD;
    if (this.#unsettled.size <= MAX_WAITING && this.#bytes <= MAX_BYTES) return;
    // Taking all away settles all of them.
    this.#unsettled.clear();
    this.#bytes = 0;
    this.#overflows += 1;
    this.#retryLater();
  }

  #forget(uri: string): void {
    if (this.#unsettled.delete(uri)) this.#bytes -= uri.length + OVERHEAD;
  }

  #retryLater(): void {
    if (this.#isClosed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      void this.#retry().then(() => {
        this.#timer = undefined;
        if (this.#hasForgotten || this.#unsettled.size > 0) this.#retryLater();
      });
    }, RETRY_INTERVAL);
    this.#timer.unref();
  }

  /** One after the other, and no further than to the first that fails: they would all fail. */
  async #retry(): Promise<void> {
    if (!(await this.#overcomeAll())) return;
    // As they are now: each try puts its own behind all others.
    const waiting = Array.from(this.#unsettled.keys());
    for (const uri of waiting) if (this.#isClosed || !(await this.#try(uri))) return;
  }

  /** @returns false when the store still has something of which nobody knows any more */
  async #overcomeAll(): Promise<boolean> {
    if (!this.#hasForgotten) return true;
    // More of them may come meanwhile.
    const overflows = this.#overflows;
    if (!(await this.#sender.sendAll())) return false;
    this.#overcome = overflows;
    return !this.#hasForgotten;
  }
}
