/** Looks for a text in bytes that come piece by piece, and keeps no more of them than the text is long. */
export class TextSearch {
  readonly #wanted: Buffer;
  #left: number;
  /** The end of what has come: the text may begin in it. */
  #tail = Buffer.alloc(0);
  #isFound: boolean;

  /**
   * @param text compared as UTF-8
   * @param limit how many bytes are looked at
   */
  constructor(text: string, limit: number) {
    this.#wanted = Buffer.from(text);
    this.#left = limit;
    this.#isFound = text === '';
  }

  get isFound(): boolean {
    return this.#isFound;
  }

  /** Whether as many bytes have come as are looked at. */
  get isOver(): boolean {
    return this.#left === 0;
  }

  push(chunk: Buffer): void {
    const seen = Buffer.concat([this.#tail, chunk.subarray(0, this.#left)]);
    this.#left -= Math.min(this.#left, chunk.length);
    this.#isFound ||= seen.includes(this.#wanted);
    this.#tail = seen.subarray(Math.max(0, seen.length - this.#wanted.length + 1));
  }
}
