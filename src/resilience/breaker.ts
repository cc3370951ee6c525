/** When a breaker opens and closes. Times are in milliseconds, counts are whole numbers from 1 on. */
export interface BreakerOptions {
  /** The share of failed requests in the window at which it opens, from 0 to 1; at 0 a single failure is enough. */
  readonly failureRatio: number;
  /** How many requests the window must hold before the share counts. */
  readonly minimumRequests: number;
  /** Results count for this long, or up to a tenth of it less. */
  readonly window: number;
  /** How long nothing passes. */
  readonly openFor: number;
  /** How many requests may try when that is over, and must succeed, before it closes. */
  readonly halfOpenRequests: number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/**
 * What became of a request; `ignored` says nothing of the endpoint, as when the client has left, and `cut-off` that what
 * was told as a success before was none.
 */
export type BreakerOutcome = 'success' | 'failure' | 'ignored' | 'cut-off';

/** In what state it is, and what belongs to that state. Made at a change, never for a request. */
type Phase =
  | { readonly state: 'closed' }
  | { readonly state: 'open'; readonly until: number }
  | { readonly state: 'half-open'; places: number; successes: number };

const CLOSED: Phase = { state: 'closed' };
const BUCKETS = 10;

/**
 * The circuit breaker of one endpoint. Closed, it counts results in a sliding window and opens when too many of them are
 * failures. Open, it lets nothing pass. Half-open, it lets a few requests try: when all of them succeed it closes with
 * an empty window, and with the first failure it is open again.
 *
 * It has no timer: open becomes half-open when somebody looks and the time has come.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #clock: () => number;
  readonly #onChange: ((to: BreakerState, from: BreakerState) => void) | undefined;
  readonly #results: Results;
  #phase: Phase = CLOSED;
  /** Another one after each change of state: a result belongs to the state in which its request began. */
  #epoch = 0;

  /**
   * @param clock the time in milliseconds, from 0 on, that never goes back
   * @param onChange told of each change of state, after it
   */
  constructor(options: BreakerOptions, clock: () => number, onChange?: (to: BreakerState, from: BreakerState) => void) {
    this.#options = options;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#results = new Results(options.window / BUCKETS);
  }

  /** As of now. */
  get state(): BreakerState {
    return this.#now().state;
  }

  /** Whether a request may begin now. It takes nothing: a request may look at many endpoints. */
  permits(): boolean {
    const phase = this.#now();
    return phase.state === 'half-open' ? phase.places > 0 : phase.state === 'closed';
  }

  /**
   * Begins a request, in the same turn in which {@link permits} was true.
   *
   * @returns the ticket for {@link end}, which must be called once, or a half-open breaker waits for it for ever
   * @throws Error when nothing may pass: to ask first was forgotten
   */
  begin(): number {
    const phase = this.#now();
    if (phase.state === 'half-open' && phase.places > 0) phase.places -= 1;
    else if (phase.state !== 'closed')
      throw new Error(`a request began that the ${phase.state} breaker does not permit`);
    return this.#epoch;
  }

  /**
   * Takes a result.
   *
   * @param ticket of the request; when the state has changed since it began, its result says nothing any more
   */
  end(ticket: number, outcome: BreakerOutcome): void {
    if (ticket !== this.#epoch) return;
    const phase = this.#phase;
    if (phase.state === 'half-open') {
      if (outcome === 'failure' || outcome === 'cut-off') this.#open();
      else if (outcome === 'ignored') phase.places += 1;
      else this.#succeeded(phase);
    } else if (outcome !== 'ignored') {
      if (outcome === 'cut-off') this.#results.correct(this.#clock());
      else this.#results.add(outcome === 'failure', this.#clock());
      if (this.#hasFailed()) this.#open();
    }
  }

  /**
   * How long to wait for a request to pass, in whole seconds for Retry-After (RFC 9110 section 10.2.3).
   *
   * @returns 0 when one passes now. 1 at the least otherwise: when all places of a half-open breaker are taken, nobody
   * knows for how long
   */
  retryAfter(): number {
    const phase = this.#now();
    if (phase.state === 'open') return Math.max(1, Math.ceil((phase.until - this.#clock()) / 1000));
    return phase.state === 'closed' || phase.places > 0 ? 0 : 1;
  }

  #now(): Phase {
    const phase = this.#phase;
    if (phase.state !== 'open' || this.#clock() < phase.until) return phase;
    return this.#become({ state: 'half-open', places: this.#options.halfOpenRequests, successes: 0 });
  }

  #hasFailed(): boolean {
    const { total, failed } = this.#results;
    // A division gives the very number that was written: 7 / 25 is 0.28, but 25 × 0.28 is more than 7.
    return failed > 0 && total >= this.#options.minimumRequests && failed / total >= this.#options.failureRatio;
  }

  /** A success keeps its place, so that no more than are needed ever pass. */
  #succeeded(phase: Phase & { readonly state: 'half-open' }): void {
    phase.successes += 1;
    if (phase.successes === this.#options.halfOpenRequests) this.#become(CLOSED);
  }

  #open(): void {
    // What was counted before has done its work: it must not count again when the breaker has closed.
    this.#results.clear();
    this.#become({ state: 'open', until: this.#clock() + this.#options.openFor });
  }

  #become(phase: Phase): Phase {
    const from = this.#phase.state;
    this.#phase = phase;
    this.#epoch += 1;
    this.#onChange?.(phase.state, from);
    return phase;
  }
}

/** Results in a sliding window: a ring of buckets, of which the oldest is emptied when its time begins anew. */
class Results {
  total = 0;
  failed = 0;
  readonly #width: number;
  readonly #totals = new Uint32Array(BUCKETS);
  readonly #failures = new Uint32Array(BUCKETS);
  /** The number of the newest bucket, counted from the start of the clock. */
  #newest = 0;

  /** @param width of a bucket, in milliseconds */
  constructor(width: number) {
    this.#width = width;
  }

  add(failed: boolean, now: number): void {
    this.#moveTo(Math.floor(now / this.#width));
    const index = this.#newest % BUCKETS;
    this.#totals[index] = (this.#totals[index] ?? 0) + 1;
    this.total += 1;
    if (!failed) return;
    this.#failures[index] = (this.#failures[index] ?? 0) + 1;
    this.failed += 1;
  }

  /** One that counted as good was not. */
  correct(now: number): void {
    this.#moveTo(Math.floor(now / this.#width));
    const index = this.#newest % BUCKETS;
    this.#failures[index] = (this.#failures[index] ?? 0) + 1;
    this.failed += 1;
  }

  clear(): void {
    this.#totals.fill(0);
    this.#failures.fill(0);
    this.total = 0;
    this.failed = 0;
  }

  #moveTo(bucket: number): void {
    if (bucket - this.#newest >= BUCKETS) {
      this.#newest = bucket;
      this.clear();
    }
    while (this.#newest < bucket) {
      this.#newest += 1;
      const index = this.#newest % BUCKETS;
      this.total -= this.#totals[index] ?? 0;
      this.failed -= this.#failures[index] ?? 0;
      this.#totals[index] = 0;
      this.#failures[index] = 0;
    }
  }
}
