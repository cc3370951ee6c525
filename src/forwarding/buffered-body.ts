import type { ProblemCode } from '../errors.ts';
import type { BodyFault, BodyReader, RequestBody } from '../exchange.ts';
import { Collector, type Hold } from './collector.ts';

/**
 * Reads a request body whole. Its own limit bounds it.
 *
 * @param idleTimeout the longest time between two chunks, in milliseconds
 * @param hold for its bytes
 * @returns the body, or why it cannot be had in full; never rejects
 */
export async function readWhole(
  body: RequestBody,
  idleTimeout: number,
  hold: Hold,
): Promise<Buffer | BodyFault | 'no-room'> {
  return new Promise((resolve) => {
    const collected = new Collector(hold, body.length);
    body.start(
      {
        onData(chunk) {
          if (collected.add(chunk)) return;
          body.pause();
          resolve('no-room');
        },
        // Trailers are for whoever reads a stream: what was judged and changed as a whole has none.
        onEnd: () => resolve(collected.bytes),
        onFault: resolve,
      },
      idleTimeout,
    );
  });
}

/** What a client is told whose body could not be had; one that is gone is told nothing. */
export function problemOf(fault: BodyFault | 'no-room'): ProblemCode {
  if (fault === 'no-room') return 'busy';
  return fault === 'too-large' ? 'body-too-large' : 'request-timeout';
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
