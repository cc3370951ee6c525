/** What lies between a client and its Redis, and what the client says of it. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { RedisClient } from '../../src/redis/redis-client.ts';
import { Arrivals } from './arrivals.ts';
import type { RedisServer } from './redis.ts';

/** What a client tells of Redis, in order. */
export class Health {
  readonly told = new Arrivals<{ readonly isUp: boolean; readonly why: string }>((told) => JSON.stringify(told));
  #next = 0;

  constructor(client: RedisClient) {
    client.onHealth((isUp, why) => this.told.push({ isUp, why }));
  }

  /** What is told next, now or later: each once, in order. */
  async next(): Promise<{ readonly isUp: boolean; readonly why: string }> {
    return this.told.at(this.#next++);
  }

  /** Fails unless it is told next that Redis is there. */
  async up(): Promise<void> {
    const { isUp, why } = await this.next();
    if (!isUp) throw new Error(`Redis is away: ${why}`);
  }

  /** @returns why it is away, which has to be told next */
  async down(): Promise<string> {
    const { isUp, why } = await this.next();
    if (isUp) throw new Error('Redis is there');
    return why;
  }
}

/** Between a client and a server: counts connections, and can leave them hanging as a network does that is cut. */
export class Relay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #cut = new WeakSet<Socket>();
  connections = 0;

  private constructor(port: number) {
    this.#server = createServer((socket) => {
      this.connections += 1;
      const onward = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        this.#sockets.add(from);
        from.on('data', (data) => {
          if (!this.#cut.has(from)) to.write(data);
        });
        from.on('error', () => undefined);
        from.on('close', () => {
          this.#sockets.delete(from);
          if (!this.#cut.has(from)) to.destroy();
        });
      }
    });
  }

  static async start(to: RedisServer): Promise<Relay> {
    const relay = new Relay(to.port);
    await new Promise<void>((resolve) => relay.#server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `redis://127.0.0.1:${address.port}`;
  }

  /** The connections there are stay open and carry nothing any more; new ones are as good as ever. */
  cut(): void {
    for (const socket of this.#sockets) this.#cut.add(socket);
  }

  async end(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
