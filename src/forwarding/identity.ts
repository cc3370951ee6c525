import type { HeaderList } from '../exchange.ts';
import { twinless } from '../fields.ts';
import type { HeaderEdits } from './headers.ts';

/**
 * The headers by which the gateway tells upstreams who calls: all that any route fills from claims. A client that sends
 * one by itself would be believed, so they are removed from every request of every route.
 *
 * @param edits the request header edits of all routes
 */
export function identityHeaders(edits: Iterable<HeaderEdits>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { added } of edits) {
    for (const [name, template] of added) if (template.usesClaims) names.add(twinless(name));
  }
  return names;
}

/**
 * @param headers as received
 * @param names from {@link identityHeaders}
 * @returns the headers without those, and without their twins: many servers read `X_User` and `X.User` as `X-User`
 */
export function withoutIdentity(headers: HeaderList, names: ReadonlySet<string>): HeaderList {
  return names.size === 0 ? headers : withoutFields(headers, names);
}

/** @returns the fields without those of certain names (lower case, with hyphens), and without their twins */
export function withoutFields(headers: HeaderList, names: ReadonlySet<string>): HeaderList {
  const kept: string[] = [];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (!names.has(twinless(name)) && !names.has(name.toLowerCase())) kept.push(name, headers[index + 1] ?? '');
  }
  return kept;
}
