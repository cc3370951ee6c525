import { keyOf } from './key.ts';

/** A request header by its lower-case name. */
export type FieldOf = (name: string) => string | undefined;

/** Length-prefixed values of these fields, white space around commas normalised; absent differs from empty. */
export function variantOf(names: readonly string[], fieldOf: FieldOf): string {
  return keyOf(
    names.map((name) => {
      const value = fieldOf(name);
      return value === undefined ? '-' : `=${value.trim().replaceAll(/[ \t]*,[ \t]*/g, ',')}`;
    }),
  );
}
