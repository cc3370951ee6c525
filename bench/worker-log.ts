import { closeSync, openSync, readSync } from 'node:fs';

const AT_ONCE = 1024 * 1024;
const LINE_END = 0x0a;

/**
 * Counts the lines that each worker has written to the access log.
 *
 * @returns counts, each time it is called, what has come since the last time; the workers are in no particular order
 */
export function countByWorker(log: string): () => number[] {
  const buffer = Buffer.allocUnsafe(AT_ONCE);
  let read = 0;
  return () => {
    const counts = new Map<string, number>();
    const file = openSync(log, 'r');
    for (;;) {
      const length = readSync(file, buffer, 0, buffer.length, read);
      // A line that is still being written, or that the buffer cut off, is for the next turn.
      const end = buffer.subarray(0, length).lastIndexOf(LINE_END) + 1;
      if (end === 0) break;
      read += end;
      for (const line of buffer.toString('latin1', 0, end).split('\n')) {
        const worker = /"worker":(\d+)/.exec(line)?.[1];
        if (worker !== undefined && line.includes('"route":')) counts.set(worker, (counts.get(worker) ?? 0) + 1);
      }
    }
    closeSync(file);
    return [...counts.values()];
  };
}
