/** Length-prefixed parts: no two different lists give the same text. */
export function keyOf(parts: readonly string[]): string {
  return parts.map((part) => `${part.length}:${part}`).join('');
}
