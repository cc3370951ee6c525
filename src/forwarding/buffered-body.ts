import { kept, type BodyFault, type BodyReader, type RequestBody } from '../exchange.ts';

/**
 * Reads a request body whole. Its own limit bounds it.
 *
 * @param idleTimeout the longest time between two chunks, in milliseconds
 * @returns the body, or why it cannot be had in full; never rejects
 */
export async function readWhole(body: RequestBody, idleTimeout: number): Promise<Buffer | BodyFault> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    body.start(
      {
        onData: (chunk) => void chunks.push(kept(chunk)),
        // Trailers are for whoever reads a stream: what was judged and changed as a whole has none.
        onEnd: () => resolve(Buffer.concat(chunks)),
        onFault: resolve,
      },
      idleTimeout,
    );
  });
}

/** A body that is there already: it can be sent as often as it takes. */
export class BufferedBody implements RequestBody {
  readonly bytes: Buffer;
  readonly isBuffered = true;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get length(): number {
    return this.bytes.length;
  }

  start(reader: BodyReader): void {
    if (this.bytes.length > 0) reader.onData(this.bytes);
    reader.onEnd(undefined);
  }

  pause(): void {}

  resume(): void {}
}
