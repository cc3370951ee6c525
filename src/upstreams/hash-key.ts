import type { Exchange } from '../exchange.ts';
import { trimmed } from '../fields.ts';

/** What the next endpoint is chosen by. */
export type HashRule =
  | { readonly kind: 'round-robin' | 'least-connections' | 'p2c' | 'random' }
  | {
      readonly kind: 'hash';
      readonly by: { readonly kind: 'client' | 'path' } | { readonly kind: 'header' | 'cookie'; readonly name: string };
    };

/** Compiles what requests are hashed by. One without the header or the cookie is hashed by its client. */
export function compileHashKey(rule: HashRule): (exchange: Exchange) => string {
  if (rule.kind !== 'hash') return () => '';
  const { by } = rule;
  switch (by.kind) {
    case 'client':
      return ({ client }) => client.address;
    case 'path':
      return ({ path }) => path;
    case 'header':
      return (exchange) => exchange.header(by.name) ?? exchange.client.address;
    case 'cookie':
      return (exchange) => firstCookie(exchange.header('cookie') ?? '', by.name) ?? exchange.client.address;
  }
}

/** The first cookie of a name (RFC 6265 section 5.4: the one with the longest path stands first). */
function firstCookie(header: string, name: string): string | undefined {
  const prefix = `${name}=`;
  return header
    .split(';')
    .map(trimmed)
    .find((pair) => pair.startsWith(prefix))
    ?.slice(prefix.length);
}
