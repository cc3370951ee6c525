import { expect } from 'chai';
import * as fc from 'fast-check';
import { Breaker, type BreakerOptions, type BreakerOutcome } from '../../../src/resilience/breaker.ts';

const OPTIONS: BreakerOptions = {
  failureRatio: 0.5,
  minimumRequests: 4,
  window: 10_000,
  openFor: 15_000,
  halfOpenRequests: 3,
};

interface Breaking {
  readonly breaker: Breaker;
  /** Each change, as `from > to`. */
  readonly changes: string[];
  readonly wait: (time: number) => void;
  /** Requests that begin and end at once. */
  readonly results: (outcome: BreakerOutcome, times: number) => void;
}

/** A breaker whose time is what the test says. */
function breaking(options: Partial<BreakerOptions> = {}, start = 123_456): Breaking {
  let now = start;
  const changes: string[] = [];
  const breaker = new Breaker(
    { ...OPTIONS, ...options },
    () => now,
    (to, from) => void changes.push(`${from} > ${to}`),
  );
  return {
    breaker,
    changes,
    wait: (time) => void (now += time),
    results: (outcome, times) => {
      for (let time = 0; time < times; time += 1) breaker.end(breaker.begin(), outcome);
    },
  };
}

/** One that has just opened. */
function opened(options: Partial<BreakerOptions> = {}): Breaking {
  const broken = breaking(options);
  broken.results('failure', 4);
  expect(broken.breaker.state).to.equal('open');
  return broken;
}

/** One that has just half-opened. */
function halfOpened(options: Partial<BreakerOptions> = {}): Breaking {
  const broken = opened(options);
  broken.wait(OPTIONS.openFor);
  expect(broken.breaker.state).to.equal('half-open');
  return broken;
}

describe('a closed breaker', () => {
  it('opens with the request that makes the share of failures large enough', () => {
    const { breaker, results, changes } = breaking({ minimumRequests: 1 });
    results('success', 10);
    results('failure', 9);
    expect(breaker.state).to.equal('closed');
    expect(breaker.permits()).to.equal(true);
    expect(breaker.retryAfter()).to.equal(0);
    results('failure', 1);
    expect(breaker.state).to.equal('open');
    expect(breaker.permits()).to.equal(false);
    expect(changes).to.deep.equal(['closed > open']);
  });

  it('does not open for fewer requests than the minimum', () => {
    const { breaker, results } = breaking();
    results('failure', 3);
    expect(breaker.state).to.equal('closed');
    results('failure', 1);
    expect(breaker.state).to.equal('open');
  });

  it('opens with a success that completes the minimum', () => {
    const { breaker, results } = breaking();
    results('failure', 3);
    results('success', 1);
    expect(breaker.state).to.equal('open');
  });

  it('does not count what was ignored', () => {
    const { breaker, results } = breaking();
    results('failure', 3);
    results('ignored', 100);
    expect(breaker.state).to.equal('closed');
  });

  it('does not open without a failure, even at a share of 0', () => {
    const { breaker, results } = breaking({ failureRatio: 0 });
    results('success', 100);
    expect(breaker.state).to.equal('closed');
    results('failure', 1);
    expect(breaker.state).to.equal('open');
  });

  it('opens at exactly the share, also where a product would be rounded up', () => {
    const { breaker, results } = breaking({ failureRatio: 0.28, minimumRequests: 25 });
    results('success', 18);
    results('failure', 7);
    expect(breaker.state).to.equal('open');
  });

  it('forgets results that are older than the window', () => {
    const { breaker, results, wait } = breaking();
    results('failure', 3);
    wait(OPTIONS.window);
    results('failure', 3);
    expect(breaker.state).to.equal('closed');
    results('failure', 1);
    expect(breaker.state).to.equal('open');
  });

  it('remembers results for nine tenths of the window at the least', () => {
    for (let start = 0; start < 1000; start += 37) {
      const { breaker, results, wait } = breaking({}, start);
      results('failure', 3);
      wait(9000);
      results('failure', 1);
      expect(breaker.state, `started at ${start}`).to.equal('open');
    }
  });

  it('forgets by and by, not all at once', () => {
    const { breaker, results, wait } = breaking({}, 0);
    for (let second = 0; second < 10; second += 1) {
      results('success', 1);
      wait(1000);
    }
    // Of ten successes nine are left, then eight and so on.
    results('failure', 8);
    expect(breaker.state).to.equal('closed');
    results('failure', 1);
    expect(breaker.state).to.equal('open');
  });
});

describe('an open breaker', () => {
  it('lets nothing pass until its time is over, to the millisecond', () => {
    const { breaker, wait, changes } = opened();
    wait(OPTIONS.openFor - 1);
    expect(breaker.permits()).to.equal(false);
    expect(() => breaker.begin()).to.throw('the open breaker');
    wait(1);
    expect(changes).to.deep.equal(['closed > open']);
    expect(breaker.permits()).to.equal(true);
    expect(changes).to.deep.equal(['closed > open', 'open > half-open']);
  });

  it('tells how long to wait, in whole seconds and never 0', () => {
    const { breaker, wait } = opened({ openFor: 2500 });
    expect(breaker.retryAfter()).to.equal(3);
    wait(501);
    expect(breaker.retryAfter()).to.equal(2);
    wait(1998);
    expect(breaker.retryAfter()).to.equal(1);
    wait(1);
    expect(breaker.retryAfter()).to.equal(0);
  });

  it('does not hear of requests that began before it opened', () => {
    const { breaker, results, wait, changes } = breaking();
    const early = Array.from({ length: 20 }, () => breaker.begin());
    results('failure', 4);
    for (const ticket of early.splice(0, 10)) breaker.end(ticket, 'failure');
    wait(OPTIONS.openFor - 1);
    expect(breaker.permits()).to.equal(false);
    wait(1);
    expect(breaker.state).to.equal('half-open');
    for (const ticket of early) breaker.end(ticket, 'success');
    expect(breaker.state).to.equal('half-open');
    expect(changes).to.have.lengthOf(2);
  });
});

describe('a half-open breaker', () => {
  it('lets so many pass and no more', () => {
    const { breaker } = halfOpened();
    for (let time = 0; time < 3; time += 1) {
      expect(breaker.permits()).to.equal(true);
      expect(breaker.retryAfter()).to.equal(0);
      breaker.begin();
    }
    expect(breaker.permits()).to.equal(false);
    expect(breaker.retryAfter()).to.equal(1);
    expect(() => breaker.begin()).to.throw('the half-open breaker');
  });

  it('takes nothing when it is only looked at', () => {
    const { breaker } = halfOpened();
    for (let time = 0; time < 100; time += 1) expect(breaker.permits()).to.equal(true);
  });

  it('does not let another one pass for one that succeeded', () => {
    const { breaker } = halfOpened();
    breaker.end(breaker.begin(), 'success');
    breaker.begin();
    breaker.begin();
    expect(breaker.permits()).to.equal(false);
  });

  it('closes when all of them have succeeded', () => {
    const { breaker, results, changes } = halfOpened();
    results('success', 2);
    expect(breaker.state).to.equal('half-open');
    results('success', 1);
    expect(breaker.state).to.equal('closed');
    expect(changes).to.deep.equal(['closed > open', 'open > half-open', 'half-open > closed']);
  });

  it('has an empty window when it closes', () => {
    // Otherwise the four failures from before would still count.
    const { breaker, results } = halfOpened({ window: 3_600_000 });
    results('success', 3);
    results('failure', 3);
    expect(breaker.state).to.equal('closed');
    results('failure', 1);
    expect(breaker.state).to.equal('open');
  });

  it('opens with the first failure, for as long as before', () => {
    const { breaker, results, wait } = halfOpened();
    results('success', 2);
    results('failure', 1);
    expect(breaker.state).to.equal('open');
    wait(OPTIONS.openFor - 1);
    expect(breaker.state).to.equal('open');
    wait(1);
    expect(breaker.state).to.equal('half-open');
    results('success', 3);
    expect(breaker.state).to.equal('closed');
  });

  it('gives the place of an ignored one to another', () => {
    const { breaker, results } = halfOpened();
    results('ignored', 50);
    expect(breaker.state).to.equal('half-open');
    const [first] = [breaker.begin(), breaker.begin(), breaker.begin()];
    expect(breaker.permits()).to.equal(false);
    breaker.end(first, 'ignored');
    expect(breaker.permits()).to.equal(true);
  });

  it('does not hear of requests from the last time it was half-open', () => {
    const { breaker, results, wait } = halfOpened();
    const slow = breaker.begin();
    results('failure', 1);
    wait(OPTIONS.openFor);
    expect(breaker.state).to.equal('half-open');
    breaker.end(slow, 'failure');
    expect(breaker.state).to.equal('half-open');
    breaker.end(slow, 'ignored');
    for (let time = 0; time < 3; time += 1) breaker.begin();
    expect(breaker.permits()).to.equal(false);
  });
});

/** A step of a random story; a number is the place, in the list of open requests, of the one that ends. */
type Step = { wait: number } | { begin: true } | { end: number; outcome: BreakerOutcome };

describe('a breaker, whatever happens', () => {
  const outcome = fc.constantFrom<BreakerOutcome>('success', 'failure', 'ignored');
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 2, arbitrary: fc.record({ wait: fc.integer({ min: 0, max: 60 }) }) },
    { weight: 4, arbitrary: fc.record({ begin: fc.constant<true>(true) }) },
    { weight: 3, arbitrary: fc.record({ end: fc.nat(20), outcome }) },
  );
  const options: fc.Arbitrary<BreakerOptions> = fc.record({
    failureRatio: fc.constantFrom(0, 0.1, 0.5, 1),
    minimumRequests: fc.integer({ min: 1, max: 5 }),
    window: fc.constant(100),
    openFor: fc.integer({ min: 1, max: 80 }),
    halfOpenRequests: fc.integer({ min: 1, max: 4 }),
  });

  it('lets as many pass as its rules say, and changes when they say', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(options, fc.array(step, { minLength: 50, maxLength: 300 }), (rules, steps) => {
        let now = 0;
        let openedAt = 0;
        // What counts in the present state: when, and whether it failed; in the half-open one, who has passed.
        let counted: { readonly bucket: number; readonly failed: boolean }[] = [];
        let passed = 0;
        let successes = 0;
        let state = 'closed';
        let period = 0;
        const enter = (next: string): void => {
          reached.add(`${state} > ${next}`);
          state = next;
          period += 1;
          counted = [];
          passed = 0;
          successes = 0;
          openedAt = now;
        };
        const requests: { readonly ticket: number; readonly period: number }[] = [];
        const breaker = new Breaker(rules, () => now);
        for (const each of steps) {
          if ('wait' in each) {
            now += each.wait;
          } else if ('begin' in each) {
            const permitted = state === 'closed' || (state === 'half-open' && passed < rules.halfOpenRequests);
            expect(breaker.permits()).to.equal(permitted);
            expect(breaker.retryAfter() > 0).to.equal(!permitted);
            if (!permitted) continue;
            requests.push({ ticket: breaker.begin(), period });
            passed += 1;
          } else {
            const [request] = requests.splice(each.end, 1);
            if (request === undefined) continue;
            breaker.end(request.ticket, each.outcome);
            if (request.period === period) {
              if (state === 'half-open') {
                if (each.outcome === 'failure') enter('open');
                else if (each.outcome === 'ignored') passed -= 1;
                else successes += 1;
                if (successes === rules.halfOpenRequests) enter('closed');
              } else if (each.outcome !== 'ignored') {
                const bucket = Math.floor(now / 10);
                counted.push({ bucket, failed: each.outcome === 'failure' });
                const fresh = counted.filter((result) => result.bucket > bucket - 10);
                const failures = fresh.filter(({ failed }) => failed).length;
                if (failures === 0 || fresh.length < rules.minimumRequests) continue;
                if (failures / fresh.length >= rules.failureRatio) enter('open');
              }
            }
          }
          if (state === 'open' && now >= openedAt + rules.openFor) enter('half-open');
          expect(breaker.state).to.equal(state);
        }
      }),
      { numRuns: 300 },
    );
    expect([...reached].toSorted()).to.deep.equal([
      'closed > open',
      'half-open > closed',
      'half-open > open',
      'open > half-open',
    ]);
  });
});
