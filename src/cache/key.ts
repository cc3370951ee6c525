/** The parts of a key in one text: no two different lists give the same. */
export function keyOf(parts: readonly string[]): string {
  let key = '';
  for (const part of parts) key += `${part.length}:${part}`;
  return key;
}

/**
 * A query as it is in the key, and as it goes upstream: sorted by name, the values of one name in their order. What is
 * not in the key must not reach the upstream either: its answer would be given to requests without it.
 *
 * @param query with its `?`; percent-encoding is left as it is
 * @param names decoded; undefined = all
 * @returns with its `?`; empty when nothing is left
 */
export function canonicalQuery(query: string, names: ReadonlySet<string> | undefined): string {
  if (query.length <= 1) return '';
  if (names === undefined && isCanonical(query)) return query;
  const pairs: { readonly name: string; readonly text: string }[] = [];
  for (const text of query.slice(1).split('&')) {
    if (text === '') continue;
    const equals = text.indexOf('=');
    const name = decoded(equals < 0 ? text : text.slice(0, equals));
    if (names === undefined || names.has(name)) pairs.push({ name, text });
  }
  if (pairs.length === 0) return '';
  pairs.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return `?${pairs.map(({ text }) => text).join('&')}`;
}

/** @returns as it came when it cannot be decoded: an upstream may understand it in more than one way */
function decoded(name: string): string {
  if (!name.includes('%') && !name.includes('+')) return name;
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}

/** Whether a query is what {@link canonicalQuery} makes of it, as far as that shows without decoding: most are. */
function isCanonical(query: string): boolean {
  let separator = query.indexOf('&', 1);
  if (separator < 0) return true;
  if (query.includes('%') || query.includes('+')) return false;
  let start = 1;
  while (separator >= 0) {
    if (separator === start || separator + 1 === query.length) return false;
    if (!isInOrder(query, start, separator + 1)) return false;
    start = separator + 1;
    separator = query.indexOf('&', start);
  }
  return true;
}

/** Compares two names where they stand, so that nothing is cut out of the text. */
function isInOrder(query: string, first: number, second: number): boolean {
  for (let index = 0; ; index += 1) {
    const a = nameCodeAt(query, first + index);
    const b = nameCodeAt(query, second + index);
    if (a !== b) return a < b;
    if (a < 0) return true;
  }
}

/** @returns -1 at the end of a name, which sorts before every character */
function nameCodeAt(query: string, index: number): number {
  const code = query.charCodeAt(index);
  return index >= query.length || code === 0x3d || code === 0x26 ? -1 : code;
}
