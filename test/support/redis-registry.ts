/** Gateways that share a registry in Redis. */
import { RedisClient } from '../../src/redis/redis-client.ts';
import type { Discovery } from '../../src/upstreams/discovery/source.ts';
import { SYSTEM_CLOCK, type Clock } from '../../src/upstreams/registry/clock.ts';
import { RedisRegistry } from '../../src/upstreams/registry/redis-registry.ts';
import type { Instance } from '../../src/upstreams/registry/registry.ts';
import { settled } from './arrivals.ts';
import { Listener, type Told } from './discovery.ts';
import { redisConfig } from './redis.ts';
import { Health } from './redis-watch.ts';

export function instance(id: string, origin: string, weight = 1): Instance {
  return { id, origin, weight, metadata: {} };
}

export class Follower extends Listener {
  /** Goes on to where it is told this, now or later. */
  async until(told: Told): Promise<void> {
    while (JSON.stringify(await this.next()) !== JSON.stringify(told));
  }
}

/** A gateway that follows `orders`, with a connection of its own. */
export interface RegistryGateway {
  readonly client: RedisClient;
  readonly health: Health;
  readonly registry: RedisRegistry;
  readonly listener: Follower;
  readonly discovery: Discovery;
}

export class RegistryGateways {
  readonly #open: RegistryGateway[] = [];

  start(url: string, more: { readonly clock?: Clock; readonly keyPrefix?: string } = {}): RegistryGateway {
    const { clock = SYSTEM_CLOCK, keyPrefix = 'gw:' } = more;
    const client = new RedisClient(redisConfig(url, { timeout: '500ms', keyPrefix }));
    const health = new Health(client);
    const registry = new RedisRegistry(client, clock);
    const listener = new Follower();
    const gateway = { client, health, registry, listener, discovery: registry.follow('orders', listener) };
    this.#open.push(gateway);
    return gateway;
  }

  /** Closes all of them, and checks that they say nothing after that. */
  async close(): Promise<void> {
    const open = this.#open.splice(0);
    await Promise.all(open.map(({ registry }) => registry.close()));
    for (const { listener } of open) {
      const told = listener.told.items.length;
      if ((await settled(() => listener.told.items.length)) !== told) throw new Error('told something after its end');
    }
    await Promise.all(open.map(({ client }) => client.close()));
  }
}
