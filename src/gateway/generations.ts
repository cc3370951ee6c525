import type { GatewayConfig } from '../config/config.ts';
import type { Metrics } from '../observability/metrics.ts';
import { compileGateway } from './compile.ts';
import type { Gateway } from './gateway.ts';
import type { Resources } from './resources.ts';

export interface GenerationsOptions {
  readonly resources: Resources;
  readonly metrics: Metrics;
  /**
   * Binds what a configuration listens on, before anything is swapped.
   *
   * @returns makes the new listeners take over, and those that they replace drain
   * @throws when an address cannot be bound: then nothing changes
   */
  bind(config: GatewayConfig): Promise<() => void>;
  /** Makes a gateway the one that requests take. */
  swap(gateway: Gateway): void;
}

/** A configuration that is ready to take over, and does nothing yet. One of the two is to be called, once. */
export interface Prepared {
  /**
   * Binds what is new, and lets the new gateway take over.
   *
   * @throws when an address cannot be bound: then nothing has changed, and nothing is left of it
   */
  readonly commit: () => Promise<void>;
  /** Gives back what it holds. */
  readonly abort: () => Promise<void>;
}

/** The gateway that requests take, and those before it that still have exchanges open. */
export class Generations {
  readonly #options: GenerationsOptions;
  /** Gateways that were replaced and still have exchanges open. */
  readonly #retiring = new Set<Gateway>();
  /** One for each swap that may yet cut streams off. */
  readonly #cuts = new Set<NodeJS.Timeout>();
  #current: Gateway;

  constructor(current: Gateway, options: GenerationsOptions) {
    this.#current = current;
    this.#options = options;
  }

  /** The current one first. */
  get all(): readonly Gateway[] {
    return [this.#current, ...this.#retiring];
  }

  /** The gateway that requests take. */
  get current(): Gateway {
    return this.#current;
  }

  /** Builds a gateway whole. Whatever fails leaves the current one serving, here and in what it returns. */
  async prepare(config: GatewayConfig): Promise<Prepared> {
    const { resources, metrics } = this.#options;
    const gateway = await compileGateway(config, resources, metrics);
    return { commit: async () => this.#commit(gateway), abort: async () => gateway.retire() };
  }

  /** Releases what is held. To be called when nothing is in flight any more. */
  async close(): Promise<void> {
    for (const cut of this.#cuts) clearTimeout(cut);
    await this.#current.retire();
  }

  async #commit(gateway: Gateway): Promise<void> {
    let takeOver: () => void;
    try {
      takeOver = await this.#options.bind(gateway.config);
    } catch (error) {
      await gateway.retire();
      throw error;
    }
    const old = this.#current;
    this.#current = gateway;
    this.#options.swap(gateway);
    takeOver();
    this.#retire(old);
  }

  /** Lets go of a gateway, now or when its last exchange is done. */
  #retire(old: Gateway): void {
    this.#retiring.add(old);
    void old.retire().then(() => this.#retiring.delete(old));
    const newer = this.#current;
    const older = [...this.#retiring].filter(({ inFlight }) => inFlight > 0);
    if (older.length === 0) return;
    // Streams on routes that changed get time to end; those on others go on, however many reloads there are. Each swap
    // has a timer of its own: one that every swap put off would never run out while reloads come fast.
    const cut = setTimeout(() => {
      this.#cuts.delete(cut);
      // A change that was taken back since is none.
      for (const gateway of older) gateway.cut({ changedIn: [newer, this.#current] });
    }, newer.config.server.timeouts.drain);
    this.#cuts.add(cut);
  }
}
