/** Why an attempt had no answer, as far as retries tell it apart. */
export type RetryCause = 'connect-failure' | 'reset' | 'timeout';

/** When and how often a failed attempt is repeated. Times are in milliseconds. */
export interface RetryRules {
  /** The most attempts in all, the first one included. */
  readonly attempts: number;
  /** What is retried: causes, and status codes of answers. */
  readonly when: readonly (RetryCause | number)[];
  /** Methods that are retried; others only with an Idempotency-Key. */
  readonly methods: readonly string[];
  /** The longest pause before the first retry, which doubles with each further one, and the longest of all. */
  readonly backoff: { readonly base: number; readonly max: number };
  /** The `ratio` of the {@link RetryBudget}. */
  readonly budget: number;
  /** Requests with larger bodies are not retried; in bytes. */
  readonly bodyBuffer: number;
}

/** Rules, made ready to be asked. */
export interface Retry {
  readonly rules: RetryRules;
  /** Whether what became of an attempt is a reason for another one. */
  counts(result: RetryCause | number): boolean;
  /** @param method as in the request: methods are case-sensitive (RFC 9110 section 9.1) */
  methodAllows(method: string, hasIdempotencyKey: boolean): boolean;
  /**
   * The pause before a retry in milliseconds, with full jitter. A Retry-After is waited for first, and the jitter comes
   * on top: all who were told the same time would otherwise come back at once.
   *
   * @param attempt the number of the attempt that has failed, from 1 on
   * @param retryAfter in seconds, when the answer had one
   * @param random a number from 0 to below 1
   */
  delay(attempt: number, retryAfter: number | undefined, random: () => number): number;
}

/** The largest exponent with which the power is finite: 0 times infinity would be no number. */
const MAX_EXPONENT = 1023;

export function compileRetry(rules: RetryRules): Retry {
  const when = new Set<RetryCause | number>(rules.when);
  const methods = new Set(rules.methods);
  const { base, max } = rules.backoff;
  return {
    rules,
    counts: (result) => when.has(result),
    methodAllows: (method, hasIdempotencyKey) => hasIdempotencyKey || methods.has(method),
    delay: (attempt, retryAfter = 0, random) =>
      retryAfter * 1000 + random() * Math.min(max, base * 2 ** Math.min(attempt - 1, MAX_EXPONENT)),
  };
}

/** A retry, in the parts that are counted: in these the ratio is a whole number, and no sum is ever rounded. */
const RETRY = 1_000_000;
/** So many retries are saved up at the most, and there from the start. */
const SAVED = 10;

/**
 * Bounds the retries of an upstream, so that they do not multiply the load of one that is down: every request earns a
 * part of a retry. So many requests have at most (1 + ratio) × requests + 10 attempts, whatever fails.
 */
export class RetryBudget {
  readonly #gain: number;
  #saved = SAVED * RETRY;

  /** @param options `ratio` is how much of a retry a request earns, from 0 to 1, to a millionth */
  constructor({ ratio }: { readonly ratio: number }) {
    this.#gain = Math.round(ratio * RETRY);
  }

  /** A request has come; once for each, however many attempts it will have. */
  requested(): void {
    this.#saved = Math.min(SAVED * RETRY, this.#saved + this.#gain);
  }

  /** Takes a retry, if there is one: true = it may be made. */
  tryRetry(): boolean {
    if (this.#saved < RETRY) return false;
    this.#saved -= RETRY;
    return true;
  }
}

/** What a number of seconds that is too large to be held is taken for, as RFC 9111 section 1.2.2 does. */
const MAX_SECONDS = 2 ** 31;
const TIME = String.raw`(?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d):(?<second>[0-5]\d|60)`;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
/** The three forms of an HTTP-date, all of which a recipient has to accept (RFC 9110 section 5.6.7). */
const DATES: readonly RegExp[] = [
  String.raw`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\d\d) ${MONTH} (?<year>\d{4}) ${TIME} GMT`,
  String.raw`(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\d\d)-${MONTH}-(?<year>\d\d) ${TIME} GMT`,
  String.raw`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${MONTH} (?<day>[ \d]\d) ${TIME} (?<year>\d{4})`,
].map((form) => new RegExp(`^${form}$`));

/**
 * Reads the value of Retry-After, seconds or a date (RFC 9110 section 10.2.3).
 *
 * @param now the time of day, in milliseconds since 1970
 * @returns whole seconds from now on, rounded up; 0 for a date in the past; undefined for what is neither
 */
export function parseRetryAfter(value: string, now: number): number | undefined {
  if (/^\d+$/.test(value)) return Math.min(MAX_SECONDS, Number(value));
  const date = parseDate(value, now);
  return date === undefined ? undefined : Math.min(MAX_SECONDS, Math.max(0, Math.ceil((date - now) / 1000)));
}

/** @returns milliseconds since 1970 */
function parseDate(value: string, now: number): number | undefined {
  for (const form of DATES) {
    const parts = form.exec(value)?.groups;
    if (parts === undefined) continue;
    const { year = '', month = '', day, hour, minute, second } = parts;
    const date = new Date(0);
    // Unlike Date.UTC, this takes the year 50 for what it is.
    date.setUTCFullYear(fullYear(year, now), MONTHS.indexOf(month), Number(day));
    // A 31st of February has become one of March.
    if (date.getUTCDate() !== Number(day)) return undefined;
    return date.setUTCHours(Number(hour), Number(minute), Number(second));
  }
  return undefined;
}

/** One of two digits that is more than 50 years ahead is the last one in the past with these digits. */
function fullYear(written: string, now: number): number {
  if (written.length === 4) return Number(written);
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + 100 + Number(written);
  return year - 100 * Math.ceil(Math.max(0, year - thisYear - 50) / 100);
}
