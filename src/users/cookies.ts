import { trimmed } from '../fields.ts';
import type { Header } from './problems.ts';

/** The access token, for every path of this host and for no other host (RFC 6265bis section 4.1.3.2). */
export const ACCESS_COOKIE = '__Host-gw_access';
/** The refresh token, for the identity's own paths alone. */
export const REFRESH_COOKIE = '__Secure-gw_refresh';
/** For scripts to read and to send back as X-CSRF-Token. */
export const CSRF_COOKIE = 'gw_csrf';
/** All of them: for the gateway alone, and for no upstream. */
export const GATEWAY_COOKIES: readonly string[] = [ACCESS_COOKIE, REFRESH_COOKIE, CSRF_COOKIE];
export const CSRF_HEADER = 'x-csrf-token';

/** What the cookies of a session hold; ages in seconds. */
export interface SessionCookies {
  readonly access: { readonly token: string; readonly maxAge: number };
  readonly refresh: { readonly token: string; readonly maxAge: number };
  readonly csrf: string;
}

/** @param path of the identity */
export function setCookies({ access, refresh, csrf }: SessionCookies, path: string): Header[] {
  return [
    cookie(ACCESS_COOKIE, access.token, `Path=/; Max-Age=${access.maxAge}; Secure; HttpOnly; SameSite=Lax`),
    cookie(REFRESH_COOKIE, refresh.token, `Path=${path}; Max-Age=${refresh.maxAge}; Secure; HttpOnly; SameSite=Strict`),
    cookie(CSRF_COOKIE, csrf, `Path=/; Max-Age=${refresh.maxAge}; Secure; SameSite=Lax`),
  ];
}

/** Each with the attributes that it was set with: another path would be another cookie. */
export function clearCookies(path: string): Header[] {
  return [
    cookie(ACCESS_COOKIE, '', 'Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax'),
    cookie(REFRESH_COOKIE, '', `Path=${path}; Max-Age=0; Secure; HttpOnly; SameSite=Strict`),
    cookie(CSRF_COOKIE, '', 'Path=/; Max-Age=0; Secure; SameSite=Lax'),
  ];
}

/**
 * A cookie of a request.
 *
 * @returns undefined when there is none, or two of one name: another host of the same domain may have planted one, and
 *   nobody knows which
 */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map(trimmed)
    .filter((pair) => pair.startsWith(`${name}=`));
  return values.length === 1 ? values[0]?.slice(name.length + 1) : undefined;
}

function cookie(name: string, value: string, attributes: string): Header {
  return ['set-cookie', `${name}=${value}; ${attributes}`];
}
