/** How long to wait before each further attempt: twice as long as before the last one, up to a limit. In milliseconds. */
export class Pauses {
  readonly #first: number;
  readonly #limit: number;
  #next: number;

  constructor(first: number, limit: number) {
    this.#first = first;
    this.#limit = limit;
    this.#next = first;
  }

  next(): number {
    const pause = this.#next;
    this.#next = Math.min(this.#limit, 2 * pause);
    return pause;
  }

  /** An attempt has led to something that lasted so long: what lasts for less than the limit fails again soon. */
  lasted(time: number): void {
    if (time >= this.#limit) this.#next = this.#first;
  }
}
