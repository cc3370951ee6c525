/** Between a number and its unit, which stay on one line. */
const SPACE = '\u00A0';

/** What stands where nothing is known. */
export const NOTHING = '–';

/**
 * A number with about three digits: `0.25`, `12.5`, `12,345`.
 *
 * @param {number} value
 */
export function number(value) {
  const size = Math.abs(value);
  const digits = size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

/**
 * How long something took: `850 µs`, `12.5 ms`, `1.2 s`.
 *
 * @param {number | null | undefined} seconds
 */
export function latency(seconds) {
  if (seconds === null || seconds === undefined) return NOTHING;
  if (seconds >= 1) return `${number(seconds)}${SPACE}s`;
  if (seconds >= 0.001 || seconds === 0) return `${number(seconds * 1000)}${SPACE}ms`;
  return `${number(seconds * 1e6)}${SPACE}µs`;
}

/**
 * A part of a whole.
 *
 * @param {number | null | undefined} ratio 0 to 1
 */
export function percent(ratio) {
  if (ratio === null || ratio === undefined) return NOTHING;
  const value = ratio * 100;
  // What is not all is never shown as all, and what is not nothing never as nothing.
  if (value > 99.9 && value < 100) return `99.9${SPACE}%`;
  if (value > 0 && value < 0.1) return `<${SPACE}0.1${SPACE}%`;
  return `${value.toLocaleString('en', { maximumFractionDigits: 1 })}${SPACE}%`;
}

/** @param {number | null | undefined} value */
export function bytes(value) {
  if (value === null || value === undefined) return NOTHING;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  return `${number(value / 1024 ** power)}${SPACE}${units[power] ?? ''}`;
}

/**
 * A span of time in its two largest units: `3 d 4 h`.
 *
 * @param {number} seconds
 */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min ${whole % 60} s`;
  return `${whole} s`;
}

/**
 * The time of day on the clock of whoever looks; with the date when it is another day.
 *
 * @param {Date} time
 * @param {Date} [now]
 */
export function clock(time, now = new Date()) {
  const text = [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':');
  return time.toDateString() === now.toDateString() ? text : `${day(time)} ${text}`;
}

/** @param {Date} time */
export function clockMinute(time) {
  return `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}`;
}

/** @param {Date} time */
function day(time) {
  return [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(twoDigits).join('-');
}

/** @param {number} value */
function twoDigits(value) {
  return String(value).padStart(2, '0');
}

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function counted(count, one, many = `${one}s`) {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
