import { same, tidy } from '../discovery/endpoints.ts';
import type { Discovery, DiscoveryObserver, Found } from '../discovery/source.ts';

/** Those who follow the instances of upstreams. Each is told only of what differs from what it was told last. */
export class Followers {
  readonly #byUpstream = new Map<string, Set<Follower>>();

  /**
   * Adds one, and tells it before this returns.
   *
   * @param found the instances that there are
   * @param now in milliseconds since 1970, as below
   */
  add(upstream: string, observer: DiscoveryObserver, found: Iterable<Found>, now: number): Discovery {
    const follower = new Follower(observer, () => this.#remove(upstream, follower));
    const others = this.#byUpstream.get(upstream);
    if (others === undefined) this.#byUpstream.set(upstream, new Set([follower]));
    else others.add(follower);
    follower.tell(tidy(found), now);
    return follower;
  }

  /** The instances of an upstream may be others than before. */
  tell(upstream: string, found: Iterable<Found>, now: number): void {
    const followers = this.#byUpstream.get(upstream);
    if (followers === undefined) return;
    const endpoints = tidy(found);
    for (const follower of followers) follower.tell(endpoints, now);
  }

  /** An instance was renewed, and nothing else changed. */
  hear(upstream: string, now: number): void {
    for (const follower of this.#byUpstream.get(upstream) ?? []) follower.updatedAt = now;
  }

  #remove(upstream: string, follower: Follower): void {
    const followers = this.#byUpstream.get(upstream);
    followers?.delete(follower);
    if (followers?.size === 0) this.#byUpstream.delete(upstream);
  }
}

class Follower implements Discovery {
  updatedAt: number | undefined;
  readonly #observer: DiscoveryObserver;
  readonly #onClose: () => void;
  #last: readonly Found[] | undefined;

  constructor(observer: DiscoveryObserver, onClose: () => void) {
    this.#observer = observer;
    this.#onClose = onClose;
  }

  tell(endpoints: readonly Found[], now: number): void {
    this.updatedAt = now;
    if (this.#last !== undefined && same(endpoints, this.#last)) return;
    this.#last = endpoints;
    this.#observer.onEndpoints(endpoints);
  }

  close(): void {
    this.#onClose();
  }
}
