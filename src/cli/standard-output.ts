import { write, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { Output, type Sink } from '../observability/output.ts';

const STDOUT = 1;
/** How much of the log may wait for a reader of standard output before lines are dropped; in bytes. */
const LOG_BUFFER = 64 * 1024 * 1024;
/** How long a crash waits for a reader who is slow, in milliseconds, and how long until it tries again. */
const LAST_WORDS = 500;
const PAUSE = 10;

/** Where logs go. A reader that is slower than they come, a full disk, nobody who reads: nothing of it stops the gateway. */
export function standardOutput(): Output {
  const { stdout } = process;
  // A terminal, a pipe or a socket. In a thread of the pool, a write to one that nobody reads would never end, and nor would
  // the process, which waits for its threads.
  const sink = stdout instanceof Socket ? streamSink(stdout) : fileSink();
  return new Output(sink, LOG_BUFFER, (lines) => {
    const time = new Date().toISOString();
    return `${JSON.stringify({ level: 'warn', time, lines, msg: 'log lines were dropped: they could not be written' })}\n`;
  });
}

function streamSink(stream: Socket): Sink {
  // Each write that fails tells its callback, too.
  stream.on('error', () => undefined);
  return {
    write: (bytes, done) => void stream.write(bytes, (error) => done(error ?? undefined)),
    writeSync: (bytes) => writeWhole(bytes),
  };
}

function fileSink(): Sink {
  return {
    write: (bytes, done) => {
      const next = (from: number): void => {
        write(STDOUT, bytes, from, (error, written) => {
          if (error !== null) done(error);
          else if (from + written < bytes.length) next(from + written);
          else done(undefined);
        });
      };
      next(0);
    },
    writeSync: (bytes) => writeWhole(bytes),
  };
}

/** Writes until nothing is left, it cannot be written, or a reader took too long. */
function writeWhole(bytes: Buffer): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const end = performance.now() + LAST_WORDS;
  let from = 0;
  while (from < bytes.length && performance.now() < end) {
    try {
      from += writeSync(STDOUT, bytes, from);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return;
      Atomics.wait(pause, 0, 0, PAUSE);
    }
  }
}
