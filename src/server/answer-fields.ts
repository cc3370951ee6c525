import { STATUS_CODES } from 'node:http';
import type { HeaderList } from '../exchange.ts';
import { withoutField } from '../fields.ts';
import { fieldLines } from '../http1/field-lines.ts';

/** A head as it goes over the wire. */
export function headText(status: number, headers: HeaderList): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${fieldLines(headers)}\r\n`;
}

/** RFC 9110 section 8.6: 1xx and 204 have no Content-Length, and a client that believed one would wait for a body. */
export function withoutLength(headers: HeaderList): HeaderList {
  return withoutField(headers, 'content-length');
}
