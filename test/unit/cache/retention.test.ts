import { expect } from 'chai';
import type { Freshness } from '../../../src/cache/answer.ts';
import { retentionOf } from '../../../src/cache/retention.ts';
import { answerOf } from '../../support/answers.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const BORN = 1_795_000_000_000;

function retention(more: Partial<Freshness>, headers: readonly string[] = [], age = 0): number {
  const freshness = { ...answerOf('').freshness, bornAt: BORN, lifetime: 0, ...more };
  return retentionOf(answerOf('', { headers, freshness }), BORN + age);
}

describe('how long an answer is worth keeping', () => {
  it('is as long as it may be used, fresh or stale', () => {
    expect(retention({ lifetime: 10 })).to.equal(10);
    expect(retention({ lifetime: 10 }, [], 4)).to.equal(6);
    expect(retention({ lifetime: 10, staleWhileRevalidate: 5, staleIfError: 3 })).to.equal(15);
    expect(retention({ lifetime: 10, staleWhileRevalidate: 3, staleIfError: 5 })).to.equal(15);
    expect(retention({ lifetime: 0.5 })).to.equal(1);
  });

  it('is nothing once that is over', () => {
    expect(retention({})).to.equal(0);
    expect(retention({ lifetime: 10 }, [], 11)).to.equal(-1);
  });

  it('is longer when it can be validated: as long again, from a minute to a day', () => {
    for (const name of ['ETag', 'last-modified']) {
      expect(retention({}, [name, 'x'])).to.equal(MINUTE);
      expect(retention({ lifetime: 2 * MINUTE }, ['a', 'b', name, 'x'])).to.equal(4 * MINUTE);
      expect(retention({ lifetime: 2 * DAY }, [name, 'x'])).to.equal(3 * DAY);
    }
    expect(retention({}, ['a', 'etag'])).to.equal(0);
    expect(retention({ staleIfError: 2 * MINUTE }, ['etag', 'x'])).to.equal(2 * MINUTE);
  });

  it('is no longer than 30 days', () => {
    expect(retention({ lifetime: 365 * DAY })).to.equal(30 * DAY);
  });
});
