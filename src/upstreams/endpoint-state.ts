/** How much a new measurement counts in the moving average of the latency. */
const SMOOTHING = 0.1;

/**
 * What is known of one endpoint, whatever it is connected with and judged by: it outlives reloads, and all generations
 * of the gateway see the same.
 */
export class EndpointState {
  readonly #clock: () => number;
  /** Told when it may be asked, or may not any more. */
  readonly #listeners = new Set<() => void>();
  /** Probes that found it unhealthy, and why. */
  readonly #objections = new Map<object, string>();
  #inFlight = 0;
  #latency: number | undefined;
  #since: number;

  /** @param clock milliseconds that never go back */
  constructor(clock: () => number) {
    this.#clock = clock;
    this.#since = clock();
  }

  /** Requests under way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Seconds to the head of an answer, as an exponentially weighted moving average; undefined = none has answered. */
  get latency(): number | undefined {
    return this.#latency;
  }

  /** When it came or healed, in milliseconds by its clock. */
  get since(): number {
    return this.#since;
  }

  /** No probe speaks against it. */
  get isHealthy(): boolean {
    return this.#objections.size === 0;
  }

  /** Why it is not healthy; undefined when it is. */
  get objection(): string | undefined {
    for (const why of this.#objections.values()) return why;
    return undefined;
  }

  /** A request goes there. */
  begin(): void {
    this.#inFlight += 1;
  }

  /** The request is over, its answer included. */
  end(): void {
    this.#inFlight -= 1;
  }

  /** @param seconds from the start of an attempt to the head of its answer */
  answeredAfter(seconds: number): void {
    this.#latency = this.#latency === undefined ? seconds : this.#latency + SMOOTHING * (seconds - this.#latency);
  }

  /** A probe has found it unhealthy. @param probe who says so, until it withdraws that */
  object(probe: object, why: string): void {
    this.#objections.set(probe, why);
    this.changed();
  }

  /** The probe found it healthy again, or is there no more. */
  withdraw(probe: object): void {
    if (this.#objections.delete(probe) && this.isHealthy) this.healed();
  }

  /** It is to grow to its share again. */
  healed(): void {
    this.#since = this.#clock();
    this.changed();
  }

  /** Tells those who choose among endpoints to look again. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** @returns listens no longer */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
