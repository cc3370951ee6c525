import type { Case } from './cases.ts';
import type { Measurement } from './measure.ts';

/** Where the origin says how many requests it has had. */
export const COUNTS_PATH = '/counts';

/**
 * Measures a slice of a case and counts what of it comes to the origin.
 *
 * @param name of the contender
 * @param origin its port
 * @param work measures
 * @throws when the origin gets other than the case says: what was to be a hit was none, or the other way round
 */
export async function withCountAtOrigin(
  name: string,
  { atOrigin }: Case,
  origin: number,
  work: () => Promise<Measurement>,
): Promise<Measurement> {
  if (atOrigin === undefined) return work();
  const before = await requestsAt(origin);
  const measurement = await work();
  // The question itself is one of them.
  const count = (await requestsAt(origin)) - before - 1;
  const { requests } = measurement;
  // Those whose answer the end of the slice cut off are counted at the origin alone.
  const isRight = atOrigin === 'none' ? count === 0 : count >= requests;
  if (!isRight) throw new Error(`${name}: of ${requests} requests ${count} came to the origin, not ${atOrigin}`);
  return measurement;
}

/** All requests so far, of all connections, this one too: the third number of `stub_status`. */
async function requestsAt(origin: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${origin}${COUNTS_PATH}`)).text();
  const requests = /^ *\d+ +\d+ +(\d+) *$/m.exec(text)?.[1];
  if (requests === undefined) throw new Error(`the origin does not say how many requests it has had:\n${text}`);
  return Number(requests);
}
