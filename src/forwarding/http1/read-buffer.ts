import { KEPT_FROM } from '../../exchange.ts';

/** How much one read takes at most; in bytes. */
export const READ_SIZE = 64 * 1024;

/**
 * Where the reads of one connection go. Most answers are small: their reads share one buffer with those of other
 * connections, and what is left of them is copied. A connection on which large chunks come gets buffers of its own, which
 * it gives away with the chunks instead of copying them.
 */
export class ReadBuffer {
  #buffer: Buffer;
  #isShared = true;
  /** The next read needs another one. */
  #isSpent = false;

  /** @param shared of {@link READ_SIZE} */
  constructor(shared: Buffer) {
    this.#buffer = shared;
  }

  /** For the next read. */
  next(): Buffer {
    if (this.#isSpent) {
      this.#buffer = Buffer.allocUnsafeSlow(READ_SIZE);
      this.#isShared = false;
      this.#isSpent = false;
    }
    return this.#buffer;
  }

  /** @returns what a read has put into the buffer that it got */
  filled(length: number): Buffer {
    return this.#buffer.subarray(0, length);
  }

  /** What was read elsewhere, into memory that nobody else uses. */
  replaced(chunk: Buffer): Buffer {
    this.#buffer = chunk;
    this.#isShared = false;
    return chunk;
  }

  /** @returns a part of what was read, as it can be passed on: see {@link KEPT_FROM} */
  given(chunk: Buffer): Buffer {
    if (chunk.length < KEPT_FROM) return chunk;
    this.#isSpent = true;
    return this.#isShared ? Buffer.from(chunk) : chunk;
  }
}
