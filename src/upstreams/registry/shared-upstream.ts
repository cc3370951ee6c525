import { Unavailable } from '../../redis/unavailable.ts';
import { same, tidy } from '../discovery/endpoints.ts';
import type { Discovery, DiscoveryObserver, Found } from '../discovery/source.ts';
import type { Clock } from './clock.ts';
import { KnownInstances } from './known-instances.ts';
import type { Reading, Stored } from './redis-scripts.ts';
import type { Registered } from './registry.ts';

/** How often Redis is asked when nothing is heard of it: a message may be lost. In milliseconds. */
const INTERVAL = 3000;
/** How long to wait between two questions: a thousand instances that start together are no thousand questions. */
const GAP = 100;

interface Follower {
  readonly observer: DiscoveryObserver;
  last: readonly Found[] | undefined;
}

/** The instances of an upstream as Redis has them, for those who follow it. */
export class SharedUpstream {
  readonly #read: () => Promise<Reading | Unavailable>;
  readonly #clock: Clock;
  readonly #onEmpty: () => void;
  readonly #known = new KnownInstances();
  readonly #followers = new Set<Follower>();
  /** By the clock on the wall: when Redis last answered. */
  #updatedAt: number | undefined;
  /** Why Redis cannot be asked. */
  #failure: string | undefined;
  #isReading = false;
  /** Something was heard of while it was being read. */
  #isStale = false;
  /** How often this gateway itself has changed something. */
  #changes = 0;
  #lastReadAt = -Infinity;
  #cancelTimer: () => void = () => undefined;
  #isClosed = false;

  /**
   * @param read asks Redis; never rejects
   * @param onEmpty nobody follows it any more
   */
  constructor(read: () => Promise<Reading | Unavailable>, clock: Clock, onEmpty: () => void) {
    this.#read = read;
    this.#clock = clock;
    this.#onEmpty = onEmpty;
  }

  follow(observer: DiscoveryObserver): Discovery {
    const follower: Follower = { observer, last: undefined };
    this.#followers.add(follower);
    this.#tell();
    if (this.#failure !== undefined) observer.onFailure(this.#failure);
    const updatedAt = (): number | undefined => this.#updatedAt;
    return {
      get updatedAt() {
        return updatedAt();
      },
      close: () => {
        if (this.#followers.delete(follower) && this.#followers.size === 0) this.#onEmpty();
      },
    };
  }

  instance(id: string): Registered | undefined {
    return this.#known.get(id);
  }

  list(): readonly Registered[] {
    return this.#known.list();
  }

  /** This gateway has registered it. */
  put(stored: Stored): void {
    this.#changes += 1;
    // A thousand heartbeats are no reason to compare a thousand endpoints each time.
    if (this.#known.put(stored, this.#clock.steady())) this.#tell();
  }

  /** This gateway has removed it. @returns whether it was known */
  remove(id: string): boolean {
    const was = this.#known.remove(id);
    this.#changes += 1;
    this.#tell();
    return was;
  }

  /** Something has changed in Redis: it is read at once, or as soon as it was not just read. */
  look(): void {
    if (this.#isReading) this.#isStale = true;
    else this.#readIn(Math.max(0, this.#lastReadAt + GAP - this.#clock.steady()));
  }

  /** Redis went away: what is known stays. */
  fail(why: string): void {
    if (this.#failure !== undefined) return;
    this.#failure = why;
    for (const { observer } of this.#followers) observer.onFailure(why);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
    this.#followers.clear();
  }

  async #ask(): Promise<void> {
    this.#isReading = true;
    this.#isStale = false;
    this.#lastReadAt = this.#clock.steady();
    const changes = this.#changes;
    const reading = await this.#read();
    this.#isReading = false;
    if (this.#isClosed) return;
    const now = this.#clock.steady();
    if (reading instanceof Unavailable) {
      if (reading.reason !== 'connecting') this.fail(reading.why);
    } else if (changes === this.#changes) this.#take(reading, now);
    // What this gateway has changed meanwhile is newer than the answer.
    else this.#isStale = true;
    const next = this.#isStale || this.#failure !== undefined ? Infinity : this.#known.nextExpiry - now;
    this.#readIn(this.#isStale ? GAP : Math.max(GAP, Math.min(INTERVAL, next)));
  }

  #take(reading: Reading, now: number): void {
    const wasAway = this.#failure !== undefined;
    this.#known.take(reading, now, wasAway);
    this.#updatedAt = this.#clock.wall();
    if (wasAway) {
      this.#failure = undefined;
      for (const { observer } of this.#followers) observer.onRecovery();
    }
    this.#tell();
  }

  #readIn(milliseconds: number): void {
    this.#cancelTimer();
    this.#cancelTimer = () => undefined;
    if (milliseconds === 0) void this.#ask();
    else this.#cancelTimer = this.#clock.after(milliseconds, () => void this.#ask());
  }

  #tell(): void {
    // One of many is not all there are.
    if (this.#updatedAt === undefined) return;
    const endpoints = tidy(this.#known.endpoints);
    for (const follower of this.#followers) {
      if (follower.last !== undefined && same(endpoints, follower.last)) continue;
      follower.last = endpoints;
      follower.observer.onEndpoints(endpoints);
    }
  }
}
