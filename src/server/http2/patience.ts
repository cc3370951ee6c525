/** How many streams that came to nothing a client may have at once. A browser that leaves a page has a hundred or so. */
const BURST = 200;
/** How many of them are forgiven in a second. */
const FORGIVEN = 20;

/**
 * Counts the streams of a connection that were reset before they were answered. Each costs this side a request and the
 * client a few bytes, and none counts as open: without a limit on them the limit on open streams is none (CVE-2023-44487;
 * with resets that this side is tricked into, CVE-2025-8671).
 */
export class Patience {
  #level = 0;
  #since: number;

  /** @param now in milliseconds, as in all calls */
  constructor(now: number) {
    this.#since = now;
  }

  /** Another stream came to nothing. @returns whether that was one too many */
  exhaustedBy(now: number): boolean {
    this.#level = Math.max(0, this.#level - ((now - this.#since) / 1000) * FORGIVEN) + 1;
    this.#since = now;
    return this.#level > BURST;
  }
}
