import { randomFillSync } from 'node:crypto';

/**
 * How many random bytes are made at a time: a call for each id would cost more than all the rest of it. An id is a part
 * of the text of all of them, and keeps it in memory as long as its request is open: so there are not many.
 */
const POOL = 1536;

/** Random ids, as hexadecimal digits in lower case. */
export class TraceIds {
  readonly #pool = Buffer.allocUnsafeSlow(POOL);
  #digits = '';
  #used = 0;

  /** 32 digits: all of them are random, as the flag of Trace Context level 2 says. */
  traceId(): string {
    return this.#take(32);
  }

  /** 16 digits. */
  spanId(): string {
    return this.#take(16);
  }

  #take(count: number): string {
    if (this.#used + count > this.#digits.length) {
      this.#digits = randomFillSync(this.#pool).toString('hex');
      this.#used = 0;
    }
    this.#used += count;
    return this.#digits.slice(this.#used - count, this.#used);
  }
}
