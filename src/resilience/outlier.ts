/** When an endpoint is taken out because requests to it fail. Times are in milliseconds. */
export interface OutlierOptions {
  /** So many failures within the window take it out, from 1 on. */
  readonly failures: number;
  readonly window: number;
  /** How long it is out. */
  readonly ejectFor: number;
  /** The largest share of the endpoints that may be out at once, from 0 to 1. */
  readonly maxEjected: number;
}

/** One endpoint, to those who send it requests. */
export interface TrackedEndpoint {
  /** As of now. */
  readonly isEjected: boolean;
  /** A request to it has failed. */
  failed(): void;
  /** It is no endpoint of the upstream any more. What is told of it later has no effect. */
  remove(): void;
}

interface EndpointState {
  readonly id: string;
  /** When its last failures were, the oldest first; never more than are needed. */
  failures: number[];
  /** Undefined while it is not out. */
  ejectedUntil: number | undefined;
}

/** Keeps a product such as 0.58 × 50 from ending just below the whole number that it is. */
const ROUNDING = 1e-9;

/**
 * Takes endpoints of one upstream out for a while when requests to them fail. Failures are counted, not their share:
 * successes in between change nothing.
 *
 * - Never more than `maxEjected` of all endpoints are out, rounded down. Of a single endpoint that is none, unless the
 *   share is 1; so an upstream with one endpoint keeps it.
 * - One that should go while no more may go stays, and its next failure asks again.
 * - After `ejectFor` it is back and nothing is held against it. A second time is as long as the first: what fails again
 *   goes again after as many failures.
 * - Failures of one that is out do not count, and do not make it longer.
 * - When endpoints are removed and too many of the rest are out, those that would be back first are back at once.
 *
 * It has no timer: an endpoint is back when somebody looks and the time has come.
 */
export class Outliers {
  readonly #options: OutlierOptions;
  readonly #clock: () => number;
  readonly #onChange: ((id: string, ejected: boolean) => void) | undefined;
  readonly #endpoints = new Set<EndpointState>();
  /** In the order in which they come back, which is that in which they went: all are out for equally long. */
  readonly #ejected: EndpointState[] = [];

  /**
   * @param clock the time in milliseconds, from any start, that never goes back
   * @param onChange told when an endpoint goes and when it is back, but not when it is removed
   */
  constructor(options: OutlierOptions, clock: () => number, onChange?: (id: string, ejected: boolean) => void) {
    this.#options = options;
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /** @param id for `onChange`; each call is another endpoint, until that is removed */
  track(id: string): TrackedEndpoint {
    const state: EndpointState = { id, failures: [], ejectedUntil: undefined };
    this.#endpoints.add(state);
    const isEjected = (): boolean => this.#isEjected(state);
    return {
      get isEjected() {
        return isEjected();
      },
      failed: () => this.#failed(state),
      remove: () => this.#remove(state),
    };
  }

  #isEjected(state: EndpointState): boolean {
    // Almost always, and without a look at the clock.
    if (state.ejectedUntil === undefined) return false;
    this.#bringBack(this.#clock());
    return state.ejectedUntil !== undefined;
  }

  #failed(state: EndpointState): void {
    if (!this.#endpoints.has(state)) return;
    const now = this.#clock();
    this.#bringBack(now);
    if (state.ejectedUntil !== undefined) return;
    const { failures, window, ejectFor } = this.#options;
    state.failures.push(now);
    const isOld = (time: number | undefined): boolean => time !== undefined && now - time >= window;
    while (state.failures.length > failures || isOld(state.failures[0])) state.failures.shift();
    if (state.failures.length < failures || this.#ejected.length >= this.#most()) return;
    state.ejectedUntil = now + ejectFor;
    state.failures = [];
    this.#ejected.push(state);
    this.#onChange?.(state.id, true);
  }

  #remove(state: EndpointState): void {
    this.#endpoints.delete(state);
    const index = this.#ejected.indexOf(state);
    if (index !== -1) this.#ejected.splice(index, 1);
    state.ejectedUntil = undefined;
    while (this.#ejected.length > this.#most()) this.#bringBackFirst();
  }

  /** How many may be out at once. */
  #most(): number {
    return Math.floor(this.#options.maxEjected * this.#endpoints.size + ROUNDING);
  }

  #bringBack(now: number): void {
    while ((this.#ejected[0]?.ejectedUntil ?? Infinity) <= now) this.#bringBackFirst();
  }

  #bringBackFirst(): void {
    const state = this.#ejected.shift();
    if (state === undefined) return;
    state.ejectedUntil = undefined;
    this.#onChange?.(state.id, false);
  }
}
