import { isPurged, type Purge, type Purgeable } from './purge.ts';

/** How long a purge may take to get through the shared store. In milliseconds. */
const BAN_DURATION = 60_000;
/** Each is looked at for each answer that is read: with more of them, they become one that says more. */
const MAX_BANS = 1024;

/** `until`: by the clock of this process. */
type Ban = Purge & { readonly until: number };

/**
 * What was purged a short while ago. It may still be in the shared store, as purging it takes a while, or come there:
 * from a gateway that had asked for it before and has not heard of the purge.
 */
export class Bans {
  readonly #clock: () => number;
  #bans: Ban[] = [];

  /** @param clock in milliseconds, never set back */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  add({ selector, at }: Purge): void {
    const now = this.#clock();
    this.#bans = this.#bans.filter(({ until }) => until > now);
    const ban = { selector, at, until: now + BAN_DURATION };
    if (this.#bans.length < MAX_BANS) this.#bans.push(ban);
    else this.#bans = [{ ...ban, selector: { all: true }, at: Math.max(at, ...this.#bans.map((other) => other.at)) }];
  }

  /** @param since when the answer was asked for, by the clock of the store in microseconds */
  refuses(entry: Purgeable, since: number): boolean {
    if (this.#bans.length === 0) return false;
    const now = this.#clock();
    return this.#bans.some((ban) => ban.until > now && isPurged(ban, entry, since));
  }
}
