import { keyOf } from './key.ts';

/** How many fields may tell the variants of one place apart: each of them is read and compared for each request. */
export const MAX_NAMES = 16;
/** After so many answers in a row that do not name a field, it tells variants apart no more. */
const PATIENCE = 8;

/** By which fields the variants of a place differ. */
export interface Differing {
  /** In lower case, sorted, each once. */
  readonly names: readonly string[];
  /** For each of them, how many answers in a row have not named it: 0 = the newest one has. */
  readonly unnamed: readonly number[];
}

/** There is one variant alone. */
export const ALIKE: Differing = { names: [], unnamed: [] };

/**
 * What the keys of all variants of a place begin with. The values of these fields come behind it. An answer is thereby
 * found only by the fields that it was stored under: with other names, all variants are out of reach, and age out.
 *
 * @param names in lower case, sorted
 * @param series when names come back that the place had before, what is left of then has another one, and stays out of
 *   reach: newer answers have come since
 */
export function variantStem(base: string, names: readonly string[], series: number): string {
  // The line feed keeps them apart from all bases.
  return `\n${keyOf([base, names.join(','), String(series)])}`;
}

/**
 * The fields that tell the variants of a place apart once another answer is stored. When different answers name different
 * ones it is all of them: each answer is given only to requests that it would be given to by its own Vary (RFC 9111 section
 * 4.1), and answers that take turns do not drive each other out. A field that no answer names any more is left out after a
 * while. Whatever comes of it, the names of the answer itself are among them.
 *
 * @param vary of the answer; up to {@link MAX_NAMES}
 */
export function differingWith({ names, unnamed }: Differing, vary: readonly string[]): Differing {
  const counts = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const count = (unnamed[index] ?? 0) + 1;
    if (count < PATIENCE) counts.set(name, count);
  }
  for (const name of vary) counts.set(name, 0);
  // With too many, those before it are given up.
  return counts.size > MAX_NAMES ? sorted(new Map(vary.map((name) => [name, 0]))) : sorted(counts);
}

/**
 * What two know of one place, together.
 *
 * @param better its counts are right where both know a field. When there are too many, its fields are all
 */
export function united(better: Differing, other: Differing): Differing {
  const counts = new Map<string, number>();
  for (const { names, unnamed } of [other, better])
    for (const [index, name] of names.entries()) counts.set(name, unnamed[index] ?? 0);
  return counts.size > MAX_NAMES ? better : sorted(counts);
}

/** Whether two lists, both sorted, hold the same. */
export function areSame(names: readonly string[], others: readonly string[]): boolean {
  return names.length === others.length && names.every((name, index) => name === others[index]);
}

function sorted(counts: ReadonlyMap<string, number>): Differing {
  if (counts.size === 0) return ALIKE;
  const names = [...counts.keys()].toSorted();
  return { names, unnamed: names.map((name) => counts.get(name) ?? 0) };
}
