import { AddressRanges } from '../address-ranges.ts';
import type { Stage } from './stage.ts';

export interface IpOptions {
  /** CIDR blocks and addresses that are let in; empty = all. */
  readonly allow: readonly string[];
  /** Those that are kept out, even when `allow` has them. */
  readonly deny: readonly string[];
}

/** How many addresses it is remembered for whether they are let in. */
const REMEMBERED = 1000;

/** Lets in the addresses of a route, and no others. The address is the client's: what trusted proxies say it is. */
export function ip(options: IpOptions): Stage {
  const allow = new AddressRanges(options.allow);
  const deny = new AddressRanges(options.deny);
  const verdicts = new Map<string, boolean>();
  const isLetIn = (address: string): boolean => {
    const known = verdicts.get(address);
    if (known !== undefined) return known;
    const verdict = !deny.includes(address) && (allow.isEmpty || allow.includes(address));
    if (verdicts.size >= REMEMBERED) verdicts.clear();
    verdicts.set(address, verdict);
    return verdict;
  };
  return (next) => (exchange) => {
    if (isLetIn(exchange.client.address)) return next(exchange);
    exchange.failure = { kind: 'address-refused', cause: exchange.client.address };
    return exchange.fail('address-refused');
  };
}
