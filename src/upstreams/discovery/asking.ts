import { same, tidy } from './endpoints.ts';
import { Fault, kindOf } from './fault.ts';
import type { Discovery, DiscoveryObserver, Found } from './source.ts';

/** Takes all endpoints of a good answer. */
export type Tell = (endpoints: Iterable<Found>) => void;

/**
 * Asks a source once, or follows it for as long as it talks.
 *
 * @param signal aborted when the source is closed; the round has to end then
 * @returns after how many milliseconds to ask again, or why it could not be asked
 */
export type Round = (tell: Tell, signal: AbortSignal) => Promise<number | Fault>;

/** How long to wait after a failure, in milliseconds: `first`, doubled with each further one up to `most`. */
export interface Backoff {
  readonly first: number;
  readonly most: number;
}

const BACKOFF: Backoff = { first: 1000, most: 30_000 };
/** How long changes are gathered before the next is passed on: a watch may tell of thousands a second. In milliseconds. */
const TELL_INTERVAL = 100;
/** How many rounds may begin at once, one after the other; a further one each {@link REFILL}. */
const BURST = 5;
/** In milliseconds. */
const REFILL = 1000;

/**
 * Asks round after round until it is closed. Rounds begin at once while there are few of them, and one a second when a
 * source answers all the time: a service that flaps must not keep the gateway and the source busy with each other.
 */
export function keepAsking(round: Round, observer: DiscoveryObserver, backoff: Backoff = BACKOFF): Discovery {
  const asking = new Asking(round, observer, backoff);
  void asking.run();
  return asking;
}

class Asking implements Discovery {
  updatedAt: number | undefined;
  readonly #round: Round;
  readonly #observer: DiscoveryObserver;
  readonly #backoff: Backoff;
  readonly #closing = new AbortController();
  #last: readonly Found[] | undefined;
  /** What was found last, and may not have been passed on yet. */
  #found: Iterable<Found> = [];
  #toldAt = -Infinity;
  #telling: NodeJS.Timeout | undefined;
  #isFailing = false;
  /** How many rounds in a row came to nothing. */
  #failures = 0;
  #tokens = BURST;
  #refilledAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  /** Ends a pause. */
  #wake: (() => void) | undefined;

  constructor(round: Round, observer: DiscoveryObserver, backoff: Backoff) {
    this.#round = round;
    this.#observer = observer;
    this.#backoff = backoff;
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#timer);
    clearTimeout(this.#telling);
    this.#wake?.();
  }

  /** Never rejects. */
  async run(): Promise<void> {
    while (!this.#isClosed) {
      const begun = performance.now();
      const outcome = await this.#ask();
      if (this.#isClosed) return;
      // A round that went well for long and broke off in the end is no reason to wait for long.
      if (!(outcome instanceof Fault) || performance.now() - begun > this.#backoff.most) this.#failures = 0;
      await this.#pause(outcome instanceof Fault ? this.#failed(outcome) : Math.max(outcome, this.#pace()));
    }
  }

  async #ask(): Promise<number | Fault> {
    try {
      return await this.#round((endpoints) => this.#tell(endpoints), this.#closing.signal);
    } catch (error) {
      // A bug. It must not take down a gateway that has endpoints and can go on with them.
      return new Fault(`unexpected ${kindOf(error)}`);
    }
  }

  #tell(found: Iterable<Found>): void {
    if (this.#isClosed) return;
    this.updatedAt = Date.now();
    if (this.#isFailing) {
      this.#isFailing = false;
      this.#observer.onRecovery();
    }
    this.#found = found;
    const wait = this.#toldAt + TELL_INTERVAL - performance.now();
    if (wait <= 0) this.#pass();
    else this.#telling ??= setTimeout(() => this.#pass(), wait);
  }

  /** Passes on what was found last. */
  #pass(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#toldAt = performance.now();
    const endpoints = tidy(this.#found);
    if (this.#isClosed || (this.#last !== undefined && same(endpoints, this.#last))) return;
    this.#last = endpoints;
    this.#observer.onEndpoints(endpoints);
  }

  /** @returns how long to wait */
  #failed({ cause }: Fault): number {
    if (!this.#isFailing) {
      this.#isFailing = true;
      this.#observer.onFailure(cause);
    }
    const { first, most } = this.#backoff;
    const delay = Math.min(most, first * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    // Half of it is chance: gateways that lost a source together do not come back to it together.
    return delay / 2 + Math.random() * (delay / 2);
  }

  /** @returns how long to wait before a round that could begin at once */
  #pace(): number {
    const now = performance.now();
    this.#tokens = Math.min(BURST, this.#tokens + (now - this.#refilledAt) / REFILL);
    this.#refilledAt = now;
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : -this.#tokens * REFILL;
  }

  async #pause(milliseconds: number): Promise<void> {
    if (this.#isClosed || milliseconds <= 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#timer = setTimeout(resolve, milliseconds);
    });
  }
}
