import { keyOf } from './key.ts';

/** How many fields may tell the variants of one place apart: each of them is read and compared for each request. */
export const MAX_NAMES = 16;

/**
 * What the keys of all variants of a place begin with. The values of these fields come behind it. An answer is thereby
 * found only by the fields that it was stored under: with other names, all variants are out of reach, and age out.
 *
 * @param names in lower case, sorted
 */
export function variantStem(base: string, names: readonly string[]): string {
  // The line feed keeps them apart from all bases.
  return `\n${keyOf([base, names.join(',')])}`;
}

/**
 * The fields that tell the variants of a place apart when different answers name different ones: all of them, so that
 * each answer is given only to requests that it would be given to by its own Vary (RFC 9111 section 4.1).
 *
 * @returns sorted and unique; undefined when there are too many
 */
export function unionOf(...lists: readonly (readonly string[])[]): readonly string[] | undefined {
  const names = [...new Set(lists.flat())].toSorted();
  return names.length > MAX_NAMES ? undefined : names;
}
