import { pino } from 'pino';
import type { ByteWriter } from '../observability/log.ts';

declare module 'sonic-boom' {
  interface SonicBoom {
    /** Its types leave out what its content mode `buffer` takes. */
    write(bytes: Buffer): boolean;
  }
}

/** How much of the log may wait for a reader of standard output before lines are dropped; in bytes. */
const LOG_BUFFER = 64 * 1024 * 1024;

/** Where logs go. A reader that is slower than they come does not stop the gateway. */
export function standardOutput(): ByteWriter {
  const stdout = pino.destination({ dest: 1, sync: false, maxLength: LOG_BUFFER, contentMode: 'buffer' });
  let dropped = 0;
  stdout.on('drop', (bytes: Buffer) => (dropped += lineFeeds(bytes)));
  return { write: (bytes) => stdout.write(bytes), flushSync: () => stdout.flushSync(), droppedLines: () => dropped };
}

function lineFeeds(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === 0x0a) count += 1;
  return count;
}
