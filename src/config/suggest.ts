/** Names in the language are far shorter; what is longer is not a mistyped name, and comparing costs its square. */
const MAX_LENGTH = 64;

/**
 * Finds the name that somebody probably meant.
 *
 * Names are compared without regard to case by the Damerau–Levenshtein distance (optimal string alignment): one for
 * each character added, left out or replaced, and for each two neighbours swapped. A name is near enough when about a
 * third of its letters would have to change, at least one and at most three.
 *
 * @param found what stands in the file
 * @param expected the names that would be right there
 * @returns the nearest name, of equally near ones the first; undefined when none is near enough
 */
export function suggest(found: string, expected: readonly string[]): string | undefined {
  if (found.length > MAX_LENGTH) return undefined;
  const limit = Math.min(3, Math.max(1, Math.round(found.length / 3)));
  const typed = found.toLowerCase();

  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of expected) {
    // Lengths that differ by n are at least n apart: most names need no comparison.
    if (Math.abs(name.length - found.length) >= bestDistance) continue;
    const between = distance(typed, name.toLowerCase());
    // A distance of the whole length means that nothing agrees: `a` is not a mistyped `b`.
    if (between < bestDistance && between < Math.max(found.length, name.length)) {
      best = name;
      bestDistance = between;
    }
  }
  return best;
}

/** The optimal string alignment distance, row by row: a swap looks back two rows, so three are kept. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
