import type { GatewayConfig, ListenConfig } from '../config/config.ts';
import { formatListen } from '../config/listen.ts';
import { FirstOfEach } from '../observability/first-of-each.ts';
import { ConnectionLimit } from '../server/connection-limit.ts';
import { Listener, type ListenerOptions } from '../server/listener.ts';

/** What a port is for: clients over plain HTTP, and clients over TLS. */
interface Open {
  readonly plain: Listener;
  readonly tls: Listener | undefined;
}

interface ListenersOptions extends Omit<ListenerOptions, 'connections'> {
  /** Counts a connection that was refused. */
  connectionRefused(): void;
}

/** The ports on which clients are taken. They follow the configuration without a gap in which nobody listens. */
export class Listeners {
  readonly #options: ListenerOptions;
  #config: GatewayConfig;
  #open: Open;
  /** Listeners that were replaced and still have connections, each with the promise that the last one has closed. */
  readonly #draining = new Map<Listener, Promise<void>>();

  private constructor(config: GatewayConfig, open: Open, options: ListenerOptions) {
    this.#config = config;
    this.#open = open;
    this.#options = options;
  }

  /** @throws the system's error when an address cannot be bound; then nothing stays open */
  static async open(config: GatewayConfig, parts: ListenersOptions): Promise<Listeners> {
    const { server } = config;
    const connections = new ConnectionLimit(server.limits.connections, refusals(parts));
    const options = { ...parts, connections };
    const opening = new Opening();
    try {
      const plain = await opening.add(Listener.open(server, undefined, options));
      const tls = server.tls && (await opening.add(Listener.open(server, server.tls, options)));
      return new Listeners(config, { plain, tls }, options);
    } catch (error) {
      await opening.giveUp();
      throw error;
    }
  }

  /** Where clients are taken over plain HTTP: `127.0.0.1:8080`. */
  get address(): string {
    return addressOf(this.#open.plain);
  }

  /** Where clients are taken over TLS; undefined when they are not. */
  get httpsAddress(): string | undefined {
    return this.#open.tls && addressOf(this.#open.tls);
  }

  get httpsPort(): number | undefined {
    return this.#open.tls?.address.port;
  }

  get #all(): readonly Listener[] {
    const { plain, tls } = this.#open;
    return [plain, ...(tls === undefined ? [] : [tls]), ...this.#draining.keys()];
  }

  /** How many client connections may be open. */
  get connectionsLimit(): number {
    return this.#options.connections.limit;
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
   * @throws the system's error when an address cannot be bound, OpenSSL's when it does not take a certificate; then
   *   nothing changes
   */
  async bind(config: GatewayConfig): Promise<() => void> {
    const options = this.#options;
    const before = this.#config;
    const old = this.#open;
    // Whatever a reload says, the engine stays until a restart.
    const server = { ...config.server, fastLane: before.server.fastLane };
    const opening = new Opening();
    try {
      const keepsTls = server.tls !== undefined && same(server.tls.listen, before.server.tls?.listen);
      const open: Open = {
        plain: same(server.listen, before.server.listen)
          ? old.plain
          : await opening.add(Listener.open(server, undefined, options)),
        tls: keepsTls ? old.tls : server.tls && (await opening.add(Listener.open(server, server.tls, options))),
      };
      const prepared = [open.plain, open.tls].map((listener) => listener?.prepare(server));
      return () => {
        this.#config = { ...config, server };
        this.#open = open;
        options.connections.limit = server.limits.connections;
        for (const apply of prepared) apply?.();
        if (open.plain !== old.plain) this.#drain(old.plain);
        if (old.tls !== undefined && open.tls !== old.tls) this.#drain(old.tls);
      };
    } catch (error) {
      await opening.giveUp();
      throw error;
    }
  }

  #drain(old: Listener): void {
    const closed = old.close().then(() => void this.#draining.delete(old));
    this.#draining.set(old, closed);
  }

  /** Takes no new client connections; resolves when the last one has closed. */
  async drain(): Promise<void> {
    const { plain, tls } = this.#open;
    await Promise.all([plain.close(), tls?.close(), ...this.#draining.values()]);
  }

  /** Ends client connections at once. */
  destroy(): void {
    for (const each of this.#all) each.destroy();
  }
}

/** Anybody can have connections refused, as many as they like: the log tells of them once a minute. */
function refusals(options: ListenersOptions): () => void {
  const lines = new FirstOfEach();
  let untold = 0;
  return () => {
    options.connectionRefused();
    untold += 1;
    if (!lines.isFirst('refused')) return;
    options.logger.warn({ connections: untold }, 'connections refused: server.limits.connections is reached');
    untold = 0;
  };
}

/** Listeners that are open, and of no use unless others can be opened, too. */
class Opening {
  readonly #opened: Listener[] = [];

  async add(opening: Promise<Listener>): Promise<Listener> {
    const opened = await opening;
    this.#opened.push(opened);
    return opened;
  }

  async giveUp(): Promise<void> {
    await Promise.all(this.#opened.map(async (each) => each.close()));
  }
}

function addressOf(listener: Pick<Listener, 'address'>): string {
  const { address, port } = listener.address;
  return formatListen({ host: address, port });
}

function same(a: ListenConfig, b: ListenConfig | undefined): boolean {
  return a.host === b?.host && a.port === b.port;
}
