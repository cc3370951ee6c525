import { isAddress } from '../address-ranges.ts';
import type { CorsDocument, RateLimitDocument, RouteDefaultsDocument, RouteDocument } from './document.types.ts';
import {
  defaultsOf,
  inside,
  lineOf,
  unlessOff,
  withDefaults,
  type Located,
  type Place,
  type Reporter,
  type WrittenConfig,
} from './located.ts';
import { parseDuration } from './units.ts';

/** Finds what is wrong with the rules of routes for what comes in, and no schema can say. */
export function checkTraffic(written: WrittenConfig, reporter: Reporter): void {
  const named = new Map<string, Named>();
  const defaults = defaultsOf(written);
  for (const rules of [defaults, ...written.routes]) {
    checkAddresses(rules, reporter);
    checkCors(unlessOff(rules.value.cors), inside(rules, 'cors'), reporter);
    checkLimits(rules, named, reporter);
  }
  for (const route of written.routes) {
    checkSplit(route, reporter);
    checkUsers(route, defaults.value, reporter);
  }
}

/** Arrival times are whole numbers that a double holds: those of a burst are its size times `per`. */
const MOST = 2 ** 52;

/** A limit with a name, where it stands first. */
interface Named {
  readonly text: string;
  readonly place: Place;
}

/** What has the form of a block of addresses can still be none: 10.0.0.999. */
export function checkBlocks(blocks: readonly string[], place: (index: number) => Place, reporter: Reporter): void {
  for (const [index, text] of blocks.entries()) {
    const [address = ''] = text.split('/', 1);
    if (isAddress(address)) continue;
    const message = `found "${text}", and ${address} is no address`;
    reporter.error('invalid-value', place(index), message, 'for example 10.0.0.0/8');
  }
}

function checkAddresses(rules: Located<RouteDefaultsDocument>, reporter: Reporter): void {
  const rule = unlessOff(rules.value.ip);
  for (const key of ['allow', 'deny'] as const) {
    checkBlocks(rule?.[key] ?? [], (index) => inside(rules, 'ip', key, index), reporter);
  }
}

/** Browsers refuse `*` with credentials, too (Fetch standard, section 3.2.5). */
export function checkCors(cors: CorsDocument | undefined, place: Place, reporter: Reporter): void {
  if (cors?.credentials !== true || !cors.origins.includes('*')) return;
  const message = 'credentials for pages of every origin would let any site act for whoever visits it';
  reporter.error('invalid-value', inside(place, 'credentials'), message, 'name the origins, or remove credentials');
}

/** Limits of one name share one counter: they must agree on what it counts. */
function checkLimits(rules: Located<RouteDefaultsDocument>, named: Map<string, Named>, reporter: Reporter): void {
  const { rateLimit } = rules.value;
  for (const [index, limit] of limitsOf(rateLimit).entries()) {
    const place = inside(rules, 'rateLimit', ...(Array.isArray(rateLimit) ? [index] : []));
    if ((limit.burst ?? limit.requests) * parseDuration(limit.per) > MOST) {
      const message = 'so many requests in so long a time cannot be counted exactly';
      reporter.error('invalid-value', place, message, 'make burst smaller, or per shorter');
    }
    if (limit.name === undefined) continue;
    const text = textOf(limit);
    const first = named.get(limit.name);
    if (first === undefined) named.set(limit.name, { text, place });
    else if (first.text !== text) {
      const message = `the limit "${limit.name}" differs from the one in ${lineOf(first.place)}, with which it shares its counter`;
      reporter.error('invalid-value', place, message, 'make them equal, or give one of them another name');
    }
  }
}

function limitsOf(rateLimit: RouteDefaultsDocument['rateLimit']): readonly RateLimitDocument[] {
  const written = unlessOff(rateLimit);
  return written === undefined ? [] : [written].flat();
}

/** Equal for limits that mean the same: 60s is 1m, and the names of headers ignore case. */
function textOf({ requests, per, burst = requests, by = 'client' }: RateLimitDocument): string {
  return JSON.stringify([requests, parseDuration(per), burst, by.startsWith('header:') ? by.toLowerCase() : by]);
}

/** A public route never finds out who calls. */
function checkUsers(route: Located<RouteDocument>, defaults: RouteDefaultsDocument, reporter: Reporter): void {
  const { access, rateLimit } = withDefaults(route.value, defaults);
  if (access !== 'public' || !limitsOf(rateLimit).some(({ by }) => by === 'user')) return;
  const place = route.value.rateLimit === undefined ? route : inside(route, 'rateLimit');
  const message = `the route "${route.value.name}" is public: it never knows the user whose requests it is to count`;
  reporter.error('invalid-value', place, message, 'count by client, or make it access: optional');
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
