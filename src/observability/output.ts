import type { ByteWriter } from './log.ts';

/** Where bytes end up: a file, or somebody who reads them. */
export interface Sink {
  /** One call at a time. @param done called once; with an error, nobody knows how much of them got there */
  write(bytes: Buffer, done: (error: Error | undefined) => void): void;
  /** The same at once, as far as it goes without waiting for long. */
  writeSync(bytes: Buffer): void;
}

/** So much goes out with one write, unless one piece alone is more; in bytes. */
const AT_ONCE = 64 * 1024;
const LINE_FEED = 10;

/**
 * The log's way out. Nobody waits for it: what comes faster than it goes out waits here, up to a limit, and what cannot be
 * written is dropped. How many lines that were stands in the log as soon as it can be written again.
 */
export class Output implements ByteWriter {
  readonly #sink: Sink;
  readonly #limit: number;
  readonly #notice: (lines: number) => string;
  #queue: Buffer[] = [];
  /** What waits and what is being written; in bytes. */
  #held = 0;
  #isWriting = false;
  #dropped = 0;
  /** How many of those the log knows of. */
  #told = 0;
  #drained: (() => void)[] = [];

  /**
   * @param limit how much may wait; in bytes
   * @param notice the line that tells how many lines are missing, with its line feed
   */
  constructor(sink: Sink, limit: number, notice: (lines: number) => string) {
    this.#sink = sink;
    this.#limit = limit;
    this.#notice = notice;
  }

  write(bytes: Buffer): void {
    if (this.#held + bytes.length > this.#limit) {
      this.#drop(bytes);
      return;
    }
    this.#held += bytes.length;
    this.#queue.push(bytes);
    this.#next();
  }

  droppedLines(): number {
    return this.#dropped;
  }

  /** What is being written already may come out behind it. */
  flushSync(last: Buffer): void {
    const bytes = Buffer.concat([...this.#queue, last]);
    this.#queue = [];
    if (bytes.length > 0) this.#sink.writeSync(bytes);
  }

  /** @returns whether all is written within a time, in milliseconds; nothing is written after that */
  async drained(patience: number): Promise<boolean> {
    if (!this.#isWriting) return true;
    const timer = new Promise<boolean>((resolve) => {
      setTimeout(() => resolve(false), patience).unref();
    });
    const isDrained = await Promise.race([
      new Promise<true>((resolve) => this.#drained.push(() => resolve(true))),
      timer,
    ]);
    this.#queue = [];
    return isDrained;
  }

  #next(): void {
    if (this.#isWriting || this.#queue.length === 0) return;
    this.#isWriting = true;
    const bytes = this.#take();
    this.#sink.write(bytes, (error) => {
      this.#isWriting = false;
      this.#held -= bytes.length;
      if (error !== undefined) this.#drop(bytes);
      else if (this.#dropped > this.#told) this.#tell();
      if (this.#queue.length > 0) this.#next();
      else for (const drained of this.#drained.splice(0)) drained();
    });
  }

  /** As much of what waits as goes out with one write. */
  #take(): Buffer {
    let count = 0;
    let length = 0;
    while (count < this.#queue.length && (count === 0 || length + (this.#queue[count]?.length ?? 0) <= AT_ONCE)) {
      length += this.#queue[count]?.length ?? 0;
      count += 1;
    }
    const taken = this.#queue.splice(0, count);
    return taken.length === 1 && taken[0] !== undefined ? taken[0] : Buffer.concat(taken);
  }

  #drop(bytes: Buffer): void {
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) this.#dropped += 1;
  }

  /** A write that failed may have left a part of a line: the notice begins a new one. */
  #tell(): void {
    const notice = Buffer.from(`\n${this.#notice(this.#dropped - this.#told)}`);
    this.#told = this.#dropped;
    this.#held += notice.length;
    this.#queue.unshift(notice);
  }
}
