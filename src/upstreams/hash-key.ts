import type { Exchange } from '../exchange.ts';

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
      return (exchange) => cookieIn(exchange.header('cookie') ?? '', by.name) ?? exchange.client.address;
  }
}

/** The first cookie of a name (RFC 6265 section 5.4: the one with the longest path stands first). */
function cookieIn(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const trimmed = pair.replace(/^[ \t]+|[ \t]+$/g, '');
    if (trimmed.startsWith(`${name}=`)) return trimmed.slice(name.length + 1);
  }
  return undefined;
}
