/** How large a batch may be; in bytes. */
const SIZE = 256 * 1024;
/** Closes what stands before the spans. */
const AFTER = ']}]}]}';

/**
 * Spans on their way to a collector, as bytes: as text they would wait as thousands of small strings, each of which the
 * garbage collector would have to move.
 */
export class Batch {
  /** How many there are. */
  spans = 0;
  readonly #buffer = Buffer.allocUnsafeSlow(SIZE);
  #used: number;

  /**
   * @param before the text in front of the spans
   * @param span the first one; a span has no more than some tens of KiB
   */
  constructor(before: string, span: string) {
    this.#used = this.#buffer.write(before);
    this.add(span);
  }

  /** @param span as a JSON object @returns false when there is no room for it */
  add(span: string): boolean {
    // A character of UTF-16 takes up to three bytes.
    if (this.#used + span.length * 3 + 1 + AFTER.length > SIZE) return false;
    if (this.spans > 0) this.#used += this.#buffer.write(',', this.#used);
    this.#used += this.#buffer.write(span, this.#used);
    this.spans += 1;
    return true;
  }

  /** Ends the batch. @returns all of it: valid for as long as the batch is kept */
  end(): Buffer {
    this.#used += this.#buffer.write(AFTER, this.#used);
    return this.#buffer.subarray(0, this.#used);
  }
}
