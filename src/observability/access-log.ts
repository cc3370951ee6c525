import type { LineWriter } from './log.ts';
import { pretty } from './log.ts';

/** What an access line says of one request. */
export interface AccessEntry {
  /** Holds nothing that JSON would escape, as do method, route, upstream and cache. */
  readonly requestId: string;
  readonly client: string;
  readonly method: string;
  /** Without its query, which may hold secrets. */
  readonly path: string;
  readonly route: string;
  readonly status: number;
  /** Seconds. */
  readonly duration: number;
  readonly upstream: string;
  readonly attempts: number;
  /** How the cache of the route was used; empty when there is none. */
  readonly cache: string;
  /** Of the answer's body. */
  readonly bytes: number;
  /** Why the gateway answered in the upstream's place, or the client did not get all of the answer. */
  readonly error: string | undefined;
}

/** Writes one line for each request. */
export type AccessLog = (entry: AccessEntry) => void;

/**
 * The access log as JSON lines, put together as text: a general serialiser costs several times as much, at the one
 * place where every request passes.
 *
 * @param now the time of the line
 */
export function createAccessLog(lines: LineWriter, format: 'json' | 'pretty', now: () => number = Date.now): AccessLog {
  let second = -1;
  let prefix = '';
  return (entry) => {
    const time = now();
    // The date changes once a second, its milliseconds are appended.
    const wholeSecond = Math.trunc(time / 1000);
    if (wholeSecond !== second) {
      second = wholeSecond;
      prefix = new Date(wholeSecond * 1000).toISOString().slice(0, 20);
    }
    const milliseconds = zeroPadded(time - wholeSecond * 1000);
    const upstream = entry.upstream === '' ? '' : `,"upstream":"${entry.upstream}","attempts":${entry.attempts}`;
    const cache = entry.cache === '' ? '' : `,"cache":"${entry.cache}"`;
    const error = entry.error === undefined ? '' : `,"error":${JSON.stringify(entry.error)}`;
    const line =
      `{"time":"${prefix}${milliseconds}Z","requestId":"${entry.requestId}","client":${quote(entry.client)},` +
      `"method":"${entry.method}","path":${quote(entry.path)},"route":"${entry.route}","status":${entry.status},` +
      `"duration":${seconds(entry.duration)}${upstream}${cache},"bytes":${entry.bytes}${error}}\n`;
    lines.write(format === 'json' ? line : pretty(line));
  };
}

/** Seconds with six decimals, as `toFixed` would give and several times as fast. */
function seconds(duration: number): string {
  const microseconds = Math.round(duration * 1e6);
  const whole = Math.trunc(microseconds / 1e6);
  const milliseconds = Math.trunc((microseconds - whole * 1e6) / 1000);
  return `${whole}.${zeroPadded(milliseconds)}${zeroPadded(microseconds - whole * 1e6 - milliseconds * 1000)}`;
}

/** Three digits, out of a table: `padStart` would be the dearest part of a line. */
function zeroPadded(number: number): string {
  return THREE_DIGITS[number] ?? '';
}

const THREE_DIGITS: readonly string[] = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

/** A JSON string. Most texts need no escapes, and then a pair of quotes is all. */
function quote(text: string): string {
  return /^[ !#-[\]-~]*$/.test(text) ? `"${text}"` : JSON.stringify(text);
}
