/** Asks for so many more bytes of memory, until the exchange is over. @returns false when there is no room */
export type Hold = (bytes: number) => boolean;

/**
 * Puts the chunks of a body together, in one buffer that doubles as it fills: however small the chunks are, they cost
 * their bytes and nothing else.
 */
export class Collector {
  readonly #hold: Hold;
  readonly #length: number;
  #buffer: Buffer = Buffer.alloc(0);
  #size = 0;

  /**
   * @param hold for the buffer
   * @param length of the whole, as far as it is known; in bytes
   */
  constructor(hold: Hold, length = Infinity) {
    this.#hold = hold;
    this.#length = length;
  }

  /** How many bytes there are. */
  get size(): number {
    return this.#size;
  }

  /** The bytes so far. What is added later is not seen in it, and does not change it. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#size);
  }

  /** Adds a copy of a chunk. @returns false when there is no room for it; then it is as it was */
  add(chunk: Buffer): boolean {
    const size = this.#size + chunk.length;
    if (size > this.#buffer.length && !this.#grow(size)) return false;
    this.#buffer.set(chunk, this.#size);
    this.#size = size;
    return true;
  }

  /** Forgets everything. What it held stays counted until the exchange is over: it may be in somebody's hands. */
  clear(): void {
    this.#buffer = Buffer.alloc(0);
    this.#size = 0;
  }

  #grow(size: number): boolean {
    // Exact at first, as most bodies come in one chunk.
    const capacity = Math.max(size, Math.min(2 * this.#buffer.length, this.#length));
    if (!this.#hold(capacity - this.#buffer.length)) return false;
    const larger = Buffer.allocUnsafeSlow(capacity);
    larger.set(this.bytes);
    this.#buffer = larger;
    return true;
  }
}
