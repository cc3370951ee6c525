import type { Discovery, DiscoveryObserver } from '../discovery/source.ts';
import { SYSTEM_CLOCK, type Clock } from './clock.ts';
import { Followers } from './followers.ts';
import type { Instance, Registered, Registration, Registry } from './registry.ts';

/** How many instances an upstream may have. */
export const MAX_INSTANCES = 1000;

interface Entry {
  readonly registered: Registered;
  /** When it expires, by the steady clock: setting the time of the machine must not take endpoints away. */
  readonly deadline: number;
}

/** The registry of a single gateway: it knows what registered with this process. */
export class MemoryRegistry implements Registry {
  readonly #clock: Clock;
  /** By upstream and id; no upstream without instances. */
  readonly #entries = new Map<string, Map<string, Entry>>();
  readonly #followers = new Followers();
  /** When the timer looks at all of them, which is not after the first one expires. */
  #due = Infinity;
  #cancelTimer: () => void = () => undefined;
  #isClosed = false;

  constructor(clock: Clock = SYSTEM_CLOCK) {
    this.#clock = clock;
  }

  async put(upstream: string, instance: Instance, ttl: number): Promise<Registration> {
    if (this.#isClosed) return 'unavailable';
    this.#expireOverdue();
    const entries = this.#entries.get(upstream) ?? new Map<string, Entry>();
    const before = entries.get(instance.id)?.registered;
    if (before === undefined && entries.size >= MAX_INSTANCES) return 'full';
    const wall = this.#clock.wall();
    const deadline = this.#clock.steady() + ttl;
    entries.set(instance.id, { registered: { ...instance, expiresAt: wall + ttl }, deadline });
    this.#entries.set(upstream, entries);
    this.#lookBy(deadline);
    if (before?.origin === instance.origin && before.weight === instance.weight) this.#followers.hear(upstream, wall);
    else this.#tell(upstream);
    return before === undefined ? 'created' : 'renewed';
  }

  async remove(upstream: string, id: string): Promise<boolean | 'unavailable'> {
    if (this.#isClosed) return 'unavailable';
    this.#expireOverdue();
    const entries = this.#entries.get(upstream);
    if (entries?.delete(id) !== true) return false;
    if (entries.size === 0) this.#entries.delete(upstream);
    this.#tell(upstream);
    return true;
  }

  instance(upstream: string, id: string): Registered | undefined {
    this.#expireOverdue();
    return this.#entries.get(upstream)?.get(id)?.registered;
  }

  instances(upstream: string): readonly Registered[] {
    this.#expireOverdue();
    return this.#registered(upstream).toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }

  /** The observer is told before this returns. */
  follow(upstream: string, observer: DiscoveryObserver): Discovery {
    this.#expireOverdue();
    return this.#followers.add(upstream, observer, this.#registered(upstream), this.#clock.wall());
  }

  /** Forgets everything, takes nothing more, and so tells those who follow nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer();
    this.#due = Infinity;
    this.#entries.clear();
  }

  #registered(upstream: string): readonly Registered[] {
    return [...(this.#entries.get(upstream)?.values() ?? [])].map(({ registered }) => registered);
  }

  #tell(upstream: string): void {
    this.#followers.tell(upstream, this.#registered(upstream), this.#clock.wall());
  }

  /** A timer may be late when there is much to do: what has expired is not to be seen any more either way. */
  #expireOverdue(): void {
    if (this.#clock.steady() >= this.#due) this.#expire();
  }

  /** Renewals leave the timer where it is: it looks, finds nothing, and learns when to look again. */
  #lookBy(deadline: number): void {
    if (deadline >= this.#due) return;
    this.#cancelTimer();
    this.#due = deadline;
    this.#cancelTimer = this.#clock.after(deadline - this.#clock.steady(), () => this.#expire());
  }

  #expire(): void {
    this.#cancelTimer();
    this.#due = Infinity;
    const now = this.#clock.steady();
    let next = Infinity;
    const changed: string[] = [];
    for (const [upstream, entries] of this.#entries) {
      const size = entries.size;
      for (const [id, { deadline }] of entries) {
        if (deadline <= now) entries.delete(id);
        else next = Math.min(next, deadline);
      }
      if (entries.size < size) changed.push(upstream);
      if (entries.size === 0) this.#entries.delete(upstream);
    }
    if (next < Infinity) this.#lookBy(next);
    for (const upstream of changed) this.#tell(upstream);
  }
}
