import type { BodyFault, BodyReader, HeaderList, RequestBody } from '../exchange.ts';
import { kept } from '../exchange.ts';

/**
 * A request body that can be sent once more, as long as it is small: what was read of it is remembered. One that turns
 * out to be larger is passed on as it comes, and cannot.
 */
export class ReplayableBody implements RequestBody, BodyReader {
  readonly length: number | undefined;
  readonly #body: RequestBody;
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Everything that was read is kept. */
  #isWhole = true;
  #started = false;
  #isPaused = false;
  /** How it ended: undefined while it flows. */
  #end: { readonly trailers: HeaderList | undefined } | BodyFault | undefined;
  #reader: BodyReader | undefined;

  /** @param limit how much is remembered, in bytes */
  constructor(body: RequestBody, limit: number) {
    this.#body = body;
    this.#limit = limit;
    this.length = body.length;
  }

  get isBuffered(): boolean {
    return typeof this.#end === 'object';
  }

  /** Whether it can be started again. */
  get isReplayable(): boolean {
    return typeof this.#end !== 'string' && this.#isWhole && (this.length ?? 0) <= this.#limit;
  }

  start(reader: BodyReader, idleTimeout: number): void {
    this.#reader = reader;
    if (!this.#started) {
      this.#started = true;
      this.#body.start(this, idleTimeout);
      return;
    }
    this.#isPaused = false;
    // It is small: whoever reads it need not be waited for, but for what is still to come.
    for (const chunk of this.#chunks) reader.onData(chunk);
    const end = this.#end;
    if (end === undefined) {
      if (!this.#isPaused) this.#body.resume();
    } else if (typeof end === 'string') reader.onFault(end);
    else reader.onEnd(end.trailers);
  }

  /**
   * Whoever read it does not want it any more; somebody else may start it again. It goes on to be read as far as it is
   * kept: a body that stands still for long is taken for one whose reader has died.
   */
  release(): void {
    this.#reader = undefined;
    if (this.#end === undefined && this.#started) this.#body.resume();
  }

  pause(): void {
    this.#isPaused = true;
    if (this.#end === undefined) this.#body.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#end === undefined) this.#body.resume();
  }

  onData(chunk: Buffer): void {
    this.#bytes += chunk.length;
    const isOver = this.#bytes > this.#limit;
    if (this.#reader === undefined) {
      if (this.#isWhole) this.#chunks.push(kept(chunk));
      if (isOver) this.#body.pause();
      return;
    }
    if (isOver) {
      this.#isWhole = false;
      this.#chunks = [];
    } else this.#chunks.push(kept(chunk));
    this.#reader.onData(chunk);
  }

  onEnd(trailers: HeaderList | undefined): void {
    this.#end = { trailers };
    this.#reader?.onEnd(trailers);
  }

  onFault(fault: BodyFault): void {
    this.#end = fault;
    this.#reader?.onFault(fault);
  }
}
