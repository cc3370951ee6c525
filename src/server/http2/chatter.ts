import type { Waiting } from '../../deadlines.ts';
import { UNLISTED } from '../../roster.ts';

/** How much of what nothing comes of a client may send at once, and how much of it is forgiven in a second; in bytes. */
const BURST = 256 * 1024;
const FORGIVEN = 16 * 1024;
/** What a stream may have on its way when it is refused: a window, by RFC 9113 section 6.5.2. In bytes. */
const WINDOW = 64 * 1024;
/** What belongs to a piece of a body: the head of its frame, padding, a WINDOW_UPDATE or two, a PING. In bytes. */
const AROUND = 64;
/** How often it is looked; in milliseconds. */
const INTERVAL = 200;

export interface ChatterOptions {
  /** The most bytes of the head of a request. */
  readonly head: number;
  /** How many streams may be open at once. */
  readonly streams: number;
  /** The bytes of all frames so far. */
  read(): number;
  /** It was too much. */
  exhausted(): void;
}

/**
 * Weighs what a client sends against what comes of it. PING, SETTINGS, PRIORITY and WINDOW_UPDATE are no requests, each
 * costs this side something, and HTTP/2 itself has no limit on them (RFC 9113 section 10.5; CVE-2019-9512, CVE-2019-9515).
 * Not every one of them can be seen, so it goes by the bytes of all frames: streams and the pieces of bodies, there and
 * back, earn what belongs to them.
 */
export class Chatter implements Waiting {
  deadline: number;
  place = UNLISTED;
  readonly #options: ChatterOptions;
  readonly #perStream: number;
  /** The most that is kept of what was earned: streams that are all refused at once need no more. In bytes. */
  readonly #most: number;
  /** Below 0: so much was earned and not used. In bytes. */
  #level = 0;
  #read = 0;
  #since: number;

  /** @param now in milliseconds */
  constructor(now: number, options: ChatterOptions) {
    this.#options = options;
    this.#perStream = WINDOW + options.head;
    this.#most = options.streams * this.#perStream;
    this.#since = now;
    this.deadline = now + INTERVAL;
  }

  /** A request began. */
  stream(): void {
    this.#level -= this.#perStream;
  }

  /** A piece of the body of a request or an answer went through. @param bytes its length */
  piece(bytes: number): void {
    this.#level -= AROUND + bytes;
  }

  overdue(now: number): void {
    this.deadline = now + INTERVAL;
    const read = this.#options.read();
    const level = this.#level + read - this.#read;
    const forgiven = ((now - this.#since) / 1000) * FORGIVEN;
    // What is forgiven does not add up, and what is earned not without end.
    this.#level = level > 0 ? Math.max(0, level - forgiven) : Math.max(level, -this.#most);
    this.#read = read;
    this.#since = now;
    if (this.#level > BURST) this.#options.exhausted();
  }
}
