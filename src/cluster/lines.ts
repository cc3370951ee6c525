import type { Readable } from 'node:stream';

const LINE_FEED = 10;

/**
 * Passes bytes on in whole lines: of several processes that wrote into one pipe by themselves each would tear the others'
 * lines. What is left of a torn line at the end is passed on, too: it says what a process that crashed did last.
 */
export function passLines(stream: Readable, write: (bytes: Buffer) => unknown): void {
  let rest: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      const whole = chunk.subarray(0, end);
      write(rest.length === 0 ? whole : Buffer.concat([...rest, whole]));
      rest = [];
    }
    if (end < chunk.length) rest.push(chunk.subarray(end));
  });
  stream.on('end', () => {
    if (rest.length > 0) write(Buffer.concat([...rest, Buffer.from([LINE_FEED])]));
  });
}
