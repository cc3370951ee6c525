import { kept, type BodyFault, type BodyReader, type HeaderList, type RequestBody } from '../exchange.ts';

/** A request body that is copied as somebody reads it, as long as it is small. */
export class CopiedBody implements RequestBody, BodyReader {
  readonly length: number | undefined;
  readonly isBuffered = false;
  readonly #body: RequestBody;
  readonly #limit: number;
  readonly #done: (copy: Buffer | undefined) => void;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #reader: BodyReader | undefined;

  /**
   * @param limit how much is copied, in bytes
   * @param done told once: the whole body, or undefined when there is no copy
   */
  constructor(body: RequestBody, limit: number, done: (copy: Buffer | undefined) => void) {
    this.length = body.length;
    this.#body = body;
    this.#limit = limit;
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
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#limit) this.#chunks.push(kept(chunk));
    else this.#chunks = [];
    this.#reader?.onData(chunk);
  }

  onEnd(trailers: HeaderList | undefined): void {
    // Whoever reads it comes first.
    this.#reader?.onEnd(trailers);
    this.#done(this.#bytes <= this.#limit ? Buffer.concat(this.#chunks) : undefined);
  }

  onFault(fault: BodyFault): void {
    this.#reader?.onFault(fault);
    this.#done(undefined);
  }
}
