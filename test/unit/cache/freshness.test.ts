import { expect } from 'chai';
import { ageOf } from '../../../src/cache/reuse.ts';
import { judge } from '../../../src/cache/judge.ts';
import type { HeaderList } from '../../../src/exchange.ts';
import { dateAt, judged, NOW, STORING, REQUEST, SECOND, storable, why } from './answers.ts';

/** In seconds; of an answer with a validator, so that it may be stored stale. */
function lifetime(headers: HeaderList, ttl?: number): number {
  return storable(judged([...headers, 'ETag', '"a"'], { storing: { ttl } })).answer.freshness.lifetime / SECOND;
}

/** In seconds, of an answer that took so long, in milliseconds. */
function ageOnArrival(headers: HeaderList, took = 0): number {
  const head = { status: 200, headers: ['ETag', '"a"', ...headers], requestedAt: NOW - took, receivedAt: NOW };
  return ageOf(storable(judge(head, REQUEST, { ...STORING, ttl: SECOND })).answer.freshness, NOW);
}

describe('RFC 9111 section 4.2.1: the lifetime', () => {
  it('is s-maxage before max-age before Expires before the ttl of the route', () => {
    const expires = ['Expires', dateAt(30)];
    expect(lifetime(['Cache-Control', 'max-age=20, s-maxage=10', ...expires], 40_000)).to.equal(10);
    expect(lifetime(['Cache-Control', 'max-age=20', ...expires], 40_000)).to.equal(20);
    expect(lifetime(expires, 40_000)).to.equal(30);
    expect(lifetime([], 40_000)).to.equal(40);
  });

  it('is of all lines together', () => {
    expect(lifetime(['Cache-Control', 'public', 'cache-control', 'max-age=20'])).to.equal(20);
  });

  it('is the shortest of several', () => {
    expect(lifetime(['Cache-Control', 'max-age=1800, max-age=1'])).to.equal(1);
    expect(lifetime(['Cache-Control', 'max-age=1', 'Cache-Control', 'max-age=1800'])).to.equal(1);
  });

  for (const bad of [
    "max-age='60'",
    'max-age=a60',
    'max-age=60a',
    'max-age=-60',
    'max-age =60',
    'max-age= 60',
    'max-age=60.0',
  ]) {
    it(`is 0 with ${bad}, whatever else is said`, () => {
      expect(lifetime(['Cache-Control', bad, 'Expires', dateAt(60)], 60_000)).to.equal(0);
    });
  }

  it('does not fall back to max-age from an s-maxage that cannot be read', () => {
    expect(lifetime(['Cache-Control', 's-maxage=x, max-age=60'])).to.equal(0);
  });
});

describe('RFC 9111 section 4.2.2: heuristic freshness', () => {
  it('is for some statuses, and for all with public', () => {
    for (const status of [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501]) {
      const { isExplicit } = storable(judged([], { status, storing: { ttl: 1000 } })).answer;
      expect(isExplicit, String(status)).to.equal(false);
    }
    for (const status of [201, 302, 307, 400, 403, 500, 503]) {
      expect(why(judged([], { status, storing: { ttl: 1000 } })), String(status)).to.equal('no-freshness');
      const { answer } = storable(judged(['Cache-Control', 'public'], { status, storing: { ttl: 1000 } }));
      expect(answer.freshness.lifetime, String(status)).to.equal(1000);
    }
  });

  it('is not without a ttl: nothing is guessed from Last-Modified', () => {
    expect(why(judged(['Last-Modified', dateAt(-10_000)]))).to.equal('no-freshness');
  });

  it('is not for an answer that only says no-cache', () => {
    expect(lifetime(['Cache-Control', 'no-cache'], 60_000)).to.equal(0);
  });
});

describe('RFC 9111 section 5.3: Expires', () => {
  it('counts from Date, not from when the answer came', () => {
    const headers = ['Date', dateAt(-10), 'Expires', dateAt(20), 'ETag', '"a"'];
    const { answer } = storable(judge({ status: 200, headers, requestedAt: NOW, receivedAt: NOW }, REQUEST, STORING));
    expect(answer.freshness.lifetime).to.equal(30 * SECOND);
    expect(ageOf(answer.freshness, NOW)).to.equal(10);
  });

  it('is in the past when it is no date, or when two differ', () => {
    expect(lifetime(['Expires', '0'], 60_000)).to.equal(0);
    expect(lifetime(['Expires', 'tomorrow'], 60_000)).to.equal(0);
    expect(lifetime(['Expires', dateAt(-60)], 60_000)).to.equal(0);
    expect(lifetime(['Expires', dateAt(60), 'Expires', dateAt(90)])).to.equal(0);
    expect(lifetime(['Expires', dateAt(60), 'Expires', dateAt(60)])).to.equal(60);
  });

  it('is at most 2^31 seconds ahead', () => {
    expect(lifetime(['Expires', 'Fri, 01 Jan 9999 00:00:00 GMT'])).to.equal(2 ** 31);
  });
});

describe('RFC 9111 section 4.2.3: the age', () => {
  it('is the larger one of Age with the delay, and of what Date shows', () => {
    expect(ageOnArrival(['Date', dateAt(-5)])).to.equal(5);
    expect(ageOnArrival(['Date', dateAt(-5), 'Age', '7'])).to.equal(7);
    expect(ageOnArrival(['Date', dateAt(-5), 'Age', '7'], 3000)).to.equal(10);
    expect(ageOnArrival(['Date', dateAt(-5)], 3000)).to.equal(5);
    expect(ageOnArrival(['Date', dateAt(100)])).to.equal(0);
    expect(ageOnArrival([])).to.equal(0);
  });

  it('is not made of the milliseconds that a Date does not have', () => {
    const headers = ['Date', dateAt(0), 'Cache-Control', 'max-age=1'];
    const head = { status: 200, headers, requestedAt: NOW + 900, receivedAt: NOW + 900 };
    expect(storable(judge(head, REQUEST, STORING)).answer.freshness.bornAt).to.equal(NOW + 900);
  });

  it('section 5.1: takes the first member of the first Age', () => {
    expect(ageOnArrival(['Age', '7, 0'])).to.equal(7);
    expect(ageOnArrival(['Age', '7', 'Age', '0'])).to.equal(7);
    for (const bad of ['-7', '7.5', '"7"', 'x', 'x, 7', '']) expect(ageOnArrival(['Age', bad]), bad).to.equal(0);
    expect(ageOnArrival(['Age', '9'.repeat(50)])).to.equal(2 ** 31);
  });
});
