import type { Discovery, DiscoveryObserver } from '../upstreams/discovery/source.ts';
import type { Instance, Registered, Registration as Outcome, Registry } from '../upstreams/registry/registry.ts';
import type { Notice, Registration } from './messages.ts';

/** The registry of the primary where there is no Redis: its workers are told of everything that it takes. */
export class AnnouncedRegistry implements Registry {
  readonly #registry: Registry;
  readonly #tell: (notice: Notice) => void;

  constructor(registry: Registry, tell: (notice: Notice) => void) {
    this.#registry = registry;
    this.#tell = tell;
  }

  async put(upstream: string, instance: Instance, ttl: number): Promise<Outcome> {
    const outcome = await this.#registry.put(upstream, instance, ttl);
    const isIn = outcome === 'created' || outcome === 'renewed';
    if (isIn) this.#tell({ kind: 'registered', upstream, instance, ttl });
    return outcome;
  }

  async remove(upstream: string, id: string): Promise<boolean | 'unavailable'> {
    const outcome = await this.#registry.remove(upstream, id);
    if (outcome === true) this.#tell({ kind: 'removed', upstream, instance: id });
    return outcome;
  }

  instances(upstream: string): readonly Registered[] {
    return this.#registry.instances(upstream);
  }

  instance(upstream: string, id: string): Registered | undefined {
    return this.#registry.instance(upstream, id);
  }

  follow(upstream: string, observer: DiscoveryObserver): Discovery {
    return this.#registry.follow(upstream, observer);
  }

  /** What a worker that starts now has to know. @param now in milliseconds since 1970 */
  known(upstreams: readonly string[], now: number): Registration[] {
    return upstreams.flatMap((upstream) =>
      this.instances(upstream).map(({ expiresAt, ...instance }) => ({ upstream, instance, ttl: expiresAt - now })),
    );
  }

  async close(): Promise<void> {
    await this.#registry.close();
  }
}
