import { expect } from 'chai';
import { assert, integer, property, string } from 'fast-check';
import { formatDate, parseDate } from '../../../src/cache/dates.ts';
import { NOW } from './answers.ts';

const INSTANT = Date.UTC(1994, 10, 6, 8, 49, 37);

describe('RFC 9110 section 5.6.7: dates', () => {
  it('come in three formats', () => {
    expect(parseDate('Sun, 06 Nov 1994 08:49:37 GMT', NOW)).to.equal(INSTANT);
    expect(parseDate('Sunday, 06-Nov-94 08:49:37 GMT', NOW)).to.equal(INSTANT);
    expect(parseDate('Sun Nov  6 08:49:37 1994', NOW)).to.equal(INSTANT);
    expect(parseDate('Sun Nov 16 08:49:37 1994', NOW)).to.equal(INSTANT + 10 * 86_400_000);
  });

  it('RFC 9111 section 4.2: come in any case', () => {
    expect(parseDate('SUN, 06 nov 1994 08:49:37 gmt', NOW)).to.equal(INSTANT);
  });

  it('with a year of two digits are at most 50 years ahead', () => {
    const year = (text: string): number =>
      new Date(parseDate(`Friday, 01-Jan-${text} 00:00:00 GMT`, NOW) ?? 0).getUTCFullYear();
    expect([year('25'), year('26'), year('76'), year('77'), year('99')]).to.deep.equal([2025, 2026, 2076, 1977, 1999]);
  });

  it('know the days of a month, and leap seconds', () => {
    expect(parseDate('Thu, 29 Feb 2024 00:00:00 GMT', NOW)).to.equal(Date.UTC(2024, 1, 29));
    expect(parseDate('Sat, 31 Dec 2016 23:59:60 GMT', NOW)).to.equal(Date.UTC(2017, 0, 1));
    expect(parseDate('Wed, 29 Feb 2023 00:00:00 GMT', NOW)).to.equal(undefined);
    expect(parseDate('Wed, 00 Mar 2023 00:00:00 GMT', NOW)).to.equal(undefined);
  });

  for (const text of [
    '0',
    '',
    '-1',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 UTC',
    'Sun, 06 Nov 1994 08:49:37 AEST',
    'Sun,  06 Nov 1994 08:49:37 GMT',
    'Sun 06 Nov 1994 08:49:37 GMT',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06-Nov-1994 08:49:37 GMT',
    'Sun, 06 Nov 94 08:49:37 GMT',
    'Sun, 06 Nov 1994 8:49:37 GMT',
    'Sun, 06 Nov 1994 08.49.37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:00 GMT',
    'Sun, 06 Nov 0094 08:49:37 GMT',
    'Sun, 06 Foo 1994 08:49:37 GMT',
    'Foo, 06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
    '1994-11-06T08:49:37Z',
  ]) {
    it(`are not: ${text}`, () => void expect(parseDate(text, NOW)).to.equal(undefined));
  }

  it('are read as they were written, and nothing else breaks the reader', () => {
    assert(
      property(integer({ min: 0, max: 253_402_300_799 }), string(), (seconds, text) => {
        expect(parseDate(formatDate(seconds * 1000), NOW)).to.equal(seconds * 1000);
        parseDate(text, NOW);
      }),
    );
  });
});
