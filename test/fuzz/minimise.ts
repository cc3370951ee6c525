import type { CutInput } from './outcome.ts';

/** After so many attempts it is small enough. */
const MAX_TRIES = 4000;

/**
 * Makes an input as small as it gets while two readers still differ: fewer cuts, then fewer bytes.
 *
 * @param differs whether they do
 */
export async function minimised<Case extends CutInput>(
  from: Case,
  differs: (smaller: Case) => Promise<boolean>,
): Promise<Case> {
  let smallest = from;
  let tries = 0;
  const attempt = async (smaller: Case): Promise<boolean> => {
    tries += 1;
    if (tries > MAX_TRIES || !(await differs(smaller))) return false;
    smallest = smaller;
    return true;
  };
  if (!(await attempt({ ...smallest, cuts: [] }))) {
    for (const cut of from.cuts) {
      const cuts = smallest.cuts.filter((other) => other !== cut);
      if (cut < smallest.input.length) await attempt({ ...smallest, cuts });
      else smallest = { ...smallest, cuts };
    }
  }
  for (let size = 256; size >= 1; size = Math.floor(size / 2)) {
    for (let at = smallest.input.length - size; at >= 0; at -= 1) {
      const input = smallest.input.slice(0, at) + smallest.input.slice(at + size);
      // What follows the bytes that are left out moves up.
      const cuts = smallest.cuts.map((cut) => (cut > at ? Math.max(at, cut - size) : cut));
      if (await attempt({ ...smallest, input, cuts })) at -= size - 1;
    }
  }
  return smallest;
}
