import { deadlineAfter, type Deadlines, type Waiting } from '../deadlines.ts';
import { kept, type HeaderList } from '../exchange.ts';
import { UNLISTED } from '../roster.ts';
import { FlightReader, type ReaderOwner, type Waiter } from './flight-reader.ts';

/** Is told of an audience. */
export interface AudienceOwner {
  /** A client reads again that had fallen behind, or is gone. */
  onDrain(): void;
  /** The last one is gone before it had all. */
  onDeserted(): void;
}

/** How long all others wait for a client that has stopped reading, when what is held is to be dropped. In milliseconds. */
const PATIENCE = 10_000;

/** Those who get one answer, each at the pace of its client, and what is held of its body. */
export class Audience implements ReaderOwner, Waiting {
  /** While somebody keeps the others waiting. */
  deadline = Infinity;
  place = UNLISTED;
  readonly #owner: AudienceOwner;
  readonly #deadlines: Deadlines;
  #readers: readonly FlightReader[] = [];
  #chunks: Buffer[] = [];
  /** Set once all came. */
  #ended: { readonly trailers: HeaderList | undefined } | undefined;

  constructor(deadlines: Deadlines, owner: AudienceOwner) {
    this.#deadlines = deadlines;
    this.#owner = owner;
  }

  /** Those who get it, the first one first. */
  get waiters(): readonly Waiter[] {
    return this.#readers.map(({ waiter }) => waiter);
  }

  get isEmpty(): boolean {
    return this.#readers.length === 0;
  }

  /** All that is held of the body, as one. */
  get body(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  join(waiter: Waiter): void {
    this.#readers = [...this.#readers, new FlightReader(waiter, this)];
  }

  /** Sends one away: somebody else answers it. */
  dismiss(waiter: Waiter): void {
    for (const reader of this.#readers) if (reader.waiter === waiter) reader.release();
    this.#readers = this.#readers.filter((reader) => reader.waiter !== waiter);
  }

  /** Sends all away. @returns those who were there */
  dismissAll(): readonly Waiter[] {
    const { waiters } = this;
    for (const reader of this.#readers) reader.release();
    this.#readers = [];
    return waiters;
  }

  /** Gives a part of the body to all. What is given is held. */
  give(chunk: Buffer): void {
    this.#chunks.push(kept(chunk));
    for (const reader of this.#readers) reader.write(this.#chunks);
  }

  /**
   * Gives a part of the body to all, and holds none of it longer than it takes.
   *
   * @returns false when somebody reads slower: wait for `onDrain`
   */
  pass(chunk: Buffer): boolean {
    const [only] = this.#readers;
    if (this.#readers.length === 1 && this.#chunks.length === 0 && only !== undefined)
      return only.waiter.exchange.response.write(chunk);
    this.give(chunk);
    return this.hasCaughtUp();
  }

  /** Whether everybody has what is held; then none of it is held any more. Who stands still for long is cut off. */
  hasCaughtUp(): boolean {
    if (this.#readers.some(({ isBlocked }) => isBlocked)) {
      if (this.#readers.length > 1 && this.deadline === Infinity) {
        this.deadline = deadlineAfter(PATIENCE);
        this.#deadlines.add(this);
      }
      return false;
    }
    this.#atEase();
    this.#chunks = [];
    for (const reader of this.#readers) reader.rewind();
    return true;
  }

  /** All came: each gets its end when it has read what is held. */
  end(trailers: HeaderList | undefined): void {
    this.#atEase();
    this.#ended = { trailers };
    for (const reader of this.#readers) this.#feed(reader, this.#ended.trailers);
    this.#readers = this.#readers.filter((reader) => !reader.isDone);
  }

  /** Nothing more comes. */
  abort(): void {
    this.#atEase();
    for (const reader of this.#readers) reader.abort();
    this.#readers = [];
  }

  drained(reader: FlightReader): void {
    if (this.#ended === undefined) reader.write(this.#chunks);
    else {
      this.#feed(reader, this.#ended.trailers);
      this.#readers = this.#readers.filter(({ isDone }) => !isDone);
    }
    this.#owner.onDrain();
  }

  left(reader: FlightReader): void {
    this.#readers = this.#readers.filter((other) => other !== reader);
    if (this.isEmpty) {
      this.#atEase();
      this.#owner.onDeserted();
    } else this.#owner.onDrain();
  }

  overdue(): void {
    this.#atEase();
    for (const reader of this.#readers) {
      if (!reader.isBlocked) continue;
      reader.abort();
      this.left(reader);
    }
  }

  #feed(reader: FlightReader, trailers: HeaderList | undefined): void {
    if (reader.write(this.#chunks)) reader.end(trailers);
  }

  #atEase(): void {
    if (this.deadline === Infinity) return;
    this.deadline = Infinity;
    this.#deadlines.delete(this);
  }
}
