import { expect } from 'chai';
import { requestRules } from '../../../src/cache/directives.ts';

describe('RFC 9111 section 5.2.1: what a request says', () => {
  it('is nothing for nearly all, and for what means nothing to a cache', () => {
    expect(requestRules(undefined, undefined)).to.equal(undefined);
    expect(requestRules('no-transform, foo=1', undefined)).to.equal(undefined);
    expect(requestRules('', undefined)).to.equal(undefined);
  });

  it('is read with durations in milliseconds', () => {
    expect(
      requestRules(
        'no-store, No-Cache, only-if-cached, max-age=5, min-fresh=6, max-stale=7, stale-if-error=8',
        undefined,
      ),
    ).to.deep.equal({
      noStore: true,
      noCache: true,
      onlyIfCached: true,
      maxAge: 5000,
      minFresh: 6000,
      maxStale: 7000,
      staleIfError: 8000,
    });
  });

  it('section 5.2.1.2: max-stale without a value takes any staleness', () => {
    expect(requestRules('max-stale', undefined)?.maxStale).to.equal(Infinity);
    expect(requestRules('max-stale, max-stale=5', undefined)?.maxStale).to.equal(5000);
  });

  it('is the strictest of several, and of what cannot be read', () => {
    expect(requestRules('max-age=5, max-age=3, max-age=4', undefined)?.maxAge).to.equal(3000);
    expect(requestRules('min-fresh=5, min-fresh=3', undefined)?.minFresh).to.equal(5000);
    expect(requestRules('max-age=x', undefined)?.maxAge).to.equal(0);
    expect(requestRules('max-stale=x', undefined)?.maxStale).to.equal(0);
    expect(requestRules('min-fresh=x', undefined)).to.equal(undefined);
  });

  it('section 5.4: is Pragma only without Cache-Control', () => {
    expect(requestRules(undefined, 'No-Cache')?.noCache).to.equal(true);
    expect(requestRules(undefined, 'x, no-cache')?.noCache).to.equal(true);
    expect(requestRules(undefined, 'x')).to.equal(undefined);
    expect(requestRules('max-age=5', 'no-cache')?.noCache).to.equal(false);
  });
});
