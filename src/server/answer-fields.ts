import { STATUS_CODES } from 'node:http';
import type { HeaderList } from '../exchange.ts';
import { fieldLines } from '../http1/field-lines.ts';

/** A head as it goes over the wire. */
export function headText(status: number, headers: HeaderList): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${fieldLines(headers)}\r\n`;
}

/** RFC 9110 section 8.6: 1xx and 204 have no Content-Length, and a client that believed one would wait for a body. */
export function withoutLength(headers: HeaderList): HeaderList {
  return withoutField(headers, 'content-length');
}

/** @param wanted in lower case */
export function withoutField(headers: HeaderList, wanted: string): HeaderList {
  return hasField(headers, wanted)
    ? headers.filter((_, index) => !isField(headers[index - (index % 2)], wanted))
    : headers;
}

/** @param wanted in lower case */
export function hasField(headers: HeaderList, wanted: string): boolean {
  for (let index = 0; index < headers.length; index += 2) if (isField(headers[index], wanted)) return true;
  return false;
}

function isField(name: string | undefined, wanted: string): boolean {
  return name?.length === wanted.length && name.toLowerCase() === wanted;
}
