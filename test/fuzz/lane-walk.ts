import { ChunkedReader, type ChunkedSink } from '../../src/http1/chunked.ts';
import { LIMITS, type LaneRequest } from './lane-side.ts';

/** Where the requests of the lane stand in the input, worked out again from their heads alone. */
export interface Walk {
  /** Where the last of them ends; undefined when it does not, or is malformed. */
  readonly end: number | undefined;
  /** What is wrong with the body of the last one. */
  readonly fault: BodyFault | undefined;
}

/** Why a chunked body is refused, and where. */
export interface BodyFault {
  readonly reason: string;
  /** The body up to the byte with which it is. */
  readonly until: string;
  /** The line of that byte, as far as it. */
  readonly line: string;
}

const SILENT: ChunkedSink = { onData: () => {}, onEnd: () => {} };

/** Walks over the input from one request of the lane to the next. */
export function walk(input: string, requests: readonly LaneRequest[]): Walk {
  let at = 0;
  for (const { length } of requests) {
    const body = input.indexOf('\r\n\r\n', at) + 4;
    const end = length === undefined ? chunkedEnd(input.slice(body)) : length;
    if (typeof end !== 'number') return { end: undefined, fault: end };
    if (body + end > input.length) return { end: undefined, fault: undefined };
    at = body + end;
  }
  return { end: at, fault: undefined };
}

/** @returns the length of the body, undefined when it goes on, or what is wrong with it */
function chunkedEnd(text: string): number | BodyFault | undefined {
  const bytes = Buffer.from(text, 'latin1');
  let complete = false;
  const sink = { ...SILENT, onEnd: (): void => void (complete = true) };
  const end = new ChunkedReader(sink, LIMITS.headerBytes).push(bytes, 0);
  if (typeof end === 'string') return faultIn(bytes);
  return complete ? end : undefined;
}

/** Reads byte by byte, so that the one is found with which it is clear that something is wrong. */
function faultIn(bytes: Buffer): BodyFault | undefined {
  const reader = new ChunkedReader(SILENT, LIMITS.headerBytes);
  for (let at = 0; at < bytes.length; at += 1) {
    const reason = reader.push(bytes.subarray(at, at + 1), 0);
    if (typeof reason !== 'string') continue;
    const until = bytes.toString('latin1', 0, at + 1);
    return { reason, until, line: until.slice(until.lastIndexOf('\n', at - 1) + 1) };
  }
  return undefined;
}
