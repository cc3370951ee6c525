/**
 * The least share of a starting endpoint. With none it would never be asked, and so never get warm: caches fill and code
 * is compiled by requests. Envoy has the same tenth.
 */
const FLOOR = 0.1;

/**
 * How much of its weight an endpoint gets while it starts: from a tenth to all of it, growing evenly.
 *
 * @param since when it came or healed, in milliseconds, by the same clock as `now`
 * @param slowStart how long it takes, in milliseconds; 0 = it gets everything at once
 * @returns 0.1 to 1
 */
export function shareOf(since: number, now: number, slowStart: number): number {
  const elapsed = Math.max(now - since, 0);
  return elapsed >= slowStart ? 1 : FLOOR + (1 - FLOOR) * (elapsed / slowStart);
}
