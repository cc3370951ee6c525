import { createHash } from 'node:crypto';
import type { Exchange } from '../exchange.ts';
import { joined, twinless } from '../fields.ts';
import type { StoredAnswer } from './answer.ts';
import { keyOf } from './key.ts';
import { requestRules, type RequestRules } from './directives.ts';

/** What a request says that matters to a cache. */
export interface Asked {
  /** Undefined when its Cache-Control asks for nothing. */
  readonly rules: RequestRules | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly authorization: string | undefined;
  /** Whether it has cookies that an upstream sees. */
  readonly hasCookies: boolean;
  /** Names and values of fields that are known to change answers: a part of the key. */
  readonly overrides: readonly string[];
  /** Of its header fields: what they take up. */
  readonly headerBytes: number;
  /** Why a cache has to leave it alone, in a word; undefined = it need not. */
  readonly bypass: string | undefined;
}

/**
 * Fields by which frameworks and proxies answer for another target, method or host than the request line has, and of
 * which no Vary tells. They are in the key, so that nobody gets an answer that somebody else has bent.
 */
const OVERRIDES: ReadonlySet<string> = new Set([
  'x-original-url',
  'x-original-uri',
  'x-original-host',
  'x-rewrite-url',
  'x-rewrite-uri',
  'x-forwarded-uri',
  'x-forwarded-url',
  'x-forwarded-path',
  'x-forwarded-prefix',
  'x-forwarded-port',
  'x-forwarded-scheme',
  'x-forwarded-protocol',
  'x-forwarded-ssl',
  'x-forwarded-server',
  'x-forwarded-method',
  'x-url-scheme',
  'x-scheme',
  'x-host',
  'x-http-host-override',
  'x-http-method-override',
  'x-http-method',
  'x-method-override',
  'x-http-destinationurl',
  'front-end-https',
  'base-url',
]);

const NONE: readonly string[] = [];

/**
 * Reads a request's head once, for all that a cache has to know of it.
 *
 * @param ownCookies the names of the gateway's own cookies, which no upstream sees
 */
export function readAsked(exchange: Exchange, ownCookies: ReadonlySet<string>): Asked {
  const { headers } = exchange;
  let [cacheControl, pragma, ifNoneMatch, ifModifiedSince, range, ifRange, authorization, cookies]: (
    string | undefined
  )[] = [];
  let bypass = exchange.body === undefined ? undefined : 'content';
  let headerBytes = 0;
  let overrides: string[] | undefined;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const value = headers[index + 1] ?? '';
    headerBytes += name.length + value.length + 4;
    // Most fields that browsers send are told from these by their length and first letter.
    switch (name.charCodeAt(0) | 0x20) {
      case 0x61:
        if (name.length === 13 && name.toLowerCase() === 'authorization')
          authorization = joined('authorization', authorization, value);
        break;
      case 0x62:
      case 0x66:
      case 0x78:
        if (OVERRIDES.has(twinless(name))) (overrides ??= []).push(twinless(name), value);
        break;
      case 0x63: {
        if (name.length !== 6 && name.length !== 13) break;
        const lower = name.toLowerCase();
        if (lower === 'cookie') cookies = joined(lower, cookies, value);
        else if (lower === 'cache-control') cacheControl = joined(lower, cacheControl, value);
        break;
      }
      case 0x69: {
        const lower = name.toLowerCase();
        if (lower === 'if-none-match') ifNoneMatch = joined(lower, ifNoneMatch, value);
        else if (lower === 'if-modified-since') ifModifiedSince = value;
        else if (lower === 'if-range') ifRange = value;
        // RFC 9111 section 4.3.2: they are for the origin to judge.
        else if (lower === 'if-match' || lower === 'if-unmodified-since') bypass = 'precondition';
        break;
      }
      case 0x70:
        if (name.length === 6 && name.toLowerCase() === 'pragma') pragma = joined('pragma', pragma, value);
        break;
      case 0x72:
        if (name.length === 5 && name.toLowerCase() === 'range') range = value;
        break;
      default:
    }
  }
  const rules = cacheControl === undefined && pragma === undefined ? undefined : requestRules(cacheControl, pragma);
  if (rules?.noStore === true) bypass = 'no-store';
  if (exchange.upgrade !== undefined) bypass = 'upgrade';
  return {
    rules,
    ifNoneMatch,
    ifModifiedSince,
    range,
    ifRange,
    authorization,
    hasCookies: cookies !== undefined && hasOthers(cookies, ownCookies),
    overrides: overrides ?? NONE,
    headerBytes,
    bypass,
  };
}

/**
 * Who asks, as a part of a key: the verified identity with all that it may do, else what stands in Authorization, which an
 * upstream may tell callers apart by. Empty for nobody in particular.
 */
export function whoAsks({ identity }: Exchange, { authorization }: Asked): readonly string[] {
  if (identity !== undefined) {
    const { issuer, subject, roleVersion, roles, scopes } = identity;
    return ['id', issuer, subject, String(roleVersion), keyOf(roles), keyOf(scopes)];
  }
  if (authorization === undefined) return [''];
  return ['credentials', createHash('sha256').update(authorization, 'latin1').digest('base64')];
}

/**
 * Whether a stored answer may be given to a request with cookies: only when its origin itself has said that others may
 * have it. A route's `ttl` knows nothing of what a cookie stands for.
 */
export function isOpenTo({ hasCookies }: Asked, { isExplicit }: Pick<StoredAnswer, 'isExplicit'>): boolean {
  return isExplicit || !hasCookies;
}

/** Whether there are cookies besides the gateway's own (RFC 6265 section 4.2.1). */
function hasOthers(cookies: string, own: ReadonlySet<string>): boolean {
  return cookies.split(';').some((pair) => {
    const name = (pair.split('=', 1)[0] ?? '').trim();
    return pair.trim() !== '' && !own.has(name);
  });
}
