import { expect } from 'chai';
import * as fc from 'fast-check';
import { compileRetry, parseRetryAfter, RetryBudget, type RetryRules } from '../../../src/resilience/retry.ts';

const RULES: RetryRules = {
  attempts: 3,
  when: ['connect-failure', 'timeout', 502, 503],
  methods: ['GET', 'PUT'],
  backoff: { base: 25, max: 1000 },
  budget: 0.2,
  bodyBuffer: 65_536,
};

describe('retry rules', () => {
  const retry = compileRetry(RULES);

  it('count the causes and status codes that they name, and no others', () => {
    for (const result of ['connect-failure', 'timeout', 502, 503] as const) {
      expect(retry.counts(result), String(result)).to.equal(true);
    }
    for (const result of ['reset', 200, 500, 504] as const)
      expect(retry.counts(result), String(result)).to.equal(false);
  });

  it('allow other methods with an Idempotency-Key only', () => {
    expect(retry.methodAllows('GET', false)).to.equal(true);
    expect(retry.methodAllows('PUT', false)).to.equal(true);
    expect(retry.methodAllows('POST', false)).to.equal(false);
    expect(retry.methodAllows('POST', true)).to.equal(true);
    // Methods are case-sensitive.
    expect(retry.methodAllows('get', false)).to.equal(false);
  });

  it('pause for twice as long at the most after each attempt, up to the longest pause', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => retry.delay(attempt, undefined, () => 1));
    expect(pauses).to.deep.equal([25, 50, 100, 200, 400, 800, 1000, 1000]);
  });

  it('pause for any part of that', () => {
    expect(retry.delay(3, undefined, () => 0)).to.equal(0);
    expect(retry.delay(3, undefined, () => 0.25)).to.equal(25);
    expect(retry.delay(3, undefined, () => 0.99)).to.equal(99);
  });

  it('pause for as long as Retry-After says, and a part of the pause more', () => {
    expect(retry.delay(2, 3, () => 0)).to.equal(3000);
    expect(retry.delay(2, 3, () => 0.5)).to.equal(3025);
    expect(retry.delay(2, 0, () => 0.5)).to.equal(25);
  });

  it('give a finite pause within bounds for every attempt', () => {
    const count = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(count, count, count, fc.option(count), fc.double({ min: 0, max: 1, noNaN: true }), (...given) => {
        const [base, max, attempt, after, random] = given;
        const wait = after ?? undefined;
        const delay = compileRetry({ ...RULES, backoff: { base, max } }).delay(attempt + 1, wait, () => random);
        expect(delay).to.be.within((wait ?? 0) * 1000, (wait ?? 0) * 1000 + max);
      }),
    );
    expect(compileRetry({ ...RULES, backoff: { base: 0, max: 1000 } }).delay(9999, undefined, () => 1)).to.equal(0);
  });
});

/** How many retries of so many tried are made. */
function retries(budget: RetryBudget, times: number): number {
  let made = 0;
  for (let time = 0; time < times; time += 1) if (budget.tryRetry()) made += 1;
  return made;
}

describe('a retry budget', () => {
  it('has ten retries from the start', () => {
    expect(retries(new RetryBudget({ ratio: 0 }), 100)).to.equal(10);
  });

  it('earns a part of a retry with each request, without rounding', () => {
    for (const [ratio, requests] of [
      [0.1, 10],
      [0.2, 5],
      [0.01, 100],
      [0.001, 1000],
      [1, 1],
    ] as const) {
      const budget = new RetryBudget({ ratio });
      retries(budget, 10);
      for (let round = 0; round < 20; round += 1) {
        for (let request = 1; request < requests; request += 1) budget.requested();
        expect(retries(budget, 1), `${ratio}, one request early`).to.equal(0);
        budget.requested();
        expect(retries(budget, 2), String(ratio)).to.equal(1);
      }
    }
  });

  it('saves up ten and no more', () => {
    const budget = new RetryBudget({ ratio: 0.5 });
    for (let request = 0; request < 1000; request += 1) budget.requested();
    expect(retries(budget, 100)).to.equal(10);
  });

  it('bounds the attempts in a full outage to (1 + ratio) × requests + 10', () => {
    const percent = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(
        percent,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 500 }),
        (part, most, requests) => {
          const budget = new RetryBudget({ ratio: part / 100 });
          let attempts = 0;
          for (let request = 0; request < requests; request += 1) {
            budget.requested();
            attempts += 1;
            for (let attempt = 1; attempt < most && budget.tryRetry(); attempt += 1) attempts += 1;
          }
          // In whole numbers, so that the test rounds nothing either.
          expect(attempts * 100).to.be.at.most((100 + part) * requests + 1000);
        },
      ),
    );
  });

  it('keeps to the bound over any stretch, in whatever order requests and retries come', () => {
    const story = fc.array(fc.boolean(), { minLength: 100, maxLength: 600 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), story, (part, isRequest) => {
        const budget = new RetryBudget({ ratio: part / 100 });
        // The most that a stretch which ends here goes over what its requests earn, in hundredths of a retry.
        let excess = 0;
        for (const request of isRequest) {
          if (request) {
            budget.requested();
            excess = Math.max(0, excess - part);
          } else if (budget.tryRetry()) excess += 100;
          expect(excess).to.be.at.most(1000);
        }
      }),
    );
  });
});

describe('the value of Retry-After', () => {
  /** Sun, 06 Nov 1994 08:49:00 GMT. */
  const NOW = Date.UTC(1994, 10, 6, 8, 49, 0);
  const YEAR_2026 = Date.UTC(2026, 6, 1);

  it('is a number of seconds', () => {
    expect(parseRetryAfter('0', NOW)).to.equal(0);
    expect(parseRetryAfter('120', NOW)).to.equal(120);
    expect(parseRetryAfter('007', NOW)).to.equal(7);
  });

  it('is finite however large', () => {
    expect(parseRetryAfter('9'.repeat(400), NOW)).to.equal(2 ** 31);
    expect(parseRetryAfter('Fri, 31 Dec 9999 23:59:59 GMT', NOW)).to.equal(2 ** 31);
  });

  it('is a date, in each of the three forms', () => {
    for (const date of [
      'Sun, 06 Nov 1994 08:49:37 GMT',
      'Sunday, 06-Nov-94 08:49:37 GMT',
      'Sun Nov  6 08:49:37 1994',
    ]) {
      expect(parseRetryAfter(date, NOW), date).to.equal(37);
    }
    expect(parseRetryAfter('Wed Nov 16 08:49:00 1994', NOW)).to.equal(10 * 86_400);
  });

  it('is rounded up, and 0 for a date in the past', () => {
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:02 GMT', NOW + 1)).to.equal(2);
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:48:59 GMT', NOW)).to.equal(0);
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', YEAR_2026)).to.equal(0);
    expect(parseRetryAfter('Wed, 01 Jan 0050 00:00:00 GMT', Date.UTC(1940, 0, 1))).to.equal(0);
  });

  it('is in the past when its year of two digits would be more than 50 years ahead', () => {
    const secondsTo = (year: number): number => (Date.UTC(year, 6, 1) - YEAR_2026) / 1000;
    expect(parseRetryAfter('Wednesday, 01-Jul-27 00:00:00 GMT', YEAR_2026)).to.equal(secondsTo(2027));
    expect(parseRetryAfter('Wednesday, 01-Jul-76 00:00:00 GMT', YEAR_2026)).to.equal(secondsTo(2076));
    expect(parseRetryAfter('Wednesday, 01-Jul-77 00:00:00 GMT', YEAR_2026)).to.equal(0);
    const endOfCentury = Date.UTC(2099, 11, 31, 23, 59, 50);
    expect(parseRetryAfter('Friday, 01-Jan-00 00:00:00 GMT', endOfCentury)).to.equal(10);
  });

  it('reads every date that Date writes', () => {
    const time = fc.integer({ min: 0, max: 100 * 366 * 86_400 });
    fc.assert(
      fc.property(time, time, (now, then) => {
        const date = new Date(then * 1000).toUTCString();
        expect(parseRetryAfter(date, now * 1000)).to.equal(Math.min(2 ** 31, Math.max(0, then - now)));
      }),
    );
  });

  it('is undefined when it is nonsense', () => {
    for (const nonsense of [
      '',
      ' ',
      '-1',
      '+1',
      '1.5',
      '1e3',
      '0x10',
      '12 ',
      '1, 2',
      'soon',
      'Infinity',
      'Sun, 06 Nov 1994 08:49:37',
      'Sun, 06 Nov 1994 08:49:37 CET',
      'sun, 06 nov 1994 08:49:37 gmt',
      'Sun, 6 Nov 1994 08:49:37 GMT',
      'Sun, 06 Nov 94 08:49:37 GMT',
      'Sun, 00 Nov 1994 08:49:37 GMT',
      'Sun, 31 Feb 1994 08:49:37 GMT',
      'Sun, 06 Nov 1994 24:00:00 GMT',
      'Sun, 06 Nov 1994 08:60:00 GMT',
      'Sun, 06 Nov 1994 08:49:61 GMT',
      '1994-11-06T08:49:37Z',
      'Sun, 06 Nov 1994 08:49:37 GMT, 5',
    ]) {
      expect(parseRetryAfter(nonsense, NOW), nonsense).to.equal(undefined);
    }
  });

  it('is never negative, whatever is written', () => {
    const written = fc.oneof(fc.string(), fc.stringMatching(/^[-+]?\d{1,20}$/));
    fc.assert(
      fc.property(written, fc.nat(), (value, now) => {
        expect(parseRetryAfter(value, now) ?? 0).to.be.within(0, 2 ** 31);
      }),
    );
  });
});
