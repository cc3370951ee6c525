import { CHUNKS } from './chunks.ts';
import { CONNECTIONS } from './connections.ts';
import { FIELDS } from './fields.ts';
import { FRAMING } from './framing.ts';
import { PLAIN } from './plain.ts';
import { REQUEST_LINES } from './request-lines.ts';

/** Everything that mutations of requests begin with: its name, and what a client sends. */
export const REQUESTS: readonly (readonly [name: string, input: string])[] = [
  PLAIN,
  REQUEST_LINES,
  FIELDS,
  FRAMING,
  CHUNKS,
  CONNECTIONS,
].flatMap((group) => Object.entries(group));

/** Requests that the fast lane takes, and after which it goes on. */
export const TAKEN: readonly string[] = [
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /t?u HTTP/1.1\r\nHost: a\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n',
  'POST /t HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody',
  'POST /t HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n',
  'PUT /t HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nbo\r\n2\r\ndy\r\n0\r\nT: u\r\n\r\n',
];
