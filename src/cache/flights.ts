import type { Flight } from './flight.ts';

/** How many keys may be left behind before they are dropped. */
const LEFT_BEHIND = 1024;

/**
 * The flights that others can join, by what they fetch. They come and go with every miss, and a Map from which so much is
 * deleted keeps dead flights alive, with all that they hold (docs/decisions/rosters.md): nothing is deleted from this
 * one. It is replaced, now and then.
 */
export class Flights {
  #flights = new Map<string, Flight | undefined>();
  #open = 0;

  get(key: string): Flight | undefined {
    return this.#flights.get(key);
  }

  /** For a key that has none. */
  add(key: string, flight: Flight): void {
    this.#flights.set(key, flight);
    this.#open += 1;
  }

  delete(key: string): void {
    if (this.#flights.get(key) === undefined) return;
    this.#flights.set(key, undefined);
    this.#open -= 1;
    if (this.#flights.size < 2 * this.#open + LEFT_BEHIND) return;
    const open = new Map<string, Flight | undefined>();
    for (const [each, flight] of this.#flights) if (flight !== undefined) open.set(each, flight);
    this.#flights = open;
  }
}
