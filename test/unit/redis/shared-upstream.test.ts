import { expect } from 'chai';
import { Unavailable } from '../../../src/redis/unavailable.ts';
import type { Reading, Stored } from '../../../src/upstreams/registry/redis-scripts.ts';
import { SharedUpstream } from '../../../src/upstreams/registry/shared-upstream.ts';
import { settled } from '../../support/arrivals.ts';
import { Listener } from '../../support/discovery.ts';
import { TestClock } from '../../support/registry-clock.ts';

const ONE = 'http://10.0.0.1:8001';
const TTL = 30_000;

/** An upstream whose questions are answered by the test, one after the other. */
function shared() {
  const clock = new TestClock();
  const questions: ((answer: Reading | Unavailable) => void)[] = [];
  const read = async (): Promise<Reading | Unavailable> => new Promise((resolve) => questions.push(resolve));
  const upstream = new SharedUpstream(read, clock, () => undefined);
  const listener = new Listener();
  upstream.follow(listener);
  upstream.look();
  const stored = (left = TTL): Stored => ({
    instance: { id: 'a', origin: ONE, weight: 1, metadata: {} },
    ttl: TTL,
    expiresAt: clock.wall() + left,
  });
  let answered = 0;
  const answer = async (reading: readonly Stored[] | Unavailable): Promise<void> => {
    const alive = reading instanceof Unavailable ? reading : { now: clock.wall(), alive: reading, removed: [] };
    questions[answered++]?.(alive);
    await settled(() => listener.told.items.length);
  };
  return { clock, questions, upstream, listener, stored, answer };
}

describe('an upstream in a shared registry', () => {
  it('is asked for at once, then now and then, and when an instance should have expired', async () => {
    const { clock, questions, listener, stored, answer } = shared();
    expect(questions).to.have.length(1);
    await answer([stored()]);
    clock.pass(2999);
    expect(questions).to.have.length(1);
    clock.pass(1);
    expect(questions).to.have.length(2);
    await answer([stored(500)]);
    clock.pass(499);
    expect(questions).to.have.length(2);
    clock.pass(1);
    expect(questions).to.have.length(3);
    await answer([]);
    expect(listener.told.items).to.deep.equal([[ONE], []]);
  });

  it('is asked for once more, and not at once, for however many messages come meanwhile', async () => {
    const { clock, questions, upstream, answer } = shared();
    for (let count = 0; count < 100; count += 1) upstream.look();
    await answer([]);
    for (let count = 0; count < 100; count += 1) upstream.look();
    expect(questions).to.have.length(1);
    clock.pass(100);
    expect(questions).to.have.length(2);
    await answer([]);
    clock.pass(2999);
    expect(questions).to.have.length(2);
  });

  it('does not go back to an answer that is older than what this gateway did', async () => {
    const { clock, upstream, listener, stored, answer } = shared();
    await answer([stored()]);
    clock.pass(3000);
    expect(upstream.remove('a')).to.equal(true);
    await answer([stored()]);
    expect(listener.told.items).to.deep.equal([[ONE], []]);
    clock.pass(100);
    await answer([]);
    expect(listener.told.items).to.deep.equal([[ONE], []]);
  });

  it('does not tell of one instance before it knows of all', async () => {
    const { clock, upstream, listener, stored, answer } = shared();
    upstream.put(stored());
    expect(listener.told.items).to.deep.equal([]);
    await answer([]);
    clock.pass(100);
    await answer([stored()]);
    expect(listener.told.items).to.deep.equal([[ONE]]);
  });

  it('tells of a failure once, goes on asking, and has nothing to tell of a connection that is being made', async () => {
    const { clock, questions, upstream, listener, answer } = shared();
    await answer(new Unavailable('connecting', 'wait'));
    expect(listener.told.items).to.deep.equal([]);
    clock.pass(3000);
    await answer(new Unavailable('down', 'gone'));
    upstream.fail('still gone');
    clock.pass(3000);
    await answer(new Unavailable('timeout', 'late'));
    clock.pass(3000);
    expect(questions).to.have.length(4);
    await answer([]);
    expect(listener.told.items).to.deep.equal([{ failure: 'gone' }, 'recovery', []]);
  });

  it('says nothing after its end', async () => {
    const { upstream, listener, stored, answer } = shared();
    upstream.close();
    await answer([stored()]);
    expect(listener.told.items).to.deep.equal([]);
  });
});
