import type { Candidate } from './balancer.ts';
import { hashOf, mix } from './key-hash.ts';

/**
 * Points for a weight of 1. With p points an endpoint's share of the keys is off by 1/√p of itself (standard
 * deviation): 3 % here. nginx takes 160 (8 %), HAProxy 16 (25 %), and Envoy 1024 for all endpoints together. More
 * points cost memory (8 bytes each) and time when the list changes, and nearly nothing per request.
 */
const POINTS = 1024;
/** The most points, in order that a ring is made in 2 to 4 ms: requests wait for it. */
const MOST_POINTS = 65_536;

/** Hashes in a circle, each owned by a candidate: a key belongs to the owner of the first point at or after its hash. */
export class Ring {
  readonly #points: Uint32Array;
  readonly #owners: Uint32Array;

  /**
   * The same for any order of the candidates. An endpoint's points depend on itself alone, so that a key only ever moves
   * from one that left or to one that came. Weights of more than 64 in all get half the points for each, or a quarter,
   * and so on: a change across that line moves more.
   */
  constructor(candidates: readonly Candidate[]) {
    const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
    let density = POINTS;
    while (total * density > MOST_POINTS) density /= 2;
    const counts = candidates.map(({ weight }) => (weight === 0 ? 0 : Math.max(1, Math.round(weight * density))));
    const size = counts.reduce((sum, count) => sum + count, 0);
    const points = new Uint32Array(size);
    const owners = new Uint32Array(size);
    let at = 0;
    // Sorting keeps the order of equal points: they are laid out by name, or the order of the list would matter.
    for (const [owner, id] of byName(candidates)) {
      // Two numbers from one name, so that names with the same hash do not share all their points.
      const seed = hashOf(id);
      const other = hashOf(`#${id}`);
      for (let left = counts[owner] ?? 0; left > 0; left -= 1) {
        points[at] = mix(mix(seed + left) ^ other);
        owners[at] = owner;
        at += 1;
      }
    }
    sortByPoint(points, owners);
    this.#points = points;
    this.#owners = owners;
  }

  /** How many points it has. */
  get size(): number {
    return this.#points.length;
  }

  /** @returns the position of the first point at or after the hash, 0 when there is none */
  find(hash: number): number {
    const points = this.#points;
    let low = 0;
    let high = points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((points[middle] ?? 0) < hash) low = middle + 1;
      else high = middle;
    }
    return low === points.length ? 0 : low;
  }

  /** @returns the index of the candidate that owns the point at the position, -1 in an empty ring */
  ownerAt(position: number): number {
    return this.#owners[position] ?? -1;
  }
}

function byName(candidates: readonly Candidate[]): (readonly [number, string])[] {
  const named = candidates.map(({ id }, index) => [index, id] as const);
  return named.toSorted(([, a], [, b]) => (a < b ? -1 : Number(a > b)));
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Sorts both by the points, in place, and keeps the order of equal points. Digit by digit from the lowest (radix sort):
 * twice as fast for 65,536 points, the making of them included, as the sort of a Float64Array alone.
 */
function sortByPoint(points: Uint32Array, owners: Uint32Array): void {
  const starts = new Uint32Array(DIGITS);
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const fromPoints = points.slice();
    const fromOwners = owners.slice();
    starts.fill(0);
    for (let index = 0; index < fromPoints.length; index += 1) {
      const digit = ((fromPoints[index] ?? 0) >>> shift) & (DIGITS - 1);
      starts[digit] = (starts[digit] ?? 0) + 1;
    }
    let start = 0;
    for (let digit = 0; digit < DIGITS; digit += 1) {
      const count = starts[digit] ?? 0;
      starts[digit] = start;
      start += count;
    }
    for (let index = 0; index < fromPoints.length; index += 1) {
      const point = fromPoints[index] ?? 0;
      const digit = (point >>> shift) & (DIGITS - 1);
      const to = starts[digit] ?? 0;
      starts[digit] = to + 1;
      points[to] = point;
      owners[to] = fromOwners[index] ?? 0;
    }
  }
}
