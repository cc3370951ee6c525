import type { GatewayConfig } from '../config/config.ts';
import type { Discovery, DiscoveryObserver } from '../upstreams/discovery/source.ts';
import type { Registry } from '../upstreams/registry/registry.ts';

const NOBODY: DiscoveryObserver = {
  onEndpoints: () => undefined,
  onFailure: () => undefined,
  onRecovery: () => undefined,
};

/** The names of the upstreams whose instances register themselves. */
export function registryUpstreams({ upstreams }: Pick<GatewayConfig, 'upstreams'>): string[] {
  return upstreams.flatMap(({ name, discover }) => (discover?.kind === 'registry' ? [name] : []));
}

/** Follows upstreams in a process that sends them no requests: a shared registry knows only those that are followed. */
export class Followed {
  readonly #registry: Registry;
  readonly #discoveries = new Map<string, Discovery>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Follows these from now on, and no others. */
  follow(upstreams: readonly string[]): void {
    for (const [name, discovery] of this.#discoveries) {
      if (upstreams.includes(name)) continue;
      discovery.close();
      this.#discoveries.delete(name);
    }
    for (const name of upstreams)
      if (!this.#discoveries.has(name)) this.#discoveries.set(name, this.#registry.follow(name, NOBODY));
  }
}
