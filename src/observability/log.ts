import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/** Where log lines go: collects lines, and writes many at once. */
export interface LineWriter {
  /** @param line with its line feed */
  write(line: string): void;
  /** Hands on what it has collected. */
  flush(): void;
  /** On a crash: writes what is left, synchronously. */
  flushSync(): void;
}

/** How long a line may wait for others; in milliseconds. */
const FLUSH_AFTER = 50;
/** How much may wait; in bytes. */
const FLUSH_AT = 64 * 1024;

/** Takes the bytes of many lines at once. They are its own from then on. */
export interface ByteWriter {
  write(bytes: Buffer): unknown;
  /** On a crash: writes what it holds, and this behind it, synchronously. */
  flushSync(bytes: Buffer): void;
  /** How many lines it has given up, since nobody took them; absent = it gives none up. */
  droppedLines?(): number;
}

/**
 * Lines go into a buffer at once: as text they would wait as thousands of small strings, each of which the garbage
 * collector would have to move. And they stay bytes: a text of all of them would be moved and copied once more.
 *
 * @param destination a write a line would cost more than the request that it is about
 */
export function batchLines(destination: ByteWriter): LineWriter {
  let buffer = Buffer.allocUnsafeSlow(FLUSH_AT);
  let used = 0;
  let timer: NodeJS.Timeout | undefined;
  const send = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (used === 0) return;
    const bytes = buffer.subarray(0, used);
    if (used < FLUSH_AT / 2) destination.write(Buffer.from(bytes));
    else {
      // Given away as it is, it holds hardly more memory than what is counted of it.
      destination.write(bytes);
      buffer = Buffer.allocUnsafeSlow(FLUSH_AT);
    }
    used = 0;
  };
  return {
    write: (line) => {
      // A character of UTF-16 takes up to three bytes.
      const room = line.length * 3;
      if (room > FLUSH_AT - used) send();
      if (room > FLUSH_AT) {
        destination.write(Buffer.from(line));
        return;
      }
      used += buffer.write(line, used);
      timer ??= setTimeout(send, FLUSH_AFTER);
    },
    flush: send,
    flushSync: () => {
      destination.flushSync(buffer.subarray(0, used));
      used = 0;
    },
  };
}

/**
 * The program's own log: what happens to the gateway, as opposed to a line a request.
 *
 * @param options `worker`: which of several processes this is
 */
export function createLogger(
  options: { format(): 'json' | 'pretty'; readonly worker?: number | undefined },
  lines: Pick<LineWriter, 'write'>,
): Logger {
  const stream: DestinationStream = { write: (line) => lines.write(options.format() === 'json' ? line : pretty(line)) };
  return pino(
    {
      base: options.worker === undefined ? null : { worker: options.worker },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}

/** A JSON line for people: time, level, message, then the rest as `key=value`. */
export function pretty(line: string): string {
  const { time, level, msg, ...rest }: Record<string, unknown> = JSON.parse(line);
  const pairs = Object.entries(rest).map(
    ([key, value]) => `${key}=${escaped(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  const clock = String(time).slice(11, 23);
  return `${clock} ${(typeof level === 'string' ? level : 'access').padEnd(6)} ${[...(typeof msg === 'string' ? [msg] : []), ...pairs].join(' ')}\n`;
}

/** A text without what a terminal would act upon: clients and upstreams have a say in it. */
function escaped(text: string): string {
  return text.replace(/[\0-\x1f\x7f-\x9f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
