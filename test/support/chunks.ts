import type { BodyFault, BodyReader, HeaderList, RequestBody } from '../../src/exchange.ts';

/** A request body whose chunks come when a test says so. */
export class ChunkedBody implements RequestBody {
  readonly length: number | undefined;
  readonly isBuffered = false;
  readonly calls: string[] = [];
  #reader: BodyReader | undefined;

  constructor(length?: number) {
    this.length = length;
  }

  start(reader: BodyReader, idleTimeout: number): void {
    this.calls.push(`start ${idleTimeout}`);
    this.#reader = reader;
  }

  pause(): void {
    this.calls.push('pause');
  }

  resume(): void {
    this.calls.push('resume');
  }

  data(chunk: Buffer | string): void {
    this.#reader?.onData(Buffer.from(chunk));
  }

  /** A chunk whose memory is used again at once, as an engine does it. */
  fleeting(text: string): void {
    const chunk = Buffer.from(text);
    this.#reader?.onData(chunk);
    chunk.fill(0);
  }

  end(trailers?: HeaderList): void {
    this.#reader?.onEnd(trailers);
  }

  fault(fault: BodyFault): void {
    this.#reader?.onFault(fault);
  }
}

/** Reads a body, and writes down what it is told. */
export class ReaderLog implements BodyReader {
  readonly told: string[] = [];

  onData(chunk: Buffer): void {
    this.told.push(`data ${chunk.toString()}`);
  }

  onEnd(trailers: HeaderList | undefined): void {
    this.told.push(`end${trailers === undefined ? '' : ` ${trailers.join(': ')}`}`);
  }

  onFault(fault: BodyFault): void {
    this.told.push(`fault ${fault}`);
  }
}
