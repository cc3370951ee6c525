import type { Found } from '../discovery/source.ts';
import type { Reading, Stored } from './redis-scripts.ts';
import type { Registered } from './registry.ts';

interface Entry {
  readonly stored: Stored;
  /** Until when it is held on to, in milliseconds that never go back. */
  readonly until: number;
  /** The same by the time of Redis. */
  readonly expiresAt: number;
  /** It was held on to for longer once, since it was last heard of. */
  readonly isGraced: boolean;
}

/**
 * What a gateway knows of the instances of an upstream. An instance goes when somebody removed it, and when the expiry
 * that was last known of it has passed. That Redis does not name it is no reason: a Redis that has lost its data names
 * none, and must not empty an upstream whose instances are all there. After Redis was away each has its whole ttl for the
 * next heartbeat, since those that were sent meanwhile were not heard; once, until it is heard of again.
 */
export class KnownInstances {
  readonly #entries = new Map<string, Entry>();

  /**
   * Takes in what Redis has.
   *
   * @param now in milliseconds that never go back, as in all of this
   * @param wasAway whether heartbeats may not have been heard since the last reading
   */
  take(reading: Reading, now: number, wasAway: boolean): void {
    const named = new Set(reading.alive.map(({ instance }) => instance.id));
    for (const stored of reading.alive) {
      const until = now + stored.expiresAt - reading.now;
      this.#entries.set(stored.instance.id, { stored, until, expiresAt: stored.expiresAt, isGraced: false });
    }
    for (const id of reading.removed) if (!named.has(id)) this.#entries.delete(id);
    for (const [id, { stored, until, isGraced }] of this.#entries) {
      if (named.has(id)) continue;
      // Once: a Redis that comes and goes must not keep for ever what sends no heartbeats.
      const isGranted = wasAway && !isGraced;
      const held = isGranted ? Math.max(until, now + stored.ttl) : until;
      const entry = { stored, until: held, expiresAt: reading.now + held - now, isGraced: isGraced || isGranted };
      if (held <= now) this.#entries.delete(id);
      else this.#entries.set(id, entry);
    }
  }

  /** What this gateway itself has just registered. @returns whether its endpoint is new or has changed */
  put(stored: Stored, now: number): boolean {
    const before = this.#entries.get(stored.instance.id)?.stored.instance;
    const until = now + stored.ttl;
    this.#entries.set(stored.instance.id, { stored, until, expiresAt: stored.expiresAt, isGraced: false });
    return before?.origin !== stored.instance.origin || before.weight !== stored.instance.weight;
  }

  /** @returns false when there was none */
  remove(id: string): boolean {
    return this.#entries.delete(id);
  }

  get(id: string): Registered | undefined {
    const entry = this.#entries.get(id);
    return entry && { ...entry.stored.instance, expiresAt: entry.expiresAt };
  }

  /** In no order. */
  get endpoints(): readonly Found[] {
    return [...this.#entries.values()].map(({ stored }) => stored.instance);
  }

  /** By id. */
  list(): readonly Registered[] {
    return [...this.#entries.values()]
      .map(({ stored, expiresAt }) => ({ ...stored.instance, expiresAt }))
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }

  /** When the next one may expire; Infinity when there is none. */
  get nextExpiry(): number {
    let next = Infinity;
    for (const { until } of this.#entries.values()) next = Math.min(next, until);
    return next;
  }
}
