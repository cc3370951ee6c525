import { BufferedBody, problemOf, readWhole } from '../forwarding/buffered-body.ts';
import { goOnAfter, type Stage } from './stage.ts';

/** Bodies of up to so many bytes are had whole before anything is done with them. They come with the head, nearly always. */
const SMALL = 16 * 1024;

export interface GatherOptions {
  /** The longest time between two chunks, in milliseconds; 0 = unlimited. */
  readonly idleTimeout: number;
}

/**
 * Waits for small request bodies, as far as their length is known. A client that sends one byte by byte holds nothing but
 * its own connection then, no place of an upstream. What is chunked may be meant to be read as it comes, and is let through.
 */
export function gather({ idleTimeout }: GatherOptions): Stage {
  return (next) => (exchange) => {
    const { body } = exchange;
    if (body === undefined || body.isBuffered || (body.length ?? Infinity) > SMALL) return next(exchange);
    // The go-ahead is the upstream's to give.
    if (exchange.header('expect') !== undefined) return next(exchange);
    return goOnAfter(
      exchange,
      'gather',
      readWhole(body, idleTimeout, (bytes) => exchange.hold(bytes)),
      (read) => {
        if (typeof read === 'string') return exchange.fail(problemOf(read));
        exchange.body = new BufferedBody(read);
        return next(exchange);
      },
    );
  };
}
