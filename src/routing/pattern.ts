import { canonicalPath, type TargetFault } from './canonical.ts';

/** One segment of a route's path pattern. */
export type Segment =
  | { readonly kind: 'static'; readonly text: string }
  | { readonly kind: 'param'; readonly name: string }
  | { readonly kind: 'rest'; readonly name: string };

/** A parsed path pattern, or the reason why the text is none. */
export type PatternResult = { readonly segments: readonly Segment[] } | { readonly fault: string };

const NAME = /^[A-Za-z]\w*$/;

/**
 * Parses a route's path: `/exact`, `/:param` for one segment, `/*rest` for everything below.
 *
 * @param pattern as written in `match.path` or `rewrite.path`
 * @returns the segments; a trailing slash is a last, empty static segment
 */
export function parsePattern(pattern: string): PatternResult {
  if (!pattern.startsWith('/')) return { fault: 'a path begins with /' };
  const segments: Segment[] = [];
  const names = new Set<string>();
  const parts = pattern.slice(1).split('/');
  for (const [index, part] of parts.entries()) {
    const sigil = part[0];
    if (sigil !== ':' && sigil !== '*') {
      const text = canonicalStatic(part);
      if (text === undefined) return { fault: `"${part}" cannot stand in a path` };
      if (part === '' && index < parts.length - 1) return { fault: 'an empty segment never matches' };
      segments.push({ kind: 'static', text });
      continue;
    }
    const name = part.slice(1);
    if (!NAME.test(name)) return { fault: `"${part}" needs a name of letters, digits and _ after the ${sigil}` };
    if (names.has(name)) return { fault: `the name "${name}" stands twice` };
    names.add(name);
    if (sigil === '*' && index < parts.length - 1) return { fault: `"${part}" can only be the last segment` };
    segments.push({ kind: sigil === '*' ? 'rest' : 'param', name });
  }
  return { segments };
}

/** The segments of a path that was found to be one when the configuration was checked. */
export function segmentsOf(path: string): readonly Segment[] {
  const pattern = parsePattern(path);
  if ('fault' in pattern) throw new Error(`the path ${path} does not parse: ${pattern.fault}`);
  return pattern.segments;
}

/** The names of the parameters that a path binds, in their order. */
export function namesIn(segments: readonly Segment[]): string[] {
  return segments.flatMap((segment) => (segment.kind === 'static' ? [] : [segment.name]));
}

/** A literal segment in the form that canonical request paths have, or undefined when no request can hold it. */
function canonicalStatic(text: string): string | undefined {
  const canonical = canonicalLiteral(`/${text}`);
  return typeof canonical === 'string' ? canonical.slice(1) : undefined;
}

/**
 * A path of the configuration in the form that canonical request paths have, or the reason why none can be like it.
 *
 * @param text begins with `/`
 */
export function canonicalLiteral(text: string): string | TargetFault {
  // A person may write either `é` or `%C3%A9`; requests hold the latter.
  const encoded = text.replace(/[^\u0021-\u007e]+/gu, encodeURIComponent);
  return canonicalPath(encoded, { encodedSlash: 'keep', dotSegments: 'reject', duplicateSlash: 'reject' });
}

/** Requests are compared with it, and they are canonical: `/%61pi` is `/api`. */
export function canonicalPrefix(prefix: string): string {
  const canonical = canonicalLiteral(prefix);
  return typeof canonical === 'string' ? canonical : prefix;
}
