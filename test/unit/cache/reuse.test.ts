import { expect } from 'chai';
import { assert, boolean, integer, option, property, record } from 'fast-check';
import { requestRules } from '../../../src/cache/directives.ts';
import { ageOf, mayStandIn, reuse, type Reuse } from '../../../src/cache/reuse.ts';
import { freshness, NOW, SECOND } from './answers.ts';

/** What is to be done with an answer of such an age, in seconds, that is fresh for a minute. */
function reused(age: number, said?: string, rest: Parameters<typeof freshness>[0] = {}): Reuse {
  return reuse(freshness(rest), requestRules(said, undefined), NOW + age * SECOND);
}

function standsIn(age: number, said?: string, rest: Parameters<typeof freshness>[0] = {}): boolean {
  return mayStandIn(freshness(rest), requestRules(said, undefined), NOW + age * SECOND);
}

describe('RFC 9111 section 4.2: an answer is reused', () => {
  it('as long as its age is below its lifetime', () => {
    expect([reused(0), reused(59.999), reused(60), reused(61)]).to.deep.equal([
      'fresh',
      'fresh',
      'validate',
      'validate',
    ]);
    expect(reused(0, undefined, { lifetime: 0 })).to.equal('validate');
  });

  it('as new when the clock was set back', () => {
    expect(reused(-1000)).to.equal('fresh');
    expect(ageOf(freshness(), NOW - 1000)).to.equal(0);
  });

  it('section 5.2.2.4: never with no-cache', () => {
    expect(reused(0, 'max-stale', { validateAlways: true })).to.equal('validate');
  });

  it('never as fresh beyond its lifetime, nor against what the request or the answer says', () => {
    const span = integer({ min: 0, max: 200_000 });
    assert(
      property(
        record({
          lifetime: span,
          validateAlways: boolean(),
          validateStale: boolean(),
          staleWhileRevalidate: span,
          age: span,
        }),
        record({ noCache: boolean(), maxAge: option(span), minFresh: option(span), maxStale: option(span) }),
        ({ age, ...rest }, said) => {
          const rules = {
            noStore: false,
            onlyIfCached: false,
            noCache: said.noCache,
            maxAge: said.maxAge ?? undefined,
            minFresh: said.minFresh ?? undefined,
            maxStale: said.maxStale ?? undefined,
            staleIfError: undefined,
          };
          const use = reuse(freshness(rest), rules, NOW + age);
          if (use === 'validate') return;
          expect(rest.validateAlways || said.noCache).to.equal(false);
          expect(age).to.be.at.most(said.maxAge ?? Infinity);
          expect(rest.lifetime - age).to.be.at.least(said.minFresh ?? -Infinity);
          expect(use === 'fresh').to.equal(age < rest.lifetime);
          if (use === 'fresh') return;
          expect(rest.validateStale).to.equal(false);
          if (use === 'stale') expect(age - rest.lifetime).to.be.at.most(said.maxStale ?? -1);
          else expect(age - rest.lifetime).to.be.lessThan(rest.staleWhileRevalidate);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe('RFC 9111 section 5.2.1: a request asks for', () => {
  it('validation, with no-cache', () => void expect(reused(0, 'no-cache')).to.equal('validate'));

  it('a certain age, with max-age', () => {
    expect([reused(10, 'max-age=10'), reused(10.001, 'max-age=10')]).to.deep.equal(['fresh', 'validate']);
    expect(reused(0, 'max-age=0')).to.equal('validate');
    expect(reused(0, 'max-age=0, max-stale')).to.equal('validate');
  });

  it('some freshness that is left, with min-fresh', () => {
    expect([reused(50, 'min-fresh=10'), reused(51, 'min-fresh=10')]).to.deep.equal(['fresh', 'validate']);
  });

  it('stale answers, with max-stale', () => {
    expect([reused(70, 'max-stale=10'), reused(71, 'max-stale=10')]).to.deep.equal(['stale', 'validate']);
    expect(reused(1_000_000, 'max-stale')).to.equal('stale');
    expect(reused(70, 'max-stale=10, max-age=80')).to.equal('stale');
    expect(reused(61, 'max-stale', { validateStale: true })).to.equal('validate');
  });
});

describe('RFC 5861 section 3: stale-while-revalidate', () => {
  const window = { staleWhileRevalidate: 10 * SECOND };

  it('is for as long after the lifetime as was said', () => {
    expect([reused(59, undefined, window), reused(60, undefined, window)]).to.deep.equal([
      'fresh',
      'stale-while-revalidate',
    ]);
    expect([reused(69.9, undefined, window), reused(70, undefined, window)]).to.deep.equal([
      'stale-while-revalidate',
      'validate',
    ]);
  });

  it('is not for requests that want better', () => {
    for (const said of ['max-age=100', 'min-fresh=0', 'no-cache', 'max-stale=4']) {
      expect(reused(65, said, window), said).to.equal('validate');
    }
    expect(reused(65, 'max-stale=5', window)).to.equal('stale-while-revalidate');
    expect(reused(65, 'only-if-cached', window)).to.equal('stale-while-revalidate');
    expect(reused(75, 'max-stale', window)).to.equal('stale');
  });

  it('is not for what must be validated', () => {
    expect(reused(61, undefined, { ...window, validateStale: true })).to.equal('validate');
    expect(reused(61, undefined, { ...window, validateAlways: true })).to.equal('validate');
  });
});

describe('RFC 5861 section 4: stale-if-error', () => {
  const window = { staleIfError: 10 * SECOND };

  it('is what the answer, its route or the request says', () => {
    expect([standsIn(69.9, undefined, window), standsIn(70, undefined, window)]).to.deep.equal([true, false]);
    expect([standsIn(79, 'stale-if-error=20', window), standsIn(80, 'stale-if-error=20', window)]).to.deep.equal([
      true,
      false,
    ]);
    expect(standsIn(79, 'stale-if-error=20')).to.equal(true);
    expect([standsIn(0), standsIn(61)]).to.deep.equal([false, false]);
    expect(standsIn(65, 'max-age=0', window)).to.equal(true);
  });

  it('is not for what must be validated', () => {
    expect(standsIn(61, 'stale-if-error=99', { ...window, validateStale: true })).to.equal(false);
    expect(standsIn(61, 'stale-if-error=99', { ...window, validateAlways: true })).to.equal(false);
  });

  it('is not for a request with no-cache that does not ask for it', () => {
    expect(standsIn(61, 'no-cache', window)).to.equal(false);
    expect(standsIn(61, 'no-cache, stale-if-error=5', window)).to.equal(true);
  });
});

describe('RFC 9111 section 5.1: Age', () => {
  it('has whole seconds, from 0 to 2^31', () => {
    expect([999, 1000, 1999].map((age) => ageOf(freshness(), NOW + age))).to.deep.equal([0, 1, 1]);
    expect(ageOf(freshness({ bornAt: NOW - 1e15 }), NOW)).to.equal(2 ** 31);
  });
});
