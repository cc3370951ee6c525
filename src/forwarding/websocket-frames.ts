/**
 * Follows the frames of one direction of a WebSocket (RFC 6455 section 5.2), without looking at what is in them: a frame
 * of one's own may only stand between two of the others.
 */
export class FrameFollower {
  /** Bytes of the header that are still to come are unknown until its first two are there. */
  readonly #header = Buffer.alloc(14);
  #have = 0;
  /** Of the payload that is to come. */
  #left = 0;

  /** Whether the last byte that was seen ended a frame, or none was seen yet. */
  get isBetween(): boolean {
    return this.#have === 0 && this.#left === 0;
  }

  /**
   * Sees bytes go by.
   *
   * @returns where in the chunk the first frame ends that ends in it; -1 when none does
   */
  see(chunk: Buffer): number {
    let at = 0;
    let firstEnd = -1;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, chunk.length - at);
        this.#left -= taken;
        at += taken;
      } else at = this.#readHeader(chunk, at);
      if (firstEnd === -1 && this.isBetween) firstEnd = at;
    }
    return firstEnd;
  }

  #readHeader(chunk: Buffer, start: number): number {
    let at = start;
    while (at < chunk.length) {
      this.#header[this.#have] = chunk[at] ?? 0;
      this.#have += 1;
      at += 1;
      if (this.#have >= 2 && this.#have === this.#headerLength()) {
        this.#left = this.#payloadLength();
        this.#have = 0;
        return at;
      }
    }
    return at;
  }

  #headerLength(): number {
    const second = this.#header[1] ?? 0;
    const length = second & 0x7f;
    return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (second >= 0x80 ? 4 : 0);
  }

  #payloadLength(): number {
    const length = (this.#header[1] ?? 0) & 0x7f;
    if (length < 126) return length;
    return length === 126 ? this.#header.readUInt16BE(2) : Number(this.#header.readBigUInt64BE(2));
  }
}

/** A close frame (RFC 6455 section 5.5.1) as a server sends it. @param code of section 7.4.1 */
export function closeFrame(code: number): Buffer {
  return Buffer.from([0x88, 2, code >> 8, code & 0xff]);
}

/** The same as a client sends it: masked, and any key will do for what holds no secret. */
export function maskedCloseFrame(code: number): Buffer {
  return Buffer.from([0x88, 0x82, 0, 0, 0, 0, code >> 8, code & 0xff]);
}
