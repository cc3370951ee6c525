import type { Exchange } from '../exchange.ts';
import type { Freshness } from './answer.ts';

/** Why a request went on to the origin: RFC 9211 section 2.2. */
export type Forwarded = 'bypass' | 'method' | 'miss' | 'request' | 'stale';

/** What became of it there. */
export interface ForwardedResult {
  /** The status that came; undefined when none did. */
  readonly status?: number | undefined;
  readonly stored?: boolean;
  /** Another request went for this one, too. */
  readonly collapsed?: boolean;
  readonly detail?: string | undefined;
}

/**
 * Says in Cache-Status that an answer came from the store, and for how many seconds it stays fresh; a negative number
 * says for how many it has been stale (RFC 9211 sections 2.1 and 2.4).
 *
 * @param now in milliseconds since 1970
 */
export function toldHit(exchange: Exchange, { bornAt, lifetime }: Freshness, now: number, detail?: string): void {
  const ttl = Math.round((bornAt + lifetime - now) / 1000);
  exchange.addToAnswer('cache-status', `gatewayctl; hit; ttl=${ttl}${detailOf(detail)}`);
}

/** Says in Cache-Status that a request went on. */
export function toldForwarded(exchange: Exchange, why: Forwarded, result: ForwardedResult = {}): void {
  const { status, stored, collapsed, detail } = result;
  const parts =
    (status === undefined ? '' : `; fwd-status=${status}`) +
    (stored === true ? '; stored' : '') +
    (collapsed === true ? '; collapsed' : '');
  exchange.addToAnswer('cache-status', `gatewayctl; fwd=${why}${parts}${detailOf(detail)}`);
}

function detailOf(detail: string | undefined): string {
  return detail === undefined ? '' : `; detail=${detail}`;
}
