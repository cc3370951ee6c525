import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  afterFailure,
  afterSuccess,
  retryAfter,
  type LockoutRules,
  type LockoutStates,
} from '../../../src/auth/lockout.ts';

const MINUTE = 60_000;
const RULES: LockoutRules = { failures: 5, accountFailures: 50, window: 15 * MINUTE, duration: 15 * MINUTE };
const FRESH: LockoutStates = { client: undefined, account: undefined };

function fail(states: LockoutStates, times: number, now: number, rules = RULES): LockoutStates {
  let next = states;
  for (let time = 0; time < times; time += 1) next = afterFailure(next, rules, now);
  return next;
}

describe('a lockout', () => {
  it('begins with the failure that reaches the limit', () => {
    expect(retryAfter(fail(FRESH, 4, 0), 0)).to.equal(0);
    expect(retryAfter(fail(FRESH, 5, 0), 0)).to.equal(1);
    expect(retryAfter(fail(FRESH, 5, 0), 999)).to.equal(1);
    expect(retryAfter(fail(FRESH, 5, 0), 1000)).to.equal(0);
  });

  it('is twice as long after each further failure, up to the duration', () => {
    let states = fail(FRESH, 4, 0);
    let now = 0;
    const waits: number[] = [];
    for (let time = 0; time < 12; time += 1) {
      states = afterFailure(states, RULES, now);
      waits.push(retryAfter(states, now));
      now += retryAfter(states, now) * 1000;
    }
    expect(waits).to.deep.equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    expect(retryAfter(fail(FRESH, 5000, 0), 0)).to.equal(900);
  });

  it('is of one client with one account, until the account has failed too often from anywhere', () => {
    let account: LockoutStates['account'];
    for (let client = 0; client < 49; client += 1) {
      // Each time from another address.
      ({ account } = afterFailure({ client: undefined, account }, RULES, client));
    }
    expect(retryAfter({ client: undefined, account }, 49)).to.equal(0);
    ({ account } = afterFailure({ client: undefined, account }, RULES, 49));
    expect(retryAfter({ client: undefined, account }, 49)).to.equal(1);
  });

  it('forgets what is older than the window', () => {
    const states = fail(FRESH, 4, 0);
    expect(retryAfter(afterFailure(states, RULES, RULES.window - 1), RULES.window - 1)).to.equal(1);
    const later = afterFailure(states, RULES, RULES.window);
    expect(retryAfter(later, RULES.window)).to.equal(0);
    expect(later.client?.failures).to.equal(1);
  });

  it('remembers for a window after the last lock, so that waiting for its end starts nothing anew', () => {
    const states = fail(FRESH, 15, 0);
    const { lockedUntil = 0, forgottenAt = 0 } = states.client ?? {};
    expect(lockedUntil).to.equal(15 * MINUTE);
    expect(forgottenAt).to.equal(30 * MINUTE);
    expect(retryAfter(afterFailure(states, RULES, forgottenAt - 1), forgottenAt - 1)).to.equal(900);
    expect(retryAfter(afterFailure(states, RULES, forgottenAt), forgottenAt)).to.equal(0);
  });

  it('ends with a success, which takes only its own failure off the account', () => {
    const states = fail(FRESH, 5, 0);
    expect(afterSuccess(states)).to.deep.equal({
      client: undefined,
      account: { failures: 4, lockedUntil: 0, forgottenAt: RULES.window },
    });
    expect(afterSuccess(afterFailure(FRESH, RULES, 0))).to.deep.equal(FRESH);
    expect(afterSuccess(FRESH)).to.deep.equal(FRESH);
  });

  it('never lets more failures through than the limit allows, whenever they come', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 20 * MINUTE }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(pauses, fc.integer({ min: 1, max: 10 }), (waits, failures) => {
        const rules = { ...RULES, failures };
        let states = FRESH;
        let now = 0;
        const made: number[] = [];
        for (const wait of waits) {
          now += wait;
          if (retryAfter(states, now) > 0) continue;
          states = afterFailure(states, rules, now);
          made.push(now);
          const state = states.client;
          if (state === undefined || state.forgottenAt <= now) return false;
          if (retryAfter(states, now) > rules.duration / 1000) return false;
          if (state.failures >= failures !== retryAfter(states, now) > 0) return false;
        }
        // In no window are there more than those of two windows that meet, and the locks' own few.
        return made.every((start) => {
          const inWindow = made.filter((time) => time >= start && time < start + rules.window).length;
          return inWindow <= 2 * failures + Math.ceil(Math.log2(rules.window / 1000)) + 1;
        });
      }),
    );
  });

  it('changes nothing that it is given', () => {
    const states = Object.freeze(fail(FRESH, 5, 0));
    Object.freeze(states.client);
    Object.freeze(states.account);
    afterFailure(states, RULES, 1);
    afterSuccess(states);
    expect(states.client?.failures).to.equal(5);
  });
});
