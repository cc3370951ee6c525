import type { RedisConfig } from '../config/redis-config.ts';
import { RedisClient, type HealthListener } from '../redis/redis-client.ts';
import { MemoryRegistry } from '../upstreams/registry/memory-registry.ts';
import { RedisRegistry } from '../upstreams/registry/redis-registry.ts';
import type { Registry } from '../upstreams/registry/registry.ts';
import { UserStore, type UserStoreOptions } from './user-store.ts';

export interface StoreReports {
  readonly users?: UserStoreOptions;
  readonly redis?: HealthListener;
}

/** What the process remembers for all configurations, by itself or together with other gateways. */
export interface Stores {
  readonly users: UserStore;
  /** Undefined = this gateway shares nothing. */
  readonly redis: RedisClient | undefined;
  readonly registry: Registry;
  close(): Promise<void>;
}

/** Opens no connection yet, but to Redis. @param config of the Redis; another one takes a restart */
export function openStores(config?: RedisConfig, reports: StoreReports = {}): Stores {
  const users = new UserStore(reports.users);
  const redis = config && new RedisClient(config);
  if (reports.redis !== undefined) redis?.onHealth(reports.redis);
  const registry = redis === undefined ? new MemoryRegistry() : new RedisRegistry(redis);
  return {
    users,
    redis,
    registry,
    close: async () => {
      await registry.close();
      await Promise.all([redis?.close(), users.close()]);
    },
  };
}
