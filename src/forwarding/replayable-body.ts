import type { BodyFault, BodyReader, HeaderList, RequestBody } from '../exchange.ts';
import { Collector, type Hold } from './collector.ts';

/**
 * A request body that can be sent once more, as long as it is small: what was read of it is remembered. One that turns
 * out to be larger is passed on as it comes, and cannot.
 */
export class ReplayableBody implements RequestBody, BodyReader {
  readonly length: number | undefined;
  readonly #body: RequestBody;
  readonly #limit: number;
  readonly #kept: Collector;
  #bytes = 0;
  /** Everything that was read is kept. */
  #isWhole = true;
  #started = false;
  #isPaused = false;
  /** How it ended: undefined while it flows. */
  #end: { readonly trailers: HeaderList | undefined } | BodyFault | undefined;
  #reader: BodyReader | undefined;

  /**
   * @param limit how much is remembered, in bytes
   * @param hold for what is remembered
   */
  constructor(body: RequestBody, limit: number, hold: Hold) {
    this.#body = body;
    this.#limit = limit;
    this.#kept = new Collector(hold, body.length);
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
    if (this.#kept.size > 0) reader.onData(this.#kept.bytes);
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
      if (this.#isWhole && !this.#kept.add(chunk)) this.#forget();
      if (isOver) this.#body.pause();
      return;
    }
    if (isOver || (this.#isWhole && !this.#kept.add(chunk))) this.#forget();
    this.#reader.onData(chunk);
  }

  /** It can be read to its end, and not once more. */
  #forget(): void {
    this.#isWhole = false;
    this.#kept.clear();
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
