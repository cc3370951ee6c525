import type { Discovery, DiscoveryObserver } from '../discovery/source.ts';

/** An instance of a service, as it registers itself. */
export interface Instance {
  /** Its own name, unique within the upstream. */
  readonly id: string;
  /** Scheme, host and port, as `new URL(…).origin` writes them. */
  readonly origin: string;
  /** A whole number, 1 at the least. */
  readonly weight: number;
  /** For people; the gateway does nothing with it. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An instance until it is not renewed any more. */
export interface Registered extends Instance {
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What became of a registration; `full` when the upstream has as many instances as it may have. */
export type Registration = 'created' | 'renewed' | 'full' | 'unavailable';

/** Instances that register themselves, by upstream. */
export interface Registry {
  /** Registers an instance, or renews it: it is also the heartbeat. @param ttl in milliseconds */
  put(upstream: string, instance: Instance, ttl: number): Promise<Registration>;
  /** @returns false when there was none */
  remove(upstream: string, id: string): Promise<boolean | 'unavailable'>;
  /** One of an upstream as it is known now. */
  instance(upstream: string, id: string): Registered | undefined;
  /** Those of an upstream as they are known now, by id. */
  instances(upstream: string): readonly Registered[];
  /** Tells the endpoints of an upstream, at once and whenever they change. */
  follow(upstream: string, observer: DiscoveryObserver): Discovery;
  close(): Promise<void>;
}
