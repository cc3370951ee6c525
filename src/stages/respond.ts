import { toBytes } from '../template.ts';
import type { Handler } from './stage.ts';

/** An answer that stands in the configuration. */
export interface RespondOptions {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** The gateway answers by itself, always the same. */
export function respond(options: RespondOptions): Handler {
  const body = Buffer.from(options.body, 'utf8');
  const headers = options.headers.flatMap(([name, value]) => [name, toBytes(value)]);
  const has = (wanted: string): boolean => options.headers.some(([name]) => name.toLowerCase() === wanted);
  if (body.length > 0 && !has('content-type')) headers.push('content-type', 'text/plain; charset=utf-8');
  // RFC 9110 section 8.6: no Content-Length with 1xx and 204; a 304 is about another answer's length.
  if (options.status !== 204 && options.status !== 304) headers.push('content-length', String(body.length));
  return (exchange) => {
    exchange.response.head(options.status, headers);
    if (body.length > 0) exchange.response.write(body);
    exchange.response.end();
  };
}
