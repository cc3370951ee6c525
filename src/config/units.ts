const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const SIZE = /^(\d+(?:\.\d+)?)(B|KiB|MiB|GiB)$/;
const BYTES: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/**
 * @param text a duration of the configuration language: `250ms`, `5s`, `15m`, `24h`, `30d`, or `off`
 * @returns milliseconds; 0 for `off`
 * @throws RangeError when the text is none; the schema lets no such text through
 */
export function parseDuration(text: string): number {
  return text === 'off' ? 0 : scale(text, DURATION, MILLISECONDS);
}

/** The longest that a timer of Node can wait; a longer one would fire at once. In milliseconds, nearly 25 days. */
const MAX_TIMER = 2 ** 31 - 1;

/** As {@link parseDuration}, and no longer than a timer can wait. */
export function parseTimer(text: string): number {
  return Math.min(parseDuration(text), MAX_TIMER);
}

/**
 * @param text a size of the configuration language: `512B`, `16KiB`, `10MiB`
 * @returns bytes
 * @throws RangeError when the text is none; the schema lets no such text through
 */
export function parseSize(text: string): number {
  return scale(text, SIZE, BYTES);
}

function scale(text: string, form: RegExp, units: Readonly<Record<string, number>>): number {
  const match = form.exec(text);
  const unit = units[match?.[2] ?? ''];
  if (match === null || unit === undefined) throw new RangeError(`not a quantity: ${text}`);
  return Math.round(Number(match[1]) * unit);
}

/**
 * @param milliseconds a duration
 * @returns the shortest exact form in the configuration language: 90000 → `90s`
 */
export function formatDuration(milliseconds: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = MILLISECONDS[unit] ?? 1;
    if (milliseconds >= size && milliseconds % size === 0) return `${milliseconds / size}${unit}`;
  }
  return `${milliseconds}ms`;
}
