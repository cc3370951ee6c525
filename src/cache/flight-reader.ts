import type { Exchange, ExchangeWatcher, HeaderList } from '../exchange.ts';
import type { Asked } from './asked.ts';
import type { FieldOf } from './vary.ts';

/** A request that needs an answer that the store does not have. */
export interface Waiter {
  readonly exchange: Exchange;
  readonly asked: Asked;
  readonly fieldOf: FieldOf;
  /** The answer that it waited for is not for this one: it has to ask for itself. */
  readonly goAlone: () => void;
  /** It waits no more: it is answered, or sent away. Undefined when nobody wants to know. */
  readonly waited?: (() => void) | undefined;
}

/** Is told of its readers. */
export interface ReaderOwner {
  /** Its client reads again. */
  drained(reader: FlightReader): void;
  /** Its client is gone. */
  left(reader: FlightReader): void;
}

/** One of those who get the answer of a flight, at the pace of its client. */
export class FlightReader implements ExchangeWatcher {
  readonly waiter: Waiter;
  readonly #owner: ReaderOwner;
  /** How many of the held chunks were written. */
  #written = 0;
  #isBlocked = false;
  #isDone = false;

  constructor(waiter: Waiter, owner: ReaderOwner) {
    this.waiter = waiter;
    this.#owner = owner;
    waiter.exchange.watch(this);
  }

  /** Its client reads slower than the answer comes. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** It has its end, or is cut off. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /**
   * Writes as much as its client takes.
   *
   * @param chunks all that are held
   * @returns whether nothing is left to be written
   */
  write(chunks: readonly Buffer[]): boolean {
    const { response } = this.waiter.exchange;
    while (!this.#isBlocked && this.#written < chunks.length) {
      const chunk = chunks[this.#written];
      this.#written += 1;
      if (chunk !== undefined) this.#isBlocked = !response.write(chunk);
    }
    return this.#written === chunks.length;
  }

  /** What was written is held no more. */
  rewind(): void {
    this.#written = 0;
  }

  end(trailers: HeaderList | undefined): void {
    this.#isDone = true;
    this.release();
    this.waiter.exchange.response.end(trailers);
  }

  abort(): void {
    this.#isDone = true;
    this.release();
    this.waiter.exchange.response.abort();
  }

  /** Whatever happens to the exchange from now on is for somebody else to see. */
  release(): void {
    this.waiter.waited?.();
    this.waiter.exchange.watch(undefined);
  }

  onDrain(): void {
    this.#isBlocked = false;
    this.#owner.drained(this);
  }

  onAbort(): void {
    this.#owner.left(this);
  }
}
