import { AdminListener, type AdminOptions } from '../admin/admin.ts';
import type { GatewayConfig, ListenConfig } from '../config/config.ts';
import { formatListen } from '../config/listen.ts';
import type { Prepared } from '../gateway/generations.ts';

/** The port of the administrators. It follows the configuration without a gap in which nobody listens. */
export class AdminPort {
  readonly #options: AdminOptions;
  #listen: ListenConfig;
  #listener: AdminListener;
  /** Those at former addresses that still answer somebody. */
  readonly #retiring = new Set<AdminListener>();

  private constructor(listen: ListenConfig, listener: AdminListener, options: AdminOptions) {
    this.#listen = listen;
    this.#listener = listener;
    this.#options = options;
  }

  /** @throws the system's error when the address cannot be bound */
  static async open({ listen }: GatewayConfig['admin'], options: AdminOptions): Promise<AdminPort> {
    return new AdminPort(listen, await AdminListener.open(listen, options), options);
  }

  get address(): string {
    const { address, port } = this.#listener.address;
    return formatListen({ host: address, port });
  }

  /** @throws the system's error when a new address cannot be bound; then nothing changes */
  async prepare({ admin: { listen } }: GatewayConfig): Promise<Prepared> {
    const { host, port } = this.#listen;
    const isSame = listen.host === host && listen.port === port;
    const next = isSame ? this.#listener : await AdminListener.open(listen, this.#options);
    return {
      commit: async () => {
        const old = this.#listener;
        this.#listen = listen;
        this.#listener = next;
        // The request that is being answered there may be the one that waits for this.
        if (next !== old) this.#retire(old);
      },
      abort: async () => {
        if (next !== this.#listener) await next.close();
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#listener, ...this.#retiring].map(async (listener) => listener.close()));
  }

  #retire(old: AdminListener): void {
    this.#retiring.add(old);
    void old.retire().then(() => this.#retiring.delete(old));
  }
}
