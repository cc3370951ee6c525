import type { RedisClient } from '../../redis/redis-client.ts';
import { Unavailable } from '../../redis/unavailable.ts';
import type { Discovery, DiscoveryObserver } from '../discovery/source.ts';
import { SYSTEM_CLOCK, type Clock } from './clock.ts';
import { MAX_INSTANCES } from './memory-registry.ts';
import {
  keysOf,
  PUT,
  putArguments,
  READ,
  readPut,
  readReading,
  REMOVE,
  removeArguments,
  type Reading,
} from './redis-scripts.ts';
import type { Instance, Registered, Registration, Registry } from './registry.ts';
import { SharedUpstream } from './shared-upstream.ts';

/** Where gateways tell each other in which upstream something has changed. */
const CHANNEL = 'registry';

/**
 * The registry that all gateways share which use one Redis and one key prefix. Redis says what time it is: an instance
 * expires for all of them at once. While Redis is away nothing can be registered, and the last known endpoints stay; see
 * {@link KnownInstances} for what happens after that. Only upstreams that somebody follows are known.
 */
export class RedisRegistry implements Registry {
  readonly #client: RedisClient;
  readonly #clock: Clock;
  readonly #upstreams = new Map<string, SharedUpstream>();
  readonly #endings: readonly (() => void)[];
  #isClosed = false;

  /** @param client stays open when this is closed */
  constructor(client: RedisClient, clock: Clock = SYSTEM_CLOCK) {
    this.#client = client;
    this.#clock = clock;
    this.#endings = [
      client.subscribe(CHANNEL, (upstream) => this.#upstreams.get(upstream)?.look()),
      client.onHealth((isUp, why) => {
        for (const upstream of this.#upstreams.values()) {
          if (isUp) upstream.look();
          else upstream.fail(why);
        }
      }),
    ];
  }

  async put(upstream: string, instance: Instance, ttl: number): Promise<Registration> {
    if (this.#isClosed) return 'unavailable';
    const whole = Math.ceil(ttl);
    const args = putArguments(upstream, instance, whole, MAX_INSTANCES, this.#client.key(CHANNEL));
    const reply = await this.#client.run(PUT, keysOf(upstream), args);
    const put = reply instanceof Unavailable ? undefined : readPut(reply);
    if (put === undefined) return 'unavailable';
    const { outcome, expiresAt } = put;
    if (outcome !== 'full') this.#upstreams.get(upstream)?.put({ instance, ttl: whole, expiresAt });
    return outcome;
  }

  async remove(upstream: string, id: string): Promise<boolean | 'unavailable'> {
    if (this.#isClosed) return 'unavailable';
    const args = removeArguments(upstream, id, MAX_INSTANCES, this.#client.key(CHANNEL));
    const reply = await this.#client.run(REMOVE, keysOf(upstream), args);
    if (reply instanceof Unavailable) return 'unavailable';
    // Redis may have lost what is still known here.
    const wasKnown = this.#upstreams.get(upstream)?.remove(id) ?? false;
    return reply === 1 || wasKnown;
  }

  /** Expiries are by the time of Redis. Empty for an upstream that nobody follows. */
  instance(upstream: string, id: string): Registered | undefined {
    return this.#upstreams.get(upstream)?.instance(id);
  }

  instances(upstream: string): readonly Registered[] {
    return this.#upstreams.get(upstream)?.list() ?? [];
  }

  /** The observer is told before this returns when the upstream is known already, and else when Redis has answered. */
  follow(upstream: string, observer: DiscoveryObserver): Discovery {
    let shared = this.#upstreams.get(upstream);
    if (shared === undefined) {
      shared = new SharedUpstream(
        async () => this.#read(upstream),
        this.#clock,
        () => this.#forget(upstream),
      );
      this.#upstreams.set(upstream, shared);
      shared.look();
    }
    return shared.follow(observer);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const end of this.#endings) end();
    for (const upstream of this.#upstreams.keys()) this.#forget(upstream);
  }

  #forget(upstream: string): void {
    this.#upstreams.get(upstream)?.close();
    this.#upstreams.delete(upstream);
  }

  async #read(upstream: string): Promise<Reading | Unavailable> {
    const reply = await this.#client.run(READ, keysOf(upstream), []);
    if (reply instanceof Unavailable) return reply;
    return readReading(reply) ?? new Unavailable('refused', 'Redis holds no registry under these keys');
  }
}
