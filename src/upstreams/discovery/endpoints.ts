import { isIPv6 } from 'node:net';
import { isRecord, member, weightOf } from './shape.ts';
import type { Found } from './source.ts';

/** What endpoints are spoken to with. */
export type Scheme = 'http' | 'https';

const HOST_NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/;
const ORIGIN = /^https?:\/\/[^/?#@\\\s]+\/?$/i;

/**
 * The origin of a host and port.
 *
 * @param host a name without its final dot, or an address, IPv6 without brackets
 * @returns undefined when it is neither
 */
export function originOf(scheme: Scheme, host: string, port: number): string | undefined {
  const written = isIPv6(host) ? `[${host}]` : HOST_NAME.test(host) ? host : undefined;
  const url = `${scheme}://${written}:${port}`;
  return written !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
}

/**
 * An endpoint as `targets` writes it: an origin, or `{ url, weight }`. Other members are not looked at.
 *
 * @returns a weight of 0 for one that takes no traffic; undefined when it is something else
 */
export function targetOf(value: unknown): Found | undefined {
  const url = isRecord(value) ? member(value, 'url') : value;
  const written = isRecord(value) ? member(value, 'weight') : undefined;
  const weight = written === undefined ? 1 : weightOf(written);
  if (typeof url !== 'string' || weight === undefined || !ORIGIN.test(url) || !URL.canParse(url)) return undefined;
  return { origin: new URL(url).origin, weight };
}

/**
 * Endpoints in the order of their origins. Of doubles the heaviest stays, whatever the order of the answer, and those of
 * weight 0 are left out: they take nothing.
 */
export function tidy(found: Iterable<Found>): readonly Found[] {
  const weights = new Map<string, number>();
  for (const { origin, weight } of found)
    if (weight >= 1) weights.set(origin, Math.max(weight, weights.get(origin) ?? 0));
  return [...weights]
    .map(([origin, weight]) => ({ origin, weight }))
    .toSorted((one, other) => (one.origin < other.origin ? -1 : 1));
}

/** Whether two tidy lists say the same. */
export function same(one: readonly Found[], other: readonly Found[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ origin, weight }, index) => origin === other[index]?.origin && weight === other[index].weight)
  );
}
