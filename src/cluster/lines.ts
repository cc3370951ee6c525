import type { Readable } from 'node:stream';

const LINE_FEED = 10;

/**
 * Passes text on in whole lines: of several processes that wrote into one pipe by themselves each would tear the others'
 * lines. What is left of a torn line at the end is passed on, too: it says what a process that crashed did last.
 */
export function passLines(stream: Readable, write: (text: string) => unknown): void {
  let rest: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      const whole = chunk.subarray(0, end);
      write(rest.length === 0 ? whole.toString() : Buffer.concat([...rest, whole]).toString());
      rest = [];
    }
    if (end < chunk.length) rest.push(chunk.subarray(end));
  });
  stream.on('end', () => {
    if (rest.length > 0) write(`${Buffer.concat(rest).toString()}\n`);
  });
}

/**
 * Lines of a log with the worker that they are from. It is done for many lines at once: a line a request passes here.
 *
 * @param text whole lines, all JSON or all for people
 */
export function withWorker(text: string, worker: number): string {
  // JSON has no line feed inside: see the escapes of RFC 8259 section 7.
  if (!text.startsWith('{')) return text.replaceAll('\n', ` worker=${worker}\n`);
  const member = `{"worker":${worker},`;
  return member + text.slice(1).replaceAll('\n{', `\n${member}`);
}
