import type { BodyFault, BodyReader, HeaderList, RequestBody } from '../exchange.ts';
import { Collector, type Hold } from './collector.ts';

/** A request body that is copied as somebody reads it, as long as it is small. */
export class CopiedBody implements RequestBody, BodyReader {
  readonly length: number | undefined;
  readonly isBuffered = false;
  readonly #body: RequestBody;
  readonly #limit: number;
  readonly #done: (copy: Buffer | undefined) => void;
  readonly #copy: Collector;
  #isCopied = true;
  #reader: BodyReader | undefined;

  /**
   * @param limit how much is copied, in bytes
   * @param hold for the copy
   * @param done told once: the whole body, or undefined when there is no copy
   */
  constructor(body: RequestBody, limit: number, hold: Hold, done: (copy: Buffer | undefined) => void) {
    this.length = body.length;
    this.#body = body;
    this.#limit = limit;
    this.#copy = new Collector(hold, body.length);
    this.#done = done;
  }

  start(reader: BodyReader, idleTimeout: number): void {
    this.#reader = reader;
    this.#body.start(this, idleTimeout);
  }

  pause(): void {
    this.#body.pause();
  }

  resume(): void {
    this.#body.resume();
  }

  onData(chunk: Buffer): void {
    if (this.#isCopied && !(this.#copy.size + chunk.length <= this.#limit && this.#copy.add(chunk))) {
      this.#isCopied = false;
      this.#copy.clear();
    }
    this.#reader?.onData(chunk);
  }

  onEnd(trailers: HeaderList | undefined): void {
    // Whoever reads it comes first.
    this.#reader?.onEnd(trailers);
    this.#done(this.#isCopied ? this.#copy.bytes : undefined);
  }

  onFault(fault: BodyFault): void {
    this.#reader?.onFault(fault);
    this.#done(undefined);
  }
}
