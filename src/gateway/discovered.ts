import type { DiscoverConfig } from '../config/discover-config.ts';
import { discoverConsul } from '../upstreams/discovery/consul.ts';
import { discoverDns } from '../upstreams/discovery/dns.ts';
import { discoverEtcd } from '../upstreams/discovery/etcd.ts';
import { discoverFile } from '../upstreams/discovery/file.ts';
import { discoverKubernetes } from '../upstreams/discovery/kubernetes.ts';
import type { Discovery, DiscoveryObserver, Found } from '../upstreams/discovery/source.ts';
import type { Registry } from '../upstreams/registry/registry.ts';
import type { SourceView } from '../upstreams/view.ts';

/** Where the endpoints of an upstream are found, and what asks there; what it depends on is its key. */
export interface DiscoverySettings {
  readonly upstream: string;
  readonly discover: DiscoverConfig;
}

/** What is told of a source when something changes. */
export interface DiscoveryEvents {
  found(upstream: string, source: SourceView, endpoints: number): void;
  lost(upstream: string, source: SourceView): void;
  recovered(upstream: string, source: SourceView): void;
}

/** How long the first answer of a source is waited for, in milliseconds: then the gateway goes on without it. */
const FIRST_ANSWER = 3000;

/** The endpoints of one upstream as its source tells them, for all generations that have it. */
export class Discovered implements DiscoveryObserver {
  /** Resolves when the source has answered or failed for the first time, or has taken too long. */
  readonly first: Promise<void>;
  readonly #settings: DiscoverySettings;
  readonly #events: DiscoveryEvents;
  readonly #discovery: Discovery;
  readonly #listeners = new Set<(endpoints: readonly Found[]) => void>();
  readonly #patience: NodeJS.Timeout;
  #endpoints: readonly Found[] = [];
  #fault: string | undefined;
  #heard: () => void = () => undefined;

  constructor(settings: DiscoverySettings, registry: Registry, events: DiscoveryEvents) {
    this.#settings = settings;
    this.#events = events;
    this.first = new Promise((resolve) => (this.#heard = resolve));
    this.#patience = setTimeout(() => this.#heard(), FIRST_ANSWER);
    this.#discovery = discover(settings, registry, this);
  }

  get endpoints(): readonly Found[] {
    return this.#endpoints;
  }

  get view(): SourceView {
    return {
      kind: this.#settings.discover.kind,
      updatedAt: this.#discovery.updatedAt,
      fault: this.#fault,
    };
  }

  onEndpoints(endpoints: readonly Found[]): void {
    this.#endpoints = endpoints;
    this.#hasSpoken();
    for (const listener of this.#listeners) listener(endpoints);
    // The first answer may come before there is a view of where it comes from.
    queueMicrotask(() => this.#events.found(this.#settings.upstream, this.view, endpoints.length));
  }

  onFailure(cause: string): void {
    this.#fault = cause;
    this.#hasSpoken();
    queueMicrotask(() => this.#events.lost(this.#settings.upstream, this.view));
  }

  onRecovery(): void {
    this.#fault = undefined;
    queueMicrotask(() => this.#events.recovered(this.#settings.upstream, this.view));
  }

  /** @returns follows no longer */
  follow(listener: (endpoints: readonly Found[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    clearTimeout(this.#patience);
    this.#heard();
    this.#discovery.close();
  }

  #hasSpoken(): void {
    clearTimeout(this.#patience);
    this.#heard();
  }
}

function discover(
  { upstream, discover: source }: DiscoverySettings,
  registry: Registry,
  observer: Discovered,
): Discovery {
  switch (source.kind) {
    case 'dns':
      return discoverDns(source, observer);
    case 'registry':
      return registry.follow(upstream, observer);
    case 'consul':
      return discoverConsul(source, observer);
    case 'etcd':
      return discoverEtcd(source, observer);
    case 'kubernetes':
      return discoverKubernetes(source, observer);
    case 'file':
      return discoverFile(source, observer);
  }
}
