import type { Exchange, HeaderList } from '../exchange.ts';
import type { Stage } from './stage.ts';

/** Which pages of other origins may use a route. */
export interface CorsOptions {
  /** `https://shop.example.com`, `https://*.example.org` for all subdomains, or `*` for every origin. */
  readonly origins: readonly string[];
  /** Empty = {@link METHODS}. */
  readonly methods: readonly string[];
  /** Empty = those that a preflight asks for. */
  readonly headers: readonly string[];
  readonly expose: readonly string[];
  /** Without effect under `*`. */
  readonly credentials: boolean;
  /** In milliseconds; undefined = the browser's own choice. */
  readonly maxAge: number | undefined;
}

/** The CORS protocol of the Fetch standard, section 3.3, for one rule. */
export interface Cors {
  /** The header fields for every answer to this request, whatever its status is, that to a preflight included. */
  headersFor(exchange: Pick<Exchange, 'header'>): HeaderList;
  /** Answers a preflight; false when it is none. */
  preflight(exchange: Exchange): boolean;
}

/** What {@link Cors.headersFor} has the say in: an upstream's own fields of these names would contradict it. */
export const CORS_FIELDS: ReadonlySet<string> = new Set([
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-expose-headers',
]);

/** Those that a page uses; OPTIONS is for the browser. */
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** `#field-name`, of RFC 9110 sections 5.1 and 5.6.1, without empty members. */
const FIELD_NAMES = /^[!#$%&'*+.^_`|~\w-]+(?:[ \t]*,[ \t]*[!#$%&'*+.^_`|~\w-]+)*$/;

/** Labels of a host as browsers write it: in lower case. */
const LABELS = /^[a-z\d_-]+(?:\.[a-z\d_-]+)*$/;

/** Caches must not give one origin's answer to another, nor that to a request without an origin to one that has it. */
const VARY = ['vary', 'origin'];

/** What the answer to a preflight depends on besides, and whether it is a preflight. */
const PREFLIGHT_VARY = ['vary', 'access-control-request-method, access-control-request-headers'];

/** All subdomains: what stands before their labels, and what after them. */
interface Subdomains {
  readonly before: string;
  readonly after: string;
}

/**
 * Compiles a rule. An origin is compared byte by byte, as the Fetch standard does it, and nothing of a request is
 * repeated that was not matched against a grammar without line breaks.
 */
export function compileCors(rule: CorsOptions): Cors {
  const isOpen = rule.origins.includes('*');
  const isLetIn = originMatcher(rule.origins);
  const expose = list('access-control-expose-headers', rule.expose);
  const methods = list('access-control-allow-methods', rule.methods.length === 0 ? METHODS : rule.methods);
  const headers = list('access-control-allow-headers', rule.headers);
  const maxAge = rule.maxAge === undefined ? [] : ['access-control-max-age', String(Math.floor(rule.maxAge / 1000))];
  // Browsers refuse `*` with credentials, and to repeat any origin in its place would hand the user's own answers to
  // every page on the internet.
  const forAll = ['access-control-allow-origin', '*'];
  const credentials = rule.credentials ? ['access-control-allow-credentials', 'true'] : [];

  /** @returns what lets the origin in; undefined when it is not let in */
  const allowOrigin = (origin: string): string[] | undefined => {
    if (isOpen) return forAll;
    return isLetIn(origin) ? ['access-control-allow-origin', origin, ...credentials] : undefined;
  };

  return {
    headersFor(exchange) {
      // Without an Origin, too: a cache may give the answer to somebody who comes with one.
      if (isOpen) return [...forAll, ...expose];
      const allowed = allowOrigin(exchange.header('origin') ?? '');
      return allowed === undefined ? VARY : [...allowed, ...expose, ...VARY];
    },
    preflight(exchange) {
      if (exchange.method !== 'OPTIONS') return false;
      const origin = exchange.header('origin');
      if (origin === undefined || exchange.header('access-control-request-method') === undefined) return false;
      const asked = rule.headers.length === 0 ? requestedHeaders(exchange) : headers;
      const fields =
        allowOrigin(origin) === undefined ? PREFLIGHT_VARY : [...methods, ...asked, ...maxAge, ...PREFLIGHT_VARY];
      exchange.response.head(204, fields);
      exchange.response.end();
      return true;
    },
  };
}

/** A field with a list in it; none for an empty list. */
function list(name: string, members: readonly string[]): string[] {
  return members.length === 0 ? [] : [name, members.join(', ')];
}

/** Allows what a preflight asks for, when that is valid. */
function requestedHeaders(exchange: Exchange): string[] {
  const requested = exchange.header('access-control-request-headers');
  return requested !== undefined && FIELD_NAMES.test(requested) ? ['access-control-allow-headers', requested] : [];
}

/** Whether an origin, as browsers write it, is one of these; `*` is none. */
export function originMatcher(origins: readonly string[]): (origin: string) => boolean {
  const exact = new Set<string>();
  const subdomains: Subdomains[] = [];
  for (const origin of origins.map(serialized)) {
    const [before, after] = origin.split('*');
    if (before !== undefined && after !== undefined) subdomains.push({ before, after });
    // `null` is the origin of every sandboxed frame, whoever made it: it says nothing of who asks.
    else if (origin !== 'null') exact.add(origin);
  }
  return (origin) => exact.has(origin) || subdomains.some((pattern) => isBelow(origin, pattern));
}

/** @returns the origin as browsers write it: in lower case, without the port that the scheme has anyway */
function serialized(origin: string): string {
  const lower = origin.toLowerCase();
  return lower.replace(/^(https:.*):443$/, '$1').replace(/^(http:.*):80$/, '$1');
}

/** Whether something but labels of a host stands between the two parts would make another origin of it. */
function isBelow(origin: string, { before, after }: Subdomains): boolean {
  if (!origin.startsWith(before) || !origin.endsWith(after)) return false;
  return LABELS.test(origin.slice(before.length, origin.length - after.length));
}

/** Answers preflights, and lets all else through: the fields of other answers are added where every answer passes. */
export function cors(rule: Cors): Stage {
  return (next) => (exchange) => (rule.preflight(exchange) ? undefined : next(exchange));
}
