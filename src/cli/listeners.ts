import { AdminListener, type AdminOptions } from '../admin/admin.ts';
import type { GatewayConfig, ListenConfig } from '../config/config.ts';
import { formatListen } from '../config/listen.ts';
import { Listener, type ListenerOptions } from '../server/listener.ts';

/** The ports that a gateway listens on. They follow the configuration without a gap in which nobody listens. */
export class Listeners {
  readonly #options: { readonly clients: ListenerOptions; readonly admin: AdminOptions };
  #config: GatewayConfig;
  #clients: Listener;
  #admin: AdminListener;
  /** Listeners that were replaced and still have connections, each with the promise that the last one has closed. */
  readonly #draining = new Map<Listener, Promise<void>>();

  private constructor(config: GatewayConfig, clients: Listener, admin: AdminListener, options: Listeners['options']) {
    this.#config = config;
    this.#clients = clients;
    this.#admin = admin;
    this.#options = options;
  }

  get options(): { readonly clients: ListenerOptions; readonly admin: AdminOptions } {
    return this.#options;
  }

  /** @throws the system's error when an address cannot be bound; then nothing stays open */
  static async open(config: GatewayConfig, options: Listeners['options']): Promise<Listeners> {
    const clients = await Listener.open(config.server, options.clients);
    try {
      const admin = await AdminListener.open(config.admin.listen, options.admin);
      return new Listeners(config, clients, admin, options);
    } catch (error) {
      await clients.close();
      throw error;
    }
  }

  /** Where clients are taken: `127.0.0.1:8080`. */
  get address(): string {
    const { address, port } = this.#clients.address;
    return formatListen({ host: address, port });
  }

  get adminAddress(): string {
    const { address, port } = this.#admin.address;
    return formatListen({ host: address, port });
  }

  get #all(): readonly Listener[] {
    return [this.#clients, ...this.#draining.keys()];
  }

  /** How many client connections are open. */
  async connections(): Promise<number> {
    const counts = await Promise.all(this.#all.map(async (each) => each.connections()));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /**
   * Binds what a configuration listens on and this one does not.
   *
   * @returns makes the new listeners take over, and those that they replace drain
   * @throws the system's error when an address cannot be bound; then nothing changes
   */
  async bind(config: GatewayConfig): Promise<() => void> {
    const { clients, admin } = this.#options;
    const moved = !same(config.server.listen, this.#config.server.listen);
    const adminMoved = !same(config.admin.listen, this.#config.admin.listen);
    const { fastLane } = this.#config.server;
    const nextClients = moved ? await Listener.open({ ...config.server, fastLane }, clients) : undefined;
    let nextAdmin: AdminListener | undefined;
    try {
      nextAdmin = adminMoved ? await AdminListener.open(config.admin.listen, admin) : undefined;
    } catch (error) {
      await nextClients?.close();
      throw error;
    }
    return () => {
      // Whatever a reload says, the engine stays until a restart.
      this.#config = { ...config, server: { ...config.server, fastLane } };
      if (nextClients !== undefined) this.#replaceClients(nextClients);
      else this.#clients.apply(config.server);
      if (nextAdmin === undefined) return;
      void this.#admin.close();
      this.#admin = nextAdmin;
    };
  }

  #replaceClients(next: Listener): void {
    const old = this.#clients;
    this.#clients = next;
    const closed = old.close().then(() => void this.#draining.delete(old));
    this.#draining.set(old, closed);
  }

  /** Takes no new client connections; resolves when the last one has closed. */
  async drain(): Promise<void> {
    await Promise.all([this.#clients.close(), ...this.#draining.values()]);
  }

  /** Ends client connections at once. */
  destroy(): void {
    for (const each of this.#all) each.destroy();
  }

  async closeAdmin(): Promise<void> {
    await this.#admin.close();
  }
}

function same(a: ListenConfig, b: ListenConfig): boolean {
  return a.host === b.host && a.port === b.port;
}
