import { Socket } from 'node:net';
import type { Activity } from './activity.ts';

/** A socket without a network: what a test pushes is what the peer sent, and what is written is kept. */
export class MemorySocket extends Socket {
  /** Everything that was written, one character a byte. */
  written = '';
  readonly #activity: Activity;
  readonly #slow: boolean;

  /** @param slow whether a write takes a turn of the event loop, as on a connection that is busy */
  constructor(activity: Activity, slow = false) {
    super({ allowHalfOpen: true });
    this.#activity = activity;
    this.#slow = slow;
    this.on('error', () => {});
  }

  /** Data comes when the test pushes it. */
  override _read(): void {}

  override _write(chunk: string | Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.written += Buffer.from(chunk.toString(encoding), 'latin1').toString('latin1');
    this.#written(done);
  }

  override _writev(chunks: { chunk: string | Buffer }[], done: (error?: Error | null) => void): void {
    for (const { chunk } of chunks) this.written += chunk.toString('latin1');
    this.#written(done);
  }

  override _final(done: (error?: Error | null) => void): void {
    done();
  }

  #written(done: () => void): void {
    this.#activity.note();
    if (!this.#slow) done();
    else {
      setImmediate(() => {
        this.#activity.note();
        done();
      });
    }
  }
}
