import { expect } from 'chai';
import * as fc from 'fast-check';
import { RateCounter, type RateDecision, type RateOptions } from '../../../src/limits/gcra.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A counter whose time is what the test says. */
function counting(
  options: Omit<RateOptions, 'clock'>,
  start = 0,
): {
  counter: RateCounter;
  wait: (time: number) => void;
} {
  let now = start;
  const counter = new RateCounter({ ...options, clock: () => now });
  return { counter, wait: (time) => void (now += time) };
}

/** How many of so many at once are allowed. */
function passing(counter: RateCounter, key: string, times: number): number {
  let passed = 0;
  for (let time = 0; time < times; time += 1) if (counter.take(key).allowed) passed += 1;
  return passed;
}

function allowed(remaining: number, reset: number): RateDecision {
  return { allowed: true, retryAfter: 0, remaining, reset };
}

function denied(retryAfter: number, reset: number): RateDecision {
  return { allowed: false, retryAfter, remaining: 0, reset };
}

describe('a rate counter', () => {
  it('lets a burst pass at once, then one each interval', () => {
    const { counter, wait } = counting({ requests: 6, per: 60_000, burst: 3 });
    expect(counter.take('a')).to.deep.equal(allowed(2, 10));
    expect(counter.take('a')).to.deep.equal(allowed(1, 20));
    expect(counter.take('a')).to.deep.equal(allowed(0, 30));
    expect(counter.take('a')).to.deep.equal(denied(10, 30));
    for (let time = 0; time < 20; time += 1) {
      wait(9999);
      expect(counter.take('a')).to.deep.equal(denied(1, 21));
      wait(1);
      expect(counter.take('a')).to.deep.equal(allowed(0, 30));
    }
  });

  it('gives back what was not used, up to the burst', () => {
    const { counter, wait } = counting({ requests: 6, per: 60_000, burst: 3 });
    expect(passing(counter, 'a', 5)).to.equal(3);
    wait(20_000);
    expect(passing(counter, 'a', 5)).to.equal(2);
    wait(HOUR);
    expect(passing(counter, 'a', 5)).to.equal(3);
  });

  it('takes as many requests as the burst when none is named', () => {
    const { counter } = counting({ requests: 7, per: 1000 });
    expect(passing(counter, 'a', 20)).to.equal(7);
  });

  it('lets pass exactly after what it told to wait, and not a millisecond earlier', () => {
    const early = counting({ requests: 1, per: 5000 });
    const late = counting({ requests: 1, per: 5000 });
    for (const { counter } of [early, late]) counter.take('a');
    expect(early.counter.take('a').retryAfter).to.equal(5);
    early.wait(4999);
    expect(early.counter.take('a')).to.deep.equal(denied(1, 1));
    late.wait(5000);
    expect(late.counter.take('a')).to.deep.equal(allowed(0, 5));
  });

  it('lets pass whoever waits as long as told, whatever the rate', () => {
    const count = fc.integer({ min: 1, max: 1000 });
    const times = fc.array(fc.double({ min: 0, max: 2000, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(count, fc.integer({ min: 1, max: HOUR }), fc.integer({ min: 1, max: 20 }), times, (...given) => {
        const [requests, per, burst, waits] = given;
        const { counter, wait } = counting({ requests, per, burst }, 1234);
        for (const time of waits) {
          wait(Math.floor(time));
          const { retryAfter, allowed: passed } = counter.take('a');
          expect(retryAfter > 0).to.equal(!passed);
          wait(retryAfter * 1000);
          if (!passed) expect(counter.take('a').allowed).to.equal(true);
        }
      }),
    );
  });

  it('takes nothing for a denied request', () => {
    const { counter, wait } = counting({ requests: 1, per: 1000 });
    counter.take('a');
    expect(passing(counter, 'a', 1000)).to.equal(0);
    expect(counter.take('a')).to.deep.equal(denied(1, 1));
    wait(1000);
    expect(counter.take('a').allowed).to.equal(true);
  });

  it('counts each key by itself', () => {
    const { counter } = counting({ requests: 2, per: 1000 });
    expect(passing(counter, 'a', 9)).to.equal(2);
    expect(passing(counter, 'b', 9)).to.equal(2);
    expect(passing(counter, '', 9)).to.equal(2);
    expect(passing(counter, '__proto__', 9)).to.equal(2);
  });

  it('keeps to a burst of one', () => {
    const { counter, wait } = counting({ requests: 10, per: 1000, burst: 1 });
    expect(passing(counter, 'a', 9)).to.equal(1);
    wait(99);
    expect(passing(counter, 'a', 9)).to.equal(0);
    wait(1);
    expect(passing(counter, 'a', 9)).to.equal(1);
  });

  it('may have a burst above the rate', () => {
    const { counter, wait } = counting({ requests: 1, per: 60_000, burst: 5 });
    expect(passing(counter, 'a', 9)).to.equal(5);
    expect(counter.take('a')).to.deep.equal(denied(60, 300));
    wait(300_000);
    expect(passing(counter, 'a', 9)).to.equal(5);
  });

  it('holds when the interval is far below a millisecond', () => {
    const { counter, wait } = counting({ requests: 1000, per: 1, burst: 10 });
    expect(passing(counter, 'a', 50)).to.equal(10);
    wait(0.005);
    expect(passing(counter, 'a', 50)).to.equal(5);
    wait(1);
    expect(passing(counter, 'a', 50)).to.equal(10);
  });

  it('does not drift where the interval is a fraction', () => {
    const { counter, wait } = counting({ requests: 3, per: 1000 });
    let passed = passing(counter, 'a', 3);
    for (let time = 1; passed < 3000; time += 1) {
      wait(1);
      if (counter.take('a').allowed) passed += 1;
      if (passed !== 3 + Math.floor((time * 3) / 1000)) expect.fail(`${passed} passed in ${time} ms`);
    }
  });

  it('lets the whole burst pass at any fraction of a millisecond', () => {
    const start = fc.double({ min: 0, max: 1000 * DAY, noNaN: true });
    const count = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(start, count, fc.integer({ min: 1, max: DAY }), count, (now, requests, per, burst) => {
        expect(passing(counting({ requests, per, burst }, now).counter, 'a', burst + 1)).to.equal(burst);
      }),
      { numRuns: 1000 },
    );
  });

  it('never lets more than a burst and the rate pass, at whatever times it is asked', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 200 });
    const count = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(waits, count, count, (pauses, requests, burst) => {
        const { counter, wait } = counting({ requests, per: 1000, burst });
        const times: number[] = [];
        let now = 0;
        for (const pause of pauses) {
          wait(pause);
          now += pause;
          if (counter.take('a').allowed) times.push(now);
        }
        times.forEach((first, from) => {
          times.slice(from).forEach((last, more) => {
            expect(more + 1).to.be.at.most(burst + ((last - first) * requests) / 1000);
          });
        });
      }),
    );
  });

  it('gives no more than the burst after days', () => {
    const { counter, wait } = counting({ requests: 5, per: 1000 });
    passing(counter, 'a', 5);
    for (const days of [1, 30, 3650]) {
      wait(days * DAY);
      expect(passing(counter, 'a', 50)).to.equal(5);
      expect(counter.take('a')).to.deep.equal(denied(1, 1));
    }
  });

  it('needs whole numbers from one on', () => {
    for (const wrong of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new RateCounter({ requests: wrong, per: 1000 })).to.throw(RangeError);
      expect(() => new RateCounter({ requests: 1, per: wrong })).to.throw(RangeError);
      expect(() => new RateCounter({ requests: 1, per: 1000, burst: wrong })).to.throw(RangeError);
      expect(() => new RateCounter({ requests: 1, per: 1000, maxKeys: wrong })).to.throw(RangeError);
    }
  });

  it('reads the time of the process by itself', () => {
    const counter = new RateCounter({ requests: 1, per: DAY });
    expect(passing(counter, 'a', 3)).to.equal(1);
    expect(counter.take('a').retryAfter).to.be.within(DAY / 1000 - 60, DAY / 1000);
  });
});

describe('the memory of a rate counter', () => {
  it('is bounded, and a known key takes no further room', () => {
    const { counter } = counting({ requests: 1, per: HOUR, maxKeys: 160 });
    for (let key = 0; key < 10_000; key += 1) {
      passing(counter, `key ${key}`, 2);
      expect(counter.size).to.be.at.most(160);
    }
    expect(counter.size).to.be.at.least(150);
  });

  it('may be of a single key', () => {
    const { counter } = counting({ requests: 1, per: HOUR, maxKeys: 1 });
    expect(passing(counter, 'a', 3)).to.equal(1);
    expect(passing(counter, 'b', 3)).to.equal(1);
    expect(counter.size).to.equal(1);
  });

  it('keeps a key that is denied through a flood of others, as long as it asks', () => {
    const { counter } = counting({ requests: 1, per: HOUR, maxKeys: 160 });
    counter.take('denied');
    for (let key = 0; key < 10_000; key += 1) {
      counter.take(`flood ${key}`);
      if (key % 149 === 0) expect(counter.take('denied').allowed).to.equal(false);
    }
  });

  it('forgets a silent key only when 15/16 of the room went to others after it', () => {
    const { counter } = counting({ requests: 1, per: HOUR, maxKeys: 160 });
    for (let key = 0; key < 160; key += 1) counter.take(`old ${key}`);
    // The 161st makes room for ten.
    counter.take('new');
    expect(counter.size).to.equal(151);
    for (let key = 10; key < 160; key += 1) expect(counter.take(`old ${key}`).allowed).to.equal(false);
    expect(counter.take('old 9').allowed).to.equal(true);
  });

  it('first forgets the keys that have recovered, however lately they were used', () => {
    const { counter, wait } = counting({ requests: 60, per: 60_000, burst: 60, maxKeys: 160 });
    expect(passing(counter, 'denied', 61)).to.equal(60);
    for (let key = 0; key < 159; key += 1) counter.take(`flood ${key}`);
    wait(1000);
    for (let key = 0; key < 159; key += 1) counter.take(`flood ${key + 159}`);
    // Of its minute one second is over.
    expect(passing(counter, 'denied', 2)).to.equal(1);
    wait(1000);
    counter.take('new');
    expect(counter.size).to.equal(2);
  });
});
