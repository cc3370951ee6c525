const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY = '(?:mon|tue|wed|thu|fri|sat|sun)';
const LONG_DAY = '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)';
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';

/** RFC 9110 section 5.6.7. The case of letters does not matter (RFC 9111 section 4.2); everything else does. */
const FORMATS: readonly RegExp[] = [
  new RegExp(`^${DAY}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`, 'i'),
  new RegExp(`^${LONG_DAY}, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT$`, 'i'),
  new RegExp(`^${DAY} ${MONTH} (?<day>\\d\\d| \\d) ${TIME} (?<year>\\d{4})$`, 'i'),
];

/**
 * Reads an HTTP-date in any of its three formats.
 *
 * @param now in milliseconds since 1970; what a year of two digits is told by
 * @returns milliseconds since 1970; undefined when it is no date
 */
export function parseDate(text: string, now: number): number | undefined {
  for (const format of FORMATS) {
    const groups = format.exec(text)?.groups;
    if (groups !== undefined) return instantOf(groups, now);
  }
  return undefined;
}

/** @returns an HTTP-date, as it is generated: in the first format */
export function formatDate(instant: number): string {
  return new Date(instant).toUTCString();
}

function instantOf(groups: Readonly<Record<string, string | undefined>>, now: number): number | undefined {
  const [day, hour, minute, second] = [groups['day'], groups['hour'], groups['minute'], groups['second']].map(Number);
  if (day === undefined || hour === undefined || minute === undefined || second === undefined) return undefined;
  // A leap second is 60.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const month = MONTHS.indexOf((groups['month'] ?? '').toLowerCase());
  const year = yearOf(groups['year'] ?? '', now);
  // Date.UTC would go on into the next month, and take a year below 100 for one of the last century.
  const date = new Date(Date.UTC(year, month, day));
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month) return undefined;
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** A year of two digits that seems to be more than 50 years ahead is one of the past (RFC 9110 section 5.6.7). */
function yearOf(text: string, now: number): number {
  const year = Number(text);
  if (text.length === 4) return year;
  const thisYear = new Date(now).getUTCFullYear();
  const candidate = thisYear - (thisYear % 100) + year;
  return candidate > thisYear + 50 ? candidate - 100 : candidate;
}
