/**
 * The values at which an axis has a line: round ones, from 0 to the first that is not below the highest value.
 *
 * @param {number} highest
 * @param {number} least what the axis shows at least
 * @returns {readonly number[]}
 */
export function ticks(highest, least) {
  const top = Math.max(highest, least);
  const step = niceStep(top / 3);
  const count = Math.max(1, Math.ceil(top / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/**
 * @param {number} rough
 * @returns {number} the next of 1, 2, 2.5, 5 times a power of ten
 */
function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5].find((each) => each * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** @typedef {{ readonly x: number, readonly y: number | null }} Point */

/**
 * The path of a line (SVG 2, section 9.3). It breaks where nothing is known and where points are too far apart.
 *
 * @param {readonly Point[]} points from left to right
 * @param {number} widest how far apart two points may be
 * @returns {string}
 */
export function linePath(points, widest) {
  return segments(points, widest)
    .map((segment) => {
      const [first = '', ...others] = segment.map(({ x, y }) => `${short(x)},${short(y)}`);
      // A line without length is a dot where its ends are round.
      return `M${first}${others.length === 0 ? 'h0' : `L${others.join(' ')}`}`;
    })
    .join('');
}

/**
 * The path of the area below a line.
 *
 * @param {readonly Point[]} points
 * @param {number} widest
 * @param {number} floor
 */
export function areaPath(points, widest, floor) {
  return segments(points, widest)
    .map((segment) => {
      const line = segment.map(({ x, y }) => `${short(x)},${short(y)}`).join(' ');
      return `M${short(segment[0]?.x ?? 0)},${short(floor)}L${line}L${short(segment.at(-1)?.x ?? 0)},${short(floor)}Z`;
    })
    .join('');
}

/**
 * @param {readonly Point[]} points
 * @param {number} widest
 */
function segments(points, widest) {
  /** @type {{ x: number, y: number }[][]} */
  const found = [];
  let last = -Infinity;
  for (const { x, y } of points) {
    if (y === null) last = -Infinity;
    else {
      if (x - last > widest) found.push([]);
      found.at(-1)?.push({ x, y });
      last = x;
    }
  }
  return found;
}

/** @param {number} value in pixels */
function short(value) {
  return String(Math.round(value * 10) / 10);
}
