import type { Exchange } from '../exchange.ts';
import { hashOf, mix } from '../upstreams/balance/key-hash.ts';
import type { Handler } from './stage.ts';

/** One of the ways that the requests of a route are split over. */
export interface SplitArm {
  /** Relative to the others; 0 takes nothing. */
  readonly weight: number;
  readonly handle: Handler;
}

/**
 * Hands each request to one of several handlers, by weight.
 *
 * @param keyOf what keeps a caller on one arm, with equal weights for as long as they stay; undefined = chance
 * @param random from 0 to below 1
 */
export function split(
  arms: readonly SplitArm[],
  keyOf: ((exchange: Exchange) => string) | undefined,
  random: () => number = Math.random,
): Handler {
  const bounds: { readonly below: number; readonly handle: Handler }[] = [];
  let total = 0;
  for (const { weight, handle } of arms) {
    total += weight;
    if (weight > 0) bounds.push({ below: total, handle });
  }
  const last = bounds.at(-1);
  if (last === undefined) throw new Error('a split needs an arm that takes something');
  return (exchange) => {
    // Mixed once more: an upstream that balances by the same hash would see one part of its ring only.
    const point = (keyOf === undefined ? random() : mix(hashOf(keyOf(exchange))) / 2 ** 32) * total;
    const arm = bounds.find(({ below }) => point < below) ?? last;
    return arm.handle(exchange);
  };
}
