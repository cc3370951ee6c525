import { jsonString } from './json-string.ts';
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
  /** Undefined when requests are not traced. */
  readonly traceId: string | undefined;
  /** What {@link aboutRoute} has made of the route and its configuration. */
  readonly about: string;
  /** The code of the problem that the gateway answered with; undefined when it did not. Holds nothing that JSON would escape. */
  readonly problem: string | undefined;
  /** Why the gateway answered in the upstream's place, or the client did not get all of the answer. */
  readonly error: string | undefined;
}

/**
 * The members of an access line that are the same for all requests of a route: put together once.
 *
 * @param hash of the configuration
 * @param source where the route is written; undefined for requests that no route took
 */
export function aboutRoute(hash: string, source: string | undefined): string {
  return `${source === undefined ? '' : `,"source":${JSON.stringify(source)}`},"config":"${hash}"`;
}

/** Writes one line for each request. */
export type AccessLog = (entry: AccessEntry) => void;

/**
 * The access log as JSON lines, put together as text: a general serialiser costs several times as much, at the one
 * place where every request passes.
 *
 * @param now the time of the line
 * @param worker which of several processes this is; undefined = it is the only one
 */
export function createAccessLog(
  lines: Pick<LineWriter, 'write'>,
  format: 'json' | 'pretty',
  now: () => number = Date.now,
  worker?: number,
): AccessLog {
  const before = worker === undefined ? '{"time":"' : `{"worker":${worker},"time":"`;
  let second = -1;
  let prefix = '';
  return (entry) => {
    const time = now();
    // The date changes once a second, its milliseconds are appended.
    const wholeSecond = Math.trunc(time / 1000);
    if (wholeSecond !== second) {
      second = wholeSecond;
      prefix = before + new Date(wholeSecond * 1000).toISOString().slice(0, 20);
    }
    const milliseconds = zeroPadded(time - wholeSecond * 1000);
    const upstream = entry.upstream === '' ? '' : `,"upstream":"${entry.upstream}","attempts":${entry.attempts}`;
    const cache = entry.cache === '' ? '' : `,"cache":"${entry.cache}"`;
    const trace = entry.traceId === undefined ? '' : `,"traceId":"${entry.traceId}"`;
    const problem = entry.problem === undefined ? '' : `,"problem":"${entry.problem}"`;
    const error = entry.error === undefined ? '' : `,"error":${JSON.stringify(entry.error)}`;
    const line =
      `${prefix}${milliseconds}Z","requestId":"${entry.requestId}","client":${jsonString(entry.client)},` +
      `"method":"${entry.method}","path":${jsonString(entry.path)},"route":"${entry.route}","status":${entry.status},` +
      `"duration":${seconds(entry.duration)}${upstream}${cache},"bytes":${entry.bytes}${trace}${entry.about}${problem}${error}}\n`;
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
