import { checkCors } from './traffic.ts';
import { parsePattern } from '../routing/pattern.ts';
import { UNEDITABLE } from '../fields.ts';
import type { IdentityDocument, TokensDocument } from './document.types.ts';
import type { Diagnostic } from './diagnostic.ts';
import { inside, lineOf, Reporter, type Place, type WrittenConfig } from './located.ts';
import { checkRole } from './people.ts';
import { DEFAULT_IDENTITY_PATH } from './resolve-people.ts';

const JWKS_PATH = '/.well-known/jwks.json';

/** Credentials of other kinds, and what no client sets: an API key cannot come in one of these. */
const NO_KEY_HEADERS = new Set([...UNEDITABLE, 'authorization', 'cookie', 'x-csrf-token']);

/** Finds what is wrong with the built-in user service and with API keys, beyond what a schema can say. */
export function checkIdentity(written: WrittenConfig): Diagnostic[] {
  const reporter = new Reporter();
  const { main } = written;
  const { identity, apiKeys } = main.value;
  if (identity !== undefined) checkService(identity, written, reporter);
  const header = apiKeys?.header;
  if (header !== undefined && NO_KEY_HEADERS.has(header.toLowerCase())) {
    const message = `an API key cannot come in "${header}", which has a meaning of its own`;
    reporter.error('invalid-value', inside(main, 'apiKeys', 'header'), message, 'for example x-api-key');
  }
  return reporter.found;
}

function checkService(identity: IdentityDocument, written: WrittenConfig, reporter: Reporter): void {
  const place = inside(written.main, 'identity');
  const { defaultRole, tokens, rateLimit, cors } = identity;
  if (defaultRole !== undefined) checkRole(defaultRole, inside(place, 'defaultRole'), written, reporter);
  checkTokens(tokens, inside(place, 'tokens'), written, reporter);
  if (cors !== undefined) checkCors(cors, inside(place, 'cors'), reporter);
  if (rateLimit?.by !== undefined && rateLimit.by !== 'client') {
    const message = `found "${rateLimit.by}", expected client: nobody is known before the login`;
    reporter.error('invalid-value', inside(place, 'rateLimit', 'by'), message, 'remove it: client is the default');
  }
  if (rateLimit?.name !== undefined) {
    const message = 'this limit has a counter of its own, which no route can share';
    reporter.error('invalid-value', inside(place, 'rateLimit', 'name'), message, 'remove it');
  }
  const path = identity.path ?? DEFAULT_IDENTITY_PATH;
  if (checkPath(path, inside(place, 'path'), reporter)) checkReserved(path, written, reporter);
}

function checkTokens(tokens: TokensDocument, place: Place, written: WrittenConfig, reporter: Reporter): void {
  const { issuer, algorithm = 'RS256', keys, secret } = tokens;
  if (algorithm === 'HS256') {
    if (secret === undefined) {
      reporter.error('missing-key', place, 'HS256 needs a secret', 'add secret: ${JWT_SECRET}, at least 32 bytes');
    }
    if (keys !== undefined) {
      const message = 'HS256 signs with the secret, and keys are for RS256 and ES256';
      reporter.error('invalid-value', inside(place, 'keys'), message, 'remove keys, or set algorithm: RS256');
    }
  } else {
    if (secret !== undefined) {
      const message = `${algorithm} signs with keys, and a secret is for HS256`;
      reporter.error('invalid-value', inside(place, 'secret'), message, 'add algorithm: HS256, or use keys');
    }
    const { database } = written.main.value;
    if (keys === undefined && (database?.url ?? '') !== '') {
      // With a database of their own, several instances may run, and all of them need the same keys.
      const message = `${algorithm} needs a folder of keys that all instances share`;
      reporter.error('missing-key', place, message, 'add keys: keys/ and type gatewayctl keys create');
    }
  }
  const { main } = written;
  for (const [index, other] of (main.value.issuers ?? []).entries()) {
    if (other.issuer !== issuer) continue;
    const first = lineOf(inside(main, 'issuers', index, 'issuer'));
    const message = `two issuers sign as ${issuer}: a token would be of both; the other is in ${first}`;
    reporter.error('duplicate-name', inside(place, 'issuer'), message, 'join them, or correct one of them');
  }
}

/** @returns whether anything can be said of what lies below */
function checkPath(path: string, place: Place, reporter: Reporter): boolean {
  const pattern = parsePattern(path);
  const isPlain = 'segments' in pattern && pattern.segments.every((each) => each.kind === 'static' && each.text !== '');
  if (!isPlain || JWKS_PATH.startsWith(`${path}/`)) {
    const message = `found "${path}", expected a path of fixed segments below which nothing else is`;
    reporter.error('invalid-value', place, message, `for example ${DEFAULT_IDENTITY_PATH}`);
    return false;
  }
  return true;
}

/** The service answers on every host, so that the host of a route makes no difference. */
function checkReserved(path: string, { routes }: WrittenConfig, reporter: Reporter): void {
  const reserved = fixedSegments(path);
  const jwks = fixedSegments(JWKS_PATH);
  for (const route of routes) {
    const fixed = fixedSegments(route.value.match.path);
    const isBelow = fixed.length >= reserved.length && reserved.every((text, index) => fixed[index] === text);
    const depth = route.value.match.path.split('/').length - 1;
    const isJwks = depth === jwks.length && jwks.every((text, index) => fixed[index] === text);
    if (!isJwks && !(isBelow && depth > reserved.length)) continue;
    const message = `the route "${route.value.name}" conflicts with the identity, which answers ${isJwks ? JWKS_PATH : `all of ${path}/`}`;
    reporter.error('route-conflict', inside(route, 'match', 'path'), message, 'move the route, or set identity.path');
  }
}

/** The segments of a path up to its first parameter, in their canonical form. */
function fixedSegments(path: string): readonly string[] {
  const pattern = parsePattern(path);
  if ('fault' in pattern) return [];
  const texts: string[] = [];
  for (const segment of pattern.segments) {
    if (segment.kind !== 'static') break;
    texts.push(segment.text);
  }
  return texts;
}
