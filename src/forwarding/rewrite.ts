import type { Exchange } from '../exchange.ts';
import type { Segment } from '../routing/pattern.ts';

/** How a route changes the path on its way to the upstream. */
export type Rewrite =
  | { readonly kind: 'path'; readonly segments: readonly Segment[] }
  | { readonly kind: 'stripPrefix'; readonly prefix: string }
  | { readonly kind: 'addPrefix'; readonly prefix: string };

/**
 * Makes the function that gives the upstream's path. What it puts in is canonical already, whole segments at a time, so
 * that the result is canonical too: a parameter can add neither a slash nor a dot segment.
 */
export function compileRewrite(rewrite: Rewrite | undefined): (exchange: Exchange) => string {
  switch (rewrite?.kind) {
    case undefined:
      return (exchange) => exchange.path;
    case 'path':
      return (exchange) => rewrite.segments.map((segment) => `/${fill(segment, exchange)}`).join('');
    case 'stripPrefix': {
      const { prefix } = rewrite;
      return ({ path }) => {
        if (path === prefix) return '/';
        return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
      };
    }
    case 'addPrefix':
      return ({ path }) => rewrite.prefix + path;
  }
}

function fill(segment: Segment, exchange: Exchange): string {
  return segment.kind === 'static' ? segment.text : (exchange.params[segment.name] ?? '');
}
