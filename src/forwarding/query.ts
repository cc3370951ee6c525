import { renderTemplate, toBytes, type Template, type TemplateValues } from '../template.ts';

/** Changes to the query on its way to the upstream. */
export interface QueryEdits {
  /** What each parameter is given, whatever it held before; it goes when its template has no value. */
  readonly set: readonly (readonly [name: string, value: Template])[];
  readonly remove: readonly string[];
}

/**
 * Makes the function that gives the upstream's query, with its `?`, of the one that came or of another in its place. What is not edited stays byte by byte as it came, and
 * where it stood; what is set stands at the end.
 */
export function compileQueryEdits({ set, remove }: QueryEdits): (exchange: TemplateValues, query?: string) => string {
  const edited = new Set([...remove, ...set.map(([name]) => name)]);
  const filled = set.map(([name, value]) => ({ prefix: `${encodeBytes(toBytes(name))}=`, value }));
  return (exchange, query = exchange.query) => {
    const kept = query
      .slice(1)
      .split('&')
      .filter((pair) => pair !== '' && !edited.has(nameOf(pair)));
    for (const { prefix, value } of filled) {
      const text = renderTemplate(value, exchange);
      if (text !== undefined) kept.push(prefix + encodeBytes(text));
    }
    return kept.length === 0 ? '' : `?${kept.join('&')}`;
  };
}

/** The name of a parameter as most services read it: `+` is a space, and what is wrongly encoded is not decoded at all. */
function nameOf(pair: string): string {
  const [name = ''] = pair.split('=', 1);
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}

/** Everything but unreserved characters (RFC 3986 section 2.3) as `%XX`. @param bytes one a character */
function encodeBytes(bytes: string): string {
  return bytes.replaceAll(
    /[^A-Za-z0-9\-._~]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
