import { expect } from 'chai';
import type { Exchange } from '../../../src/exchange.ts';
import { RateCounter, type RateDecision } from '../../../src/limits/gcra.ts';
import type { Limiter } from '../../../src/limits/limiter.ts';
import { rateLimit, type LimitOptions } from '../../../src/stages/rate-limit.ts';
import { fakeExchange } from '../../support/exchange.ts';

interface Counted extends LimitOptions {
  readonly refusals: () => number;
}

/** A limit whose time stands still. */
function limit(name: string, requests: number, limiter?: Limiter): Counted {
  let refusals = 0;
  return {
    name,
    requests,
    per: 60_000,
    limiter: limiter ?? new RateCounter({ requests, per: 60_000, clock: () => 0 }),
    keyOf: ({ client }) => client.address,
    refused: () => void (refusals += 1),
    refusals: () => refusals,
  };
}

/** A limiter that decides when a test says so. */
class Asked implements Limiter {
  readonly decide: ((decision: RateDecision) => void)[] = [];

  take(): Promise<RateDecision> {
    return new Promise((resolve) => this.decide.push(resolve));
  }
}

const ALLOWED: RateDecision = { allowed: true, retryAfter: 0, remaining: 4, reset: 7 };
const DENIED: RateDecision = { allowed: false, retryAfter: 3, remaining: 0, reset: 30 };

function passing(): { handle: (exchange: Exchange) => void; passed: Exchange[] } {
  const passed: Exchange[] = [];
  return { handle: (exchange) => void passed.push(exchange), passed };
}

describe('a rate limit', () => {
  it('says in every answer what is left', () => {
    const { handle, passed } = passing();
    const stage = rateLimit([limit('default', 2)])(handle);
    const [first, second, third] = [fakeExchange(), fakeExchange(), fakeExchange()];
    for (const exchange of [first, second, third]) expect(stage(exchange)).to.equal(undefined);
    const policy = ['ratelimit-policy', '"default";q=2;w=60', 'ratelimit'];
    expect(first.added).to.deep.equal([...policy, '"default";r=1;t=30']);
    expect(second.added).to.deep.equal([...policy, '"default";r=0;t=60']);
    expect(third.added).to.deep.equal([...policy, '"default";r=0;t=60']);
    expect(passed).to.deep.equal([first, second]);
  });

  it('refuses with the time to wait, and says for the log which limit it was', () => {
    const { handle } = passing();
    const counted = limit('per-user', 1);
    const stage = rateLimit([counted])(handle);
    const refused = fakeExchange();
    void stage(fakeExchange());
    void stage(refused);
    expect(refused.problems).to.deep.equal([{ code: 'too-many-requests', headers: ['retry-after', '60'] }]);
    expect(refused.failure).to.deep.equal({ kind: 'rate-limited', cause: 'per-user' });
    expect(counted.refusals()).to.equal(1);
  });

  it('counts a request for each of a list, and for none behind the one that refuses it', () => {
    const { handle, passed } = passing();
    const [wide, narrow, behind] = [limit('wide', 3), limit('narrow', 1), limit('behind', 9)];
    const stage = rateLimit([wide, narrow, behind])(handle);
    const exchanges = Array.from({ length: 4 }, () => fakeExchange());
    for (const exchange of exchanges) void stage(exchange);
    expect(passed).to.have.length(1);
    expect([wide, narrow, behind].map((one) => one.refusals())).to.deep.equal([1, 2, 0]);
    const fields = exchanges.map(({ added }) => added[3]);
    expect(fields).to.deep.equal([
      '"wide";r=2;t=20, "narrow";r=0;t=60, "behind";r=8;t=7',
      '"wide";r=1;t=40, "narrow";r=0;t=60',
      '"wide";r=0;t=60, "narrow";r=0;t=60',
      '"wide";r=0;t=60',
    ]);
    expect(exchanges[3]?.added[1]).to.equal('"wide";q=3;w=60, "narrow";q=1;w=60, "behind";q=9;w=60');
  });

  it('tells a window of less than a second as one second', () => {
    const exchange = fakeExchange();
    void rateLimit([{ ...limit('default', 1), per: 250 }])(() => undefined)(exchange);
    expect(exchange.added[1]).to.equal('"default";q=1;w=1');
  });

  it('waits for a limiter that has to ask, and goes on with the next', async () => {
    const { handle, passed } = passing();
    const [one, other] = [new Asked(), new Asked()];
    const exchange = fakeExchange();
    const done = rateLimit([limit('one', 5, one), limit('local', 5), limit('other', 5, other)])(handle)(exchange);
    expect(passed).to.deep.equal([]);
    one.decide[0]?.(ALLOWED);
    while (other.decide.length === 0) await Promise.resolve();
    expect(passed).to.deep.equal([]);
    other.decide[0]?.({ ...ALLOWED, remaining: 0 });
    await done;
    expect(passed).to.deep.equal([exchange]);
    expect(exchange.added[3]).to.equal('"one";r=4;t=7, "local";r=4;t=12, "other";r=0;t=7');
    expect(exchange.watcher()).to.equal(undefined);
  });

  it('refuses what a limiter refuses that had to ask', async () => {
    const { handle, passed } = passing();
    const asked = new Asked();
    const exchange = fakeExchange();
    const done = rateLimit([limit('one', 5, asked)])(handle)(exchange);
    asked.decide[0]?.(DENIED);
    await done;
    expect(passed).to.deep.equal([]);
    expect(exchange.problems).to.deep.equal([{ code: 'too-many-requests', headers: ['retry-after', '3'] }]);
  });

  it('sends nothing on for a client that left meanwhile', async () => {
    const { handle, passed } = passing();
    const asked = new Asked();
    const exchange = fakeExchange();
    const done = rateLimit([limit('one', 5, asked)])(handle)(exchange);
    exchange.watcher()?.onAbort();
    asked.decide[0]?.(ALLOWED);
    await done;
    expect(passed).to.deep.equal([]);
    expect(exchange.problems).to.deep.equal([]);
  });
});
