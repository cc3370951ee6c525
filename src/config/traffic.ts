import ipaddr from 'ipaddr.js';
import type { CorsDocument, RateLimitDocument, RouteDocument } from './document.types.ts';
import { inside, lineOf, unlessOff, type Located, type Place, type Reporter, type WrittenConfig } from './located.ts';

/** Finds what is wrong with the rules of routes for what comes in, and no schema can say. */
export function checkTraffic(written: WrittenConfig, reporter: Reporter): void {
  const named = new Map<string, Named>();
  for (const route of written.routes) {
    checkAddresses(route, reporter);
    checkCors(unlessOff(route.value.cors), inside(route, 'cors'), reporter);
    checkLimits(route, named, reporter);
    checkSplit(route, reporter);
  }
}

/** A limit with a name, where it stands first. */
interface Named {
  readonly text: string;
  readonly place: Place;
}

/** What has the form of a block of addresses can still be none: 10.0.0.999. */
export function checkBlocks(blocks: readonly string[], place: (index: number) => Place, reporter: Reporter): void {
  for (const [index, text] of blocks.entries()) {
    const [address = ''] = text.split('/', 1);
    if (ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address)) continue;
    const message = `found "${text}", and ${address} is no address`;
    reporter.error('invalid-value', place(index), message, 'for example 10.0.0.0/8');
  }
}

function checkAddresses(route: Located<RouteDocument>, reporter: Reporter): void {
  const rule = unlessOff(route.value.ip);
  for (const key of ['allow', 'deny'] as const) {
    checkBlocks(rule?.[key] ?? [], (index) => inside(route, 'ip', key, index), reporter);
  }
}

/** Browsers refuse `*` with credentials, too (Fetch standard, section 3.2.5). */
export function checkCors(cors: CorsDocument | undefined, place: Place, reporter: Reporter): void {
  if (cors?.credentials !== true || !cors.origins.includes('*')) return;
  const message = 'credentials for pages of every origin would let any site act for whoever visits it';
  reporter.error('invalid-value', inside(place, 'credentials'), message, 'name the origins, or remove credentials');
}

/** Limits of one name share one counter: they must agree on what it counts. */
function checkLimits(route: Located<RouteDocument>, named: Map<string, Named>, reporter: Reporter): void {
  const { rateLimit } = route.value;
  const written = unlessOff(rateLimit);
  if (written === undefined) return;
  for (const [index, limit] of [written].flat().entries()) {
    if (limit.name === undefined) continue;
    const place = inside(route, 'rateLimit', ...(Array.isArray(written) ? [index] : []));
    const text = textOf(limit);
    const first = named.get(limit.name);
    if (first === undefined) named.set(limit.name, { text, place });
    else if (first.text !== text) {
      const message = `the limit "${limit.name}" differs from the one in ${lineOf(first.place)}, with which it shares its counter`;
      reporter.error('invalid-value', place, message, 'make them equal, or give one of them another name');
    }
  }
}

function textOf({ requests, per, burst = requests, by = 'client' }: RateLimitDocument): string {
  return JSON.stringify([requests, per, burst, by]);
}

function checkSplit(route: Located<RouteDocument>, reporter: Reporter): void {
  const { split } = route.value;
  if (split === undefined || split.to.some(({ weight }) => weight > 0)) return;
  reporter.error(
    'invalid-value',
    inside(route, 'split', 'to'),
    'every weight is 0, so that no request can go anywhere',
  );
}
