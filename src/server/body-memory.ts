/** What the exchanges of a process may hold of bodies at a time, all together; in bytes. */
const ALL = 128 * 1024 * 1024;

/** The memory for bodies that are held: to be judged, edited, or sent again. Each is bounded by itself; this bounds their sum. */
export class BodyMemory {
  #held = 0;

  /** In bytes. */
  get held(): number {
    return this.#held;
  }

  /** @returns false when there is no room for so many more bytes */
  take(bytes: number): boolean {
    if (this.#held + bytes > ALL) return false;
    this.#held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}
