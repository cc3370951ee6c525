/** Within a run of one byte, a cut more or less makes no difference. */
const LONG_RUN = 16;

/** @returns every place where an input can be cut in two, but for the inside of long runs of one byte */
export function boundaries(input: string): number[] {
  const places: number[] = [];
  for (let at = 1; at < input.length; at += 1) {
    const around = input.slice(Math.max(0, at - LONG_RUN), at + LONG_RUN);
    const isInside = around.length === 2 * LONG_RUN && around === around.charAt(0).repeat(around.length);
    if (!isInside) places.push(at);
  }
  return places;
}

/** Does it for each, some at a time. @returns what came of them, in their order */
export async function forEachOf<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const atOnce = 64;
  for (let from = 0; from < items.length; from += atOnce) {
    const some = items.slice(from, from + atOnce).map(async (item, index) => work(item, from + index));
    results.push(...(await Promise.all(some)));
  }
  return results;
}
